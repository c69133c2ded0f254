"""The machine's own conda, mamba or micromamba, run on a terminal as a child process.

It knows what Conda says and what it leaves behind, and no operations. Whoever calls it holds the
lock around every real Conda: two of them at once damage the cache of packages and each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ..child_guard import Guard
from ..child_process import run_program
from ..errors import EngineFailed, EnvironmentBroken, EnvironmentExists, PackagesNotFound
from ..models import Engine, PlannedPackage
from . import conda_plan
from .conda_access import ChannelAccess
from .conda_cache import sweep
from .conda_command import Commands, put_back, remove_environment, write_explicit
from .conda_errors import error_of
from .conda_index import with_nearest_names
from .conda_output import CondaOutput, Downloads
from .conda_variables import needed_variables
from .conda_watch import LinkWatch
from .engine import Report, Solution, Wanted
from .masking import MaskedOutput, masked, secrets_of
from .unfinished import MARKER, remove_dangling, remove_folder

LONGEST_SECONDS = 6 * 3600.0
TELL_SECONDS = 0.1
"""Between two reports of progress: Conda writes two thousand objects for thirty packages."""

_QUIET = {"CONDA_REPORT_ERRORS": "false", "CONDA_NUMBER_CHANNEL_NOTICES": "0"}
_BEFORE = "before.json"
_RECORDS = msgspec.json.Decoder(dict[str, conda_plan.Record])


class CondaEngine:
    """Makes environments with a Conda of the machine. ``folder`` is for what it needs meanwhile."""

    checks_room = False

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        *,
        environ: Mapping[str, str],
        condarc: Iterable[Path] = (),
        package_caches: Iterable[Path] = (),
        secrets: Iterable[str] = (),
        guard: Guard | None = None,
    ) -> None:
        """``secrets`` are those of the configuration: nothing that is told has them in it."""
        if engine.executable is None:
            raise ValueError(f"{engine.name} is no program.")
        self.name = engine.name
        self._executable = engine.executable
        self._folder = folder
        self._environ = environ
        self._condarc = tuple(condarc)
        self._package_caches = tuple(package_caches)
        self._secrets = frozenset(secrets)
        self._guard = guard
        self._access = ChannelAccess(folder)
        self._plan: tuple[Wanted, Solution] | None = None
        self._began = time.time()
        self._fetched: set[str] = set()

    # --- what an engine does --------------------------------------------------------------------

    async def plan(self, wanted: Wanted, report: Report, *, new: bool) -> Solution:
        """Work out what ``create`` or ``change`` would do."""
        report.phase("solve", "Working out which packages fit together")
        there = {} if new else await self._records(Path(wanted.prefix))
        if new:
            await asyncio.to_thread(_refuse_existing, Path(wanted.prefix))
        warnings: list[str] = []
        if wanted.clone_from is not None:
            records = await self._records(Path(wanted.clone_from))
            packages = await asyncio.to_thread(
                conda_plan.planned_clone, records.values(), self._package_caches
            )
        elif wanted.explicit and new:
            packages = conda_plan.planned_explicit(wanted.explicit, there)
        else:
            commands = await self._commands(wanted, explicit=False)
            calls = [commands.create()] if new else commands.change()
            plans = [
                conda_plan.planned(answer, self._secrets_of(wanted))
                for call in calls
                for answer in await self._run([*call, "--dry-run"], report, wanted)
            ]
            plans.append(conda_plan.planned_explicit(wanted.explicit, there))
            packages = conda_plan.merged(plans)
            if len(calls) > 1:
                warnings.append(
                    f"{self.name} works these out one after the other: what is removed is still "
                    "there while it works out what to install."
                )
        solution = Solution(packages, warnings)
        self._plan = (wanted, solution)
        return solution

    async def create(self, wanted: Wanted, report: Report) -> None:
        """Make the environment at a prefix where nothing is."""
        prefix = Path(wanted.prefix)
        # With --json conda removes an environment that is there, before it solves anything.
        await asyncio.to_thread(_refuse_existing, prefix)
        report.phase("solve", "Working out which packages fit together")
        commands = await self._commands(wanted)
        downloads = Downloads(self._planned(wanted))
        async with LinkWatch(prefix, report):
            await self._run(commands.create(), report, wanted, downloads)
        if not await asyncio.to_thread((prefix / "conda-meta" / "history").is_file):
            raise EngineFailed(f"{self.name} says that it is done, but there is no environment.")

    async def change(self, wanted: Wanted, report: Report) -> None:
        """Change it. How it was is kept in the folder, for ``restore``."""
        prefix = Path(wanted.prefix)
        report.phase("solve", "Working out which packages fit together")
        records = await self._records(prefix)
        await asyncio.to_thread((self._folder / _BEFORE).write_bytes, msgspec.json.encode(records))
        commands = await self._commands(wanted)
        downloads = Downloads(self._planned(wanted))
        for call in commands.change():
            async with LinkWatch(prefix, report):
                await self._run(call, report, wanted, downloads)

    async def remove(self, prefix: Path, report: Report) -> None:
        """Remove the environment, also one that Conda cannot read any more."""
        report.phase("remove", "Removing the environment")
        # Of a link Conda removes the packages and the link, and leaves the folder.
        real = await asyncio.to_thread(prefix.resolve)
        wanted = Wanted(str(real), [])
        try:
            await self._run(remove_environment(real), report, wanted)
        except EnvironmentBroken as error:
            if not await asyncio.to_thread(_was_one, real):
                raise
            report.log(f"{error.message}\nIts folder is removed instead.\n".encode())
        # Conda leaves what it has not put there, and folders that were in use.
        await asyncio.to_thread(remove_folder, real)
        await asyncio.to_thread(remove_dangling, prefix)

    # --- putting right --------------------------------------------------------------------------

    @property
    def can_restore(self) -> bool:
        """Whether a change has begun that is not known to be done."""
        return (self._folder / _BEFORE).exists()

    async def restore(self, wanted: Wanted, report: Report) -> None:
        """Put back what was there before a change that was broken off.

        Each of Conda's commands puts back its own; this is for those before it.
        """
        content = await asyncio.to_thread((self._folder / _BEFORE).read_bytes)
        before, prefix = _RECORDS.decode(content), Path(wanted.prefix)
        now = await self._records(prefix)
        missing = [
            record.explicit
            for name, record in before.items()
            if record != now.get(name) and record.explicit is not None
        ]
        added = now.keys() - before.keys()
        if missing or added:
            report.phase("link", "Putting back what was there before")
            file = self._explicit_file()
            if missing:
                await asyncio.to_thread(write_explicit, file, missing)
            for call in put_back(prefix, file if missing else None, added):
                await self._run(call, report, wanted)
        self.forget_before()

    def forget_before(self) -> None:
        """Forget how an environment was: the change is done."""
        (self._folder / _BEFORE).unlink(missing_ok=True)

    async def sweep_cache(self) -> None:
        """Remove what this has begun to download or unpack and not finished."""
        swept = await asyncio.to_thread(sweep, self._package_caches, self._fetched, self._began)
        self._fetched -= set(swept)

    # --- running it -----------------------------------------------------------------------------

    async def _run(
        self,
        arguments: Sequence[str],
        report: Report,
        wanted: Wanted,
        downloads: Downloads | None = None,
    ) -> list[dict[str, Any]]:
        """What it answers. Raises what its error means."""
        secrets = self._secrets_of(wanted)
        report.log(masked(f"$ {self.name} {' '.join(arguments)}\n", secrets).encode())
        listener = _Listener(report, downloads or Downloads(None), secrets)
        environ = await self._variables()
        try:
            outcome = await run_program(
                [self._executable, *arguments],
                environ=environ,
                also_passed=needed_variables(environ, await self._condarc_texts()),
                timeout_seconds=LONGEST_SECONDS,
                on_stdout=listener.output,
                on_stderr=listener.complaint,
                terminal=True,
                guard=self._guard,
            )
        except asyncio.TimeoutError:
            raise EngineFailed(f"{self.name} has not come to an end in six hours.") from None
        except OSError as error:
            raise EngineFailed(
                f"{self._executable} could not be started: {error.strerror}.",
                hint="It may have been removed meanwhile. List the environments again.",
            ) from error
        finally:
            self._fetched |= listener.downloads.names
            answers = listener.end()
        wrong = any(answer.get("success") is False for answer in answers)
        said_error = any("exception_name" in answer or "errors" in answer for answer in answers)
        if outcome.returncode != 0 or wrong or said_error:
            failure = error_of(
                answers,
                stderr=listener.complaints,
                returncode=outcome.returncode,
                secrets=secrets,
                program=self.name,
            )
            if isinstance(failure, PackagesNotFound):
                caches = self._package_caches
                failure = await asyncio.to_thread(with_nearest_names, failure, caches)
            raise failure
        return answers

    async def _variables(self) -> dict[str, str]:
        ours = await asyncio.to_thread(self._access.variables)
        return {**self._environ, **_QUIET, **ours}

    async def _condarc_texts(self) -> list[str]:
        return await asyncio.to_thread(_texts, self._condarc)

    async def _commands(self, wanted: Wanted, *, explicit: bool = True) -> Commands:
        """The calls, with the files that they need."""
        lines = list(wanted.explicit) if explicit else []
        if wanted.clone_from is not None and self.name != "conda":
            # Only conda can clone, and takes along what pip has installed.
            records = (await self._records(Path(wanted.clone_from))).values()
            lines = [line for line in (record.explicit for record in records) if line]
        file = self._explicit_file() if lines else None
        if file is not None:
            await asyncio.to_thread(write_explicit, file, lines)
        channels = await asyncio.to_thread(
            self._access.prepare, self.name, wanted.channels, self._environ
        )
        return Commands(self.name, wanted, channels, file)

    async def _records(self, prefix: Path) -> dict[str, conda_plan.Record]:
        try:
            return await asyncio.to_thread(conda_plan.records_of, prefix)
        except (OSError, msgspec.MsgspecError) as error:
            raise EnvironmentBroken(
                f"The records of {prefix} cannot be read: {error}.",
                hint="Remove the environment and make it again.",
            ) from error

    def _planned(self, wanted: Wanted) -> list[PlannedPackage] | None:
        if self._plan is None or self._plan[0] != wanted:
            return None
        packages = self._plan[1].packages
        # Of explicit lists nobody knows how large they are.
        known = all(each.download_bytes is not None for each in packages if each.action != "remove")
        return packages if known else None

    def _explicit_file(self) -> Path:
        return self._folder / "explicit.txt"

    def _secrets_of(self, wanted: Wanted) -> frozenset[str]:
        return self._secrets | secrets_of([*wanted.channels, *wanted.explicit])


class _Listener:
    """Takes apart what it prints, and tells it."""

    def __init__(self, report: Report, downloads: Downloads, secrets: frozenset[str]) -> None:
        self._report = report
        self._secrets = secrets
        self._output = CondaOutput(self._told)
        self._masked = MaskedOutput(secrets)
        self._stderr = bytearray()
        self._told_at = 0.0
        self._downloading = False
        self.downloads = downloads

    async def output(self, data: bytes) -> None:
        for fetched in self._output.feed(data):
            if not self._downloading:
                self._downloading = True
                self._report.phase("download", "Downloading and unpacking packages")
            name, done, total = self.downloads.add(fetched)
            if fetched.finished:
                self._told(f"downloaded {name}")
            now = time.monotonic()
            if fetched.finished or now - self._told_at >= TELL_SECONDS:
                self._told_at = now
                self._report.progress(name, done, total)

    async def complaint(self, data: bytes) -> None:
        self._stderr += data
        # The last words count, and a program may complain without end.
        del self._stderr[: -256 * 1024]
        self._report.log(self._masked.feed(data))

    @property
    def complaints(self) -> str:
        return self._stderr.decode("utf-8", "replace")

    def end(self) -> list[dict[str, Any]]:
        answers = self._output.end()
        self._report.log(self._masked.end())
        for answer in answers:
            self._told(_in_words(answer))
        return answers

    def _told(self, text: str) -> None:
        if text:
            self._report.log(f"{masked(text, self._secrets)}\n".encode())


def _in_words(answer: dict[str, Any]) -> str:
    """What an answer says, for the log: its own words, else the packages."""
    text = answer.get("message") or answer.get("error")
    if text:
        return str(text)
    signs = {"install": "+", "update": "↑", "downgrade": "↓", "remove": "-"}
    return "\n".join(
        f"  {signs[each.action]} {each.name} {each.version} {each.build or ''}".rstrip()
        for each in conda_plan.planned(answer)
    )


def _refuse_existing(prefix: Path) -> None:
    """Blocking. An empty folder, or one with our mark in it, is as good as none."""
    try:
        names = {entry.name for entry in prefix.iterdir()}
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise EnvironmentExists(f"{prefix} is a file.") from None
    if names - {MARKER}:
        raise EnvironmentExists(f"There is something at {prefix} already.")


def _was_one(prefix: Path) -> bool:
    """Whether a folder that Conda takes for no environment was made as one. Blocking."""
    return (prefix / "conda-meta").is_dir() or (prefix / MARKER).is_file()


def _texts(paths: Iterable[Path]) -> list[str]:
    texts = []
    for path in paths:
        # What cannot be read says nothing; Conda will say so.
        with contextlib.suppress(OSError, UnicodeDecodeError):
            texts.append(path.read_text("utf-8"))
    return texts
