"""User-assigned managed identities. Knows no HTTP.

Keys: Azure/azure-rest-api-specs Microsoft.ManagedIdentity stable/2023-01-31
examples/IdentityListBySubscription.json. The service writes ``resourcegroups`` in lower case there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

IDENTITIES_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"


@dataclass(frozen=True)
class UserAssignedIdentity:
    """One identity."""

    id: str
    name: str
    resource_group: str
    location: str
    tenant_id: str

    @property
    def client_id(self) -> str:
        """Of its application."""
        return _uuid(self.id, "client")

    @property
    def principal_id(self) -> str:
        """Of its service principal."""
        return _uuid(self.id, "principal")

    def document(self) -> dict[str, Any]:
        """The ``Identity`` resource."""
        return {
            "id": self.id,
            "name": self.name,
            "type": IDENTITIES_TYPE,
            "location": self.location,
            "tags": {},
            "properties": {
                "tenantId": self.tenant_id,
                "principalId": self.principal_id,
                "clientId": self.client_id,
            },
        }


class UserAssignedIdentities:
    """The user-assigned identities of a subscription."""

    def __init__(self, subscription_id: str, tenant_id: str) -> None:
        self._subscription_id = subscription_id
        self._tenant_id = tenant_id
        self._identities: dict[tuple[str, str], UserAssignedIdentity] = {}

    def add(self, resource_group: str, name: str, location: str) -> UserAssignedIdentity:
        """Put an identity there."""
        identity = UserAssignedIdentity(
            id=(
                f"/subscriptions/{self._subscription_id}/resourcegroups/{resource_group}"
                f"/providers/{IDENTITIES_TYPE}/{name}"
            ),
            name=name,
            resource_group=resource_group,
            location=location,
            tenant_id=self._tenant_id,
        )
        self._identities[resource_group.lower(), name.lower()] = identity
        return identity

    def all(self, resource_group: str | None = None) -> list[UserAssignedIdentity]:
        """All identities, or those of one group."""
        return [
            identity
            for (group, _), identity in self._identities.items()
            if resource_group is None or group == resource_group.lower()
        ]

    def find(self, resource_group: str, name: str) -> UserAssignedIdentity | None:
        """The identity of a name in any case, or None."""
        return self._identities.get((resource_group.lower(), name.lower()))

    def is_missing(self, resource_id: str) -> bool:
        """Whether an id of this subscription names no identity."""
        ours = resource_id.lower().startswith(f"/subscriptions/{self._subscription_id.lower()}/")
        return ours and self.by_id(resource_id) is None

    def by_id(self, resource_id: str) -> UserAssignedIdentity | None:
        """The identity of an ARM id in any case, or None."""
        wanted = resource_id.lower()
        return next((each for each in self.all() if each.id.lower() == wanted), None)


def _uuid(resource_id: str, purpose: str) -> str:
    digits = hashlib.sha256(f"{resource_id.lower()}/{purpose}".encode()).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))
