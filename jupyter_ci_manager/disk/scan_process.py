"""Runs the process that scans a disk, and sees to it that none of its processes is left behind.

It knows the lines that process writes, and nothing of operations. No line is trusted: whatever is
not what it should be ends the scan.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from ..errors import ScanFailed
from ..models import ScanStatus
from .scan_request import Request

MAX_LINE_BYTES = 16 * 1024 * 1024
SILENT_SECONDS = 60.0
"""It tells several times a second how far it has come; the largest disk is added up in a few."""
EXIT_SECONDS = 10.0
"""After its result it writes down what the next scan needs."""
PIPES_SECONDS = 1.0
KEPT_WORDS = 4096
_SHORTEST_POLL_SECONDS, _POLL_SECONDS = 0.001, 0.01


class Progress(msgspec.Struct, frozen=True):
    """How far a scan has come."""

    folders: int
    files: int
    bytes: int
    path: str
    """For people: a folder that is being read."""
    fraction: float | None


class Failed(msgspec.Struct, frozen=True):
    """Why there is no result."""

    message: str


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the process: one of these."""

    progress: Progress | None = None
    scan: ScanStatus | None = None
    failed: Failed | None = None


_LINES = msgspec.json.Decoder(Line)


async def scan_lines(
    request: Request, log: logging.Logger
) -> AsyncGenerator[Progress | ScanStatus, None]:
    """What a scan tells, the result last. Raises ScanFailed.

    However it is left, all its processes have ended then.
    """
    async with _worker(log) as worker:
        worker.ask(request)
        while True:
            line = await worker.line()
            if line.scan is not None:
                yield line.scan
                await worker.finish()
                return
            if line.progress is not None:
                yield line.progress
            elif line.failed is not None:
                raise ScanFailed(line.failed.message)


@asynccontextmanager
async def _worker(log: logging.Logger) -> AsyncIterator[_Worker]:
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            # Names are any bytes, whatever the locale says.
            *("-X", "utf8", "-m", "jupyter_ci_manager.disk.scan_worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=MAX_LINE_BYTES,
            cwd=os.sep,
            start_new_session=True,
        )
    except (OSError, NotImplementedError) as error:
        raise ScanFailed(f"The process that scans the disk could not be started: {error}") from None
    worker = _Worker(process, log)
    try:
        yield worker
    finally:
        # Shielded: who is told twice to stop must still leave nothing behind.
        await asyncio.shield(asyncio.ensure_future(worker.end()))


class _Worker:
    """The process, from its first line to its end."""

    def __init__(self, process: asyncio.subprocess.Process, log: logging.Logger) -> None:
        self._log = log
        self._process = process
        self._words = bytearray()
        self._listening = asyncio.ensure_future(self._listen())

    def ask(self, request: Request) -> None:
        """Its stdin stays open: where it ends, even by a kill -9 of this process, it ends too."""
        stdin = self._process.stdin
        if stdin is not None:
            # Not by msgspec, which takes no name that is not text.
            stdin.write(json.dumps(vars(request)).encode() + b"\n")

    async def line(self) -> Line:
        """The next line. Raises ScanFailed."""
        stdout = self._process.stdout
        try:
            text = await asyncio.wait_for(stdout.readline(), SILENT_SECONDS) if stdout else b""
            if text.endswith(b"\n"):
                return _LINES.decode(text)
        except asyncio.TimeoutError:
            raise ScanFailed(
                f"The process that scans the disk has said nothing for {SILENT_SECONDS:.0f} s."
            ) from None
        except (ValueError, msgspec.MsgspecError) as error:
            raise ScanFailed(
                f"The process that scans the disk wrote what nobody understands: {error}"
            ) from None
        raise ScanFailed(await self._last_words())

    async def _last_words(self) -> str:
        await self._exited(1.0)
        code = self._process.returncode
        how = "ended early"
        if code is not None and code < 0:
            how = f"was ended by signal {-code}"
            with contextlib.suppress(ValueError):
                how = f"was ended by {signal.Signals(-code).name}"
        words = bytes(self._words).decode("utf-8", "replace").strip()
        self._log.error("The process that scans the disk %s. %s", how, words)
        return f"The process that scans the disk {how}."

    async def finish(self) -> None:
        """Give it time to write down what it knows."""
        await self._exited(EXIT_SECONDS)

    async def end(self) -> None:
        """End it and all processes it began."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        await self._exited(EXIT_SECONDS)
        if self._process.stdin is not None:
            self._process.stdin.close()
        # All that had its pipes is gone: the loop is to notice that before it may be closed.
        pipes = {self._listening, asyncio.ensure_future(self._unheard())}
        await asyncio.wait(pipes, timeout=PIPES_SECONDS)
        for each in pipes:
            each.cancel()
        await asyncio.gather(*pipes, return_exceptions=True)

    async def _unheard(self) -> None:
        while self._process.stdout is not None and await self._process.stdout.read(KEPT_WORDS):
            pass

    async def _exited(self, seconds: float) -> None:
        # By looking: ``wait()`` waits for the pipes too in some versions of Python
        # (python/cpython#119710). What hangs in the kernel is not waited for: it cannot be ended.
        deadline = time.monotonic() + seconds
        pause = _SHORTEST_POLL_SECONDS
        while self._process.returncode is None and time.monotonic() < deadline:
            await asyncio.sleep(pause)
            pause = min(_POLL_SECONDS, 2 * pause)

    async def _listen(self) -> None:
        while self._process.stderr is not None and (
            chunk := await self._process.stderr.read(KEPT_WORDS)
        ):
            self._words += chunk
            del self._words[:-KEPT_WORDS]
