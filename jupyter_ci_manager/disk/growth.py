"""Watches how fast disks fill: notes samples, keeps them in a file, and never waits for that file.

It knows no file system but the one that the file is on.
"""

from __future__ import annotations

import logging
import socket
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime

from ..hang_guard import HangGuard, NoAnswer
from ..models import Filesystem
from .history import DiskHistory, Sample
from .history_file import KEEP_ROWS, HistoryFile

FILE_SECONDS = 30.0
"""For how long a home folder on a slow server may take."""


class GrowthWatch:
    """Growth of file systems, over restarts where ``file`` can be used, else since this start."""

    def __init__(
        self,
        file: HistoryFile,
        *,
        now: Callable[[], datetime],
        log: logging.Logger,
        host: str | None = None,
    ) -> None:
        self._file = file
        self._now = now
        self._log = log
        # A home folder, and the file in it, may be shared by machines with disks of their own.
        self._host = socket.gethostname() if host is None else host
        self._guard = HangGuard(FILE_SECONDS)
        self._history = DiskHistory()
        self._unwritten: list[tuple[str, Sample]] = []
        self._loaded = False
        self._trouble = ""

    def bytes_per_day(self, mount_point: str) -> float | None:
        """As ``DiskHistory.growth_bytes_per_day`` says."""
        return self._history.growth_bytes_per_day(self._name(mount_point))

    async def note(self, filesystems: Iterable[Filesystem]) -> None:
        """Take a sample of those that answered. Trouble with the file is logged, once."""
        time = self._now().timestamp()
        for each in filesystems:
            if each.used_bytes is None or each.total_bytes is None or each.read_only:
                continue
            name, sample = (
                self._name(each.mount_point),
                Sample(time, each.used_bytes, each.total_bytes),
            )
            if self._history.add(name, sample):
                self._unwritten.append((name, sample))
        del self._unwritten[:-KEEP_ROWS]
        try:
            await self._exchange(time)
        except (OSError, sqlite3.Error, NoAnswer) as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                self._log.warning(
                    "How fast the disks fill is remembered only until this server stops: %s", error
                )
        else:
            self._trouble = ""

    async def _exchange(self, time: float) -> None:
        if not self._loaded:
            earlier = await self._guard.call("read", lambda: self._file.read(time))
            self._history.load(earlier, time)
            self._loaded = True
        samples = list(self._unwritten)
        if not samples:
            return
        written = await self._guard.call("write", lambda: self._file.write(samples, time))
        if written:
            del self._unwritten[: len(samples)]

    def _name(self, mount_point: str) -> str:
        return f"{self._host} {mount_point}"
