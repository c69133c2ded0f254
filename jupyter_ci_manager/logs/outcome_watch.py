"""Looks at the newest log of an instance once an operation that runs its scripts has ended.

A script that failed may hide behind an instance that says Running, and nobody might open its log.
It knows neither how a log is read nor what a list shows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from ..errors import CiManagerError
from ..instances.workspace import WorkspaceService
from ..models import Operation, OperationKind, Workspace

KINDS: frozenset[OperationKind] = frozenset(
    {"instance.create", "instance.start", "instance.restart"}
)
ENDED = frozenset({"succeeded", "failed"})
LOOKS_SECONDS = (0.0, 15.0, 60.0, 240.0)
"""Waits before each look: what is written on an instance may come to its share minutes late."""
CLOCKS_DIFFER = timedelta(minutes=2)

LookAt = Callable[[Workspace, str], Awaitable[datetime | None]]
HasScripts = Callable[[str], Awaitable[bool]]


class OutcomeWatch:
    """Call ``operation_changed`` with every operation."""

    def __init__(
        self,
        workspace: WorkspaceService,
        *,
        has_scripts: HasScripts,
        look_at: LookAt,
        log: logging.Logger,
        looks_seconds: tuple[float, ...] = LOOKS_SECONDS,
    ) -> None:
        self._workspace = workspace
        self._has_scripts = has_scripts
        self._look_at = look_at
        self._log = log
        self._looks_seconds = looks_seconds
        self._looking: dict[str, asyncio.Task[None]] = {}

    def operation_changed(self, operation: Operation) -> None:
        """Look in the background where it is one that has just run scripts."""
        if operation.kind not in KINDS or operation.state not in ENDED:
            return
        if operation.id not in self._looking:
            task = asyncio.ensure_future(self._look(operation))
            self._looking[operation.id] = task
            task.add_done_callback(lambda _: self._looking.pop(operation.id, None))

    @property
    def looking(self) -> int:
        """How many logs are still to be looked at."""
        return len(self._looking)

    async def close(self) -> None:
        """Stop looking."""
        tasks = list(self._looking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self, operation: Operation) -> None:
        try:
            workspace = await self._workspace.current()
            if workspace.id.lower() != operation.workspace_id.lower():
                return
            if not await self._has_scripts(operation.target):
                return
            for wait in self._looks_seconds:
                await asyncio.sleep(wait)
                written_at = await self._look_at(workspace, operation.target)
                if written_at is not None and _belongs(written_at, operation):
                    return
        except CiManagerError as error:
            # The list says by itself what is wrong with Azure; here only a log was not looked at.
            self._log.info("The log of %s was not looked at: %s", operation.target, error)


def _belongs(written_at: datetime, operation: Operation) -> bool:
    return written_at >= operation.created_at - CLOCKS_DIFFER
