"""Emptying a trash of what was in it when that was planned, and of nothing else.

It works through open folders, follows no link, enters no other file system, and leaves what was
changed or added meanwhile. Blocking; it can be told to stop at any entry.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .identity import Identity, identity_at, open_folder
from .trash import INFO_SUFFIX, Trash, Trashed

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class Doomed:
    """One thing in the trash that may be removed, as it was when that was planned."""

    trashed: Trashed
    newest_ns: int
    """When anything in it had last changed, by its file system's clock."""


@dataclass
class Emptied:
    """What became of it."""

    removed: int = 0
    """Things of the trash that are gone."""
    kept: int = 0
    """Things of the trash that had changed, or in which something had."""
    errors: list[str] = field(default_factory=list)
    error_count: int = 0

    def failed(self, error: OSError) -> None:
        """Note what could not be removed."""
        self.error_count += 1
        if len(self.errors) < 5:
            self.errors.append(os.strerror(error.errno) if error.errno else str(error))


class Stopped(Exception):
    """It was told to stop; what was removed until then is gone."""


def empty(
    trash: Trash,
    files: Identity,
    doomed: Iterable[Doomed],
    stopped: Callable[[], bool],
    emptied: Emptied,
) -> None:
    """Remove what is ``doomed`` from the trash, whose folder of files is ``files``.

    ``emptied`` is told as it goes. Raises OSError where the trash is not the one that was planned,
    and Stopped.
    """
    fd = open_folder(trash.files, to_list=True)
    try:
        if not Identity.of(os.fstat(fd)).same_inode(files):
            raise FileNotFoundError("The trash is another folder than the one of the plan.")
        with contextlib.ExitStack() as opened:
            info = _opened_info(opened, trash)
            remover = _Remover(fd, files.device, stopped, emptied)
            for each in doomed:
                remover.remove(each, info)
    finally:
        os.close(fd)


def _opened_info(opened: contextlib.ExitStack, trash: Trash) -> int | None:
    """None where there is none: the trash of some program that does not follow the rules."""
    try:
        fd = open_folder(trash.info)
    except OSError:
        return None
    opened.callback(os.close, fd)
    return fd


@dataclass
class _Frame:
    """A folder on the way down: what is still to be done in it, and how to know it again."""

    name: bytes
    identity: Identity
    subfolders: list[bytes]


@dataclass
class _Remover:
    files: int
    device: int
    stopped: Callable[[], bool]
    emptied: Emptied
    linked: set[int] = field(default_factory=set)
    """Inodes one of whose names we removed: that changed them, and so nobody else may have."""

    def remove(self, doomed: Doomed, info: int | None) -> None:
        name = doomed.trashed.name
        if self.stopped():
            raise Stopped
        now = identity_at(name, self.files)
        if now is None:
            return
        if now != doomed.trashed.identity or now.device != self.device:
            self.emptied.kept += 1
            return
        failures = self.emptied.error_count
        try:
            whole = self._remove_folder(name, doomed.newest_ns) if now.is_folder else True
            if not now.is_folder:
                os.unlink(name, dir_fd=self.files)
        except OSError as error:
            self.emptied.failed(error)
            return
        if not whole:
            self.emptied.kept += self.emptied.error_count == failures
            return
        self.emptied.removed += 1
        if info is not None:
            with contextlib.suppress(OSError):
                # It is for people to see from where a thing came, and that thing is gone.
                os.unlink(name + INFO_SUFFIX, dir_fd=info)

    def _remove_folder(self, name: bytes, newest_ns: int) -> bool:
        """Whether all of it is gone. Only one folder is open at a time, however deep it is."""
        fd = os.open(name, _FOLDER, dir_fd=self.files)
        try:
            frames = [self._frame(name, fd, newest_ns)]
            while True:
                frame = frames[-1]
                if frame.subfolders:
                    below = frame.subfolders.pop()
                    child = self._open_below(below, fd)
                    if child is not None:
                        os.close(fd)
                        fd = child
                        frames.append(self._frame(below, fd, newest_ns))
                    continue
                frames.pop()
                above = self._open_above(fd, frames)
                os.close(fd)
                fd = above
                gone = self._rmdir(frame.name, fd)
                if not frames:
                    return gone
        finally:
            os.close(fd)

    def _open_below(self, name: bytes, fd: int) -> int | None:
        try:
            child = os.open(name, _FOLDER, dir_fd=fd)
        except OSError as error:
            self.emptied.failed(error)
            return None
        if os.fstat(child).st_dev != self.device:
            os.close(child)
            return None
        return child

    def _open_above(self, fd: int, frames: list[_Frame]) -> int:
        if not frames:
            return os.dup(self.files)
        above = os.open(b"..", _FOLDER, dir_fd=fd)
        if not Identity.of(os.fstat(above)).same_inode(frames[-1].identity):
            os.close(above)
            raise FileNotFoundError("A folder was moved while it was emptied.")
        return above

    def _frame(self, name: bytes, fd: int, newest_ns: int) -> _Frame:
        """Remove the files of a folder; its subfolders are left to be done."""
        status = os.fstat(fd)
        if status.st_mode & stat.S_IRWXU != stat.S_IRWXU:
            # Package caches are full of read-only folders, which could not be emptied.
            with contextlib.suppress(OSError):
                os.fchmod(fd, stat.S_IRWXU)
        subfolders: list[bytes] = []
        while True:
            removed = 0
            failures: list[OSError] = []
            subfolders.clear()
            with os.scandir(fd) as entries:
                for entry in entries:
                    if self.stopped():
                        raise Stopped
                    if entry.is_dir(follow_symlinks=False):
                        subfolders.append(os.fsencode(entry.name))
                    else:
                        removed += self._unlink(os.fsencode(entry.name), fd, newest_ns, failures)
            if not removed:
                # Removing while listing may skip entries: only a list without any is the last.
                for error in failures:
                    self.emptied.failed(error)
                return _Frame(name, Identity.of(status), subfolders)

    def _unlink(self, name: bytes, fd: int, newest_ns: int, failures: list[OSError]) -> bool:
        try:
            status = os.stat(name, dir_fd=fd, follow_symlinks=False)
            if status.st_ctime_ns > newest_ns and status.st_ino not in self.linked:
                return False
            os.unlink(name, dir_fd=fd)
        except FileNotFoundError:
            return False
        except OSError as error:
            failures.append(error)
            return False
        if status.st_nlink > 1:
            self.linked.add(status.st_ino)
        return True

    def _rmdir(self, name: bytes, fd: int) -> bool:
        try:
            os.rmdir(name, dir_fd=fd)
        except OSError as error:
            # Not empty: something in it was kept or could not be removed, as has been noted.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                self.emptied.failed(error)
            return False
        return True
