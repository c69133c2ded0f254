"""The notebook share as it is mounted on a compute instance: listed, read and written there.

Nothing leads out of it: every part of a path is opened by itself and no symbolic link is followed,
and nothing but plain files and folders is opened. A share that hangs keeps nobody's event loop.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

from ..errors import InvalidLogName, LogUnreachable, ScriptExists, StorageForbidden
from ..hang_guard import NoAnswer, Turns
from ..models import LogSource, ShareEntry, Workspace
from ..share_paths import child_of
from .local_file import ANSWER_SECONDS, LocalFile
from .sources import (
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_FILES,
    MAX_FOLDERS,
    FolderListing,
    Listing,
    SharedFile,
)
from .stream import LogStream

T = TypeVar("T")

_ROOT = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_FOLDER = _ROOT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
"""What opening says of a folder that is not there, or is something else."""
_NO_FOLDER = frozenset({errno.ENOTDIR, errno.ELOOP, errno.EISDIR})
AVAILABLE = os.open in os.supports_dir_fd and hasattr(os, "fwalk")
"""Not on Windows, which no compute instance runs."""


class MountedShare:
    """The notebook share below the first of some folders that is there."""

    source: LogSource = "mounted_share"

    def __init__(self, places: tuple[Path, ...], *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._places = places
        self._turns = Turns(answer_seconds)
        self._root = places[0]

    async def close(self) -> None:
        """Nothing to close."""

    async def is_there(self) -> bool:
        """Whether it is mounted here. Raises LogUnreachable where that cannot be told."""
        if not AVAILABLE:
            return False
        found = await self._called(lambda: next(filter(_is_folder, self._places), None))
        if found is not None:
            self._root = found
        return found is not None

    async def place(self, workspace: Workspace, folder: str) -> str:
        """The folder's path on this machine."""
        return str(self._root / folder)

    async def files(self, workspace: Workspace, folder: str) -> Listing:
        """All plain files below a folder."""
        root = self._root
        return await self._called(lambda: _listed(root, folder))

    async def folder(self, workspace: Workspace, path: str) -> FolderListing | None:
        """Files and folders of one folder."""
        root = self._root
        return await self._called(lambda: _folder_of(root, path))

    def stream(self, workspace: Workspace, path: str) -> LogStream:
        """A file, to be read."""
        return LocalFile(self._root, path.split("/"), self._turns)

    async def write(self, workspace: Workspace, path: str, data: bytes, *, overwrite: bool) -> None:
        """Write a file that is either whole or not there. Raises ScriptExists."""
        root = self._root
        try:
            await self._called(lambda: _write(root, path, data, overwrite=overwrite))
        except FileExistsError:
            raise ScriptExists(
                f"{path} is already in the notebook share.", details={"path": path}
            ) from None

    async def _called(self, function: Callable[[], T]) -> T:
        try:
            return await self._turns.call(function)
        except NoAnswer as silence:
            raise LogUnreachable(
                f"{self._root} has not answered for {silence.seconds:.0f} s."
            ) from None
        except FileExistsError:
            raise
        except PermissionError as error:
            raise StorageForbidden(
                f"{self._root} refuses: {error.strerror}.",
                hint="Ask its owner for the rights of the user whom Jupyter runs as.",
            ) from error
        except OSError as error:
            if error.errno in _NO_FOLDER:
                raise InvalidLogName(
                    "The path leads through what is no folder of the share, or is a folder itself."
                ) from error
            raise LogUnreachable(
                f"{self._root} cannot be used: {error.strerror or error}."
            ) from error


# --- on a thread ------------------------------------------------------------------------------


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


@contextlib.contextmanager
def _opened(root: Path, folder: str, *, make: bool = False) -> Iterator[int]:
    """A folder of the share, gone to part by part; those that are missing are made if said."""
    current = os.open(root, _ROOT)
    try:
        for name in folder.split("/") if folder else ():
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, dir_fd=current)
            inner = os.open(name, _FOLDER, dir_fd=current)
            os.close(current)
            current = inner
        yield current
    finally:
        os.close(current)


def _listed(root: Path, folder: str) -> Listing:
    files: list[SharedFile] = []
    trouble: list[OSError] = []
    truncated = False
    try:
        with _opened(root, folder) as top:
            walk = os.fwalk(".", dir_fd=top, follow_symlinks=False, onerror=trouble.append)
            for seen, (at, folders, names, here) in enumerate(walk, 1):
                below = "" if at == "." else at[2:]
                if below.count("/") + bool(below) >= MAX_DEPTH or seen >= MAX_FOLDERS:
                    truncated = truncated or bool(folders)
                    folders.clear()
                for name in names:
                    if len(files) >= MAX_FILES:
                        return Listing(files, truncated=True)
                    file = _file(here, below, name)
                    if file is not None:
                        files.append(file)
    except OSError as error:
        if error.errno in _NOT_THERE and root.is_dir():
            return Listing([])
        raise
    return Listing(files, truncated=truncated or bool(trouble))


def _folder_of(root: Path, path: str) -> FolderListing | None:
    """None where there is no such folder."""
    found: list[ShareEntry] = []
    try:
        with _opened(root, path) as here, os.scandir(here) as entries:
            for entry in entries:
                if len(found) >= MAX_ENTRIES:
                    return FolderListing(found, truncated=True)
                item = _entry(path, entry)
                if item is not None:
                    found.append(item)
    except OSError as error:
        if error.errno in _NOT_THERE and root.is_dir():
            return None
        raise
    return FolderListing(found)


def _entry(folder: str, entry: os.DirEntry[str]) -> ShareEntry | None:
    """None for what is neither file nor folder, has gone meanwhile or has an impossible name."""
    path = child_of(folder, entry.name)
    if path is None:
        return None
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    modified_at = datetime.fromtimestamp(status.st_mtime, timezone.utc)
    if stat.S_ISDIR(status.st_mode):
        return ShareEntry(entry.name, path, "folder", modified_at=modified_at)
    if stat.S_ISREG(status.st_mode):
        return ShareEntry(entry.name, path, "file", status.st_size, modified_at)
    return None


def _file(folder: int, below: str, name: str) -> SharedFile | None:
    """None for all that is no plain file, or has gone meanwhile."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return SharedFile(
        f"{below}/{name}" if below else name,
        status.st_size,
        datetime.fromtimestamp(status.st_mtime, timezone.utc),
        str(status.st_ino),
    )


def _write(root: Path, path: str, data: bytes, *, overwrite: bool) -> None:
    """Raises FileExistsError where there is one that is not to be overwritten."""
    folder, _, name = path.rpartition("/")
    with _opened(root, folder, make=True) as here:
        if not overwrite:
            # CIFS has no hard links: only making it by its own name tells whether it was there.
            _make(here, name, data)
            return
        with contextlib.suppress(FileNotFoundError):
            there = os.stat(name, dir_fd=here, follow_symlinks=False)
            if not stat.S_ISREG(there.st_mode):
                raise OSError(errno.EISDIR, "it is no plain file")
        made = f".{name[:64]}.{secrets.token_hex(8)}"
        _make(here, made, data)
        try:
            os.replace(made, name, src_dir_fd=here, dst_dir_fd=here)
        except OSError:
            os.unlink(made, dir_fd=here)
            raise


def _make(folder: int, name: str, data: bytes) -> None:
    file = os.open(name, _NEW, 0o666, dir_fd=folder)
    try:
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(file, left) :]
            os.fsync(file)
        finally:
            # A network file system says only here that there was no room.
            os.close(file)
    except OSError:
        os.unlink(name, dir_fd=folder)
        raise
