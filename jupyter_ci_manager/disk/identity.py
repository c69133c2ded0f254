"""What a file or folder is, whatever it is called: so that a plan names it and not its place.

It only looks. It must not know what the plan is for.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass

BLOCK_BYTES = 512
"""Unit of ``st_blocks``, whatever the file system's own block is: stat(2)."""


@dataclass(frozen=True)
class Identity:
    """As ``lstat`` says: a link is itself, never what it points to."""

    device: int
    inode: int
    type: int
    """``S_IFMT`` of the mode."""
    size: int
    """Bytes of a file; 0 for a folder, whose own size says nothing."""
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Identity:
        """The identity that a ``stat`` result tells."""
        folder = stat.S_ISDIR(status.st_mode)
        return cls(
            status.st_dev,
            status.st_ino,
            stat.S_IFMT(status.st_mode),
            0 if folder else status.st_size,
            status.st_mtime_ns,
        )

    @property
    def is_folder(self) -> bool:
        """Whether it is a real folder, and no link to one."""
        return stat.S_ISDIR(self.type)

    def same_inode(self, other: Identity) -> bool:
        """Whether it is the same thing, changed or not."""
        mine = (self.device, self.inode, self.type)
        return mine == (other.device, other.inode, other.type)


def identity_at(path: bytes | str, folder_fd: int | None = None) -> Identity | None:
    """What is there now; None where there is nothing or nobody may look."""
    try:
        return Identity.of(os.stat(path, dir_fd=folder_fd, follow_symlinks=False))
    except OSError:
        return None


def open_folder(path: bytes, *, to_list: bool = False) -> int:
    """Open an absolute path part by part, none of which may be a symbolic link.

    Nobody who swaps a part for a link meanwhile leads it anywhere else. Only ``to_list`` what is in
    it must one be allowed to read it: a folder on the way need only let through. Raises OSError.
    """
    flags = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(b"/", flags)
    parts = [part for part in path.split(b"/") if part]
    try:
        for number, part in enumerate(parts, 1):
            if to_list and number == len(parts):
                flags &= ~os.O_PATH
            below = os.open(part, flags, dir_fd=fd)
            os.close(fd)
            fd = below
    except OSError:
        os.close(fd)
        raise
    return fd


@dataclass
class Contents:
    """A file or a folder with all that is in it."""

    bytes: int = 0
    """Blocks that removing it gives back: not those of a file that has a name elsewhere too."""
    files: int = 0
    newest_ns: int = 0
    """The latest change of any inode in it, by the file system's own clock."""
    complete: bool = True
    """Whether all of it could be looked at."""


def contents_of(path: bytes, stopped: Callable[[], bool]) -> Contents:
    """Look through it, without following links or entering other file systems."""
    found = Contents()
    links: dict[int, tuple[int, int, int]] = {}
    try:
        top = os.lstat(path)
    except OSError:
        return Contents(complete=False)
    waiting: list[bytes] = []

    def take(status: os.stat_result, at: bytes) -> None:
        found.newest_ns = max(found.newest_ns, status.st_ctime_ns)
        if stat.S_ISDIR(status.st_mode):
            waiting.append(at)
        else:
            found.files += 1
            if status.st_nlink > 1:
                seen = links.get(status.st_ino, (0, 0, 0))[0]
                links[status.st_ino] = (seen + 1, status.st_nlink, status.st_blocks)
                return
        found.bytes += status.st_blocks * BLOCK_BYTES

    take(top, path)
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if stopped():
                        found.complete = False
                        return found
                    status = entry.stat(follow_symlinks=False)
                    if status.st_dev == top.st_dev:
                        take(status, entry.path)
        except OSError:
            found.complete = False
    whole = (blocks for seen, of, blocks in links.values() if seen == of)
    found.bytes += sum(whole) * BLOCK_BYTES
    return found


def available_bytes(path: bytes) -> int:
    """What this user can still write to the file system that holds ``path``. Raises OSError."""
    figures = os.statvfs(path)
    return figures.f_bavail * figures.f_frsize
