"""What shellcheck says of a script and of its blocks; where there is none, what ``bash -n`` says.

Both only read: neither runs a line of the script. Source: shellcheck(1), formats "json1"; bash(1).
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from ..child_process import Outcome, run_program
from ..models import ScriptFinding
from ..script_surroundings import PATH
from .shell_text import taken_apart

CHECK_SECONDS = 5.0
VERSION_SECONDS = 5.0
OUTPUT_BYTES = 4 * 1024 * 1024
MAX_CHECKED_CHARACTERS = 128 * 1024
"""Four times what Azure takes inline. shellcheck needs a second for a thousand lines."""
MAX_BLOCKS = 32

_EXCLUDED = "SC1017,SC1082,SC1091,SC2148"
"""Line endings, byte order mark and shebang are traps of ours; what is sourced is not here."""
_SEVERITIES: dict[str, Literal["error", "warning", "info"]] = {
    "error": "error",
    "warning": "warning",
}
_VERSION = re.compile(rb"^version: ([\w.]+)$", re.MULTILINE)
_SHEBANG = re.compile(r"#!.*\b(?:ba|da|k)?sh\b")
_BASH_SAYS = re.compile(r"^[^\n]*?: line (\d+): (.+)$", re.MULTILINE)


class _Comment(msgspec.Struct, frozen=True, rename="camel"):
    line: int
    column: int
    level: str
    code: int
    message: str


class _Report(msgspec.Struct, frozen=True):
    comments: list[_Comment]


@dataclass(frozen=True)
class Checked:
    """What was found, and which shellcheck looked."""

    findings: list[ScriptFinding]
    version: str | None


async def checked(text: str, environ: Mapping[str, str]) -> Checked:
    """Findings of the best that is there; none where nothing is."""
    if "\0" in text or len(text) > MAX_CHECKED_CHARACTERS:
        return Checked([], None)
    program = await asyncio.to_thread(shutil.which, "shellcheck", path=environ.get("PATH", PATH))
    version = await _version(program, environ) if program is not None else None
    with _written(text) as files:
        if program is None or version is None:
            return Checked(await _by_bash(files, environ), None)
        return Checked(await _by_shellcheck(program, text, files, environ), version)


async def _version(program: str, environ: Mapping[str, str]) -> str | None:
    try:
        outcome = await run_program(
            [program, "--version"], environ=environ, timeout_seconds=VERSION_SECONDS
        )
    except (OSError, asyncio.TimeoutError):
        return None
    found = _VERSION.search(outcome.output)
    return found[1].decode() if found and outcome.returncode == 0 else None


@contextmanager
def _written(text: str) -> Iterator[list[Path]]:
    """The script and its blocks as files in which every line has the number that it has there."""
    with tempfile.TemporaryDirectory(prefix="jupyter-ci-lint-") as folder:
        contents = {"script": text.replace("\r\n", "\n")}
        blocks = [each for each in taken_apart(text).blocks if each.quoted and each.text]
        for block in blocks[:MAX_BLOCKS]:
            # A block begins in the second line of a script at the earliest.
            before = "# shellcheck shell=bash\n" + "\n" * (block.text[0][0] - 2)
            lines = "".join(f"{line}\n" for _, line in block.text)
            contents[f"block-{block.opened_at}"] = before + lines
        files = []
        for name, content in contents.items():
            file = Path(folder) / f"{name}.sh"
            file.write_text(content, encoding="utf-8", errors="replace", newline="")
            files.append(file)
        yield files


async def _by_shellcheck(
    program: str, text: str, files: list[Path], environ: Mapping[str, str]
) -> list[ScriptFinding]:
    shell = [] if _SHEBANG.match(text.removeprefix("\ufeff")) else ["--shell=bash"]
    options = ["--norc", "--format=json1", f"--exclude={_EXCLUDED}", *shell]
    try:
        outcome = await run_program(
            [program, *options, "--", *map(str, files)],
            environ=environ,
            timeout_seconds=CHECK_SECONDS,
            output_limit_bytes=OUTPUT_BYTES,
            interrupt_seconds=1.0,
        )
    except (OSError, asyncio.TimeoutError):
        return [_no_answer(f"shellcheck did not answer within {CHECK_SECONDS:.0f} s.")]
    report = _report(outcome)
    if report is None:
        return [_no_answer("What shellcheck answered was not understood.")]
    return [
        ScriptFinding(
            code=f"SC{comment.code}",
            severity=_SEVERITIES.get(comment.level, "info"),
            message=comment.message,
            source="shellcheck",
            hint=f"https://www.shellcheck.net/wiki/SC{comment.code}",
            line=comment.line,
            column=comment.column,
        )
        for comment in report.comments
    ]


def _report(outcome: Outcome) -> _Report | None:
    if not outcome.complete:
        return None
    try:
        return msgspec.json.decode(outcome.output, type=_Report)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _no_answer(message: str) -> ScriptFinding:
    return ScriptFinding(
        code="shellcheck",
        severity="info",
        message=message,
        source="shellcheck",
        hint="What is listed beside this was found without it.",
    )


async def _by_bash(files: list[Path], environ: Mapping[str, str]) -> list[ScriptFinding]:
    """Syntax errors: bash stops at the first of each file."""
    bash = await asyncio.to_thread(shutil.which, "bash", path=PATH)
    if bash is None:
        return []
    findings = []
    for file in files:
        try:
            outcome = await run_program(
                [bash, "-n", str(file)],
                environ=environ,
                timeout_seconds=VERSION_SECONDS,
                interrupt_seconds=1.0,
            )
        except (OSError, asyncio.TimeoutError):
            continue
        said = _BASH_SAYS.search(outcome.last_words)
        if outcome.returncode != 0 and said is not None:
            findings.append(
                ScriptFinding(
                    code="syntax",
                    severity="error",
                    message=f"bash says: {said[2]}",
                    source="bash",
                    hint="The mistake may be further up: a quote or block that is not closed.",
                    line=int(said[1]),
                )
            )
    return findings
