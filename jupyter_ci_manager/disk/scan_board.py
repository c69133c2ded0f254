"""Memory that all processes of a scan see: how far each has come, who is idle, what became of what.

Each process writes to a part of its own, and so nothing is locked.
"""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass

_SLOTS = 8
FOLDERS, FILES, BLOCKS, SENT, RECEIVED = range(5)
_PATH_BYTES = 512


@dataclass(frozen=True)
class Progress:
    """How far a scan has come."""

    folders: int
    files: int
    blocks: int
    path: str
    """A folder that is being read."""


class Board:
    """Memory that all processes of a crew see: counters, who is idle, what became of folders."""

    def __init__(self, readers: int, known: int) -> None:
        self.readers = readers
        self._idle = readers * _SLOTS * 8
        self._paths = self._idle + readers
        self._states = self._paths + readers * _PATH_BYTES
        self._known = known
        self._memory = mmap.mmap(-1, self._states + known + 1)
        self.counters = memoryview(self._memory)[: self._idle].cast("q")

    def count(self, reader: int, folders: int, files: int, blocks: int) -> None:
        """Add to what a process has counted."""
        base = reader * _SLOTS
        self.counters[base + FOLDERS] += folders
        self.counters[base + FILES] += files
        self.counters[base + BLOCKS] += blocks

    def add(self, reader: int, slot: int) -> None:
        """Add one to one of the counters of a process."""
        self.counters[reader * _SLOTS + slot] += 1

    def sum(self, slot: int) -> int:
        """One counter of all processes together."""
        return sum(self.counters[slot::_SLOTS])

    def set_idle(self, reader: int, idle: bool) -> None:
        """Whether a process waits for work."""
        self._memory[self._idle + reader] = idle

    def somebody_idle(self) -> bool:
        """Whether any process waits for work."""
        return self._memory.find(b"\1", self._idle, self._paths) >= 0

    def finished(self) -> bool:
        """Whether all are idle and no message is on its way, however these change meanwhile.

        A message is counted before it is sent and after it was taken: where the second sum of those
        sent is the first of those taken, none was under way at any time between.
        """
        received = self.sum(RECEIVED)
        idle = self._memory.find(b"\0", self._idle, self._paths) < 0
        return idle and self.sum(SENT) == received

    def work_done(self) -> int:
        """A number that grows as long as anything is done."""
        return self.sum(FOLDERS) + self.sum(FILES)

    def show(self, reader: int, path: str) -> None:
        """Tell which folder a process is at."""
        text = os.fsencode(path)[:_PATH_BYTES].ljust(_PATH_BYTES, b"\0")
        start = self._paths + reader * _PATH_BYTES
        self._memory[start : start + _PATH_BYTES] = text

    def shown(self, reader: int) -> str:
        """Which folder a process is at, as far as there was room for it."""
        start = self._paths + reader * _PATH_BYTES
        return os.fsdecode(self._memory[start : start + _PATH_BYTES].rstrip(b"\0"))

    def set_states(self, folders: range, states: bytes) -> None:
        """Tell what became of folders of the scan before, a byte for each."""
        start = self._states
        self._memory[start + folders.start : start + folders.stop] = states

    @property
    def states(self) -> bytes:
        """What became of each folder of the scan before."""
        return self._memory[self._states : self._states + self._known]

    def progress(self) -> Progress:
        """How far all processes have come, and where one of them is."""
        busy = (reader for reader in range(self.readers) if not self._memory[self._idle + reader])
        return Progress(
            self.sum(FOLDERS), self.sum(FILES), self.sum(BLOCKS), self.shown(next(busy, 0))
        )
