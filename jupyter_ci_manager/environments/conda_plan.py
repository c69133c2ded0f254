"""What Conda says that it would do, and which packages an environment has, as packages of a plan.

It reads documents and folders and runs nothing. Conda says of no package how large it is when it
is unpacked; what it says of those in its cache is their name and version alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Struct

from ..models import PlannedPackage
from .channels import told_channel
from .conda_cache import is_whole
from .masking import masked
from .room import unpacked_bytes

_EXPLICIT = re.compile(r"(.+)-([^-]+)-([^-]+)\.(?:conda|tar\.bz2)")
_PARTS = re.compile(r"\d+|[a-z]+")

_Action = Literal["install", "update", "downgrade", "remove"]


class Record(Struct, frozen=True):
    """What ``conda-meta/NAME-VERSION-BUILD.json`` has of a package."""

    name: str
    version: str
    build: str = ""
    channel: str | None = None
    url: str | None = None
    md5: str | None = None
    sha256: str | None = None
    fn: str = ""
    size: int | None = None
    """Bytes of the archive."""

    @property
    def explicit(self) -> str | None:
        """Its line in an explicit list; None for what is not from a channel."""
        if not self.url:
            return None
        checksum = self.md5 or (f"sha256:{self.sha256}" if self.sha256 else None)
        return f"{self.url}#{checksum}" if checksum else self.url


_RECORD = msgspec.json.Decoder(Record)


def records_of(prefix: Path) -> dict[str, Record]:
    """The packages of an environment, by name. Blocking.

    Raises OSError, and msgspec.MsgspecError where one of them cannot be read.
    """
    found = (_RECORD.decode(path.read_bytes()) for path in (prefix / "conda-meta").glob("*.json"))
    return {record.name: record for record in found}


def planned(answer: dict[str, Any], secrets: Iterable[str] = ()) -> list[PlannedPackage]:
    """What an answer to ``--dry-run`` comes to."""
    secrets = tuple(secrets)
    actions = answer.get("actions")
    # Older ones answer with a list that has one.
    actions = actions[0] if isinstance(actions, list) and actions else actions
    if not isinstance(actions, dict):
        return []
    fetched = {_key(each): each for each in _packages(actions, "FETCH")}
    unlinked = {_text(each, "name"): each for each in _packages(actions, "UNLINK")}
    linked = [
        _linked(each, fetched.get(_key(each)), unlinked.pop(_text(each, "name"), None), secrets)
        for each in _packages(actions, "LINK")
    ]
    removed = [
        PlannedPackage(
            name,
            _text(each, "version"),
            "remove",
            build=_text(each, "build_string") or None,
            channel=_channel(each, secrets),
        )
        for name, each in unlinked.items()
    ]
    return sorted([*linked, *removed], key=lambda package: package.name)


def planned_explicit(lines: Iterable[str], there: dict[str, Record]) -> list[PlannedPackage]:
    """What installing packages by their addresses comes to. Nothing says how large they are."""
    found = []
    for line in lines:
        file_name = unquote(urlsplit(line.partition("#")[0]).path.rpartition("/")[2])
        parts = _EXPLICIT.fullmatch(file_name)
        if parts is not None:
            name, version, build = parts.groups()
            before = there.get(name)
            found.append(
                PlannedPackage(
                    name,
                    version,
                    _action(before.version if before else None, version),
                    build=build,
                    channel=told_channel(line.partition("#")[0]),
                    from_version=before.version if before else None,
                )
            )
    return sorted(found, key=lambda package: package.name)


def planned_clone(records: Iterable[Record], caches: Iterable[Path] = ()) -> list[PlannedPackage]:
    """What a copy of an environment comes to: what is in a cache is not downloaded. Blocking."""
    caches = tuple(caches)
    return sorted(
        (
            PlannedPackage(
                record.name,
                record.version,
                "install",
                build=record.build or None,
                channel=told_channel(record.channel) if record.channel else None,
                download_bytes=0 if _is_cached(record, caches) else record.size,
                installed_bytes=unpacked_bytes(record.fn, record.size),
            )
            for record in records
        ),
        key=lambda package: package.name,
    )


def _is_cached(record: Record, caches: tuple[Path, ...]) -> bool:
    name = f"{record.name}-{record.version}-{record.build}"
    return any(is_whole(cache / name) for cache in caches)


def merged(plans: Iterable[list[PlannedPackage]]) -> list[PlannedPackage]:
    """One plan of several commands: of a package that is in two of them the last holds."""
    last = {package.name: package for plan in plans for package in plan}
    return sorted(last.values(), key=lambda package: package.name)


def _packages(actions: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = actions.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _key(package: dict[str, Any]) -> tuple[str, str, str]:
    build = _text(package, "build_string") or _text(package, "build")
    return _text(package, "name"), _text(package, "version"), build


def _text(package: dict[str, Any], key: str) -> str:
    value = package.get(key)
    return value if isinstance(value, str) else ""


def _linked(
    package: dict[str, Any],
    fetched: dict[str, Any] | None,
    before: dict[str, Any] | None,
    secrets: tuple[str, ...],
) -> PlannedPackage:
    name, version, build = _key(package)
    download: int | None = 0
    installed: int | None = None
    if fetched is not None:
        size = fetched.get("size")
        download = size if isinstance(size, int) and size >= 0 else None
        installed = unpacked_bytes(_text(fetched, "fn"), download)
    from_version = _text(before, "version") if before else None
    return PlannedPackage(
        name,
        version,
        _action(from_version, version),
        build=build or None,
        channel=_channel(package, secrets),
        from_version=from_version,
        download_bytes=download,
        installed_bytes=installed,
    )


def _channel(package: dict[str, Any], secrets: tuple[str, ...]) -> str | None:
    # A channel at the root of a server has no name.
    channel = _text(package, "channel") or _text(package, "base_url")
    return masked(told_channel(channel), secrets) or None


def _action(before: str | None, after: str) -> _Action:
    if before is None:
        return "install"
    return "downgrade" if _order(after) < _order(before) else "update"


def _order(version: str) -> list[tuple[int, int, str]]:
    """Enough of Conda's order to say which of two versions of one package is the newer one."""
    epoch, separator, rest = version.lower().rpartition("!")
    parts = _PARTS.findall(rest)
    ordered = [(1, int(part), "") if part.isdigit() else (-1, 0, part) for part in parts]
    # What ends is newer than what goes on with a letter, and older than what goes on: 1.0rc < 1.0.
    return [(1, int(epoch) if separator and epoch.isdigit() else 0, ""), *ordered, (0, 0, "")]
