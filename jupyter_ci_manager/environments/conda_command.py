"""The words that conda, mamba and micromamba are called with. It runs nothing.

All are lists of arguments: no shell ever reads them, and everybody on the machine may, so no token
is among them. Sources: "Command reference", conda documentation, and recordings of conda 26.7;
"Micromamba User Guide" and "Configuration", mamba documentation (not tried: no package registry
has a micromamba).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import InvalidSpec
from ..models import EngineName
from .conda_access import write_private
from .engine import Wanted

_HAS_VERSION = re.compile(r"[=<>!~\[\s]|::")


@dataclass(frozen=True)
class Commands:
    """What is to be done, as one call after another."""

    program: EngineName
    wanted: Wanted
    channels: list[str]
    """Names and addresses without secrets."""
    explicit_file: Path | None = None

    def create(self) -> list[str]:
        """Make an environment."""
        words = ["create", *self._place(), "--json", "--yes"]
        if self.wanted.clone_from is not None and self.explicit_file is None:
            return [*words, "--clone", self.wanted.clone_from]
        if self.explicit_file is not None:
            return [*words, "--file", str(self.explicit_file)]
        return [*words, *self._channels(), *_words(self.wanted.specs)]

    def change(self) -> list[list[str]]:
        """Remove, update, install, in that order; each is all or nothing by itself."""
        place = [*self._place(), "--json", "--yes"]
        specs = [*self.wanted.specs, *filter(_HAS_VERSION.search, self.wanted.update)]
        update = [spec for spec in self.wanted.update if not _HAS_VERSION.search(spec)]
        commands = []
        if self.wanted.remove:
            commands.append(["remove", *place, *_words(self.wanted.remove)])
        if self.wanted.update_all:
            commands.append(["update", *place, "--all", *self._channels()])
        elif update:
            commands.append(["update", *place, *self._channels(), *_words(update)])
        if specs:
            # Of conda's own accord packages that are named are made the newest that fit.
            commands.append(["install", *place, *self._channels(), *_words(specs)])
        if self.explicit_file is not None:
            commands.append(["install", *place, "--file", str(self.explicit_file)])
        return commands

    def _place(self) -> list[str]:
        return ["-p", self.wanted.prefix]

    def _channels(self) -> Iterator[str]:
        if self.channels:
            yield "--override-channels"
            for channel in self.channels:
                yield from ("-c", channel)


def remove_environment(prefix: Path) -> list[str]:
    """Remove an environment."""
    return ["env", "remove", "-p", str(prefix), "--json", "--yes"]


def put_back(prefix: Path, explicit_file: Path | None, added: Iterable[str]) -> list[list[str]]:
    """Make an environment again what it was: nothing is solved and nothing else is touched."""
    place = ["-p", str(prefix), "--json", "--yes"]
    commands = []
    names = sorted(added)
    if names:
        commands.append(["remove", *place, "--force", *_words(names)])
    if explicit_file is not None:
        commands.append(["install", *place, "--file", str(explicit_file)])
    return commands


def _words(specs: Iterable[str]) -> list[str]:
    words = list(specs)
    for word in words:
        if word.startswith("-"):
            raise InvalidSpec(f"{word!r} looks like an option of Conda.")
    return words


def write_explicit(path: Path, lines: Iterable[str]) -> Path:
    """A list of packages by their addresses, which may have tokens. Blocking."""
    addresses = []
    for line in lines:
        if not re.fullmatch(r"[!-~]+", line) or line.startswith("@"):
            raise InvalidSpec("A line of an explicit list is no address.")
        addresses.append(line)
    write_private(path, "".join(f"{line}\n" for line in ("@EXPLICIT", *addresses)))
    return path
