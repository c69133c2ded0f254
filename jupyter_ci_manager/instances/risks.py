"""What a full disk would make fail of what this machine does by itself, in words.

A stop that nobody asks for is a stop all the same, and Azure refuses it. It knows nothing of disks:
whoever does asks it when one is too full.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from ..errors import CiManagerError
from ..models import Instance
from .durations import duration_from_iso
from .snapshot import InstanceSnapshots
from .workspace import WorkspaceService

LASTS = timedelta(minutes=10)
"""Idle shutdown and schedules seldom change."""


class Risks:
    """Idle shutdown and schedules of the instance that this machine is, from what is known."""

    def __init__(
        self,
        workspace: WorkspaceService,
        snapshots: InstanceSnapshots,
        *,
        now: Callable[[], datetime],
        log: logging.Logger,
    ) -> None:
        self._workspace = workspace
        self._snapshots = snapshots
        self._now = now
        self._log = log
        self._looking: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """End what is being asked."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def sentences(self) -> list[str]:
        """One for each; none elsewhere than on an instance.

        It waits for nobody: what is not known, or too old, is asked for until the next time.
        """
        name = await self._workspace.this_instance()
        if name is None:
            return []
        snapshot = self._snapshots.known
        if snapshot is None or self._now() - snapshot.fetched_at > LASTS:
            self._look_again()
        if snapshot is None:
            return []
        found = [item for item in snapshot.items if item.name.lower() == name.lower()]
        if not found or not await self._workspace.is_this_machine(name, snapshot.workspace):
            return []
        return risks_of(found[0])

    def _look_again(self) -> None:
        async def look() -> None:
            try:
                await self._snapshots.get(await self._workspace.current())
            except CiManagerError as error:
                self._log.info("What a full disk puts at risk is not known: %s", error)

        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(look())


def risks_of(instance: Instance) -> list[str]:
    """One sentence each; none where the instance never stops by itself."""
    risks = []
    if instance.idle_shutdown is not None:
        idle = duration_from_iso(instance.idle_shutdown)
        after = f" after {_in_words(idle)}" if idle is not None else ""
        risks.append(f"Idle shutdown{after} would fail.")
    count = instance.stop_schedule_count
    if count == 1:
        risks.append("1 schedule that stops it would fail.")
    elif count:
        risks.append(f"{count} schedules that stop it would fail.")
    return risks


def _in_words(duration: timedelta) -> str:
    minutes = round(duration.total_seconds() / 60)
    if minutes % (24 * 60) == 0:
        days = minutes // (24 * 60)
        return "1 day" if days == 1 else f"{days} days"
    if minutes % 60 == 0 and minutes > 60:
        return f"{minutes // 60} hours"
    return f"{minutes} minutes"
