"""Datastores on the wire."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from typing import Any

from jupyter_ci_manager.emulator.arm.datastores.state import datastores, secrets
from jupyter_ci_manager.emulator.arm.provider_errors import DatastoreNotFound
from jupyter_ci_manager.emulator.arm.workspaces.wire import WorkspaceHandler


class DatastoreHandler(WorkspaceHandler):
    """Base of the routes of one datastore."""

    def datastore(self, subscription: str, group: str, workspace: str, name: str) -> Any:
        """Its document; raises DatastoreNotFound and as ``workspace`` does."""
        found = self.workspace(subscription, group, workspace)
        for document in datastores(found):
            if document["name"] == name.lower():
                return document
        raise DatastoreNotFound(name)


class DatastoreList(WorkspaceHandler):
    """``GET .../datastores``: all on one page."""

    async def get(self, subscription: str, group: str, workspace: str) -> None:
        documents = datastores(self.workspace(subscription, group, workspace))
        self.write_json({"value": documents, "nextLink": None})


class DatastoreItem(DatastoreHandler):
    """``GET .../datastores/{name}``."""

    async def get(self, subscription: str, group: str, workspace: str, name: str) -> None:
        self.write_json(self.datastore(subscription, group, workspace, name))


class DatastoreSecrets(DatastoreHandler):
    """``POST .../datastores/{name}/listSecrets``."""

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        self.datastore(subscription, group, workspace, name)
        self.write_json(secrets(self.workspace(subscription, group, workspace)))
