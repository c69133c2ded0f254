"""How long making an environment takes on this machine, going by what was made on it before.

It remembers a few pieces of work in a file and estimates from nothing else: where there is none, it
is not known. It must not know how environments are made. Everything here blocks.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import msgspec
from msgspec import Struct

from ..models import EngineName

REMEMBERED = 10
"""Pieces of work of each engine; what was long ago says little of the network of today."""

TELLING_BYTES = 1_000_000
"""Of a download that says how fast the network is, and not how long a request takes."""


class Pace(Struct, frozen=True):
    """What making one environment took."""

    engine: EngineName
    solve_seconds: float
    download_bytes: int
    download_seconds: float
    packages: int
    link_seconds: float


_decoder = msgspec.json.Decoder(list[Pace])


def paces_beside(work: Path) -> Path:
    """The file, where all pieces of work are."""
    return work.parent / "environment-pace.json"


def remember(file: Path, pace: Pace) -> None:
    """Add what a piece of work took. Where that cannot be written, less is known the next time."""
    known = [each for each in _read(file) if each.engine == pace.engine]
    others = [each for each in _read(file) if each.engine != pace.engine]
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        try:
            partial.write_bytes(msgspec.json.encode([*others, *[*known, pace][-REMEMBERED:]]))
            partial.replace(file)
        except OSError:
            partial.unlink(missing_ok=True)
            raise


def estimated_seconds(
    file: Path, engine: EngineName, *, packages: int, download_bytes: int | None
) -> float | None:
    """How long it takes, as far as earlier work with that engine tells; else None."""
    known = [each for each in _read(file) if each.engine == engine]
    if not known or download_bytes is None:
        return None
    seconds = sum(each.solve_seconds for each in known) / len(known)
    linked = sum(each.packages for each in known)
    seconds += packages * sum(each.link_seconds for each in known) / linked if linked else 0
    if download_bytes == 0:
        return seconds
    downloads = [each for each in known if each.download_bytes >= TELLING_BYTES]
    came = sum(each.download_bytes for each in downloads)
    if not came:
        return None
    return seconds + download_bytes * sum(each.download_seconds for each in downloads) / came


def _read(file: Path) -> list[Pace]:
    try:
        return _decoder.decode(file.read_bytes())
    except (OSError, msgspec.MsgspecError):
        # It is made anew.
        return []
