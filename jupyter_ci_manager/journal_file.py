"""The journal's file: who may read it, how SQLite may write it, and what to do when it is broken.

It knows SQLite and file systems and nothing of operations. Blocking.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime, timezone
from pathlib import Path

BUSY_TIMEOUT_SECONDS = 10.0
MOUNTS = Path("/proc/self/mountinfo")

NETWORK_FILE_SYSTEMS = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs"}
)
"""File systems that several machines may have mounted, or whose memory maps are not shared."""


_OCTAL = re.compile(r"\\([0-7]{3})")
"""How the kernel writes a space, a tab, a line feed and a backslash of a mount point."""


def connect_file(path: Path, *, mounts: Path = MOUNTS) -> sqlite3.Connection:
    """Open, or create, the database for its owner only. Raises OSError or ``sqlite3.Error``.

    Its write-ahead log lets readers read while somebody writes, but needs memory that all processes
    share: where the file system cannot promise that, SQLite's rollback journal is used, which is as
    safe. Source: "Write-Ahead Logging", sqlite.org, section 1 ("does not work over a network").
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=True)
    database = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
    )
    mode = "DELETE" if file_system_of(path, mounts) in NETWORK_FILE_SYSTEMS else "WAL"
    try:
        database.execute(f"PRAGMA journal_mode={mode}")
    except sqlite3.Error:
        database.close()
        raise
    return database


def connect_memory() -> sqlite3.Connection:
    """A database that is gone with the process."""
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


def file_system_of(path: Path, mounts: Path = MOUNTS) -> str | None:
    """The type of the file system that holds ``path``, such as ``ext4``; None where unknown.

    FUSE's many types are all ``fuse``. Source: "/proc/[pid]/mountinfo", proc(5).
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
        resolved = path.resolve()
    except OSError:
        return None
    longest, found = -1, None
    for line in lines:
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 5:
            continue
        mounted_at = Path(_OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[4]))
        length = len(mounted_at.parts)
        if resolved.is_relative_to(mounted_at) and length >= longest:
            longest, found = length, after.split(" ")[0].split(".")[0]
    return found


def move_aside(path: Path) -> Path:
    """Rename a broken database out of the way, keeping it for whoever can repair it."""
    stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S")
    broken = path.with_name(f"{path.name}.broken-{stamp}")
    path.rename(broken)
    for suffix in ("-wal", "-shm"):
        # They belong to the old file: SQLite would apply them to the new one.
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return broken
