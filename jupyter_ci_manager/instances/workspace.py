"""Which workspace this server works in, who is signed in, and what that person may do there.

The choice comes from, in this order: configuration, ``JUPYTER_CI_WORKSPACE``, the user's settings,
``config.json`` files upwards from the server's root, what a compute instance says of itself. It
knows no HTTP of ours.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection

from msgspec.structs import replace

from ..errors import (
    ActionNotAllowed,
    AzureTimeout,
    CiManagerError,
    Forbidden,
    InvalidWorkspaceId,
    NoWorkspace,
    SignInRequired,
    WorkspaceFixed,
)
from ..models import (
    ActionAccess,
    Identity,
    Mode,
    Permission,
    PermissionName,
    Workspace,
    WorkspaceList,
    WorkspaceSource,
    WorkspaceState,
    WorkspaceStatus,
)
from .access import action_access, permissions, require
from .arm import ArmClient
from .credentials import AzureCredential
from .wire.permissions import PermissionEntry
from .wire.workspace import workspace_from_id
from .workspace_sources import WorkspaceSources

SUBSCRIPTIONS_AT_ONCE = 8
PICKER_SECONDS = 45.0
"""How long somebody waits for the workspaces of all subscriptions."""
FAILURE_LASTS_SECONDS = 5.0
"""How long a failure is believed: a page asks several questions at once, each needs a workspace."""
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
        clock: Callable[[], float] = time.monotonic,
        picker_seconds: float = PICKER_SECONDS,
        log: logging.Logger,
    ) -> None:
        self._arm = arm
        self._credential = credential
        self._sources = sources
        self._mode: Mode = mode
        self._version = version
        self._allowed_actions = allowed_actions
        self._clock = clock
        self._picker_seconds = picker_seconds
        self._log = log
        self._lock = asyncio.Lock()
        self._failure: CiManagerError | None = None
        self._failed_at = float("-inf")
        self._current: Workspace | None = None
        """The workspace as Azure described it."""
        self._chosen: Workspace | None = None
        """The workspace that is meant, whether or not Azure could be asked about it."""
        self._source: WorkspaceSource = "none"
        self._entries: list[PermissionEntry] | None = None

    @property
    def identity(self) -> Identity | None:
        """Who is signed in; None before the first call to Azure."""
        return self._credential.identity

    @property
    def chosen(self) -> Workspace | None:
        """The workspace that is meant, whether or not Azure could be asked about it."""
        return self._current or self._chosen

    @property
    def permissions(self) -> list[Permission]:
        """What is possible, as far as it is known."""
        return permissions(self._entries, self._allowed_actions)

    @property
    def access(self) -> list[ActionAccess]:
        """Azure's actions on compute instances, and which of them the identity has."""
        return action_access(self._entries, self._allowed_actions)

    async def current(self) -> Workspace:
        """The workspace, with its location. Raises NoWorkspace or what Azure answers."""
        async with self._lock:
            if self._current is None:
                await self._resolve()
            if self._current is None:
                raise NoWorkspace("No workspace is chosen yet.")
            return self._current

    async def _resolve(self, *, again: bool = False) -> None:
        recently = self._clock() - self._failed_at < FAILURE_LASTS_SECONDS
        if self._failure is not None and recently and not again:
            raise self._failure
        try:
            await self._find()
        except CiManagerError as error:
            self._failure, self._failed_at = error, self._clock()
            raise
        self._failure = None

    async def _find(self) -> None:
        workspace, source = await asyncio.to_thread(self._sources.find)
        if workspace is None or self._current is None or not _same(workspace, self._current):
            self._current = self._entries = None
        self._chosen, self._source = workspace, source
        if workspace is not None:
            await self._enter(workspace)

    async def _enter(self, workspace: Workspace) -> None:
        found, entries = await asyncio.gather(
            self._arm.workspace(workspace), self._known_permissions(workspace)
        )
        self._entries = entries
        # The id as it was given: Azure answers with other capitals from time to time.
        self._current = self._chosen = replace(found, id=workspace.id)

    async def _known_permissions(self, workspace: Workspace) -> list[PermissionEntry] | None:
        try:
            return await self._arm.permissions(workspace)
        except CiManagerError as error:
            # Reading one's own permissions can itself be denied; then each action finds out.
            self._log.info("What the identity may do is not known: %s", error)
            return None

    async def require(self, name: PermissionName) -> None:
        """Raises ActionNotAllowed, or Forbidden where a role is missing even now."""
        try:
            require(name, self.permissions)
        except ActionNotAllowed:
            raise
        except Forbidden:
            self._entries = await self._known_permissions(await self.current())
            require(name, self.permissions)

    async def status(self, *, refresh: bool = False) -> WorkspaceStatus:
        """Where things stand. Never raises: what is wrong is the answer.

        With ``refresh`` everything is found out anew; the workspace that was known stays in use
        while Azure cannot be asked.
        """
        error: CiManagerError | None = None
        try:
            if refresh:
                self._credential.forget()
                async with self._lock:
                    await self._resolve(again=True)
            await self.current()
        except CiManagerError as raised:
            error = raised
        attempts = self._credential.attempts
        signed_in = any(attempt.succeeded for attempt in attempts)
        return WorkspaceStatus(
            state=_state(error),
            mode=self._mode,
            endpoint=self._arm.endpoint,
            version=self._version,
            workspace=self.chosen,
            source=self._source,
            switchable=self._source not in FIXED,
            identity=self.identity,
            permissions=self.permissions,
            sign_in=[] if signed_in or error is None else attempts,
            this_instance=await self.this_instance(),
            error=error.body if error else None,
        )

    async def this_instance(self) -> str | None:
        """Name of the compute instance this server runs on, if it is one."""
        return await asyncio.to_thread(self._sources.this_instance)

    async def is_this_machine(self, instance: str, workspace: Workspace) -> bool:
        """Whether this server runs on that instance.

        Another region may have an instance of the same name, so that the workspace counts where
        this machine knows its own.
        """
        name, own = await asyncio.to_thread(
            lambda: (self._sources.this_instance(), self._sources.this_workspace())
        )
        return (
            name is not None
            and name.lower() == instance.lower()
            and (own is None or _same(own, workspace))
        )

    async def is_inside(self, workspace: Workspace) -> bool:
        """Whether this server runs on an instance of that workspace, as far as that is known."""
        name, own = await asyncio.to_thread(
            lambda: (self._sources.this_instance(), self._sources.this_workspace())
        )
        return name is not None and (own is None or _same(own, workspace))

    async def select(self, workspace_id: str) -> WorkspaceStatus:
        """Switch to another workspace and remember it in the user's settings.

        Raises InvalidWorkspaceId, WorkspaceFixed, WorkspaceNotFound or what Azure answers; then
        nothing has changed. Where the settings cannot be written the choice holds until the server
        stops.
        """
        workspace = workspace_from_id(workspace_id)
        if workspace is None:
            raise InvalidWorkspaceId(f"{workspace_id[:200]!r} is not the ARM id of a workspace.")
        if self._sources.fixed:
            raise WorkspaceFixed("The workspace of this server is fixed.")
        async with self._lock:
            await self._enter(workspace)
            self._source, self._failure = "settings", None
            try:
                await asyncio.to_thread(self._sources.remember, workspace)
            except (OSError, ValueError) as error:
                self._log.warning(
                    "The choice of workspace could not be kept in the settings: %s", error
                )
        return await self.status()

    async def visible(self) -> WorkspaceList:
        """All workspaces that the identity can see, by name.

        A subscription that cannot be read, or not in time, is left out; when none can, its error is
        raised.
        """
        gate = asyncio.Semaphore(SUBSCRIPTIONS_AT_ONCE)

        async def of(subscription_id: str) -> list[Workspace]:
            async with gate:
                return await self._arm.workspaces(subscription_id)

        asked = [asyncio.ensure_future(of(each)) for each in await self._arm.subscriptions()]
        if not asked:
            return WorkspaceList([])
        answered, unanswered = await asyncio.wait(asked, timeout=self._picker_seconds)
        for task in unanswered:
            task.cancel()
        failed = [error for task in answered if (error := task.exception()) is not None]
        found = [item for task in answered if task.exception() is None for item in task.result()]
        if not found and failed:
            raise failed[0]
        if not found and unanswered:
            raise AzureTimeout("Azure takes too long to list the workspaces.")
        return WorkspaceList(sorted(found, key=lambda workspace: workspace.name.lower()))


def _same(one: Workspace, other: Workspace) -> bool:
    return one.id.lower() == other.id.lower()


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
