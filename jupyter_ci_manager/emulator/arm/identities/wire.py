"""User-assigned identities on the wire, to be read."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from jupyter_ci_manager.emulator.arm.errors import ResourceNotFound
from jupyter_ci_manager.emulator.arm.identities.state import IDENTITIES_TYPE
from jupyter_ci_manager.emulator.arm.wire import ProviderHandler


class IdentityHandler(ProviderHandler):
    """Base of the routes of Microsoft.ManagedIdentity."""

    OLDEST_VERSION = "2015-08-31-preview"
    NEWEST_VERSION = "2025-01-31-preview"

    def required_action(self) -> str | None:
        return "Microsoft.ManagedIdentity/userAssignedIdentities/read"


class IdentityList(IdentityHandler):
    """All identities of the subscription, or of a resource group, in pages."""

    async def get(self, subscription: str, group: str | None = None) -> None:
        self.state.check_subscription(subscription)
        if group is not None:
            group = self.state.resource_group(group)
        self.write_page([each.document() for each in self.state.identities.all(group)])


class IdentityItem(IdentityHandler):
    """``.../userAssignedIdentities/{name}``."""

    async def get(self, subscription: str, group: str, name: str) -> None:
        self.state.check_subscription(subscription)
        group = self.state.resource_group(group)
        identity = self.state.identities.find(group, name)
        if identity is None:
            raise ResourceNotFound(f"{IDENTITIES_TYPE}/{name}", group)
        self.write_json(identity.document())
