"""Setup scripts that really run, as child processes of the emulator. Knows no HTTP.

As far as the emulator can, it does what an instance does ("Customize the compute instance with a
script", learn.microsoft.com): the working directory is the script's own folder in the share, and
``Users`` for an inline script; around it are the ``ScriptSurroundings`` of a dry run, one for each
instance. What it cannot: a script runs as whoever started the emulator and on this machine, not as
root on an instance.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from jupyter_ci_manager.emulator.arm.computes.scripts import Ended, ScriptRun
from jupyter_ci_manager.emulator.clock import Timeline
from jupyter_ci_manager.emulator.files.errors import FileServiceError
from jupyter_ci_manager.emulator.files.share import FileShare
from jupyter_ci_manager.script_surroundings import (
    ScriptSurroundings,
    can_run_scripts,
    exit_status,
    remove_scratch,
    words,
)

from . import log
from .source import inline_text, stored_path

USERS = "Users"
MAX_LOG_BYTES = 2 * 1024**3
GRACE_SECONDS = 2.0
"""Between asking a script to end and killing it."""
LOOK_SECONDS = 0.25
TIMED_OUT_STATUS = 124
"""As timeout(1) has it."""
NOT_UNDERSTOOD_STATUS = 2
"""As a shell has it."""

__all__ = ["ScriptProcesses", "can_run_scripts"]


@dataclass(eq=False)
class _Running:
    run: ScriptRun
    log: Path
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    why: str | None = None
    """Why it is ended before it ends by itself."""
    timed_out: bool = False

    def stop(self, why: str, *, timed_out: bool = False) -> None:
        if not self.stopped.is_set():
            self.why, self.timed_out = why, timed_out
            self.stopped.set()

    def log_size(self) -> int:
        """Bytes; none where the script has deleted it."""
        try:
            return self.log.stat().st_size
        except FileNotFoundError:
            return 0


class _NotRun(Exception):
    """A script that cannot begin; says why in the words of the service."""

    def __init__(self, failure: str, status: int | None = None) -> None:
        super().__init__(failure)
        self.status = status


class ScriptProcesses:
    """Runs scripts, each in a session of its own, with its output going straight to the share."""

    def __init__(
        self,
        timeline: Timeline,
        share: Callable[[], FileShare],
        *,
        max_log_bytes: int = MAX_LOG_BYTES,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._timeline = timeline
        self._share = share
        self._max_log_bytes = max_log_bytes
        self._grace_seconds = grace_seconds
        self._running: dict[asyncio.Task[None], _Running] = {}
        self._disks: Path | None = None

    def surroundings(self, instance: str) -> ScriptSurroundings:
        """What is around the scripts of an instance: its disk, which stays until ``close``."""
        if self._disks is None:
            self._disks = Path(tempfile.mkdtemp(prefix="jupyter-ci-emulator-disks-")).resolve()
        found = ScriptSurroundings(self._disks / instance)
        found.make()
        return found

    def begin(self, run: ScriptRun, at: datetime, ended: Ended) -> None:
        """Begin to run a script, in the running event loop."""
        path = log.log_path(run.instance, run.phase, at)
        written = log.written(self._share(), path, log.beginning(run, _how(), at))
        if isinstance(written, str):
            ended(written, at)
            return
        running = _Running(run, written.path)

        def time_is_up(_: datetime) -> None:
            running.stop(f"Script timed out after {run.timeout}", timed_out=True)

        self._timeline.after(run.timeout_seconds, time_is_up)
        task = asyncio.get_running_loop().create_task(self._run(running, ended))
        self._running[task] = running
        task.add_done_callback(self._running.pop)

    def end(self, instance: str) -> None:
        """End what still runs on an instance."""
        for running in self._running.values():
            if running.run.instance == instance:
                running.stop(log.WENT_AWAY)

    async def close(self) -> None:
        """End everything, and wait until it has ended."""
        for running in self._running.values():
            running.stop("Script was ended: the emulator ends")
        if self._running:
            await asyncio.wait(set(self._running))
        if self._disks is not None:
            await asyncio.to_thread(remove_scratch, self._disks)
            self._disks = None

    async def _run(self, running: _Running, ended: Ended) -> None:
        run = running.run
        status: int | None
        failure: str | None
        why: str | None
        try:
            with tempfile.TemporaryDirectory(prefix="jupyter-ci-emulator-script-") as own:
                status = await self._process(running, Path(own))
        except _NotRun as error:
            failure, status, why = str(error), error.status, str(error)
        except OSError as error:
            failure = why = f"The script could not be run: {error}"
            status = None
        else:
            why = running.why
            status = TIMED_OUT_STATUS if running.timed_out else status
            failure = log.exited(status) if status else None
            if running.timed_out:
                failure = log.timed_out(run.timeout)
        now = self._timeline.clock.now()
        # A script may delete its own log: then there is nowhere to say how it ended.
        with contextlib.suppress(FileNotFoundError):
            text = log.on_new_line(running.log, log.ending(status, why, now))
            with running.log.open("ab") as opened:
                opened.write(text)
        ended(failure, now)

    async def _process(self, running: _Running, own: Path) -> int:
        """Run it to its end; its exit status, 128 and the signal where one ended it."""
        arguments = _arguments(running.run)
        script, folder = self._place(running.run, own)
        with running.log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                "bash",
                str(script),
                *arguments,
                cwd=folder,
                env=self._environment(running.run),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            await self._watch(process, running)
        finally:
            # Also what it has left in the background.
            _signal_group(process.pid, signal.SIGKILL)
        return exit_status(await process.wait())

    async def _watch(self, process: asyncio.subprocess.Process, running: _Running) -> None:
        """Wait until it has ended, by itself or because it must."""
        end = asyncio.ensure_future(process.wait())
        stop = asyncio.ensure_future(running.stopped.wait())
        try:
            while not end.done() and not stop.done():
                await asyncio.wait(
                    {end, stop}, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                if running.log_size() > self._max_log_bytes:
                    running.stop(
                        f"Script was ended: its log has more than {self._max_log_bytes} bytes"
                    )
            if not end.done():
                _signal_group(process.pid, signal.SIGTERM)
                await asyncio.wait({end}, timeout=self._grace_seconds)
        finally:
            for each in (end, stop):
                each.cancel()

    def _environment(self, run: ScriptRun) -> dict[str, str]:
        return self.surroundings(run.instance).environment(
            os.environ,
            instance=run.instance,
            workspace=run.workspace,
            resource_group=run.resource_group,
        )

    def _place(self, run: ScriptRun, own: Path) -> tuple[Path, Path]:
        """The script's file and the folder it runs in. Raises _NotRun."""
        share = self._share()
        if run.script.script_source == "inline":
            script = own / f"{run.phase}Script.sh"
            script.write_bytes(inline_text(run.script))
            users = share.directory / USERS
            users.mkdir(exist_ok=True)
            return script, users
        try:
            found = share.file(stored_path(run.script)).path
        except FileServiceError as error:
            raise _NotRun(log.no_such_script(run)) from error
        return found, found.parent


def _how() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        # Nobody has given this user id a name, as happens in containers.
        user = f"user {os.getuid()}"
    return f"This script runs on this machine as {user}; Azure runs it on the instance as root."


def _arguments(run: ScriptRun) -> list[str]:
    """The words of ``scriptArguments``. Raises _NotRun."""
    try:
        return words(run.script.script_arguments)
    except ValueError as error:
        why = f"The script's arguments are not understood: {error}"
        raise _NotRun(why, NOT_UNDERSTOOD_STATUS) from error


def _signal_group(group: int, number: signal.Signals) -> None:
    # PermissionError: macOS says so of a group in which everybody has ended.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
