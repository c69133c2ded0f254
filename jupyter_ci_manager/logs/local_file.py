"""A log that is a file of this machine, or on a share that is mounted here.

It opens nothing but regular files, and follows no symbolic link below the folder it was given. It
must not know which logs there are.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

from ..errors import LogNotFound, LogUnreachable, StorageForbidden
from ..hang_guard import NoAnswer, Turns
from ..mounts import MOUNTINFO, MountTable
from .stream import StreamState

T = TypeVar("T")

ANSWER_SECONDS = 10.0
"""After so long a share is taken for gone."""

_FILE = (
    os.O_RDONLY
    # A FIFO that took the file's place would wait for somebody who writes.
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER = _FILE | getattr(os, "O_DIRECTORY", 0)
_BY_DESCRIPTOR = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")

_GONE = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EISDIR, errno.ENXIO, errno.ENAMETOOLONG}
)
"""Nothing of that name, or something that is no file: a link, a folder, a socket."""


class LocalFile:
    """Reads ``parts`` below ``root``, which itself may be reached through links.

    ``turns`` makes the calls; all files of one share have the same. The file is opened anew each
    time: that is when a network file system asks its server (nfs(5), "Close-to-open cache
    consistency"; mount.cifs(8), ``actimeo``), and a file that took its place is seen.
    """

    def __init__(
        self, root: Path, parts: Sequence[str], turns: Turns, *, mounts: Path = MOUNTINFO
    ) -> None:
        self._root = root
        self._parts = tuple(parts)
        self._turns = turns
        self._mounts = mounts
        self._network: bool | None = None
        self._watched: Path | None = None

    @property
    def key(self) -> str:
        """The same for all who read this file."""
        return "\0".join(("file", str(self._root), *self._parts))

    @property
    def watched(self) -> Path | None:
        """The file, where its file system tells of changes; known once ``state`` has answered."""
        return self._watched

    async def state(self) -> StreamState:
        """How it is now. Raises LogNotFound, LogUnreachable or StorageForbidden."""
        return await self._called(self._state)

    async def read(self, offset: int, length: int) -> bytes:
        """At most so many bytes from there. Raises as ``state`` does."""
        return await self._called(lambda: self._read(offset, length))

    async def _called(self, function: Callable[[], T]) -> T:
        name = "/".join(self._parts)
        try:
            return await self._turns.call(function)
        except NoAnswer as error:
            raise LogUnreachable(
                f"Where {name} is kept, {self._root}, has not answered for {error.seconds:.0f} s."
            ) from None
        except PermissionError as error:
            raise StorageForbidden(
                f"{name} in {self._root} may not be read: {error.strerror}.",
                hint="Ask its owner to let the user read it whom Jupyter runs as.",
            ) from error
        except OSError as error:
            if error.errno in _GONE:
                raise LogNotFound(f"There is no log {name} in {self._root}.") from error
            raise LogUnreachable(
                f"{name} in {self._root} cannot be read: {error.strerror or error}."
            ) from error
        except ValueError as error:
            # A name with a zero byte in it.
            raise LogNotFound(f"There is no log {name!r}.") from error

    # --- on a thread ----------------------------------------------------------------------------

    def _state(self) -> StreamState:
        if self._network is None:
            self._look_up_mount()
        with self._opened() as (_, status):
            return StreamState(
                size=status.st_size,
                # A network file system may give a file another number at any time (mount.cifs(8),
                # ``noserverino``; FUSE): there only the content tells.
                identity="" if self._network else f"{status.st_dev}:{status.st_ino}",
                modified_at=datetime.fromtimestamp(status.st_mtime, timezone.utc),
            )

    def _look_up_mount(self) -> None:
        path = os.path.realpath(self._root.joinpath(*self._parts))
        mount = MountTable.read(self._mounts).holding(path)
        self._network = mount is not None and mount.network
        self._watched = None if self._network else Path(path)

    def _read(self, offset: int, length: int) -> bytes:
        with self._opened() as (file, _):
            # Not pread(): Windows has none, and nobody else has this descriptor.
            os.lseek(file, offset, os.SEEK_SET)
            first = os.read(file, length)
            if len(first) in (0, length):
                return first
            pieces, missing = [first], length - len(first)
            while missing and (piece := os.read(file, missing)):
                pieces.append(piece)
                missing -= len(piece)
            return b"".join(pieces)

    @contextmanager
    def _opened(self) -> Iterator[tuple[int, os.stat_result]]:
        """The file's descriptor and status. Raises OSError, also where it is no regular file."""
        file = self._open_by_parts() if _BY_DESCRIPTOR else self._open_by_path()
        try:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.ENXIO, "it is no regular file")
            yield file, status
        finally:
            os.close(file)

    def _open_by_parts(self) -> int:
        *folders, name = self._parts
        folder = os.open(self._root, _FOLDER & ~os.O_NOFOLLOW)
        try:
            for each in folders:
                inner = os.open(each, _FOLDER, dir_fd=folder)
                os.close(folder)
                folder = inner
            # Opening a device may already do something: it is looked at before.
            if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                raise OSError(errno.ENXIO, "it is no regular file")
            return os.open(name, _FILE, dir_fd=folder)
        finally:
            os.close(folder)

    def _open_by_path(self) -> int:
        """The same where nothing can be opened from a folder: links are looked for before."""
        path = self._root
        for each in self._parts:
            path = path / each
            if path.is_symlink():
                raise OSError(errno.ELOOP, "it is a link")
        if not path.is_file():
            raise OSError(errno.ENXIO, "it is no regular file")
        return os.open(path, _FILE)
