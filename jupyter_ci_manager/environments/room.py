"""Whether the disk can take what would be installed. It knows no engine and asks no network.

The process of the embedded engine uses it, too: it imports nothing but the standard library.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

KEEP_FREE_BYTES = 64 * 1024 * 1024
"""What is left on each disk: an environment that fits to the last byte leaves no room for a log."""

UNPACKED_PER_BYTE = {".conda": 4.5, ".tar.bz2": 4.0}
"""An estimate: no channel says how large a package is when it is unpacked. Code is packed to a
third or a quarter; rather too much is asked for than a disk that is full half way."""

LINKED_SHARE = 0.08
"""Of the unpacked bytes: what cannot be linked but is copied, because the prefix is written in it,
and the entries of folders. 132 MB of packages came to 8 MB in a second environment."""


@dataclass(frozen=True)
class Planned:
    """What would happen to one package: ``models.PlannedPackage`` where no models are imported."""

    name: str
    version: str
    action: str
    build: str | None = None
    channel: str | None = None
    from_version: str | None = None
    download_bytes: int | None = None
    installed_bytes: int | None = None
    link_script: bool = False

    def told(self) -> dict[str, Any]:
        """As it goes over the wire."""
        return asdict(self)


def unpacked_bytes(file_name: str, archive_bytes: int | None) -> int | None:
    """An estimate of what is in an archive of that size; None where that is not known."""
    ending = ".conda" if file_name.endswith(".conda") else ".tar.bz2"
    return None if archive_bytes is None else int(archive_bytes * UNPACKED_PER_BYTE[ending])


@dataclass(frozen=True)
class Need:
    """How many bytes go where."""

    cache: str
    cache_bytes: int
    """Of packages that are not in the cache yet, unpacked there."""
    prefix: str
    prefix_bytes: int
    download_bytes: int

    @classmethod
    def of(cls, packages: Iterable[Planned], *, cache: Path, prefix: Path) -> Need:
        """What packages come to. Those on another file system than the cache are copied whole."""
        coming = [each for each in packages if each.action != "remove"]
        unpacked = sum(each.installed_bytes or 0 for each in coming)
        new = sum(each.installed_bytes or 0 for each in coming if each.download_bytes != 0)
        linked = _device(cache) == _device(prefix)
        return cls(
            cache=str(cache),
            cache_bytes=new,
            prefix=str(prefix),
            prefix_bytes=int(unpacked * (LINKED_SHARE if linked else 1)),
            download_bytes=sum(each.download_bytes or 0 for each in coming),
        )

    def told(self) -> dict[str, Any]:
        """As a document."""
        return asdict(self)


def shortage(need: Need, *, keep_free_bytes: int = KEEP_FREE_BYTES) -> str | None:
    """Why it does not fit, in a sentence; None where it does."""
    places = [(need.cache, need.cache_bytes), (need.prefix, need.prefix_bytes)]
    if _device(Path(need.cache)) == _device(Path(need.prefix)):
        places = [(need.prefix, need.cache_bytes + need.prefix_bytes)]
    for place, wanted in places:
        available = available_bytes(Path(place))
        if available is not None and wanted and wanted + keep_free_bytes > available:
            return (
                f"About {_megabytes(wanted)} would be needed at {place}, and "
                f"{_megabytes(available)} are free there; {_megabytes(keep_free_bytes)} of them "
                "are to stay free."
            )
    return None


def available_bytes(path: Path) -> int | None:
    """What can be written where the path is or would be; None where that cannot be found out."""
    try:
        return shutil.disk_usage(_there(path)).free
    except OSError:
        return None


def _device(path: Path) -> int | None:
    try:
        return os.stat(_there(path)).st_dev  # noqa: PTH116
    except OSError:
        return None


def _there(path: Path) -> Path:
    """The path, or the nearest one above that exists."""
    return next((each for each in (path, *path.parents) if each.exists()), Path("/"))


def _megabytes(amount: int) -> str:
    return f"{amount / 1e6:,.0f} MB"
