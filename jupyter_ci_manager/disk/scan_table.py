"""All folders of a scan in columns: put together from what was read, added up, and written down.

The folders are in the order of a walk, siblings by name: all that is below a folder follows it. It
is also the quickest order to look at them: the kernel has just seen what leads to each. The module
reads nothing of what is scanned.
"""

from __future__ import annotations

import marshal
import os
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from operator import sub
from pathlib import Path
from typing import Any

from .scan_crew import Before
from .scan_files import read_whole, write_whole
from .scan_walk import joined, parted

VERSION = [2, *sys.version_info[:2]]
"""Of the file. Signatures are hashes, which another Python may make otherwise."""


class Table:
    """Every folder below ``root``. Sizes are blocks of 512 bytes."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.names: list[str] = []
        self.parents = array("q")
        self.signatures = array("q")
        self.own = array("q")
        self.files = array("q")
        self.blocks = array("q")
        self.newest = array("d")
        self.links = Links()
        self.large = Large()
        self.unreadable: list[int] = []
        self.skipped: list[str] = []
        """Paths of mount points and of folders of other file systems: they were not entered."""
        self.total_blocks = array("q")
        """With all that is below; a file with several hard links counts in one of its folders."""
        self.total_files = array("q")
        self.total_folders = array("q")
        self.total_newest = array("d")
        self.shared_blocks = array("q")
        """Of files that have a hard link here and count elsewhere."""
        self.scanned_at = 0.0

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def ends(self) -> array[int]:
        """The number after the last of all that is below a folder."""
        ends = array("q", range(1, len(self) + 1))
        parents = self.parents
        # The last of those in a folder comes first here, and has come to its end.
        for folder in range(len(self) - 1, 0, -1):
            parent = parents[folder]
            if ends[parent] < ends[folder]:
                ends[parent] = ends[folder]
        return ends

    def inner(self, folder: int) -> Iterator[int]:
        """The folders in a folder."""
        ends = self.ends
        inner, end = folder + 1, ends[folder]
        while inner < end:
            yield inner
            inner = ends[inner]

    def named_in(self, folder: int) -> Mapping[str, int]:
        """The folders in a folder, by name."""
        return {self.names[each]: each for each in self.inner(folder)}

    def path(self, folder: int) -> str:
        """Absolute path of a folder."""
        parts = []
        while folder:
            parts.append(self.names[folder])
            folder = self.parents[folder]
        return self.root.rstrip("/") + "/" + "/".join(reversed(parts)) if parts else self.root

    def folder_at(self, path: str) -> int | None:
        """The folder that has this path."""
        inside = os.path.relpath(path, self.root)
        folder: int | None = 0
        for name in () if inside == os.curdir else inside.split(os.sep):
            folder = None if folder is None else self.named_in(folder).get(name)
        return folder

    def paths(self) -> list[str]:
        """Of all folders."""
        top = self.root.rstrip("/")
        paths = [top]
        for name, parent in zip(self.names[1:], self.parents[1:], strict=True):
            paths.append(f"{paths[parent]}/{name}")
        paths[0] = self.root
        return paths

    def before(self, mounts: Collection[str]) -> Before:
        """What a rescan looks at again, now that these are the mount points.

        Mounting and unmounting changes nothing of the folder that it is done in: it is read again.
        What lies below a mount point is hidden, and is not looked at.
        """
        signatures = self.signatures[:]
        for path in {*mounts}.symmetric_difference(self.skipped):
            folder = self.folder_at(os.path.dirname(path))
            if folder is not None:
                signatures[folder] = 0
        covered = [folder for path in mounts if (folder := self.folder_at(path)) is not None]
        return Before(
            paths=self.paths(),
            signatures=signatures,
            hidden=self._below(covered),
            names_in=self.named_in,
            large_folders=self.large.folders,
            large_names=self.large.names,
            large_blocks=self.large.blocks,
            large_times=self.large.times,
        )

    # --- adding up ----------------------------------------------------------------------------

    def add_up(self, favoured: Sequence[int]) -> None:
        """Make the totals. Hard links count in or below a ``favoured`` folder if one is there."""
        blocks = [own + more for own, more in zip(self.own, self.blocks, strict=True)]
        files = list(self.files)
        shared = [0] * len(self)
        self.large.counts_in = self.links.count_once(
            self._below(favoured), blocks, files, shared, self.large.keys
        )
        newest, parents = list(self.newest), self.parents
        for folder in range(len(self) - 1, 0, -1):
            parent = parents[folder]
            if newest[folder] > newest[parent]:
                newest[parent] = newest[folder]
        self.total_newest = array("d", newest)
        self.total_blocks = self._with_all_below(blocks)
        self.total_files = self._with_all_below(files)
        self.shared_blocks = self._with_all_below(shared)
        self.total_folders = array("q", map(sub, self.ends, range(len(self))))

    def _with_all_below(self, column: Iterable[int]) -> array[int]:
        # What is below a folder follows it: its sum is the difference of two sums from the start.
        sums = list(accumulate(column, initial=0))
        return array("q", map(sub, map(sums.__getitem__, self.ends), sums))

    def _below(self, tops: Sequence[int]) -> bytearray:
        """A 1 for each folder that is in or below one of these."""
        below = bytearray(len(self))
        for top in tops:
            below[top : self.ends[top]] = bytes([1]) * (self.ends[top] - top)
        return below

    # --- on disk ------------------------------------------------------------------------------

    def write(self, path: Path, *, keep_free_bytes: int) -> bool:
        """Keep it for the next scan; not where the disk would have less left than that."""
        data = marshal.dumps((VERSION, self.root, *map(_written, _columns(self))))
        return write_whole(path, data, keep_free_bytes=keep_free_bytes)

    @classmethod
    def read(cls, path: Path, root: str) -> Table | None:
        """What an earlier scan of the same folder kept; None where there is nothing of use."""
        try:
            # What is damaged never gets here: marshal may crash on it.
            version, written_root, *columns = marshal.loads(read_whole(path))  # noqa: S302
            if version != VERSION or written_root != root:
                return None
            table = cls(root)
            _fill(table, columns)
        except (OSError, EOFError, ValueError, TypeError, IndexError):
            # Whatever is wrong with it, everything is read anew and it is written again.
            return None
        return table if table.consistent() else None

    def consistent(self) -> bool:
        """Whether all columns belong together, as those of a damaged file would not."""
        size = len(self)
        columns = (self.parents, self.signatures, self.own, self.files, self.blocks, self.newest)
        return size > 0 and all(len(column) == size for column in (*columns, self.total_blocks))


class Links:
    """The files with several hard links: a row for each link."""

    def __init__(self) -> None:
        self.folders = array("q")
        self.keys = array("Q")
        self.blocks = array("q")
        self.counts = array("q")
        """How many links the file had when this one was read."""

    def count_once(
        self,
        favoured: bytearray,
        blocks: list[int],
        files: list[int],
        shared: list[int],
        wanted: Iterable[int],
    ) -> dict[int, int]:
        """Add each file to the folder it counts in: a favoured one, else the first of all.

        The order of folders does not change when others come or go, and so neither does that.
        Returns in which folder the ``wanted`` ones count, by key.
        """
        size = len(favoured)
        best: dict[int, int] = {}
        for folder, key in zip(self.folders, self.keys, strict=True):
            rank = folder if favoured[folder] else folder + size
            if best.setdefault(key, rank) > rank:
                best[key] = rank
        for folder, key, more in zip(self.folders, self.keys, self.blocks, strict=True):
            rank = best[key]
            if rank < 0:
                shared[folder] += more if -rank - 1 != folder else 0
            elif rank % size == folder:
                blocks[folder] += more
                files[folder] += 1
                best[key] = -folder - 1
            else:
                shared[folder] += more
        # Not for all: a second table of a million files takes as much memory as the first.
        return {key: -best[key] - 1 for key in wanted if key}


class Large:
    """The files that are known one by one, by folder."""

    def __init__(self) -> None:
        self.folders = array("q")
        self.names: list[str] = []
        self.blocks = array("q")
        self.times = array("d")
        self.keys = array("Q")
        """Of the file where it has several hard links, else 0."""
        self.counts_in: dict[int, int] = {}
        """In which folder those with several hard links count, by key."""

    def inside(self, folder: int) -> range:
        """The rows of the files in one folder."""
        return range(bisect_left(self.folders, folder), bisect_right(self.folders, folder))


def _written(column: Any) -> Any:
    if isinstance(column, array):
        return column.tobytes()
    return joined(column) if isinstance(column, _Names) else column


class _Names(list[str]):
    """A column of names, which hold any character but a slash."""


def _columns(table: Table) -> list[Any]:
    links, large = table.links, table.large
    return [
        _Names(table.names),
        table.parents,
        table.signatures,
        table.own,
        table.files,
        table.blocks,
        table.newest,
        table.total_blocks,
        links.folders,
        links.keys,
        links.blocks,
        links.counts,
        _Names(large.names),
        large.folders,
        large.blocks,
        large.times,
        large.keys,
        table.unreadable,
        table.skipped,
        table.scanned_at,
    ]


def _fill(table: Table, values: Sequence[Any]) -> None:
    columns = _columns(table)
    for column, value in zip(columns, values, strict=True):
        if isinstance(column, array):
            column.frombytes(value)
    table.names = parted(values[0])
    table.large.names = parted(values[12])
    table.unreadable, table.skipped, table.scanned_at = values[-3:]
