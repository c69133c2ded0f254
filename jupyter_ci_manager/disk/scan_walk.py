"""Reading folders: what is in each of them, on one file system and through no symbolic link.

It runs in the processes of a scan and knows one folder at a time: not who reads the others, and
nothing of results. Blocking. Paths are text as ``os.fsdecode`` makes it.
"""

from __future__ import annotations

import errno
import os
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from .scan_request import RACY_SECONDS

LARGE_BLOCKS = 512
"""Files of at least 256 KiB on disk are known one by one: they are shown, and they grow in place.

A file that grows in place changes nothing of its folder, so that is what a rescan looks at again.
"""
LARGE_PER_FOLDER = 1000
COUNT_EVERY = 4096
KEPT_OPEN = 64
"""Folders that stay open, in each process, for those in them."""
BLOCK_BYTES = 512
"""The unit of ``st_blocks``, whatever the file system's own block is: stat(2)."""

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_DIRECTORY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
_BY_DESCRIPTOR = os.scandir in os.supports_fd and os.open in os.supports_dir_fd

_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
"""What opening a folder says that is not there any more, or became something else."""


def _blocks_by_size(entry: os.stat_result) -> int:
    return -(-entry.st_size // BLOCK_BYTES)


blocks_of: Callable[[os.stat_result], int] = (
    attrgetter("st_blocks") if hasattr(os.stat_result, "st_blocks") else _blocks_by_size
)
"""Blocks on disk. Windows does not tell them: there it is the size."""


class Task(NamedTuple):
    """A folder to be read."""

    path: str
    parent: int
    """Number of the folder it is in; -1 for the root."""
    name: str
    replaces: int
    """Its number in the scan before, else -1."""
    inode: int
    """As the folder it is in says; 0 where nothing is known."""


class Found:
    """What was read, in columns: a hundred thousand folders must not be as many objects."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.parents = array("q")
        self.replaces = array("q")
        self.signatures = array("q")
        """0: it is to be read again in any case."""
        self.own = array("q")
        """Blocks of the folder itself."""
        self.files = array("q")
        """All that is no folder and has one hard link."""
        self.blocks = array("q")
        """Of those files."""
        self.newest = array("d")

        self.link_folders = array("q")
        self.link_keys = array("Q")
        self.link_blocks = array("q")
        self.link_counts = array("q")
        """How many links the file has in all."""

        self.large_names: list[str] = []
        self.large_folders = array("q")
        self.large_blocks = array("q")
        self.large_times = array("d")
        self.large_keys = array("Q")
        """0 where the file has one hard link."""

        self.kept = array("q")
        """Folders of the scan before that are still where they were, of the folders read again."""
        self.grown: list[tuple[int, int, float]] = []
        """Large files that changed in place: row in the scan before, blocks, time."""
        self.unreadable: list[int] = []
        self.elsewhere: list[str] = []
        """Folders of another file system, which were not entered."""
        self.vanished = 0

    def packed(self) -> tuple[Any, ...]:
        """As ``marshal`` can write it."""
        return tuple(
            joined(value)
            if each in _NAMES
            else value.tobytes()
            if isinstance(value, array)
            else value
            for each, value in vars(self).items()
        )

    @classmethod
    def unpacked(cls, values: Sequence[Any]) -> Found:
        """What ``packed`` made."""
        found = cls()
        for (each, empty), value in zip(list(vars(found).items()), values, strict=True):
            if isinstance(empty, array):
                empty.frombytes(value)
            else:
                setattr(found, each, parted(value) if each in _NAMES else value)
        return found


_NAMES = frozenset({"names", "large_names"})
"""The columns of names."""


def joined(names: Sequence[str]) -> str:
    """Names as one text. They hold any character but a slash."""
    return "/".join(names) + "/" if names else ""


def parted(text: str) -> list[str]:
    """What ``joined`` made one text of."""
    return text.split("/")[:-1]


def signature(entry: os.stat_result) -> int:
    """One number that changes whenever what is in a folder does."""
    return hash((entry.st_ino, entry.st_mtime_ns, entry.st_ctime_ns)) or 1


class Reader:
    """Reads folders below a root, one after the other."""

    def __init__(
        self,
        root: str,
        device: int,
        mounts: Mapping[str, frozenset[str]],
        *,
        first_number: int,
        count: Callable[[int, int, int], None],
        racy_seconds: float = RACY_SECONDS,
        now: Callable[[], float] = time.time,
    ) -> None:
        """``mounts`` has the names that are mount points, by the folder they are in.

        They are never touched: the file system behind one may not answer. ``count`` is told how
        many folders, files and blocks more there are.
        """
        self.found = Found()
        self._root = root
        self._device = device
        self._mounts = mounts
        self._first_number = first_number
        self._count = count
        self._racy_seconds = racy_seconds
        self._kept_open: dict[int, int] = {}
        """Descriptors of folders that were read lately, by number."""
        self._now = now

    def read(self, task: Task, known: Mapping[str, int]) -> list[Task]:
        """Note what is in a folder; the folders in it that are still to be read.

        ``known`` are those that the scan before found there, whose turn comes by themselves.
        """
        path = task.path
        try:
            folder, status = self._open(task)
        except OSError as error:
            self._could_not_open(task, error)
            return []
        inner: list[Task] = []
        try:
            if status.st_dev != self._device:
                self.found.elsewhere.append(path)
            else:
                inner = self._read(folder, status, task, known)
        finally:
            if isinstance(folder, int):
                self._close(folder, inner)
        return inner

    def _close(self, folder: int, inner: Sequence[Task]) -> None:
        """Close a folder, or keep it for those in it: from there they are opened quickly."""
        if inner:
            self._kept_open[inner[0].parent] = folder
            if len(self._kept_open) <= KEPT_OPEN:
                return
            folder = self._kept_open.pop(next(iter(self._kept_open)))
        os.close(folder)

    # --- opening ------------------------------------------------------------------------------

    def _open(self, task: Task) -> tuple[int | str, os.stat_result]:
        """The folder's descriptor, where the system scans those, and its status.

        A path is quick, but what leads to the folder may meanwhile be a symbolic link to somewhere
        else. The inode tells; where it differs (an overlay shows others, too) it is gone through
        part by part.
        """
        path = task.path
        if not _BY_DESCRIPTOR:
            return path, os.lstat(path)
        above = self._kept_open.get(task.parent)
        if above is not None:
            folder = os.open(task.name, _FLAGS, dir_fd=above)
            return folder, os.fstat(folder)
        try:
            folder = os.open(path, _FLAGS)
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            folder = self._open_by_parts(path)
        status = os.fstat(folder)
        if status.st_ino == task.inode or path == self._root:
            return folder, status
        os.close(folder)
        folder = self._open_by_parts(path)
        return folder, os.fstat(folder)

    def _open_by_parts(self, path: str) -> int:
        """Open it without following a symbolic link anywhere below the root."""
        folder = os.open(self._root, _FLAGS)
        for name in path[len(self._root) :].split("/"):
            if name:
                try:
                    inner = os.open(name, _FLAGS, dir_fd=folder)
                finally:
                    os.close(folder)
                folder = inner
        return folder

    def _could_not_open(self, task: Task, error: OSError) -> None:
        if error.errno in _GONE:
            self.found.vanished += 1
            return
        try:
            status = os.lstat(task.path)
        except OSError:
            # It is in a folder that may be listed and not entered, or the device fails.
            own = 0
        else:
            if status.st_dev != self._device:
                self.found.elsewhere.append(task.path)
                return
            own = blocks_of(status)
        self.found.unreadable.append(self._add(task, 0, own))
        self._count(1, 0, own)

    # --- reading ------------------------------------------------------------------------------

    def _add(self, task: Task, signature_: int, own: int) -> int:
        """Begin the row of a folder; its local number."""
        found = self.found
        found.names.append(task.name)
        found.parents.append(task.parent)
        found.replaces.append(task.replaces)
        found.signatures.append(signature_)
        found.own.append(own)
        found.files.append(0)
        found.blocks.append(0)
        found.newest.append(0.0)
        return len(found.names) - 1

    def _read(
        self, folder: int | str, status: os.stat_result, task: Task, known: Mapping[str, int]
    ) -> list[Task]:
        racy = self._now() - max(status.st_ctime, status.st_mtime) < self._racy_seconds
        own = blocks_of(status)
        local = self._add(task, 0 if racy else signature(status), own)
        number = self._first_number + local
        prefix = task.path.rstrip("/") + "/"
        inner: list[Task] = []
        mounts = self._mounts.get(task.path, frozenset())
        try:
            with os.scandir(folder) as entries:
                wanted: Iterable[os.DirEntry[str]] = entries
                if mounts:
                    wanted = (entry for entry in entries if entry.name not in mounts)
                for entry in self._folders_among(wanted, local):
                    name = entry.name
                    if name in known:
                        self.found.kept.append(known[name])
                    else:
                        inner.append(Task(prefix + name, number, name, -1, entry.inode()))
        except OSError:
            self._note_unreadable(local)
        return inner

    def _folders_among(
        self, entries: Iterable[os.DirEntry[str]], local: int
    ) -> Iterator[os.DirEntry[str]]:
        """Count the files among the entries of a folder; yields the folders."""
        found = self.found
        files = blocks = files_told = blocks_told = 0
        newest = 0.0
        large: list[tuple[int, str, float, int]] = []
        try:
            for entry in entries:
                try:
                    if entry.is_dir(follow_symlinks=False):
                        yield entry
                        continue
                    status = entry.stat(follow_symlinks=False)
                except OSError as error:
                    self._could_not_look_at(local, error)
                    continue
                size = blocks_of(status)
                modified = status.st_mtime
                if modified > newest:
                    newest = modified
                key = 0
                if status.st_nlink > 1:
                    key = self._add_link(local, status, size)
                else:
                    files += 1
                    blocks += size
                if size >= LARGE_BLOCKS:
                    large.append((size, entry.name, modified, key))
                    if len(large) > 2 * LARGE_PER_FOLDER:
                        _keep_largest(large)
                if files - files_told >= COUNT_EVERY:
                    self._count(0, files - files_told, blocks - blocks_told)
                    files_told, blocks_told = files, blocks
        finally:
            # Also when the folder cannot be read to its end.
            found.files[local] = files
            found.blocks[local] = blocks
            found.newest[local] = newest
            self._count(1, files - files_told, found.own[local] + blocks - blocks_told)
            if large:
                self._add_large(local, large)

    def _add_link(self, local: int, status: os.stat_result, size: int) -> int:
        """Note a file that has several hard links; what all of them have in common."""
        key = status.st_ino
        if status.st_dev != self._device:
            # An overlay shows files under the device of the layer that they are in.
            key = hash((key, status.st_dev)) & 0xFFFF_FFFF_FFFF_FFFF
        found = self.found
        found.link_folders.append(local)
        found.link_keys.append(key)
        found.link_blocks.append(size)
        found.link_counts.append(status.st_nlink)
        return key

    def _add_large(self, local: int, large: list[tuple[int, str, float, int]]) -> None:
        _keep_largest(large)
        for size, name, time_, key in large:
            self.found.large_names.append(name)
            self.found.large_folders.append(local)
            self.found.large_blocks.append(size)
            self.found.large_times.append(time_)
            self.found.large_keys.append(key)

    def _could_not_look_at(self, local: int, error: OSError) -> None:
        if error.errno in _GONE:
            self.found.vanished += 1
        else:
            self._note_unreadable(local)

    def _note_unreadable(self, local: int) -> None:
        self.found.signatures[local] = 0
        if not self.found.unreadable or self.found.unreadable[-1] != local:
            self.found.unreadable.append(local)


def _keep_largest(large: list[tuple[int, str, float, int]]) -> None:
    large.sort(reverse=True)
    del large[LARGE_PER_FOLDER:]
