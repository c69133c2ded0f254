"""Notices that Conda has begun to put packages into an environment: with --json it does not say so.

It looks at the environment's folder and knows nothing else.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import TracebackType

from .engine import Report

LOOK_SECONDS = 0.1


class LinkWatch:
    """Reports the phase once, while it is open.

    Conda makes ``conda-meta`` when it has solved, downloaded and unpacked, and changes what is in
    it when it unlinks and links. Seen with conda 26.7.
    """

    def __init__(self, prefix: Path, report: Report) -> None:
        self._meta = prefix / "conda-meta"
        self._report = report
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        before = await asyncio.to_thread(self._changed_at)
        self._task = asyncio.create_task(self._look(before))

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _look(self, before: int | None) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if await asyncio.to_thread(self._changed_at) != before:
                self._report.phase("link", "Putting packages into the environment")
                return

    def _changed_at(self) -> int | None:
        """Nanoseconds; None while it is not there. Blocking."""
        try:
            return self._meta.stat().st_mtime_ns
        except OSError:
            return None
