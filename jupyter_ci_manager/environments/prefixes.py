"""Where Conda environments are on this machine, and what can be told of each at a glance.

Everything here blocks, reads folders and no records, and changes nothing: two hundred environments
are looked at in a fraction of a second. Source: "conda env list" and "Managing environments", conda
documentation.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..models import EnvironmentState
from .condarc import CondaConfiguration
from .records import META
from .unfinished import is_unfinished

MAX_IN_A_FOLDER = 5000
MAX_LISTED_BYTES = 1_000_000

_PYTHON = re.compile(r"python-(\d[^-]*)-[^-]+\.json")
_R = re.compile(r"r-base-(\d[^-]*)-[^-]+\.json")
_PARTS_OF_A_PREFIX = frozenset(
    {META, "bin", "lib", "etc", "share", "include", "Scripts", "Library"}
)
_COARSE_NS = 2_000_000_000
"""Some file systems keep times to two seconds."""

_FROZEN = "frozen"
"""Source: CEP 22, "Frozen environments"."""


@dataclass(frozen=True)
class Place:
    """Prefixes that lie on one disk, and so answer or hang together."""

    folder: str
    """All environments directly in it, by name; where ``prefixes`` are given, only these."""
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Glance:
    """What the folders of an environment show."""

    prefix: str
    identity: tuple[int, int]
    """Device and inode: the same prefix may be found by two paths."""
    state: EnvironmentState
    problem: str | None
    writable: bool
    python: str | None
    r: str | None
    package_count: int
    modified_ns: int
    """When a package was last added or removed."""
    real_prefix: str
    """Without links."""
    stamp: tuple[int, ...] = ()
    """Changes with everything that is told here but the interpreter; empty: look again."""


def places(
    configuration: CondaConfiguration, home: Path, active: str | None = None
) -> tuple[list[Place], list[str]]:
    """Where to look, best names first, and what could not be found out. Blocks."""
    problems: list[str] = []
    single: dict[str, None] = {}
    if configuration.root is not None:
        single[str(configuration.root)] = None
    single.update(dict.fromkeys([sys.prefix, sys.base_prefix, *([active] if active else [])]))
    try:
        single.update(dict.fromkeys(_registered(home / ".conda" / "environments.txt")))
    except OSError as error:
        problems.append(f"{home / '.conda' / 'environments.txt'}: {error.strerror}")
    folders = [str(folder) for folder in configuration.envs_dirs]
    by_parent: dict[str, list[str]] = {}
    for prefix in single:
        parent = os.path.dirname(prefix)
        if parent not in folders:
            by_parent.setdefault(parent, []).append(prefix)
    found = [Place(folder) for folder in folders]
    found += [Place(parent, tuple(prefixes)) for parent, prefixes in by_parent.items()]
    return found, problems


def look_at(place: Place, known: Mapping[str, Glance]) -> list[Glance]:
    """What is there. Raises OSError where the folder cannot be read.

    ``known`` is what was seen before: where nothing was added or removed it is not read again.
    """
    prefixes = place.prefixes or _in(place.folder)
    is_for_environments = not place.prefixes
    glances = (
        glance_at(prefix, known.get(prefix), is_for_environments=is_for_environments)
        for prefix in prefixes
    )
    return [glance for glance in glances if glance is not None]


def glance_at(
    prefix: str, known: Glance | None = None, *, is_for_environments: bool = False
) -> Glance | None:
    """What can be told of one prefix; None where none is there.

    In a folder ``is_for_environments`` half of one is one, too.
    """
    try:
        own = os.stat(prefix)
        if not stat.S_ISDIR(own.st_mode):
            return None
    except OSError:
        # It has been removed meanwhile, or it is registered and was removed long ago.
        return None
    meta = os.path.join(prefix, META)
    try:
        recorded = os.stat(meta)
        stamp = _stamp(own, recorded)
        if known is None or not stamp or known.stamp != stamp:
            known = _recorded(prefix, meta, own, recorded.st_mtime_ns, stamp)
    except (FileNotFoundError, NotADirectoryError):
        return _without_records(prefix, own) if is_for_environments else None
    except OSError as error:
        return _broken(prefix, own, f"{META} cannot be read: {error.strerror}.")
    if known.state == "incomplete":
        return known
    problem = _problem(known)
    if problem == known.problem:
        return known
    return replace(known, problem=problem, state="broken" if problem else "ok")


def name_of(prefix: str, configuration: CondaConfiguration, others: Container[str]) -> str | None:
    """Conda's name for it; None where it is known by its path only. It looks at no disk.

    One in an earlier folder hides it: by that name Conda finds the other one.
    """
    if configuration.root is not None and prefix == str(configuration.root):
        return "base"
    parent, name = os.path.split(prefix)
    for folder in map(str, configuration.envs_dirs):
        if folder == parent:
            return name
        if os.path.join(folder, name) in others:
            return None
    return None


def _registered(path: Path) -> Iterator[str]:
    """conda, mamba and rattler write each new prefix into this file."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_LISTED_BYTES)
    except FileNotFoundError:
        return
    for line in content.decode("utf-8", "surrogateescape").splitlines():
        prefix = line.strip().rstrip("/")
        if os.path.isabs(prefix) and "\0" not in prefix:
            yield os.path.normpath(prefix)


def _in(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for count, entry in enumerate(entries):
                if count == MAX_IN_A_FOLDER:
                    return
                if not entry.name.startswith("."):
                    yield entry.path
    except FileNotFoundError:
        # Conda makes it when the first environment goes there.
        return


def _stamp(own: os.stat_result, recorded: os.stat_result) -> tuple[int, ...]:
    """Empty where something has just changed: the next change may have the same time."""
    newest = max(own.st_mtime_ns, recorded.st_mtime_ns)
    if abs(time.time_ns() - newest) < _COARSE_NS:
        return ()
    return (
        *(own.st_dev, own.st_ino, own.st_mode, own.st_mtime_ns),
        *(recorded.st_mode, recorded.st_mtime_ns),
    )


def _recorded(
    prefix: str, meta: str, own: os.stat_result, modified_ns: int, stamp: tuple[int, ...]
) -> Glance:
    """What the names of the records say. Raises OSError."""
    python = r = None
    count, has_history = 0, False
    with os.scandir(meta) as entries:
        for entry in entries:
            name = entry.name
            has_history = has_history or name == "history"
            if not name.endswith(".json") or name.startswith("."):
                continue
            count += 1
            if name.startswith(("python-", "r-base-")):
                python = _version(_PYTHON, name) or python
                r = _version(_R, name) or r
    problem = None
    if is_unfinished(Path(prefix)):
        problem = "Work on it is under way, or was broken off."
    elif not has_history and not count:
        problem = "No package is recorded in it: it was not finished."
    return Glance(
        prefix,
        (own.st_dev, own.st_ino),
        "incomplete" if problem else "ok",
        problem,
        _is_writable(prefix, meta),
        python,
        r,
        count,
        modified_ns,
        os.path.realpath(prefix),
        stamp,
    )


def _version(pattern: re.Pattern[str], name: str) -> str | None:
    match = pattern.fullmatch(name)
    return match.group(1) if match else None


def _problem(glance: Glance) -> str | None:
    """Its interpreter may go without its records being touched, so this is looked at each time."""
    for language, version in (("Python", glance.python), ("R", glance.r)):
        if version is not None:
            interpreters = _interpreters(glance.prefix, language)
            if not any(map(os.path.exists, interpreters)):
                return f"Its {language} is recorded, but the interpreter is gone."
    return None


def _interpreters(prefix: str, language: str) -> Iterator[str]:
    if os.name == "nt":
        below = ("python.exe",) if language == "Python" else ("Lib/R/bin/R.exe", "Scripts/R.exe")
    else:
        below = ("bin/python",) if language == "Python" else ("bin/R",)
    return (os.path.join(prefix, path) for path in below)


def _without_records(prefix: str, own: os.stat_result) -> Glance | None:
    """Half an environment, as an engine that was killed leaves it; any other folder is none."""
    try:
        names = frozenset(os.listdir(prefix))
    except OSError as error:
        return _broken(prefix, own, f"It cannot be read: {error.strerror}.")
    if "pyvenv.cfg" in names or not names & _PARTS_OF_A_PREFIX:
        return None
    why = f"It has no {META}: it was not finished, or only half of it was removed."
    return replace(
        _broken(prefix, own, why), state="incomplete", writable=_is_writable(prefix, prefix)
    )


def _broken(prefix: str, own: os.stat_result, why: str) -> Glance:
    identity = (own.st_dev, own.st_ino)
    real = os.path.realpath(prefix)
    return Glance(prefix, identity, "broken", why, False, None, None, 0, own.st_mtime_ns, real)


def _is_writable(prefix: str, meta: str) -> bool:
    may = os.access(prefix, os.W_OK | os.X_OK) and os.access(meta, os.W_OK | os.X_OK)
    return may and not os.path.exists(os.path.join(meta, _FROZEN))
