"""The worker process as the server sees it: started, followed, cancelled, and swept after.

It knows the folder of the work and nothing of HTTP or of how environments are made. The worker is
no child of the server: it goes on when the server ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator

from ..errors import EngineFailed
from ..hang_guard import NoAnswer, Turns
from .locks import is_held
from .work_folder import ProgressLine, ProgressReader, WorkFolder, WorkResult

ANSWER_SECONDS = 60.0
START_SECONDS = 30.0
FIRST_LOOK_SECONDS, LOOK_SECONDS = 0.005, 0.05
LOOKED_SHARE = 0.01
"""How much longer somebody may wait because nobody looked: that share of what they have waited."""
HANGING_SECONDS = 1.0
CANCEL_SECONDS = 60.0
"""Conda may take 10 s to roll back, and putting back what was there takes as long as linking."""
MOST_SWEEPS = 2
"""A worker that only sweeps and is killed is started again, but not without end."""


class WorkerGone(Exception):
    """No worker is left, and none can be started that would tell how it ended."""


class WorkerProcess:
    """The worker of one folder."""

    def __init__(self, folder: WorkFolder, *, log: logging.Logger) -> None:
        self._folder = folder
        self._log = log
        self._turns = Turns(ANSWER_SECONDS)
        self._progress = ProgressReader(folder.progress)
        self._sweeps = 0

    async def start(self) -> None:
        """Start it. Raises EngineFailed. What this starts ends as soon as the worker lives."""
        try:
            launcher = await asyncio.create_subprocess_exec(
                *(sys.executable, "-X", "utf8", "-m", "jupyter_ci_manager.environments.worker"),
                str(self._folder.path),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                cwd=os.sep,
                # Ctrl-C in the server's terminal is not meant for it.
                start_new_session=True,
            )
            _, errors = await asyncio.wait_for(launcher.communicate(), START_SECONDS)
        except (OSError, asyncio.TimeoutError) as error:
            raise EngineFailed(f"The worker process could not be started: {error}.") from None
        if launcher.returncode != 0:
            words = errors.decode("utf-8", "replace").strip().splitlines()
            raise EngineFailed(
                f"The worker process could not be started: {words[-1] if words else 'no reason'}"
            )

    async def follow(self) -> AsyncGenerator[ProgressLine | WorkResult, None]:
        """What it tells; the result comes last. Raises WorkerGone.

        Where it was killed, another one sweeps, and tells that.
        """
        began = time.monotonic()
        while True:
            try:
                is_alive, lines, result = await self._turns.call(self._look)
            except NoAnswer:
                # The disk hangs. That says nothing of the worker, which waits for it, too.
                await asyncio.sleep(HANGING_SECONDS)
                continue
            for line in lines:
                if line.kept or line is lines[-1]:
                    yield line
            if result is not None:
                yield result
                return
            if not is_alive:
                await self._sweep()
            waited = time.monotonic() - began
            await asyncio.sleep(max(FIRST_LOOK_SECONDS, min(LOOK_SECONDS, waited * LOOKED_SHARE)))

    def _look(self) -> tuple[bool, list[ProgressLine], WorkResult | None]:
        # In this order: what a worker wrote before it died is not missed.
        is_alive = is_held(self._folder.alive)
        return is_alive, self._progress.new(), self._folder.result()

    async def cancel(self) -> WorkResult:
        """Have it end and clean up; how it has ended. Raises WorkerGone."""
        await self._turns.call(lambda: self._signal(signal.SIGINT))
        try:
            return await asyncio.wait_for(self._result(), CANCEL_SECONDS)
        except asyncio.TimeoutError:
            self._log.error("The worker in %s does not end: it is killed.", self._folder.path)
            await self._turns.call(lambda: self._signal(signal.SIGKILL))
            return await self._result()

    async def _result(self) -> WorkResult:
        async with contextlib.aclosing(self.follow()) as told:
            async for each in told:
                if isinstance(each, WorkResult):
                    return each
        raise WorkerGone

    def _signal(self, number: signal.Signals) -> None:
        pid = self._folder.worker_pid()
        deadline = time.monotonic() + ANSWER_SECONDS / 2
        while pid is None and is_held(self._folder.alive) and time.monotonic() < deadline:
            # It lives, and is about to say which one it is.
            time.sleep(FIRST_LOOK_SECONDS)
            pid = self._folder.worker_pid()
        # While the lock is held, the number is the worker's, or that of one whose children end now.
        if pid is not None and is_held(self._folder.alive):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)

    async def _sweep(self) -> None:
        """Let another worker remove what a dead one has made, and tell so."""
        self._sweeps += 1
        words = await self._turns.call(self._last_words)
        self._log.error("The worker in %s is gone. %s", self._folder.path, words)
        if self._sweeps > MOST_SWEEPS or not await self._turns.call(self._began):
            raise WorkerGone
        try:
            await self.start()
        except EngineFailed as error:
            raise WorkerGone from error

    def _began(self) -> bool:
        """Whether there is anything to sweep. What has not been begun is not begun now."""
        return self._folder.made() is not None

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            return self._folder.complaints.read_text(errors="replace")[-2000:].strip()
        return ""
