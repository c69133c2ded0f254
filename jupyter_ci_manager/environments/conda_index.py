"""The indexes of channels that a Conda keeps in its cache, asked for names like a missing one.

It reads what is there, fetches nothing and changes nothing. Everything here blocks. Source:
``gateways/repodata`` of conda 26.7: ``pkgs/cache/HASH.json``, and beside it ``HASH.info.json`` with
the address; mamba writes ``HASH.json`` and ``HASH.state.json``.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import PackagesNotFound
from .masking import without_secrets
from .nearest_names import did_you_mean, name_in, nearest_names

MAX_BYTES = 600_000_000
"""Of indexes that are looked through: conda-forge has 500 MB for two kinds of machines."""

PIECE_BYTES = 8_000_000
LONGEST_MATCH = 150
"""What may lie across two pieces."""

_ABOUT = (".info.json", ".state.json")
_NAMED = re.compile(rb'"name":\s*"([A-Za-z0-9_.-]{1,100})"')


def with_nearest_names(error: PackagesNotFound, caches: Iterable[Path]) -> PackagesNotFound:
    """The same error, with names that may have been meant, as far as an index is in a cache."""
    details = error.body.details or {}
    if "packages" not in details or "prefix" in details:
        return error
    specs = details["packages"].split(", ")
    missing = [name for spec in specs if (name := name_in(spec))]
    channels = [each for each in details.get("channels", "").split(", ") if each]
    guesses = nearest_names(missing, _names(caches, channels) - set(missing))
    if not guesses:
        return error
    return PackagesNotFound(
        f"{error.message}{did_you_mean(guesses)}",
        details=details | {"nearest": ", ".join(guesses)},
    )


def _names(caches: Iterable[Path], channels: list[str]) -> set[str]:
    names: set[bytes] = set()
    left = MAX_BYTES
    for index in _indexes(caches, channels):
        # One that is being replaced, or cannot be read, only means fewer guesses.
        with contextlib.suppress(OSError), index.open("rb") as file:
            rest = b""
            while left > 0 and (piece := file.read(PIECE_BYTES)):
                left -= len(piece)
                text = rest + piece
                names.update(found[1] for found in _NAMED.finditer(text))
                rest = text[-LONGEST_MATCH:]
    return {name.decode("ascii").lower() for name in names}


def _indexes(caches: Iterable[Path], channels: list[str]) -> Iterator[Path]:
    """Those of the channels, where these are known; else all."""
    found: dict[Path, str] = {}
    for cache in caches:
        with contextlib.suppress(OSError):
            for path in sorted((cache / "cache").glob("*.json")):
                if not path.name.endswith(_ABOUT):
                    found[path] = _address(path)
    of_channels = [
        path
        for path, address in found.items()
        if any(_is_of(address, channel) for channel in channels)
    ]
    yield from of_channels or found


def _address(index: Path) -> str:
    for ending in _ABOUT:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            told = json.loads(index.with_name(f"{index.stem}{ending}").read_bytes())
            return without_secrets(str(told.get("url") or ""))
    return ""


def _is_of(address: str, channel: str) -> bool:
    plain = without_secrets(channel).rstrip("/")
    return f"{address}/".startswith(f"{plain}/") or f"/{plain}/" in f"{address}/"
