"""Copies what no package has put into an environment: what pip has installed, and a person's files.

It knows no engine: conda does the same by itself when it clones. It blocks.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from .unfinished import MARKER

LARGEST_TEXT_BYTES = 4_000_000
"""Scripts and records name the prefix that they lie in; nothing as large as that is one."""

_NOT_COPIED = frozenset({"conda-meta", "__pycache__", "pkgs", "envs"})


def copy_untracked(source: Path, target: Path) -> int:
    """Copy it into an environment with the same packages; how many files there were.

    In texts the one prefix is replaced by the other. Raises OSError.
    """
    owned = _owned(source) | {MARKER, "CACHEDIR.TAG"}
    count = 0
    for path in _files(source):
        relative = path.relative_to(source)
        place = target / relative
        if relative.as_posix() not in owned and not os.path.lexists(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            _copy(path, place, source, target)
            count += 1
    return count


def _owned(prefix: Path) -> set[str]:
    """The files of all packages."""
    records = (json.loads(file.read_bytes()) for file in (prefix / "conda-meta").glob("*.json"))
    return {str(name) for record in records for name in record.get("files", [])}


def _files(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        # A link to a folder is copied as a link.
        links = [name for name in folders if Path(here, name).is_symlink()]
        folders[:] = [name for name in folders if name not in _NOT_COPIED and name not in links]
        yield from (Path(here, name) for name in (*files, *links))


def _copy(path: Path, place: Path, source: Path, target: Path) -> None:
    if path.is_symlink():
        place.symlink_to(str(path.readlink()).replace(str(source), str(target)))
        return
    if not path.is_file():
        # A socket or a pipe is somebody's who uses it there.
        return
    shutil.copy2(path, place)
    if path.stat().st_size <= LARGEST_TEXT_BYTES:
        content = path.read_bytes()
        old = os.fsencode(source)
        if old in content and b"\0" not in content:
            place.write_bytes(content.replace(old, os.fsencode(target)))
