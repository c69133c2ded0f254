"""One thing that a cleanup can do: what every step has, and the steps that run a program.

It must not know which programs there are, nor how steps are put together to a plan.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from typing import Protocol

from ..child_process import OnOutput, Outcome, run_program
from ..errors import CleanupFailed
from ..models import CleanupStep
from .empty_trash import Doomed
from .identity import Identity
from .threads import on_thread

LOOK_SECONDS = 10.0


class NotAsPlanned(Exception):
    """What the plan named is not what is there: nothing was done. The text is for a person."""


@dataclass
class Run:
    """What the steps of one cleanup tell each other."""

    moved: dict[bytes, list[Doomed]] = field(default_factory=dict)
    """What was moved to the trash, by the path of that trash: emptying it includes that."""
    on_output: OnOutput | None = None
    """Gets what programs print."""


class Step(Protocol):
    """Something that can be carried out, once it has been planned."""

    wire: CleanupStep
    """How the plan describes it."""
    disk: bytes
    """A path on the file system that it gives room on."""

    async def carry_out(self, run: Run) -> str:
        """What was done, in words. Raises NotAsPlanned or CleanupFailed."""


@dataclass(frozen=True)
class Program:
    """An executable file, so that nothing runs that took its place after the plan was made."""

    path: str
    identity: Identity

    @classmethod
    def at(cls, path: str) -> Program | None:
        """None where there is no such program."""
        try:
            status = os.stat(path)
        except OSError:
            return None
        return cls(path, Identity.of(status)) if os.access(path, os.X_OK) else None

    @classmethod
    def named(cls, name: str, environ: Mapping[str, str]) -> Program | None:
        """The one that a shell would run; None where there is none."""
        found = shutil.which(name, path=environ.get("PATH", os.defpath))
        return cls.at(os.path.abspath(found)) if found else None

    def unchanged(self) -> bool:
        """Whether the same file is still there."""
        return self == Program.at(self.path)


@dataclass
class ProgramStep:
    """Runs the program that owns what is to be removed."""

    wire: CleanupStep
    disk: bytes
    program: Program
    environ: Mapping[str, str]
    timeout_seconds: float
    folders: Mapping[bytes, Identity] = field(default_factory=dict)
    """What the program will clean: it must lead to the same folders as when it was planned."""
    busy: Callable[[], str | None] = lambda: None
    """Why it must not run now, in words; blocking."""
    alone: Callable[[], AbstractContextManager[object]] = nullcontext
    """Held while it runs; blocking. Raises BlockingIOError where another program holds it."""

    async def carry_out(self, run: Run) -> str:
        """That it is done, with the program's last words. Raises NotAsPlanned or CleanupFailed."""
        with ExitStack() as held:
            await on_thread(lambda _: self._enter(held), timeout_seconds=LOOK_SECONDS)
            await on_thread(lambda _: self._check(), timeout_seconds=LOOK_SECONDS)
            outcome = await self._outcome(run.on_output)
        if outcome.returncode != 0:
            how = _exit_in_words(outcome.returncode)
            raise CleanupFailed(
                f"{self._name} ended with {how}. {outcome.last_words}",
                hint="All that it says is in the log of the operation.",
            )
        last = outcome.last_words.splitlines()[-1:]
        return f"Done. It says: {last[0]}" if last else "Done."

    @property
    def _name(self) -> str:
        return " ".join(self.wire.command[:4])

    def _enter(self, held: ExitStack) -> None:
        try:
            held.enter_context(self.alone())
        except BlockingIOError:
            raise NotAsPlanned(
                "An environment is being worked on. Clean up when that has ended."
            ) from None

    def _check(self) -> None:
        if not self.program.unchanged():
            raise NotAsPlanned(f"{self.program.path} is not the program of the plan any more.")
        for folder, identity in self.folders.items():
            if not _is_same_folder(folder, identity):
                raise NotAsPlanned(f"{os.fsdecode(folder)} is not the folder of the plan any more.")
        reason = self.busy()
        if reason is not None:
            raise NotAsPlanned(reason)

    async def _outcome(self, on_output: OnOutput | None) -> Outcome:
        try:
            return await run_program(
                self.wire.command,
                environ=self.environ,
                timeout_seconds=self.timeout_seconds,
                on_stdout=on_output,
                on_stderr=on_output,
            )
        except asyncio.TimeoutError:
            minutes = round(self.timeout_seconds / 60)
            raise CleanupFailed(f"{self._name} was ended after {minutes} minutes.") from None
        except OSError as error:
            raise CleanupFailed(f"{self._name} could not be started: {error}.") from error


def folders_as_they_are(paths: Iterable[bytes]) -> dict[bytes, Identity]:
    """What the paths lead to now; those that lead nowhere are left out. Blocking."""
    found = {}
    for path in paths:
        resolved = os.path.realpath(path)
        try:
            found[path] = Identity.of(os.stat(resolved))
        except OSError:
            continue
    return found


def _is_same_folder(path: bytes, identity: Identity) -> bool:
    try:
        return Identity.of(os.stat(path)).same_inode(identity)
    except OSError:
        return False


def _exit_in_words(returncode: int) -> str:
    return f"signal {-returncode}" if returncode < 0 else f"exit code {returncode}"
