"""pip's cache, cleaned by pip.

It knows the words that pip speaks, and must not know plans.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping

from ..child_process import run_program
from ..models import CleanupStep
from .cleanup_step import LOOK_SECONDS, Program, ProgramStep, folders_as_they_are
from .identity import Contents, contents_of
from .threads import on_thread

ASK_SECONDS = 20.0
MEASURE_SECONDS = 60.0
RUN_SECONDS = 600.0

_LOCATION = re.compile(
    r"^\s*(?:Package index page cache|Locally built wheels) location[^:]*: (/.*)$"
)
_VERSION = re.compile(r"^pip ([0-9]+(?:\.[0-9]+)*)")
_QUIET = ("--disable-pip-version-check", "--no-input")


async def pip_cache_steps(own: str, environ: Mapping[str, str]) -> list[ProgramStep]:
    """One step for each cache that has something in it, by the newest pip that uses it.

    ``own`` is the Python that Jupyter runs on. pip 23.3 keeps its pages in another folder than
    older ones, and only newer ones know both: a purge by an old pip would leave most of it.
    """
    programs = await on_thread(lambda _: _pythons(own, environ), timeout_seconds=LOOK_SECONDS)
    found = await asyncio.gather(*(_asked(program, environ) for program in programs))
    newest: dict[str, tuple[tuple[int, ...], Program]] = {}
    for program, answer in zip(programs, found, strict=True):
        if answer is not None:
            version, cache = answer
            if cache not in newest or version > newest[cache][0]:
                newest[cache] = (version, program)
    steps = [await _step(program, cache, environ) for cache, (_, program) in newest.items()]
    return [step for step in steps if step is not None]


def _pythons(own: str, environ: Mapping[str, str]) -> list[Program]:
    """Those whose pip may fill a cache: Jupyter's, that of a shell, and Conda's. Blocking."""
    found = [Program.at(own), *(Program.named(name, environ) for name in ("python", "python3"))]
    conda = environ.get("CONDA_EXE", "")
    if conda.startswith("/"):
        found.append(Program.at(os.path.join(os.path.dirname(conda), "python")))
    return list({program.path: program for program in found if program is not None}.values())


async def _asked(
    program: Program, environ: Mapping[str, str]
) -> tuple[tuple[int, ...], str] | None:
    """Version and cache of the interpreter's pip; None where it has no pip, or that no cache."""
    version = _VERSION.match(await _said(program, ["--version"], environ))
    cache = (await _said(program, ["cache", "dir", *_QUIET], environ)).strip()
    if version is None or not cache.startswith("/") or "\n" in cache:
        return None
    return tuple(int(part) for part in version[1].split(".")), cache


async def _said(program: Program, arguments: list[str], environ: Mapping[str, str]) -> str:
    """What pip writes; nothing where it fails, as it then has nothing to clean either."""
    try:
        outcome = await run_program(
            [program.path, "-m", "pip", *arguments],
            environ=environ,
            timeout_seconds=ASK_SECONDS,
            output_limit_bytes=65536,
        )
    except (OSError, asyncio.TimeoutError):
        return ""
    return outcome.output.decode("utf-8", "surrogateescape") if outcome.returncode == 0 else ""


async def _step(program: Program, cache: str, environ: Mapping[str, str]) -> ProgramStep | None:
    # Named, so that no configuration changed meanwhile leads the purge elsewhere.
    where = ["--cache-dir", cache]
    said = await _said(program, ["cache", "info", *where, *_QUIET], environ)
    folders = {
        os.fsencode(match[1]) for line in said.split("\n") if (match := _LOCATION.match(line))
    }
    contents = await _contents(folders)
    if contents is not None and contents.files == 0:
        return None
    return ProgramStep(
        wire=CleanupStep(
            id="",
            kind="pip_cache_purge",
            title="Downloads and wheels that pip keeps",
            why_safe=(
                "Installed packages stay as they are. pip downloads and builds anew what it needs: "
                "the next installations take longer, and need the network."
            ),
            command=[program.path, "-m", "pip", "cache", "purge", *where, *_QUIET],
            bytes=contents.bytes if contents is not None and contents.complete else None,
        ),
        disk=os.fsencode(cache),
        program=program,
        environ=environ,
        timeout_seconds=RUN_SECONDS,
        folders=await on_thread(
            lambda _: folders_as_they_are([*folders, os.fsencode(cache)]),
            timeout_seconds=ASK_SECONDS,
        ),
    )


async def _contents(folders: set[bytes]) -> Contents | None:
    """What is in the folders; None where that could not be found out in time."""
    try:
        each = await on_thread(
            lambda stop: [contents_of(folder, stop.is_set) for folder in folders],
            timeout_seconds=MEASURE_SECONDS,
        )
    except asyncio.TimeoutError:
        return None
    return Contents(
        bytes=sum(one.bytes for one in each),
        files=sum(one.files for one in each),
        # A folder that is not there has nothing in it.
        complete=all(one.complete or one.files == 0 for one in each),
    )
