"""What can create environments on this machine, which of it is used, and why.

It reads where programs lie and asks each for its version once; it must not know how they work.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import importlib.util
import os
import platform
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..child_process import run_program
from ..errors import NoEngine
from ..hang_guard import NoAnswer, Turns
from ..models import Engine, EngineName, EngineStatus
from .channels import NO_CLIENT_CERTIFICATE, told_channels
from .conda_variables import needed_variables
from .condarc import CondaConfiguration, read_configuration

LOOK_SECONDS = 10.0
ASK_SECONDS = 30.0
"""A cold Conda on a busy instance takes several seconds to say its version."""

_NAMES: tuple[EngineName, ...] = ("conda", "mamba", "micromamba")
_ON_AN_INSTANCE = "/anaconda"
"""Where Conda is on a compute instance, whose Jupyter server need not have it on its PATH."""
_IN_HOME = ("miniforge3", "mambaforge", "miniconda3", "anaconda3", "micromamba")
_FOR_EVERYBODY = ("/opt/conda", "/opt/miniforge3", "/opt/miniconda3", "/opt/anaconda3")
_ALONE = ("~/.local/bin/micromamba", "~/bin/micromamba", "/usr/local/bin/micromamba")
_VERSION = re.compile(r"\b\d+\.\d+(?:\.\w+)*")
_PLATFORMS = {
    ("linux", "x86_64"): "linux-64",
    ("linux", "aarch64"): "linux-aarch64",
    ("linux", "ppc64le"): "linux-ppc64le",
    ("linux", "s390x"): "linux-s390x",
    ("darwin", "x86_64"): "osx-64",
    ("darwin", "arm64"): "osx-arm64",
    ("win32", "amd64"): "win-64",
    ("win32", "arm64"): "win-arm64",
}


@dataclass(frozen=True)
class _Candidate:
    """A program that has the name of one."""

    name: EngineName
    path: str
    """Absolute, as it is started: the name of a link may say more than what it leads to."""
    identity: tuple[int, int, int]
    """Of the file: another one has another version."""
    root: Path | None
    """The base environment that it lives in."""
    version: str | None
    """What the base environment's own records say."""


@dataclass(frozen=True)
class _Looked:
    candidates: tuple[_Candidate, ...]
    problems: tuple[str, ...]


class Engines:
    """Finds them. Nothing is looked for before somebody asks."""

    def __init__(
        self,
        environ: Mapping[str, str],
        home: Path,
        *,
        configured: str = "",
        everywhere: tuple[str, ...] = (_ON_AN_INSTANCE, *_FOR_EVERYBODY),
    ) -> None:
        """Looks in ``configured`` first, a path, and at last in the prefixes ``everywhere``."""
        self._environ = environ
        self._home = home
        self._configured = configured
        self._everywhere = everywhere
        self._turns = Turns(LOOK_SECONDS)
        self._versions: dict[tuple[str, tuple[int, int, int]], str | None] = {}
        self._one_at_a_time = asyncio.Lock()

    async def status(self) -> EngineStatus:
        """What environments are made with, and from where. Raises NoEngine as ``configuration``."""
        found, problems = await self._found()
        configuration = await self.configuration()
        return EngineStatus(
            engine=found[0] if found else None,
            others=found[1:],
            note=_note(found, [*problems, *_lacking(found, configuration)]),
            channels=told_channels(configuration),
            platform=platform_name(self._environ),
            envs_folder=str(configuration.envs_folder),
            offline=configuration.offline,
            condarc=[str(path) for path in configuration.files],
        )

    async def chosen(self, name: EngineName | None = None) -> Engine:
        """The one of that name, or the one that is used where none is named. Raises NoEngine."""
        found, problems = await self._found()
        for engine in found:
            if name in (None, engine.name):
                return engine
        there = ", ".join(engine.name for engine in found)
        if name is not None and there:
            raise NoEngine(
                f"There is no {name} on this machine.",
                hint=f"There is {there}. Leave the engine open, or install {name}.",
            )
        raise NoEngine(" ".join(("Nothing here can create environments.", *problems)))

    async def configuration(self) -> CondaConfiguration:
        """What Conda's configuration says, for the base environment of what is used.

        Raises NoEngine where a disk that it lies on does not answer.
        """
        looked = await self._look()
        root = next((each.root for each in looked.candidates if each.root is not None), None)
        try:
            return await self._turns.call(
                lambda: read_configuration(self._environ, self._home, root)
            )
        except NoAnswer as error:
            raise NoEngine(
                f"Conda's configuration could not be read: {error}.",
                hint="A network share that a home folder or Conda is on may have gone.",
            ) from error

    async def _found(self) -> tuple[list[Engine], list[str]]:
        """Those that work, best first, and what is wrong with others."""
        looked = await self._look()
        problems = list(looked.problems)
        engines = []
        for candidate in looked.candidates:
            version = await self._version(candidate)
            if version is None:
                problems.append(f"{candidate.path} does not say its version, so it is not used.")
            else:
                engines.append(Engine(candidate.name, version, candidate.path))
        embedded = _embedded()
        return engines + ([embedded] if embedded else []), problems

    async def _look(self) -> _Looked:
        try:
            return await self._turns.call(self._candidates)
        except NoAnswer:
            return _Looked((), ("The disk does not answer that Conda would be on.",))

    def _candidates(self) -> _Looked:
        """Those that there are, each name once. Blocking."""
        found: dict[EngineName, _Candidate] = {}
        problems: list[str] = []
        for path in self._places():
            name = _name_of(path)
            candidate = _candidate(name, path) if name else None
            if candidate is not None:
                found.setdefault(candidate.name, candidate)
            elif path == self._configured:
                problems.append(_why_not(path, name))
        # What an administrator has named comes first, then conda.
        return _Looked(tuple(sorted(found.values(), key=self._rank)), tuple(problems))

    def _rank(self, candidate: _Candidate) -> tuple[bool, int]:
        return candidate.path != self._configured, _NAMES.index(candidate.name)

    def _places(self) -> Iterator[str]:
        if self._configured:
            yield self._configured
        for variable in ("CONDA_EXE", "MAMBA_EXE"):
            if self._environ.get(variable, "").startswith("/"):
                yield self._environ[variable]
        for folder in self._environ.get("PATH", os.defpath).split(os.pathsep):
            if folder.startswith("/"):
                yield from (f"{folder}/{name}" for name in _NAMES)
        prefixes = [self._environ.get("CONDA_ROOT", ""), self._environ.get("MAMBA_ROOT_PREFIX", "")]
        prefixes += [*self._everywhere, *(str(self._home / name) for name in _IN_HOME)]
        for prefix in prefixes:
            if not prefix.startswith("/"):
                continue
            for folder in ("condabin", "bin"):
                yield from (f"{prefix}/{folder}/{name}" for name in _NAMES)
        for path in _ALONE:
            yield path.replace("~", str(self._home), 1)

    async def _version(self, candidate: _Candidate) -> str | None:
        """None where it does not run."""
        if candidate.version is not None:
            return candidate.version
        key = (candidate.path, candidate.identity)
        async with self._one_at_a_time:
            if key not in self._versions:
                self._versions[key] = await self._asked(candidate)
            return self._versions[key]

    async def _asked(self, candidate: _Candidate) -> str | None:
        try:
            outcome = await run_program(
                [candidate.path, "--version"],
                environ=self._environ,
                also_passed=needed_variables(self._environ),
                timeout_seconds=ASK_SECONDS,
            )
        except (OSError, asyncio.TimeoutError):
            return None
        if outcome.returncode != 0:
            return None
        # mamba 1 says in a second line which conda it has.
        said = _VERSION.search(outcome.output.decode("utf-8", "replace"))
        return said.group() if said else None


def platform_name(environ: Mapping[str, str]) -> str:
    """Conda's name for this machine, such as ``linux-64``, unless ``CONDA_SUBDIR`` says another."""
    machine = platform.machine()
    known = _PLATFORMS.get((sys.platform, machine.lower()))
    return environ.get("CONDA_SUBDIR") or known or f"{sys.platform}-{machine}"


def root_of(executable: str) -> Path | None:
    """The base environment that a program lives in; None for one that stands alone. Blocking."""
    for path in (Path(executable), Path(executable).resolve()):
        root = path.parent.parent
        if (root / "conda-meta").is_dir():
            return root
    return None


def _embedded() -> Engine | None:
    """The embedded engine. It is not imported: that takes a tenth of a second."""
    if importlib.util.find_spec("rattler") is None:
        return None
    try:
        version = importlib.metadata.version("py-rattler")
    except importlib.metadata.PackageNotFoundError:
        version = None
    return Engine("rattler", version)


def _name_of(path: str) -> EngineName | None:
    last = path.rpartition("/")[2]
    return next((name for name in _NAMES if name == last), None)


def _candidate(name: EngineName, path: str) -> _Candidate | None:
    """None where there is no such program."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    if not (stat.S_ISREG(status.st_mode) and os.access(path, os.X_OK)):
        return None
    root = root_of(path)
    return _Candidate(
        name,
        path,
        (status.st_ino, status.st_size, status.st_mtime_ns),
        root,
        None if root is None else _recorded_version(root, name),
    )


def _recorded_version(root: Path, name: EngineName) -> str | None:
    """``conda-meta/conda-24.9.2-py311_0.json`` says it without starting anything."""
    record = re.compile(rf"{name}-(\d[^-]*)-[^-]+\.json")
    try:
        names = [entry.name for entry in (root / "conda-meta").iterdir()]
    except OSError:
        return None
    return next((found.group(1) for each in names if (found := record.fullmatch(each))), None)


def _why_not(path: str, name: EngineName | None) -> str:
    if name is None:
        return f"conda_executable is {path!r}, which is not the name of one of {', '.join(_NAMES)}."
    return f"conda_executable is {path!r}, which is no program that can be run."


def _lacking(found: list[Engine], configuration: CondaConfiguration) -> list[str]:
    """What is configured that the embedded engine cannot do."""
    embedded = found[:1] and found[0].executable is None
    return [NO_CLIENT_CERTIFICATE] if embedded and configuration.client_ssl_cert else []


def _note(found: list[Engine], problems: list[str]) -> str:
    if not found:
        nothing = (
            "Nothing here can create environments: there is no Conda, and py-rattler is not "
            "installed."
        )
        return " ".join((nothing, *problems))
    used = found[0]
    if used.executable is not None:
        return " ".join((f"This machine's own {used.name}, {used.executable}.", *problems))
    if problems:
        return " ".join(("The embedded engine is used.", *problems))
    return "There is no Conda on this machine: the embedded engine is used, which needs none."
