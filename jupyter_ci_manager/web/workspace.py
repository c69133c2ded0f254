"""Routes of the workspace: which one, who is asking, and what is allowed."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import SelectWorkspace, WorkspaceList, WorkspaceStatus
from .base import CiManagerHandler
from .describe import endpoint
from .instances import AZURE_ERRORS
from .queries import Refresh


class WorkspaceHandler(CiManagerHandler):
    """The current workspace."""

    @endpoint("Where this server stands with Azure", query=Refresh, answers={200: WorkspaceStatus})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        query = self.query(Refresh)
        await self.send(await self.services.workspace.status(refresh=query.refresh))

    @endpoint(
        "Switch to another workspace",
        body=SelectWorkspace,
        answers={200: WorkspaceStatus},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def put(self) -> None:
        await self.send(await self.services.workspace.select(self.body(SelectWorkspace).id))


class WorkspacesHandler(CiManagerHandler):
    """All workspaces that the identity can see."""

    @endpoint(
        "The workspaces to choose from",
        answers={200: WorkspaceList},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.workspace.visible())
