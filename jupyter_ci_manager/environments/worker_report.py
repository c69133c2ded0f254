"""What a worker tells: lines of progress for the server, and the log of the operation.

It hides secrets in all of it, and knows nothing of the work. Nothing of it fails: work goes on also
where nobody can be told.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ..logs.operation_logs import OperationLog, OperationLogs
from ..models import EngineName, EnvironmentPhase
from .masking import MaskedOutput, masked
from .pace import Pace
from .work_folder import ProgressLine

EVERY_SECONDS = 0.1
LONGEST_MESSAGE = 500

_SHARE: dict[EnvironmentPhase, float] = {
    "solve": 1,
    "download": 6,
    "link": 2,
    "pip": 2,
    "kernel": 0.5,
    "remove": 1,
}
"""How long phases take, roughly, in relation to each other."""


class WorkerReport:
    """Where engine, pip and the worker itself tell how far they are. From any thread."""

    def __init__(
        self,
        progress: Path,
        logs: Path,
        operation_id: str,
        phases: Sequence[EnvironmentPhase],
        secrets: Sequence[str],
    ) -> None:
        self._path = progress
        self._phases = list(phases)
        self._secrets = secrets
        self._line = ProgressLine(self._phases[0], self._phases, "Starting")
        self._next = 0.0
        self._seconds: dict[EnvironmentPhase, float] = {}
        self._since = time.monotonic()
        self._downloaded_bytes = 0
        self._lock = threading.Lock()
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        log = OperationLogs(logs, log=logging.getLogger(__name__)).of(operation_id)
        self._writing = asyncio.ensure_future(self._write_log(log))

    def phase(self, phase: EnvironmentPhase, message: str) -> None:
        """Another phase has begun."""
        text = masked(message, self._secrets)[:LONGEST_MESSAGE]
        with self._lock:
            self._count_time()
            self._line = ProgressLine(
                phase, self._phases, text, fraction=self._fraction(phase, None), kept=True
            )
            self._tell()
        self.log(f"{text}\n".encode())

    def progress(self, item: str | None, done: int | None, total: int | None) -> None:
        """How much of the phase is done: bytes of a download, else packages."""
        with self._lock:
            phase = self._line.phase
            in_bytes = phase == "download"
            if in_bytes:
                self._downloaded_bytes = max(self._downloaded_bytes, done or 0, total or 0)
            self._line = ProgressLine(
                phase,
                self._phases,
                self._line.message,
                item=masked(item[:200], self._secrets) if item else None,
                done=done if in_bytes else None,
                total=total if in_bytes else None,
                fraction=self._fraction(phase, done / total if done and total else None),
            )
            if time.monotonic() >= self._next or (done is not None and done == total):
                self._tell()

    def pace(self, engine: EngineName, packages: int) -> Pace:
        """What it has taken up to now to make an environment of so many packages."""
        with self._lock:
            self._count_time()
            return Pace(
                engine,
                solve_seconds=self._seconds.get("solve", 0.0),
                download_bytes=self._downloaded_bytes,
                download_seconds=self._seconds.get("download", 0.0),
                packages=packages,
                link_seconds=self._seconds.get("link", 0.0),
            )

    def _count_time(self) -> None:
        now = time.monotonic()
        phase = self._line.phase
        self._seconds[phase] = self._seconds.get(phase, 0.0) + now - self._since
        self._since = now

    def log(self, data: bytes) -> None:
        """Add to the log of the operation."""
        # The loop may be closed already: then nobody writes any more.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._queue.put_nowait, data)

    async def close(self) -> None:
        """Write what has been told up to now."""
        # What other threads have asked the loop to do comes first.
        await asyncio.sleep(0)
        self._queue.put_nowait(None)
        await self._writing

    def _fraction(self, phase: EnvironmentPhase, within: float | None) -> float:
        """It never goes back: a kernel's package is solved for after all others are linked."""
        told = self._line.fraction or 0.0
        if phase not in self._phases:
            return told
        shares = [_SHARE[each] for each in self._phases]
        position = self._phases.index(phase)
        done = sum(shares[:position]) + shares[position] * (within or 0)
        return max(told, done / sum(shares))

    def _tell(self) -> None:
        self._next = time.monotonic() + EVERY_SECONDS
        # A full disk must not end the work, which may be what makes room again.
        with contextlib.suppress(OSError):
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, msgspec.json.encode(self._line) + b"\n")
            finally:
                os.close(descriptor)

    async def _write_log(self, log: OperationLog) -> None:
        output = MaskedOutput(self._secrets)
        while (data := await self._queue.get()) is not None:
            pieces = [data]
            while not self._queue.empty():
                more = self._queue.get_nowait()
                if more is None:
                    self._queue.put_nowait(None)
                    break
                pieces.append(more)
            await log.write(output.feed(b"".join(pieces)))
        await log.write(output.end())
