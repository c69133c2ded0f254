"""What Conda leaves in its cache of packages when it is ended in the middle, and removing that.

It touches only what was being fetched by the Conda that was ended, and never a whole package.
Everything here blocks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

_ENDINGS = (".conda", ".tar.bz2")
_PARTIAL = ".partial"
_RECORD = Path("info", "repodata_record.json")
"""Conda writes it into a package when it has unpacked it."""


def sweep(caches: Iterable[Path], names: Iterable[str], since: float) -> list[str]:
    """Remove downloads and packages that are not whole; the names of what there was anything of.

    ``names`` are beginnings of ``NAME-VERSION``, as Conda cuts them; ``since`` is when it began, in
    seconds since the epoch: what is older is somebody else's.
    """
    wanted = tuple(sorted(set(names)))
    swept = []
    for path in _unfinished(caches, wanted):
        try:
            if path.lstat().st_mtime < since - 1:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError:
            # Another one has it, or it cannot be removed: Conda fetches it again all the same.
            continue
        swept += [name for name in wanted if path.name.startswith(name)]
    return swept


def _unfinished(caches: Iterable[Path], names: tuple[str, ...]) -> Iterator[Path]:
    for cache in caches:
        try:
            entries = list(cache.iterdir()) if names else []
        except OSError:
            continue
        for entry in entries:
            if not entry.name.startswith(names):
                continue
            if entry.name.endswith(_PARTIAL) or (
                entry.is_dir() and not entry.name.endswith(_ENDINGS) and not is_whole(entry)
            ):
                yield entry


def is_whole(package: Path) -> bool:
    """Whether a package was unpacked there to its end."""
    return (package / _RECORD).is_file()
