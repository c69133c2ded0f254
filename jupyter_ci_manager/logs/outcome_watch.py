"""Looks at the newest logs of instances whose scripts may have failed without anybody being told.

A script that failed may hide behind an instance that says Running, and nobody might open its log.
It looks when an operation that runs scripts has ended, and once at what is listed as one's own. It
knows neither how a log is read nor what a list shows.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from ..errors import CiManagerError, LogUnreachable, StorageForbidden
from ..instances.workspace import WorkspaceService
from ..models import Instance, InstanceDetails, Operation, OperationKind, Workspace

KINDS: frozenset[OperationKind] = frozenset(
    {"instance.create", "instance.start", "instance.restart"}
)
ENDED = frozenset({"succeeded", "failed"})
LOOKS_SECONDS = (0.0, 15.0, 60.0, 240.0)
"""Waits before each look: what is written on an instance may come to its share minutes late."""
CLOCKS_DIFFER = timedelta(minutes=2)
SEEN_KEPT = 1000
REFUSED_LASTS = timedelta(minutes=10)
"""How long nobody's logs are looked at unasked where the share was not opened."""

LookAt = Callable[[Workspace, Instance], Awaitable[datetime | None]]
"""When the newest log was written last; None where there is none."""


class Details(Protocol):
    """What is asked of instances."""

    async def details(self, name: str) -> InstanceDetails:
        """One as it is now."""


class OutcomeWatch:
    """Tell it of operations and of what was listed."""

    def __init__(
        self,
        workspace: WorkspaceService,
        instances: Details,
        *,
        look_at: LookAt,
        now: Callable[[], datetime],
        log: logging.Logger,
        looks_seconds: Sequence[float] = LOOKS_SECONDS,
    ) -> None:
        self._workspace = workspace
        self._instances = instances
        self._look_at = look_at
        self._now = now
        self._log = log
        self._looks_seconds = looks_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self._followed: set[str] = set()
        self._seen: OrderedDict[tuple[str, str, datetime | None], None] = OrderedDict()
        self._waiting: deque[tuple[Workspace, Instance]] = deque()
        self._is_going_through = False
        self._refused_at: datetime | None = None

    @property
    def looking(self) -> int:
        """How many looks are under way."""
        return len(self._tasks)

    async def close(self) -> None:
        """Stop looking."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def operation_changed(self, operation: Operation) -> None:
        """Look in the background where it is one that has just run scripts."""
        if operation.kind not in KINDS or operation.state not in ENDED:
            return
        if operation.id not in self._followed:
            self._followed.add(operation.id)
            self._begin(self._follow(operation))

    def instances_listed(self, workspace: Workspace, items: Sequence[Instance]) -> None:
        """Look once, in the background, at one's own whose scripts Azure says nothing of."""
        for item in items:
            outcome = item.script_outcome
            if not item.mine or outcome is None or outcome.outcome != "unknown":
                continue
            key = (workspace.id.lower(), item.name.lower(), item.state_since)
            if key not in self._seen:
                self._seen[key] = None
                self._waiting.append((workspace, item))
        while len(self._seen) > SEEN_KEPT:
            self._seen.popitem(last=False)
        if self._waiting and not self._is_going_through:
            self._is_going_through = True
            self._begin(self._go_through())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _go_through(self) -> None:
        try:
            while self._waiting:
                workspace, instance = self._waiting.popleft()
                if not self._was_refused():
                    await self._look_unasked(workspace, instance)
        finally:
            self._is_going_through = False

    def _was_refused(self) -> bool:
        return self._refused_at is not None and self._now() - self._refused_at < REFUSED_LASTS

    async def _look_unasked(self, workspace: Workspace, instance: Instance) -> None:
        try:
            await self._look_at(workspace, instance)
        except (StorageForbidden, LogUnreachable) as error:
            self._refused_at = self._now()
            self._log.info("Logs of setup scripts are not looked at unasked: %s", error)
        except CiManagerError as error:
            self._note(instance.name, error)

    async def _follow(self, operation: Operation) -> None:
        try:
            workspace = await self._workspace.current()
            if workspace.id.lower() != operation.workspace_id.lower():
                return
            for wait in self._looks_seconds:
                await asyncio.sleep(wait)
                details = await self._instances.details(operation.target)
                if details.setup_scripts is None:
                    return
                written_at = await self._look_at(workspace, details.instance)
                if written_at is not None and _belongs(written_at, operation):
                    return
        except CiManagerError as error:
            self._note(operation.target, error)
        finally:
            self._followed.discard(operation.id)

    def _note(self, name: str, error: CiManagerError) -> None:
        # What is wrong is said where somebody asks for the logs; here only nobody looked.
        self._log.info("The log of %s was not looked at: %s", name, error)


def _belongs(written_at: datetime, operation: Operation) -> bool:
    return written_at >= operation.created_at - CLOCKS_DIFFER
