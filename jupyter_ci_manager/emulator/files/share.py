"""A file share that is a directory of this machine: what is in it, and how it changes.

Knows no HTTP. Names are found in any case, as in Azure ("Naming and referencing shares,
directories, files, and metadata"). Links, devices and pipes are not served, and no path leads out
of the directory. All of it may block: it is for threads.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from .errors import (
    DirectoryNotEmpty,
    InvalidRange,
    InvalidResourceName,
    InvalidUri,
    ParentNotFound,
    ResourceAlreadyExists,
    ResourceNotFound,
    ResourceTypeMismatch,
)

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"\\:|<>*?\ud800-\udfff￾￿]')
LONGEST_NAME = 255
DEEPEST_PATH = 250


@dataclass(frozen=True)
class Entry:
    """A file or a directory of the share at one moment."""

    name: str
    path: Path
    status: os.stat_result
    created_at: datetime

    @property
    def is_directory(self) -> bool:
        """Or else a file."""
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def size(self) -> int:
        """Bytes."""
        return self.status.st_size

    @property
    def written_at(self) -> datetime:
        """When it changed last."""
        return datetime.fromtimestamp(self.status.st_mtime, timezone.utc)

    @property
    def changed_at(self) -> datetime:
        """When it or what is known of it changed last."""
        return datetime.fromtimestamp(self.status.st_ctime, timezone.utc)

    @property
    def etag(self) -> str:
        """Another one after each change."""
        status = self.status
        return f'"0x{status.st_mtime_ns:X}{status.st_ino & 0xFFFF:X}{status.st_size:X}"'

    @property
    def file_id(self) -> str:
        """The same as long as it is the same file."""
        return str(self.status.st_ino)


class FileShare:
    """A share and the directory that holds it."""

    def __init__(self, name: str, directory: Path) -> None:
        self.name = name
        self.directory = directory
        self._seen: dict[tuple[int, int], datetime] = {}

    def entry(self, path: str) -> Entry:
        """What is there. Raises ResourceNotFound, InvalidUri and InvalidResourceName."""
        found = self._find(path)
        if found is None:
            raise ResourceNotFound
        return found

    def file(self, path: str) -> Entry:
        """The file there. Raises ResourceTypeMismatch and as ``entry`` does."""
        return self._of_kind(path, directory=False)

    def folder(self, path: str) -> Entry:
        """The directory there. Raises ResourceTypeMismatch and as ``entry`` does."""
        return self._of_kind(path, directory=True)

    def children(self, path: str) -> list[Entry]:
        """What is in a directory, by name. Raises as ``folder`` does."""
        folder = self.folder(path)
        return sorted(self._served(folder.path), key=lambda entry: entry.name.casefold())

    def read(self, path: str, start: int, length: int) -> bytes:
        """At most so many bytes. Raises as ``file`` does."""
        with self.file(path).path.open("rb") as opened:
            opened.seek(start)
            return opened.read(length)

    def create_file(self, path: str, size: int, data: bytes = b"") -> Entry:
        """Put a file of zeros there, in place of one that is there, which begins with ``data``.

        Raises ParentNotFound, ResourceTypeMismatch, InvalidUri and InvalidResourceName.
        """
        target = self._target(path)
        existing = self._find(path)
        if existing is not None:
            target = self.file(path).path
            target.unlink()
        with target.open("xb") as opened:
            opened.truncate(size)
            opened.write(data[:size])
        return self.file(path)

    def create_folder(self, path: str) -> Entry:
        """Make a directory. Raises ResourceAlreadyExists and as ``create_file`` does."""
        target = self._target(path)
        if self._find(path) is not None:
            raise ResourceAlreadyExists
        target.mkdir()
        return self.folder(path)

    def write(self, path: str, start: int, data: bytes) -> Entry:
        """Write within a file. Raises InvalidRange beyond its end, and as ``file`` does."""
        entry = self.file(path)
        if start + len(data) > entry.size:
            raise InvalidRange
        with entry.path.open("r+b") as opened:
            opened.seek(start)
            opened.write(data)
        return self.file(path)

    def resize(self, path: str, size: int) -> Entry:
        """Cut a file off or let it end in zeros. Raises as ``file`` does."""
        os.truncate(self.file(path).path, size)
        return self.file(path)

    def append(self, path: str, data: bytes) -> Entry:
        """Let a file grow; it and the directories it needs are made. Not something Azure has."""
        parts = _parts(path)
        for depth in range(1, len(parts)):
            with contextlib.suppress(ResourceAlreadyExists):
                self.create_folder("/".join(parts[:depth]))
        target = self._target(path) if self._find(path) is None else self.file(path).path
        with target.open("ab") as opened:
            opened.write(data)
        return self.file(path)

    def replace(self, path: str, data: bytes) -> Entry:
        """Put another file in the place of one, as a rotation does. Raises as ``append`` does."""
        if self._find(path) is not None:
            self.delete_file(path)
        return self.append(path, data)

    def rename(self, source: str, path: str, *, replace: bool) -> Entry:
        """Give a file another path, at once or not at all, whoever else wants that path.

        Raises ResourceAlreadyExists, and as ``file`` and ``create_file`` do.
        """
        moved, target = self.file(source).path, self._target(path)
        existing = self._find(path)
        if existing is not None:
            target = self.file(path).path
        if replace:
            moved.replace(target)
            return self.file(path)
        try:
            os.link(moved, target)
        except FileExistsError as error:
            raise ResourceAlreadyExists from error
        moved.unlink()
        return self.file(path)

    def delete_file(self, path: str) -> None:
        """Raises as ``file`` does."""
        self.file(path).path.unlink()

    def delete_folder(self, path: str) -> None:
        """Raises DirectoryNotEmpty, InvalidUri for the share itself, and as ``folder`` does."""
        if not _parts(path):
            raise InvalidUri
        try:
            self.folder(path).path.rmdir()
        except OSError as error:
            raise DirectoryNotEmpty from error

    def _of_kind(self, path: str, *, directory: bool) -> Entry:
        entry = self.entry(path)
        if entry.is_directory is not directory:
            raise ResourceTypeMismatch
        return entry

    def _target(self, path: str) -> Path:
        """Where something new may be put."""
        parts = _parts(path)
        if not parts:
            raise InvalidUri
        parent = self._find("/".join(parts[:-1]))
        if parent is None or not parent.is_directory:
            raise ParentNotFound
        target = parent.path / parts[-1]
        if os.path.lexists(target) and self._look_at(target, parts[-1]) is None:
            raise ResourceTypeMismatch
        return target

    def _find(self, path: str) -> Entry | None:
        found = self._look_at(self.directory, "")
        for part in _parts(path):
            if found is None or not found.is_directory:
                return None
            inside = found.path
            found = self._look_at(inside / part, part) or next(
                (each for each in self._served(inside) if each.name.casefold() == part.casefold()),
                None,
            )
        return found

    def _served(self, folder: Path) -> Iterator[Entry]:
        """Files and directories whose names Azure could have; nothing of a folder that went."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for path in folder.iterdir():
                known = not _NOT_IN_NAMES.search(path.name)
                entry = self._look_at(path, path.name) if known else None
                if entry is not None:
                    yield entry

    def _look_at(self, path: Path, name: str) -> Entry | None:
        try:
            status = path.lstat() if name else path.stat()
        except OSError:
            return None
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            return None
        written_at = datetime.fromtimestamp(status.st_mtime, timezone.utc)
        created_at = self._seen.setdefault((status.st_dev, status.st_ino), written_at)
        return Entry(name, path, status, min(created_at, written_at))


def _parts(path: str) -> list[str]:
    """Raises InvalidUri and InvalidResourceName."""
    parts = [part for part in path.split("/") if part]
    if len(parts) > DEEPEST_PATH or any(part in (".", "..") for part in parts):
        raise InvalidUri
    if any(len(part) > LONGEST_NAME or _NOT_IN_NAMES.search(part) for part in parts):
        raise InvalidResourceName
    return parts
