"""Which workspace this server works in, who is signed in, and what that person may do there.

The choice comes from, in this order: configuration, ``JUPYTER_CI_WORKSPACE``, the user's settings,
``config.json`` files upwards from the server's root, what a compute instance says of itself. It
knows no HTTP of ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from msgspec.structs import replace

from ..errors import (
    CiManagerError,
    Forbidden,
    InvalidWorkspaceId,
    NoWorkspace,
    SignInRequired,
    WorkspaceFixed,
)
from ..models import (
    Identity,
    Mode,
    Permission,
    Workspace,
    WorkspaceList,
    WorkspaceSource,
    WorkspaceState,
    WorkspaceStatus,
)
from .access import permissions
from .arm import ArmClient
from .credentials import AzureCredential
from .wire.permissions import PermissionEntry
from .wire.workspace import workspace_from_id
from .workspace_sources import WorkspaceSources

SUBSCRIPTIONS_AT_ONCE = 8
FIXED: frozenset[WorkspaceSource] = frozenset({"configuration", "environment"})


class WorkspaceService:
    """The current workspace and the identity's place in it. Methods raise ``errors.py``."""

    def __init__(
        self,
        arm: ArmClient,
        credential: AzureCredential,
        sources: WorkspaceSources,
        *,
        mode: Mode,
        version: str,
        allowed_actions: Collection[str],
    ) -> None:
        self._arm = arm
        self._credential = credential
        self._sources = sources
        self._mode: Mode = mode
        self._version = version
        self._allowed_actions = allowed_actions
        self._lock = asyncio.Lock()
        self._current: Workspace | None = None
        self._source: WorkspaceSource = "none"
        self._entries: list[PermissionEntry] | None = None

    @property
    def identity(self) -> Identity | None:
        """Who is signed in; None before the first call to Azure."""
        return self._credential.identity

    @property
    def permissions(self) -> list[Permission]:
        """What is possible, as far as it is known."""
        return permissions(self._entries, self._allowed_actions)

    async def current(self) -> Workspace:
        """The workspace, with its location. Raises NoWorkspace or what Azure answers."""
        async with self._lock:
            if self._current is None:
                await self._resolve()
            if self._current is None:
                raise NoWorkspace("No workspace is chosen yet.")
            return self._current

    async def _resolve(self) -> None:
        workspace, source = await asyncio.get_running_loop().run_in_executor(
            None, self._sources.find
        )
        self._source = source
        if workspace is not None:
            await self._enter(workspace)

    async def _enter(self, workspace: Workspace) -> None:
        found = await self._arm.workspace(workspace)
        try:
            entries = await self._arm.permissions(found)
        except SignInRequired:
            raise
        except CiManagerError:
            # Reading one's own permissions can itself be denied; then each action finds out.
            entries = None
        self._entries = entries
        # The id as it was given: Azure answers with other capitals from time to time.
        self._current = replace(found, id=workspace.id)

    async def status(self, *, refresh: bool = False) -> WorkspaceStatus:
        """Where things stand. Never raises: what is wrong is the answer."""
        if refresh:
            self._credential.forget()
            self._current = None
        error: CiManagerError | None = None
        try:
            await self.current()
        except CiManagerError as raised:
            error = raised
        return WorkspaceStatus(
            state=_state(error),
            mode=self._mode,
            endpoint=self._arm.endpoint,
            version=self._version,
            workspace=self._current,
            source=self._source,
            switchable=self._source not in FIXED,
            identity=self.identity,
            permissions=self.permissions,
            sign_in=self._credential.attempts if isinstance(error, SignInRequired) else [],
            this_instance=self._sources.this_instance(),
            error=error.body if error else None,
        )

    async def select(self, workspace_id: str) -> WorkspaceStatus:
        """Switch to another workspace and remember it in the user's settings.

        Raises InvalidWorkspaceId, WorkspaceFixed, WorkspaceNotFound or what Azure answers; then
        nothing has changed.
        """
        workspace = workspace_from_id(workspace_id)
        if workspace is None:
            raise InvalidWorkspaceId(f"{workspace_id[:200]!r} is not the ARM id of a workspace.")
        if self._sources.find()[1] in FIXED:
            raise WorkspaceFixed("The workspace of this server is fixed.")
        async with self._lock:
            await self._enter(workspace)
            self._source = "settings"
            await asyncio.get_running_loop().run_in_executor(
                None, self._sources.remember, workspace
            )
        return await self.status()

    async def visible(self) -> WorkspaceList:
        """All workspaces that the identity can see, by name.

        A subscription that cannot be read is left out; when none can, its error is raised.
        """
        gate = asyncio.Semaphore(SUBSCRIPTIONS_AT_ONCE)

        async def of(subscription_id: str) -> list[Workspace]:
            async with gate:
                return await self._arm.workspaces(subscription_id)

        results = await asyncio.gather(
            *map(of, await self._arm.subscriptions()), return_exceptions=True
        )
        failed = [result for result in results if isinstance(result, BaseException)]
        found = [item for result in results if isinstance(result, list) for item in result]
        if failed and not found:
            raise failed[0]
        return WorkspaceList(sorted(found, key=lambda workspace: workspace.name.lower()))


def _state(error: CiManagerError | None) -> WorkspaceState:
    if error is None:
        return "ready"
    if isinstance(error, (NoWorkspace, InvalidWorkspaceId)):
        return "no_workspace"
    if isinstance(error, SignInRequired):
        return "signed_out"
    if isinstance(error, Forbidden) or error.status == 404:
        return "denied"
    return "unreachable"
