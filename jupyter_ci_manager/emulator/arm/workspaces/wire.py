"""Workspaces on the wire."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from jupyter_ci_manager.emulator.arm.wire import ArmHandler, MlHandler
from jupyter_ci_manager.emulator.arm.workspaces.state import Workspace


class WorkspaceHandler(MlHandler):
    """Base of the routes below one workspace."""

    def workspace(self, subscription: str, group: str, name: str) -> Workspace:
        """Raise SubscriptionNotFound, ResourceGroupNotFound or ResourceNotFound."""
        self.state.check_subscription(subscription)
        return self.state.workspace(group, name)


class WorkspaceItem(WorkspaceHandler):
    """``.../workspaces/{name}``."""

    async def get(self, subscription: str, group: str, name: str) -> None:
        self.write_json(self.workspace(subscription, group, name).document())


class WorkspaceList(MlHandler):
    """All workspaces of the subscription, or of a resource group."""

    async def get(self, subscription: str, group: str | None = None) -> None:
        self.state.check_subscription(subscription)
        if group is not None:
            self.state.resource_group(group)
        self.write_json({"value": [each.document() for each in self.state.workspaces(group)]})


class WorkspaceKeys(WorkspaceHandler):
    """``listKeys`` and its kind for notebooks, their token, and the storage account."""

    async def post(self, subscription: str, group: str, name: str, which: str) -> None:
        workspace = self.workspace(subscription, group, name)
        answers = {
            "listkeys": workspace.keys,
            "listnotebookkeys": workspace.notebook_keys,
            "listnotebookaccesstoken": workspace.notebook_access_token,
            "liststorageaccountkeys": workspace.storage_keys,
        }
        self.write_json(answers[which.lower()]())


class WorkspacePermissions(ArmHandler):
    """``.../Microsoft.Authorization/permissions``: what the caller may do here.

    Shape: Azure/azure-rest-api-specs Microsoft.Authorization stable/2022-04-01
    examples/GetPermissions.json.
    """

    async def get(self, subscription: str, group: str, name: str) -> None:
        self.state.check_subscription(subscription)
        self.state.workspace(group, name)
        self.write_json({"value": [role.document() for role in self.state.roles.of(self.caller)]})
