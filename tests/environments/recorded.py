"""Recordings of a real conda 26.7, and programs that answer by them."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from jupyter_ci_manager.environments.conda import CondaEngine
from jupyter_ci_manager.models import Engine, EnvironmentPhase

FOLDER = Path(__file__).with_name("conda-transcripts")
OF_CHANGES = Path(__file__).with_name("conda-transcripts-of-changes")
REPLAYING = Path(__file__).with_name("replaying_conda.py")
SPEED = 0.01
"""Seconds of ours for one of the recording."""

_WITH_A_VALUE = frozenset({"-n", "-p", "-c", "-f", "--file", "--clone", "--solver", "--console"})
NOT_OURS = {"--solver": 1, "--console": 1, "-v": 0, "-q": 0}
"""Options of recordings that we never give, and how many words follow: what they choose is
configuration."""


@dataclass(frozen=True)
class Recording:
    name: str

    @property
    def folder(self) -> Path:
        folder = FOLDER / self.name
        return folder if folder.is_dir() else OF_CHANGES / self.name

    @property
    def arguments(self) -> list[str]:
        """What it was called with."""
        command = (self.folder / "cmd.txt").read_text().splitlines()[0]
        return shlex.split(command)[1:]

    @property
    def specs(self) -> list[str]:
        """The packages among them."""
        words = iter(self.arguments[2 if self.arguments[0] == "env" else 1 :])
        found = []
        for word in words:
            if word in _WITH_A_VALUE:
                next(words)
            elif not word.startswith("-"):
                found.append(word)
        return found

    @property
    def stdout(self) -> bytes:
        return (self.folder / "stdout.bin").read_bytes()

    @property
    def stderr(self) -> str:
        return (self.folder / "stderr.txt").read_text()

    @property
    def returncode(self) -> int:
        return int((self.folder / "rc.txt").read_text())

    def called_on(self, prefix: Path) -> list[str]:
        """What it would have been called with for that prefix instead of its own."""
        words, ours = iter(self.arguments), []
        for word in words:
            if word in NOT_OURS:
                for _ in range(NOT_OURS[word]):
                    next(words)
            elif word in ("-n", "-p"):
                next(words)
                ours += ["-p", str(prefix)]
            else:
                ours.append(word)
        return [*ours, *({"--json", "--yes"} - set(ours))]


def all_recordings(folder: Path = FOLDER) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


@dataclass
class Step:
    """What a call is answered with, and what it does to the disk meanwhile."""

    recording: str
    prefix: Path | None = None
    arguments: list[str] | None = None
    """What it must be called with, in any order; None: as the recording, on ``prefix``."""
    makes_prefix: bool = False
    ends_with: Literal["environment", "nothing", "changed", "as it is"] = "as it is"
    contents: Path | None = None
    """What is in the environment besides records."""
    leaves_in_cache: list[Path] = field(default_factory=list)
    begins_like: str | None = None
    """Another recording, to begin with until so many of its seconds."""
    begins_until: float = 0.0
    speed: float = SPEED
    linking_seconds: float = 0.0

    def described(self) -> dict[str, Any]:
        expected = self.arguments
        if expected is None and self.prefix is not None:
            expected = Recording(self.recording).called_on(self.prefix)
        return {
            "folder": str(Recording(self.recording).folder),
            "arguments": expected,
            "prefix": str(self.prefix) if self.prefix else None,
            "makes_prefix": self.makes_prefix,
            "ends_with": self.ends_with,
            "contents": str(self.contents) if self.contents else None,
            "leaves_in_cache": [str(path) for path in self.leaves_in_cache],
            "begins_like": str(FOLDER / self.begins_like) if self.begins_like else None,
            "begins_until": self.begins_until,
            "speed": self.speed,
            "linking_seconds": self.linking_seconds,
        }


class ReplayingConda:
    """A program named conda in a folder of its own."""

    def __init__(self, folder: Path, *steps: Step) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "conda"
        self._calls = folder / "calls.ndjson"
        self.path.write_text(f"#!{sys.executable} -ES\n{REPLAYING.read_text()}")
        self.path.chmod(0o755)
        script = [step.described() for step in steps]
        (folder / "script.json").write_text(json.dumps(script))

    @property
    def calls(self) -> list[dict[str, Any]]:
        """What it was called with so far."""
        if not self._calls.exists():
            return []
        return [json.loads(line) for line in self._calls.read_text().splitlines()]


class Told:
    """A report that keeps what it is told."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.bytes: list[tuple[str | None, int | None, int | None]] = []
        self.text = ""

    def phase(self, phase: EnvironmentPhase, message: str) -> None:
        self.phases.append(phase)

    def progress(self, item: str | None, done: int | None, total: int | None) -> None:
        self.bytes.append((item, done, total))

    def log(self, data: bytes) -> None:
        self.text += data.decode()


def engine_of(conda: ReplayingConda, folder: Path, *, cache: Path | None = None) -> CondaEngine:
    """What works with it. ``folder`` is for what it needs meanwhile."""
    folder.mkdir(exist_ok=True)
    return CondaEngine(
        Engine("conda", "26.7.1", str(conda.path)),
        folder,
        environ=dict(os.environ),
        package_caches=[cache] if cache else [],
    )


async def until(happened: Callable[[], object], what: str) -> None:
    """Wait for it, and a moment longer."""
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, f"{what} has not happened"
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
