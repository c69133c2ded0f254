"""Runs a setup script on this machine, in a scratch folder, as whoever runs the Jupyter server.

It is no sandbox: the script can do what that user can. It knows no operations and no HTTP.
"""

from __future__ import annotations

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..child_guard import Guard
from ..child_process import run_program
from ..errors import DryRunFailed
from ..logs.diagnosis import LogScan
from ..script_surroundings import ScriptSurroundings, exit_status, remove_scratch, words

MAX_OUTPUT_BYTES = 64 * 1024 * 1024
SECONDS_OF_A_MINUTE = 60.0
INTERRUPT_SECONDS = 3.0
"""How long a script may clean up when it is cancelled or takes too long."""
MARK = "[dry run]"
"""Begins the lines of a log that are not the script's."""
SHOWN_FILES = 100
END_BYTES = 64 * 1024
"""Of what a script has printed: where it is looked for why it failed."""

_IN_FOLDER = 'cd -- "$1" && shift && exec bash "$@" 2>&1'
"""One stream, so that errors stand where they happened."""

OnOutput = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True)
class DryRun:
    """What is to be run, and what the variables of an instance are."""

    text: str
    arguments: str | None
    instance: str
    workspace: str
    resource_group: str
    timeout_minutes: int


class ScriptDryRun:
    """One run. ``log`` gets what the script prints, as soon as it does."""

    def __init__(
        self, script: DryRun, *, folder: Path, environ: Mapping[str, str], log: OnOutput
    ) -> None:
        self._script = script
        self._folder = folder
        self._environ = environ
        self._log = log
        self._written_bytes = 0
        self._end = bytearray()
        self._on_new_line = True

    async def to_its_end(self) -> None:
        """Run it; the folder is gone afterwards, also when this is cancelled.

        Raises DryRunFailed where it fails, takes too long or prints without end.
        """
        try:
            await self._prepare()
            await self._run()
        finally:
            mounted = await asyncio.to_thread(remove_scratch, self._folder)
            await self._say(*(f"Nothing was removed: {point} is mounted" for point in mounted))

    async def _prepare(self) -> None:
        try:
            await asyncio.to_thread(self._lay_out)
        except OSError as error:
            why = error.strerror or error
            raise DryRunFailed(
                f"The scratch folder {self._folder} cannot be made: {why}."
            ) from error
        await self._say(
            f"This runs on this machine as {_user()}; Azure runs it on the instance as root.",
            f"CI_NAME={self._script.instance}, arguments: {self._script.arguments or 'none'}, "
            f"time-out {self._time()}",
        )

    def _time(self) -> str:
        minutes = self._script.timeout_minutes
        return f"{minutes} minute{'' if minutes == 1 else 's'}"

    async def _run(self) -> None:
        environment = self._environment()
        try:
            outcome = await run_program(
                ["bash", "-c", _IN_FOLDER, "bash", str(self._users), *self._command()],
                environ=environment,
                also_passed=environment.keys(),
                timeout_seconds=self._script.timeout_minutes * SECONDS_OF_A_MINUTE,
                interrupt_seconds=INTERRUPT_SECONDS,
                on_stdout=self._output,
                guard=Guard(),
            )
        except asyncio.TimeoutError:
            await self._say(f"Script timed out after {self._time()}")
            raise DryRunFailed(
                f"The script took more than {self._time()}.",
                hint="Give it more time, or do the long part in the background.",
                details={"reason": "timed_out"},
            ) from None
        except OSError as error:
            raise DryRunFailed(
                f"The script could not be run: {error.strerror or error}."
            ) from error
        except asyncio.CancelledError:
            await self._say("Cancelled")
            raise
        status = exit_status(outcome.returncode)
        await self._say(f"Script exited with code {status}", *await asyncio.to_thread(self._left))
        if status:
            raise DryRunFailed(
                f"The script exited with code {status}.",
                hint=self._known_failure(),
                details={"reason": "exit_status", "exit_status": str(status)},
            )

    async def _output(self, data: bytes) -> None:
        self._written_bytes += len(data)
        if self._written_bytes > MAX_OUTPUT_BYTES:
            await self._say(f"Script was ended: it prints more than {MAX_OUTPUT_BYTES:,} bytes")
            raise DryRunFailed(
                f"The script prints more than {MAX_OUTPUT_BYTES:,} bytes.",
                hint="Its log would fill the notebook share. Print less.",
                details={"reason": "output"},
            )
        self._end += data
        del self._end[:-END_BYTES]
        self._on_new_line = data.endswith(b"\n")
        await self._log(data)

    def _known_failure(self) -> str | None:
        """What is known of failures that print what this one has printed last."""
        scan = LogScan(identity="", head=b"")
        scan.feed(bytes(self._end))
        hints = sorted(scan.hints.values(), key=lambda hint: hint.offset)
        return f"{hints[-1].title}. {hints[-1].text}" if hints else None

    async def _say(self, *lines: str) -> None:
        if not lines:
            return
        text = "".join(f"{MARK} {line}\n" for line in lines).encode(errors="replace")
        await self._log(text if self._on_new_line else b"\n" + text)
        self._on_new_line = True

    # --- the folder ---------------------------------------------------------------------------

    @property
    def _users(self) -> Path:
        """Where an inline script begins: ``Users`` of the notebook share."""
        return self._folder / "code" / "Users"

    @property
    def _file(self) -> Path:
        return self._folder / "script" / "setup.sh"

    @property
    def _temporary(self) -> Path:
        return self._folder / "tmp"

    def _lay_out(self) -> None:
        self._folder.mkdir(parents=True, mode=0o700)
        self._surroundings.make()
        for folder in (self._users, self._temporary, self._file.parent):
            folder.mkdir(parents=True)
        self._file.write_text(self._script.text, encoding="utf-8", newline="")

    @property
    def _surroundings(self) -> ScriptSurroundings:
        return ScriptSurroundings(self._folder / "machine")

    def _command(self) -> list[str]:
        return [str(self._file), *words(self._script.arguments)]

    def _environment(self) -> dict[str, str]:
        return self._surroundings.environment(
            self._environ,
            instance=self._script.instance,
            workspace=self._script.workspace,
            resource_group=self._script.resource_group,
        ) | {"TMPDIR": str(self._temporary)}

    def _left(self) -> list[str]:
        """What it has written, in words."""
        places = {
            "~azureuser": self._surroundings.home,
            "~root": self._surroundings.root_home,
            "Users": self._users,
        }
        found = [
            f"{name}/{path}" for name, folder in places.items() for path in files_below(folder)
        ]
        if len(found) > SHOWN_FILES:
            found = [*found[:SHOWN_FILES], f"… and {len(found) - SHOWN_FILES} more"]
        return [f"It left {file}" for file in found]


def files_below(folder: Path) -> Iterator[str]:
    """Relative paths of all that is no folder, in order. Blocking."""
    for at, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield str((Path(at) / name).relative_to(folder))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # Nobody has given this user id a name, as happens in containers.
        return f"user {os.getuid()}"
