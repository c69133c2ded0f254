"""The trash of this user: where it is, what is in it, moving something there.

It follows the "Trash specification", version 1.0, freedesktop.org, as Jupyter Server does through
send2trash, so that all share one trash. Every step goes through folders that are held open and no
link is followed: whatever is swapped meanwhile, nothing else is moved. It must not know plans.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote_from_bytes

from .identity import Identity, identity_at, open_folder

INFO_SUFFIX = b".trashinfo"
NAME_BYTES = 255
"""NAME_MAX of Linux's file systems."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class NotMoved(Exception):
    """It is where it was; the text says why, for a person."""


class SomethingElse(NotMoved):
    """What is there is not what was asked for."""


@dataclass(frozen=True)
class Trash:
    """One trash folder."""

    path: bytes
    """Absolute, without links."""
    top: bytes | None
    """Where its file system is mounted; None for the trash of the home folder."""

    @property
    def files(self) -> bytes:
        """Where what is in the trash lies."""
        return self.path + b"/files"

    @property
    def info(self) -> bytes:
        """Where it is written from where each came."""
        return self.path + b"/info"


@dataclass(frozen=True)
class Trashed:
    """One thing in the trash."""

    name: bytes
    identity: Identity


def home_trash(environ: Mapping[str, str], home: bytes) -> Trash:
    """The trash that is for the home folder's file system. It need not exist yet."""
    data = os.fsencode(environ.get("XDG_DATA_HOME", ""))
    folder = data if data.startswith(b"/") else home + b"/.local/share"
    return Trash(os.path.realpath(folder + b"/Trash"), None)


def trashes_at(top: bytes, user: int) -> Iterator[Trash]:
    """The trashes of a user on another file system that exist and that the specification trusts.

    ``.Trash`` must be a real folder with the sticky bit; both kinds must belong to the user.
    """
    shared, own = os.path.join(top, b".Trash"), str(user).encode()
    if _is_folder(shared, sticky=True):
        yield from _of_user(os.path.join(shared, own), top, user)
    yield from _of_user(os.path.join(top, b".Trash-" + own), top, user)


def new_trash_at(top: bytes, user: int) -> Trash:
    """The trash to make on a file system that has none."""
    return Trash(os.path.join(top, b".Trash-" + str(user).encode()), top)


def trashed_in(trash: Trash) -> list[Trashed]:
    """What is in it now. Raises OSError."""
    fd = open_folder(trash.files, to_list=True)
    try:
        found = []
        for name in os.listdir(fd):
            encoded = os.fsencode(name)
            identity = identity_at(encoded, fd)
            if identity is not None:
                found.append(Trashed(encoded, identity))
        return found
    finally:
        os.close(fd)


def move_to_trash(
    path: bytes, expected: Identity, trash: Trash, now: datetime, user: int
) -> Trashed:
    """Move exactly what was planned, and never across file systems: that would need room.

    Raises SomethingElse where other things are at ``path``, NotMoved for all other trouble.
    """
    folder, name = os.path.split(path)
    try:
        with contextlib.ExitStack() as opened:
            source = _opened(opened, open_folder(folder))
            if identity_at(name, source) != expected:
                raise SomethingElse("It has changed since the plan was made.")
            files, info = _open_trash(opened, trash, user)
            with _reserved(files, info, name, _info_of(path, trash, now)) as as_name:
                os.rename(name, as_name, src_dir_fd=source, dst_dir_fd=files)
                arrived = identity_at(as_name, files)
                if arrived is None or not arrived.same_inode(expected):
                    raise _put_back(source, name, files, as_name)
                return Trashed(as_name, arrived)
    except OSError as error:
        raise NotMoved(_in_words(error, trash)) from error


def _put_back(source: int, name: bytes, files: int, as_name: bytes) -> NotMoved:
    """Undo a move of what took the planned thing's place in the very last moment."""
    if identity_at(name, source) is not None:
        return KeptInTrash(
            "Something else took its place at that moment. It is in the trash, and can be restored."
        )
    os.rename(as_name, name, src_dir_fd=files, dst_dir_fd=source)
    return SomethingElse("Something else took its place; it was left there.")


class KeptInTrash(NotMoved):
    """Something was moved, and could not be moved back."""


@contextlib.contextmanager
def _reserved(files: int, info: int, name: bytes, text: bytes) -> Iterator[bytes]:
    """A name that is free in the trash, taken by its info file as the specification wants it."""
    for candidate in _names(name):
        if identity_at(candidate, files) is not None:
            continue
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            fd = os.open(candidate + INFO_SUFFIX, flags, 0o600, dir_fd=info)
        except FileExistsError:
            continue
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(text)
            yield candidate
        except KeptInTrash:
            raise
        except BaseException:
            # Also where the disk is full: an info file without a file would be litter.
            os.unlink(candidate + INFO_SUFFIX, dir_fd=info)
            raise
        return
    raise NotMoved("The trash has too many things of that name.")


def _names(name: bytes) -> Iterator[bytes]:
    stem, extension = os.path.splitext(name)
    for number in range(10_000):
        mark = b" " + str(number).encode() if number else b""
        room = NAME_BYTES - len(INFO_SUFFIX) - len(mark)
        ending = extension[:room]
        yield stem[: room - len(ending)] + mark + ending


def _info_of(path: bytes, trash: Trash, now: datetime) -> bytes:
    place = os.path.relpath(path, trash.top) if trash.top is not None else path
    when = now.astimezone().strftime("%Y-%m-%dT%H:%M:%S")
    return f"[Trash Info]\nPath={quote_from_bytes(place)}\nDeletionDate={when}\n".encode()


def _open_trash(opened: contextlib.ExitStack, trash: Trash, user: int) -> tuple[int, int]:
    parent, name = os.path.split(trash.path)
    if trash.top is None:
        # The specification has it made where it is missing, with the folders above it.
        os.makedirs(parent, mode=0o700, exist_ok=True)
    above = _opened(opened, open_folder(parent))
    fd = _opened(opened, _made_folder(name, above))
    if os.fstat(fd).st_uid != user:
        raise NotMoved("The trash there belongs to another user.")
    return (
        _opened(opened, _made_folder(b"files", fd)),
        _opened(opened, _made_folder(b"info", fd)),
    )


def _made_folder(name: bytes, above: int) -> int:
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=above)
    return os.open(name, _FOLDER, dir_fd=above)


def _opened(stack: contextlib.ExitStack, fd: int) -> int:
    stack.callback(os.close, fd)
    return fd


def _of_user(path: bytes, top: bytes, user: int) -> Iterator[Trash]:
    if _is_folder(path, owner=user):
        yield Trash(path, top)


def _is_folder(path: bytes, *, sticky: bool = False, owner: int | None = None) -> bool:
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return (
        stat.S_ISDIR(status.st_mode)
        and (not sticky or bool(status.st_mode & stat.S_ISVTX))
        and owner in (None, status.st_uid)
    )


def _in_words(error: OSError, trash: Trash) -> str:
    if error.errno == errno.ENOSPC:
        return (
            "The disk is too full even to note in the trash from where it came. "
            "Clean up with one of the other steps first."
        )
    if error.errno == errno.EXDEV:
        return "It lies on another file system than the trash, and copying it would need room."
    if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENOENT):
        return "A folder on the way to it was moved or replaced by a link."
    return f"{os.strerror(error.errno or 0)}."
