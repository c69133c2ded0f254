"""What a Conda environment says of itself in ``conda-meta``, and what pip has put beside it.

Everything here blocks and reads only. It must not know of any engine, nor where environments are.
Sources: "conda-meta" in "Conda environments", conda documentation; "Recording installed projects",
Python Packaging User Guide.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct, field

from ..models import Package
from .channels import told_channel

META = "conda-meta"
MAX_RECORD_BYTES = 64_000_000
MAX_METADATA_BYTES = 200_000

_Decoded = TypeVar("_Decoded")
_DIST_INFO = re.compile(r"([^/]+\.(?:dist|egg)-info)(?:/|$)")


class PathEntry(Struct, frozen=True):
    """A file of a package."""

    size_in_bytes: int | None = None


class PathsData(Struct, frozen=True):
    """All files of a package."""

    paths: list[PathEntry] = field(default_factory=list)


class SizeRecord(Struct, frozen=True):
    """Of a record, only what it comes to on disk."""

    paths_data: PathsData = field(default_factory=PathsData)

    @property
    def installed_bytes(self) -> int:
        """The sum of its files."""
        return sum(entry.size_in_bytes or 0 for entry in self.paths_data.paths)


class Record(SizeRecord, frozen=True):
    """What ``conda-meta/NAME-VERSION-BUILD.json`` says of a package that is installed."""

    name: str = ""
    version: str = ""
    build: str = ""
    channel: str = ""
    url: str = ""
    subdir: str = ""
    md5: str | None = None
    sha256: str | None = None
    depends: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    requested_spec: str | None = None
    requested_specs: list[str] = field(default_factory=list)

    @property
    def requested(self) -> list[str]:
        """What a person asked for; empty where only another package needs it."""
        if self.requested_specs:
            return self.requested_specs
        # conda writes the word None where there is none.
        spec = self.requested_spec
        return [spec] if spec and spec != "None" else []


class _State(Struct, frozen=True):
    env_vars: dict[str, str] = field(default_factory=dict)


_records = msgspec.json.Decoder(Record)
_sizes = msgspec.json.Decoder(SizeRecord)
_states = msgspec.json.Decoder(_State)

UNSET_VARIABLE = "***unset***"
"""conda's word for a variable that activation removes."""


class BrokenRecord(Exception):
    """A file of ``conda-meta`` that cannot be read."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{META}/{name}: {why}")


def read_records(prefix: Path, problems: list[str]) -> list[Record]:
    """All packages of Conda; what cannot be read is told in ``problems``. Raises OSError."""
    found: list[Record] = []
    for path in _record_files(prefix):
        try:
            record = _decoded(path, _records)
        except BrokenRecord as error:
            problems.append(str(error))
            continue
        except OSError as error:
            problems.append(f"{META}/{path.name}: {error.strerror}")
            continue
        if record.name and record.version:
            found.append(record)
        else:
            problems.append(f"{META}/{path.name}: it names no package")
        # Decoding holds the interpreter's lock; whoever waits for it comes between two records.
        time.sleep(0)
    return found


def installed_bytes(prefix: Path) -> int:
    """What all packages say they hold. Raises OSError and BrokenRecord."""
    total = 0
    for path in _record_files(prefix):
        total += _decoded(path, _sizes).installed_bytes
        time.sleep(0)
    return total


def package_of(record: Record) -> Package:
    """A record as it goes over the wire."""
    return Package(
        name=record.name,
        version=record.version,
        manager="conda",
        build=record.build or None,
        channel=told_channel(record.channel or record.url) or None,
        bytes=record.installed_bytes,
        requested=bool(record.requested),
    )


def read_variables(prefix: Path) -> dict[str, str]:
    """What ``conda env config vars`` has set; nothing where that cannot be read."""
    try:
        state = _decoded(prefix / META / "state", _states)
    except (OSError, BrokenRecord):
        return {}
    return {name: value for name, value in state.env_vars.items() if value != UNSET_VARIABLE}


def read_pip_packages(prefix: Path, records: Iterable[Record]) -> Iterator[Package]:
    """What pip has installed: what no record of Conda has among its files."""
    owned = {
        (os.path.dirname(match.string[: match.start()]), match.group(1))  # noqa: PTH120
        for record in records
        for match in map(_DIST_INFO.search, record.files)
        if match is not None
    }
    for folder in _site_packages(prefix):
        below = str(folder.relative_to(prefix))
        for entry in sorted(_entries(folder), key=lambda each: each.name.lower()):
            is_ours = (below, entry.name) in owned or ("site-packages", entry.name) in owned
            if entry.name.endswith(".dist-info") and not is_ours:
                package = _pip_package(Path(entry.path))
                if package is not None:
                    yield package


def _record_files(prefix: Path) -> list[Path]:
    return sorted(
        Path(entry.path)
        for entry in os.scandir(prefix / META)
        if entry.name.endswith(".json") and not entry.name.startswith(".")
    )


def _decoded(path: Path, decoder: msgspec.json.Decoder[_Decoded]) -> _Decoded:
    with path.open("rb") as file:
        content = file.read(MAX_RECORD_BYTES + 1)
    if len(content) > MAX_RECORD_BYTES:
        raise BrokenRecord(path.name, "it is larger than any such file")
    try:
        return decoder.decode(content)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BrokenRecord(path.name, str(error)) from None


def _site_packages(prefix: Path) -> Iterator[Path]:
    for library in ("lib", "lib64"):
        for entry in sorted(_entries(prefix / library), key=lambda each: each.name):
            folder = Path(entry.path) / "site-packages"
            is_own = entry.name.startswith("python3.") and not (prefix / library).is_symlink()
            if is_own and not entry.is_symlink() and folder.is_dir():
                yield folder


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        # Without such a folder nothing is installed in it.
        return []


def _pip_package(folder: Path) -> Package | None:
    try:
        with (folder / "METADATA").open(encoding="utf-8", errors="replace") as file:
            headers = HeaderParser().parsestr(file.read(MAX_METADATA_BYTES), headersonly=True)
        requested = (folder / "REQUESTED").exists()
    except OSError:
        # Half of an installation that was interrupted: pip does not count it either.
        return None
    name, version = headers.get("Name"), headers.get("Version")
    if not name or not version:
        return None
    return Package(
        name=name.strip(),
        version=version.strip(),
        manager="pip",
        bytes=_recorded_bytes(folder / "RECORD"),
        requested=requested,
    )


def _recorded_bytes(record: Path) -> int | None:
    """The sum of the third column; names with commas are quoted, so it is counted from the end."""
    try:
        with record.open(encoding="utf-8", errors="replace") as lines:
            sizes = (line.rstrip("\n").rpartition(",")[2] for line in lines)
            return sum(int(size) for size in sizes if size.isdecimal())
    except OSError:
        return None
