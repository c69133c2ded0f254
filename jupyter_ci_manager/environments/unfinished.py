"""Environments that are being made: marked as such, and removed when they are not finished.

It knows folders and no engine. Everything here blocks.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

MARKER = ".ci-manager-unfinished"
"""A file in a prefix that is being made or changed; it holds the id of the operation."""

_REMOVED = ".removed-by-ci-manager"


def is_there(path: Path) -> bool:
    """Whether anything is at the path, be it a link that leads nowhere."""
    return os.path.lexists(path)


def is_unfinished(prefix: Path) -> bool:
    """Whether work on a prefix has begun and not ended, or was broken off."""
    return (prefix / MARKER).is_file()


def mark(prefix: Path, operation_id: str) -> None:
    """Say that the prefix is not what it looks like. Raises OSError."""
    (prefix / MARKER).write_text(f"{operation_id}\n")


def unmark(prefix: Path) -> None:
    """Say that it is finished."""
    (prefix / MARKER).unlink(missing_ok=True)


def is_marked_by(prefix: Path, operation_id: str) -> bool:
    """Whether it is this operation that has made it and not finished."""
    try:
        return (prefix / MARKER).read_text().strip() == operation_id
    except OSError:
        return False


def moved_away(prefix: Path, operation_id: str) -> Path:
    """Where a prefix goes when it is removed: on the same file system, and no environment."""
    return prefix.parent / f".{prefix.name}{_REMOVED}-{operation_id}"


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those that have nothing in them; whatever anybody has put there stays."""
    with contextlib.suppress(OSError):
        for folder in folders:
            folder.rmdir()


def remove_dangling(prefix: Path) -> None:
    """Remove a link to an environment that is gone: its name would stay taken."""
    if prefix.is_symlink() and not os.path.exists(prefix):  # noqa: PTH110 - a loop is none, too
        prefix.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, also what is write-protected. Raises OSError."""

    def unprotected(function: Callable[[str], object], path: str, _: object) -> None:
        parent = Path(path).parent
        with contextlib.suppress(FileNotFoundError):
            parent.chmod(parent.stat().st_mode | stat.S_IRWXU)
            if not Path(path).is_symlink():
                Path(path).chmod(0o700)
            function(path)

    for _ in range(3):
        if not is_there(folder):
            return
        # Somebody may still write into it, such as a kernel that compiles a module.
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder, onerror=unprotected)
    if is_there(folder):
        shutil.rmtree(folder)


def register(prefix: Path, home: Path) -> None:
    """Note an environment where Conda looks for those that lie anywhere.

    Source: ``conda/core/envs_manager.py``: ``~/.conda/environments.txt``, a path in each line.
    """
    file = home / ".conda" / "environments.txt"
    with contextlib.suppress(OSError):
        # It is a convenience: what is created by name is found without.
        file.parent.mkdir(parents=True, exist_ok=True)
        known = file.read_text().splitlines() if file.exists() else []
        if str(prefix) not in known:
            with file.open("a") as lines:
                lines.write(f"{prefix}\n")


def unregister(prefix: Path, home: Path) -> None:
    """Take an environment off that list."""
    file = home / ".conda" / "environments.txt"
    with contextlib.suppress(OSError):
        known = file.read_text().splitlines()
        kept = [line for line in known if line.strip() != str(prefix)]
        if kept != known:
            partial = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
            partial.write_text("".join(f"{line}\n" for line in kept))
            partial.replace(file)
