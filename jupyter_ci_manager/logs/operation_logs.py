"""What operations write: a file for each below the data folder, bounded, kept for a while.

It knows nothing of what the work is. A log that cannot be written stops no work: where the disk is
full, cleaning it up is the work.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from ..errors import LogNotFound
from ..hang_guard import NoAnswer, Turns
from .local_file import ANSWER_SECONDS, LocalFile
from .stream import LogStream

MAX_BYTES = 8 * 1024 * 1024
KEEP_LOGS = 100
KEEP_SECONDS = 30 * 24 * 3600.0

_NAME = re.compile(r"[0-9a-f]{16}\.log")
_APPEND = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_APPEND
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

FindOperation = Callable[[str], Awaitable[object]]
"""Raises OperationNotFound where there is none of that id."""


class OperationLogs:
    """The logs of all operations of this user, in ``folder``."""

    def __init__(
        self,
        folder: Path,
        *,
        log: logging.Logger,
        max_bytes: int = MAX_BYTES,
        keep_logs: int = KEEP_LOGS,
        answer_seconds: float = ANSWER_SECONDS,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._log = log
        self._max_bytes = max_bytes
        self._keep_logs = keep_logs
        self._now = now
        self._turns = Turns(answer_seconds)

    def of(self, operation_id: str) -> OperationLog:
        """What one operation writes to. Nothing is made before it does."""
        path = self._folder / f"{operation_id}.log"
        return OperationLog(path, self._turns, self._max_bytes, prune=self._prune, log=self._log)

    async def stream(self, operation_id: str) -> LogStream:
        """What one has written. Raises LogNotFound, LogUnreachable or StorageForbidden."""
        name = f"{operation_id}.log"
        missing = LogNotFound(
            f"The operation {operation_id} has written no log.",
            hint="Work that Azure does has none: its history says how it went.",
        )
        if not _NAME.fullmatch(name):
            raise missing
        stream = LocalFile(self._folder, [name], self._turns)
        try:
            await stream.state()
        except LogNotFound:
            raise missing from None
        return stream

    def _prune(self) -> None:
        """Remove what is old, and the oldest of too many. Blocking."""
        with os.scandir(self._folder) as entries:
            logs = [
                (entry.stat(follow_symlinks=False).st_mtime, entry.path)
                for entry in entries
                if _NAME.fullmatch(entry.name)
            ]
        logs.sort(reverse=True)
        for number, (modified, path) in enumerate(logs):
            if number >= self._keep_logs - 1 or self._now() - modified > KEEP_SECONDS:
                # Another server may have done so.
                Path(path).unlink(missing_ok=True)


class LogsOfKnownOperations:
    """The logs of operations that there are, for who asks by id."""

    def __init__(self, logs: OperationLogs, find: FindOperation) -> None:
        self._logs = logs
        self._find = find

    async def stream(self, operation_id: str) -> LogStream:
        """Raises OperationNotFound and what ``OperationLogs.stream`` raises."""
        await self._find(operation_id)
        return await self._logs.stream(operation_id)


class OperationLog:
    """What one operation writes to."""

    def __init__(
        self,
        path: Path,
        turns: Turns,
        max_bytes: int,
        *,
        prune: Callable[[], None],
        log: logging.Logger,
    ) -> None:
        self._path = path
        self._turns = turns
        self._max_bytes = max_bytes
        self._prune = prune
        self._log = log
        self._one_at_a_time = asyncio.Lock()
        self._missing = 0
        self._full = False

    async def write(self, data: bytes) -> None:
        """Add to it, in the order of the calls. It never fails: what is missing is said in it."""
        async with self._one_at_a_time:
            if self._full or not data:
                return
            try:
                await self._turns.call(lambda: self._append(data))
            except (OSError, NoAnswer) as error:
                if not self._missing:
                    self._log.warning("The log %s could not be written: %s", self._path, error)
                self._missing += len(data)

    def _append(self, data: bytes) -> None:
        if not self._path.parent.is_dir():
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._path.exists():
            with contextlib.suppress(FileNotFoundError):
                # Another server prunes too.
                self._prune()
        file = os.open(self._path, _APPEND, 0o600)
        try:
            size = os.fstat(file).st_size
            if self._missing:
                data = f"\n[{self._missing} bytes could not be written]\n".encode() + data
            if size + len(data) > self._max_bytes:
                self._full = True
                # With its last line a log is longer than that: it is written once.
                ends = f"\n[The log ends here: it has {self._max_bytes} bytes]\n".encode()
                fits = self._max_bytes - size
                data = data[:fits] + ends if fits >= 0 else b""
            _write_all(file, data)
            self._missing = 0
        finally:
            os.close(file)


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
