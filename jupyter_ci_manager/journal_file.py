"""The journal's file: who may read it, how SQLite may write it, and what to do when it is broken.

It knows SQLite and file systems and nothing of operations. Blocking.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timezone
from pathlib import Path

from .mounts import MOUNTINFO, MountTable

BUSY_TIMEOUT_SECONDS = 10.0
LOG_PAGES = 100
"""After so many, 400 KB, the write-ahead log goes into the database. SQLite's own 1000 would be
larger than the journal itself, and room that a full disk does not have."""
LOG_BYTES = 1_000_000
"""A log that became longer, while somebody read, is cut to this."""


def connect_file(
    path: Path, *, busy_seconds: float = BUSY_TIMEOUT_SECONDS, mounts: Path = MOUNTINFO
) -> sqlite3.Connection:
    """Open, or create, the database for its owner only. Raises OSError or ``sqlite3.Error``.

    Its write-ahead log lets readers read while somebody writes, but needs memory that all processes
    share: where the file system cannot promise that, SQLite's rollback journal is used, which is as
    safe. Source: "Write-Ahead Logging", sqlite.org, section 1 ("does not work over a network").
    """
    make_private(path)
    database = sqlite3.connect(
        path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
    )
    mount = MountTable.read(mounts).holding(str(path.resolve()))
    mode = "DELETE" if mount is not None and mount.network else "WAL"
    try:
        database.execute(f"PRAGMA journal_mode={mode}")
        database.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
        database.execute(f"PRAGMA journal_size_limit={LOG_BYTES}")
    except sqlite3.Error:
        database.close()
        raise
    return database


def make_private(path: Path) -> None:
    """Make the file and its folder, for their owner only, where they are missing.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=True)


def connect_memory() -> sqlite3.Connection:
    """A database that is gone with the process."""
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


def move_aside(path: Path) -> Path:
    """Rename a broken database out of the way, keeping it for whoever can repair it."""
    stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S")
    broken = path.with_name(f"{path.name}.broken-{stamp}")
    path.rename(broken)
    for suffix in ("-wal", "-shm"):
        # They belong to the old file: SQLite would apply them to the new one.
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return broken
