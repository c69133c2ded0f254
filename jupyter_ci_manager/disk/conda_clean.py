"""Conda's package cache, cleaned by Conda. Environments are not touched.

It knows the words that Conda speaks, and must not know plans.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..child_process import run_program
from ..models import CleanupStep
from .cleanup_step import LOOK_SECONDS, Program, ProgramStep, folders_as_they_are
from .identity import Identity, contents_of
from .threads import on_thread

ASK_SECONDS = 60.0
RUN_SECONDS = 1800.0
OUTPUT_BYTES = 32_000_000

INSTALLED_AT = ("/anaconda/condabin/conda", "/anaconda/bin/conda")
"""Where Conda is on a compute instance, whose Jupyter server need not have it on its PATH."""

_CONDAS = frozenset({"conda", "conda.exe", "mamba", "micromamba"})
_CHANGING = frozenset(
    {"build", "clean", "create", "env", "install", "remove", "uninstall", "update", "upgrade"}
)


@dataclass(frozen=True)
class _Part:
    option: str
    title: str
    why_safe: str


_PARTS = {
    "packages": _Part(
        "--packages",
        "Packages that Conda keeps and no environment uses",
        "Environments stay as they are: what they use is shared with them by hard links, which "
        "Conda checks. An unused package is downloaded again when it is next wanted.",
    ),
    "tarballs": _Part(
        "--tarballs",
        "Downloaded archives of Conda packages",
        "They have been unpacked already. An archive is downloaded again when it is next wanted.",
    ),
    "index_cache": _Part(
        "--index-cache",
        "Conda's copy of the channels' indexes",
        "Conda fetches it again by itself; the next installation takes some seconds longer.",
    ),
}


class CondaClean:
    """Makes the steps; asks Conda one thing at a time.

    Two of Conda's commands at once damage its cache: while another one changes anything on this
    machine, no step of ours runs.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        processes: Path = Path("/proc"),
        alone: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._environ = environ
        self._processes = processes
        self._alone = alone
        self._one_at_a_time = asyncio.Lock()

    async def steps(self) -> list[ProgramStep]:
        """The steps; none where there is no Conda."""
        program = await on_thread(lambda _: self._program(), timeout_seconds=LOOK_SECONDS)
        if program is None:
            return []
        at_work = await on_thread(lambda _: self._busy(), timeout_seconds=LOOK_SECONDS)
        if at_work is not None:
            wires = (_described(program, part, None, at_work) for part in _PARTS.values())
            return [self._step(program, wire, {}) for wire in wires]
        async with self._one_at_a_time:
            amounts = _amounts(await self._document(program, _DRY_RUN))
            configuration = await self._document(program, _CONFIGURATION)
        folders = await on_thread(
            lambda _: folders_as_they_are(_package_caches(configuration)),
            timeout_seconds=ASK_SECONDS,
        )
        if folders:
            amounts["index_cache"] = await on_thread(
                lambda stop: _index_bytes(folders, stop.is_set), timeout_seconds=ASK_SECONDS
            )
        linked = _soft_links(configuration)
        steps = []
        for name, part in _PARTS.items():
            amount = amounts.get(name)
            wire = _described(program, part, amount, _reason_against(part, amount, linked))
            steps.append(self._step(program, wire, folders))
        return steps

    def _step(
        self, program: Program, wire: CleanupStep, folders: Mapping[bytes, Identity]
    ) -> ProgramStep:
        return ProgramStep(
            wire=wire,
            disk=next(iter(folders), os.fsencode(program.path)),
            program=program,
            environ=self._environ,
            timeout_seconds=RUN_SECONDS,
            folders=folders,
            busy=self._busy,
            alone=self._alone,
        )

    def _program(self) -> Program | None:
        told = self._environ.get("CONDA_EXE", "")
        for path in (told, *INSTALLED_AT):
            program = Program.at(path) if path.startswith("/") else None
            if program is not None:
                return program
        return Program.named("conda", self._environ)

    async def _document(self, program: Program, arguments: tuple[str, ...]) -> dict[str, Any]:
        """What Conda answers; empty where that is nothing that can be read."""
        try:
            outcome = await run_program(
                [program.path, *arguments],
                environ=self._environ,
                timeout_seconds=ASK_SECONDS,
                output_limit_bytes=OUTPUT_BYTES,
            )
        except (OSError, asyncio.TimeoutError):
            return {}
        return _merged(outcome.output.decode("utf-8", "replace")) if outcome.complete else {}

    def _busy(self) -> str | None:
        for process, arguments in _running(self._processes):
            command = _conda_command(arguments)
            if command is not None:
                return (
                    f"Conda is at work: “{command}”, process {process}. "
                    "Clean up when that has ended."
                )
        return None


# Before version 23, --index-cache removed the index also in a dry run: it is not asked about.
_DRY_RUN = ("clean", "--tarballs", "--packages", "--dry-run", "--json")
_CONFIGURATION = ("config", "--show", "allow_softlinks", "pkgs_dirs", "--json")


def _described(
    program: Program, part: _Part, amount: int | None, reason: str | None
) -> CleanupStep:
    return CleanupStep(
        id="",
        kind="conda_clean",
        title=part.title,
        why_safe=part.why_safe,
        command=[program.path, "clean", part.option, "--yes"],
        bytes=amount,
        available=reason is None,
        reason=reason,
    )


def _reason_against(part: _Part, amount: int | None, linked: bool | None) -> str | None:
    if amount == 0:
        return "There is nothing of that kind."
    if part.option == "--packages" and linked is not False:
        # Conda itself warns of it: "this does not check for packages installed using symlinks".
        return (
            "Conda may have linked environments to these packages by symbolic links "
            "(allow_softlinks), which would break: clean them in a terminal if you know better."
        )
    return None


def _amounts(answer: dict[str, Any]) -> dict[str, int | None]:
    """Source: ``find_tarballs`` and ``find_pkgs`` of ``conda/cli/main_clean.py``, 4.3 to 26.7."""
    amounts: dict[str, int | None] = {}
    for name in ("packages", "tarballs"):
        part = answer.get(name)
        total = part.get("total_size") if isinstance(part, dict) else None
        amounts[name] = total if isinstance(total, int) and total >= 0 else None
    return amounts


def _package_caches(configuration: dict[str, Any]) -> list[bytes]:
    places = configuration.get("pkgs_dirs")
    if not isinstance(places, list):
        return []
    return [os.fsencode(place) for place in places if str(place).startswith("/")]


def _soft_links(answer: dict[str, Any]) -> bool | None:
    """Whether environments may be made of symbolic links; None where Conda does not say."""
    allowed = answer.get("allow_softlinks")
    return allowed if isinstance(allowed, bool) else None


def _index_bytes(folders: Iterable[bytes], stopped: Callable[[], bool]) -> int:
    return sum(contents_of(folder + b"/cache", stopped).bytes for folder in folders)


def _merged(text: str) -> dict[str, Any]:
    """All documents in what Conda writes, as one: an error follows the answer, and garbage both.

    Source: conda/conda#12231, #14569.
    """
    merged: dict[str, Any] = {}
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            document, end = decoder.raw_decode(text, start)
        except ValueError:
            end = start + 1
        else:
            merged = {**document, **merged}
        start = text.find("{", end)
    return merged


def _running(processes: Path) -> Iterator[tuple[str, list[str]]]:
    """All processes of this machine with their arguments; none where it does not tell."""
    try:
        folders = list(processes.iterdir())
    except OSError:
        return
    for folder in folders:
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            yield folder.name, [os.fsdecode(part) for part in line.split(b"\0") if part]


def _conda_command(arguments: list[str]) -> str | None:
    """``conda create`` for a process that changes environments or the cache; else None.

    ``conda run`` and an activated shell last for hours and change nothing.
    """
    names = [Path(argument).name for argument in arguments[:3]]
    for position, name in enumerate(names):
        if name in _CONDAS and (position == 0 or names[0].startswith("python")):
            words = arguments[position + 1 :]
            verb = next((word for word in words if word in _CHANGING), None)
            if verb is None or words[0] == "run" or "--dry-run" in words:
                return None
            return f"{name} {verb}"
    return None
