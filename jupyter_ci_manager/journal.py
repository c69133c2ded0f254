"""The operations of one user in SQLite: one database that servers, kernels and command lines share.

Blocking; ``journal_thread.py`` calls it on a thread of its own. It knows no Azure, no event loop
and no file: ``journal_file.py`` opens it. Rows that are being worked on have an owner with a lease.
A row whose owner is gone can be claimed by exactly one other process, which is what makes a kill -9
lose nothing and repeat nothing (docs/decisions/0023).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sqlite3
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timezone

from . import journal_moves
from .journal_moves import Departure
from .journal_rows import COLUMNS, operations_in, row_of
from .models import Operation, OperationStep

SCHEMA_VERSION = 1
"""Raised only by a change that an older version could not live with; columns may be added."""
LEASE_SECONDS = 30.0
KEEP_FINISHED = 200
"""Finished operations beyond this many are forgotten, oldest first."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS operations (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  state TEXT NOT NULL,
  message TEXT NOT NULL,
  progress REAL,
  error TEXT,
  cancellable INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT,
  revision INTEGER NOT NULL DEFAULT 0,
  checkpoint BLOB NOT NULL,
  owner TEXT,
  owner_host TEXT,
  owner_pid INTEGER,
  lease_until REAL NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  detail TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS one_active_operation_per_target
  ON operations (workspace_id COLLATE NOCASE, target COLLATE NOCASE)
  WHERE state IN ('queued', 'running');
CREATE INDEX IF NOT EXISTS operations_by_change ON operations (changed);
CREATE TABLE IF NOT EXISTS steps (
  operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
  time TEXT NOT NULL,
  message TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS steps_by_operation ON steps (operation_id);
CREATE TABLE IF NOT EXISTS cancellations (
  operation_id TEXT PRIMARY KEY REFERENCES operations (id) ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS changes (newest INTEGER NOT NULL);
INSERT INTO changes SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM changes);
"""

_ADDED = {"detail": "TEXT"}
"""Columns that a file of an older version lacks."""

_ACTIVE = "state IN ('queued', 'running')"
_NEXT_CHANGE = "UPDATE changes SET newest = newest + 1"


class AlreadyActive(Exception):
    """Another operation is active on the same target; ``operation_id`` says which."""

    def __init__(self, operation_id: str) -> None:
        super().__init__(operation_id)
        self.operation_id = operation_id


class OwnershipLost(Exception):
    """Another process has claimed the operation, or it was removed: stop working on it."""


class NewerJournal(Exception):
    """A newer version of this package wrote the database in a way that this one must not touch."""


class Journal:
    """Operations and their history in one SQLite database.

    ``database`` is in autocommit mode (``isolation_level=None``); ``now`` gives aware UTC times;
    ``alone`` says that no other process can see the database. Raises NewerJournal, and
    ``sqlite3.Error`` from every method.
    """

    def __init__(
        self,
        database: sqlite3.Connection,
        now: Callable[[], datetime],
        *,
        alone: bool = False,
    ) -> None:
        self._now = now
        self._alone = alone
        self.owner = secrets.token_hex(8)
        self._host = socket.gethostname()
        self._db = database
        version: int = database.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise NewerJournal(f"its format is {version}, this version knows {SCHEMA_VERSION}")
        database.execute("PRAGMA foreign_keys=ON")
        database.executescript(_SCHEMA)
        _add_columns(database)
        if alone:
            journal_moves.count_from(database, lambda: now().timestamp())
        if version < SCHEMA_VERSION:
            database.execute(f"PRAGMA user_version={SCHEMA_VERSION}")

    def close(self) -> None:
        """Give up all leases, so that another process can go on at once, and close the database."""
        try:
            self._db.execute("UPDATE operations SET lease_until = 0 WHERE owner = ?", (self.owner,))
        finally:
            self._db.close()

    def moved_to_memory(self, database: sqlite3.Connection) -> tuple[Journal, Departure]:
        """The same journal, for the same owner, in a database of its own that is still empty."""
        moved = Journal(database, self._now, alone=True)
        moved.owner = self.owner
        return moved, journal_moves.leave(self._db, database, self.owner)

    def moved_to_file(self, database: sqlite3.Connection, departure: Departure | None) -> Journal:
        """The same journal in the file again, with all that happened since it left it.

        Raises NewerJournal and ``sqlite3.Error``; then the file is as it was.
        """
        moved = Journal(database, self._now)
        moved.owner = self.owner
        with moved._transaction():
            journal_moves.come_back(
                self._db,
                database,
                self.owner,
                departure,
                self._now().timestamp() + LEASE_SECONDS,
            )
        return moved

    def wait_for_others(self, seconds: float) -> None:
        """For how long a database that another process has locked is waited for."""
        self._db.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")

    def abandon(self) -> None:
        """Close a database that no longer works, or is no longer needed, and leave it as it is."""
        self._db.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        except BaseException:
            # On a full disk SQLite has already rolled back by itself.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def add(self, operation: Operation, checkpoint: bytes) -> None:
        """Record an operation as ours before anything is done. Raises AlreadyActive."""
        with self._transaction() as db:
            busy = db.execute(
                "SELECT id FROM operations WHERE workspace_id = ? COLLATE NOCASE"
                f" AND target = ? COLLATE NOCASE AND {_ACTIVE}",
                (operation.workspace_id, operation.target),
            ).fetchone()
            if busy is not None and operation.state in ("queued", "running"):
                raise AlreadyActive(busy[0])
            db.execute(_NEXT_CHANGE)
            self._insert(operation, checkpoint)
            db.execute(
                f"DELETE FROM operations WHERE NOT {_ACTIVE} AND id NOT IN (SELECT id FROM"
                f" operations WHERE NOT {_ACTIVE} ORDER BY created_at DESC LIMIT ?)",
                (KEEP_FINISHED,),
            )

    def update(
        self, operation: Operation, checkpoint: bytes | None = None, transient: bool = False
    ) -> None:
        """Write an operation that is ours; a transient message is not kept in its history.

        Raises OwnershipLost.
        """
        with self._transaction() as db:
            before = db.execute(
                "SELECT message FROM operations WHERE id = ? AND owner = ?",
                (operation.id, self.owner),
            ).fetchone()
            if before is None and not self._alone:
                raise OwnershipLost(operation.id)
            db.execute(_NEXT_CHANGE)
            if before is None:
                # Its row was lost with the file that could not be read any more.
                self._insert(operation, checkpoint or b"")
                return
            db.execute(
                f"UPDATE operations SET ({COLUMNS}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?),"
                " checkpoint = coalesce(?, checkpoint), (owner, owner_host, owner_pid, lease_until)"
                " = (?, ?, ?, ?), changed = (SELECT newest FROM changes) WHERE id = ?",
                (*row_of(operation), checkpoint, *self._lease(), operation.id),
            )
            if before[0] != operation.message and not transient:
                self._add_step(operation)

    def renew(self) -> None:
        """Extend the leases of all that is ours and active."""
        self._db.execute(
            f"UPDATE operations SET lease_until = ? WHERE owner = ? AND {_ACTIVE}",
            (self._now().timestamp() + LEASE_SECONDS, self.owner),
        )

    def claim_orphans(self, kinds: Collection[str]) -> list[tuple[Operation, bytes]]:
        """Take over active operations of these kinds whose owner is gone, with checkpoints."""
        now = self._now().timestamp()
        with self._transaction() as db:
            candidates = db.execute(
                f"SELECT id, kind, owner_host, owner_pid, lease_until FROM operations"
                f" WHERE {_ACTIVE} AND owner IS NOT ?",
                (self.owner,),
            ).fetchall()
            orphans = [
                identifier
                for identifier, kind, host, pid, lease_until in candidates
                if kind in kinds and (lease_until < now or (host == self._host and not _alive(pid)))
            ]
            for identifier in orphans:
                db.execute(
                    "UPDATE operations SET (owner, owner_host, owner_pid, lease_until)"
                    " = (?, ?, ?, ?) WHERE id = ?",
                    (*self._lease(), identifier),
                )
        rows = [
            row
            for identifier in orphans
            for row in self._db.execute(
                f"SELECT {COLUMNS}, checkpoint FROM operations WHERE id = ?", (identifier,)
            )
        ]
        return [(operation, row[-1]) for row in rows for operation in operations_in([row[:-1]])]

    def get(self, operation_id: str) -> tuple[Operation, list[OperationStep]] | None:
        """An operation with its history; None where there is none that this version can read."""
        rows = self._db.execute(f"SELECT {COLUMNS} FROM operations WHERE id = ?", (operation_id,))
        operation = next(iter(operations_in(rows)), None)
        if operation is None:
            return None
        steps = self._db.execute(
            "SELECT time, message FROM steps WHERE operation_id = ? ORDER BY rowid",
            (operation_id,),
        )
        return operation, [
            OperationStep(time=datetime.fromisoformat(time), message=message)
            for time, message in steps
        ]

    def listed(self, *, active: bool) -> list[Operation]:
        """All operations that this version can read, newest first."""
        where = f"WHERE {_ACTIVE}" if active else ""
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM operations {where} ORDER BY created_at DESC, rowid DESC"
        )
        return operations_in(rows)

    def remove_finished(self, operation_id: str) -> bool:
        """Forget an operation that has ended. False where it is active or unknown."""
        cursor = self._db.execute(
            f"DELETE FROM operations WHERE id = ? AND NOT {_ACTIVE}", (operation_id,)
        )
        return cursor.rowcount == 1

    def ask_to_cancel(self, operation_id: str) -> None:
        """Tell whoever works on the operation that it should end."""
        self._db.execute(
            "INSERT OR IGNORE INTO cancellations SELECT id FROM operations WHERE id = ?",
            (operation_id,),
        )

    def asked_to_cancel(self) -> list[str]:
        """Which active operations of ours should end."""
        rows = self._db.execute(
            "SELECT operation_id FROM cancellations JOIN operations ON id = operation_id"
            f" WHERE owner = ? AND {_ACTIVE}",
            (self.owner,),
        )
        return [operation_id for (operation_id,) in rows]

    def changed_by_others(self, since: int) -> tuple[int, list[Operation]]:
        """What other processes wrote after change number ``since``, and the newest number."""
        newest: int = self._db.execute("SELECT newest FROM changes").fetchone()[0]
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM operations WHERE changed > ? AND owner IS NOT ?"
            " ORDER BY changed",
            (since, self.owner),
        )
        return newest, operations_in(rows)

    def _insert(self, operation: Operation, checkpoint: bytes) -> None:
        self._db.execute(
            f"INSERT INTO operations ({COLUMNS}, checkpoint, owner, owner_host, owner_pid,"
            " lease_until, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " ?, ?, (SELECT newest FROM changes))",
            (*row_of(operation), checkpoint, *self._lease()),
        )
        self._add_step(operation)

    def _lease(self) -> tuple[str, str, int, float]:
        return self.owner, self._host, os.getpid(), self._now().timestamp() + LEASE_SECONDS

    def _add_step(self, operation: Operation) -> None:
        self._db.execute(
            "INSERT INTO steps (operation_id, time, message) VALUES (?, ?, ?)",
            (operation.id, self._now().isoformat(), operation.message),
        )


def _add_columns(database: sqlite3.Connection) -> None:
    present = {row[1] for row in database.execute("PRAGMA table_info(operations)")}
    for name, type_ in _ADDED.items():
        if name not in present:
            try:
                database.execute(f"ALTER TABLE operations ADD COLUMN {name} {type_}")
            except sqlite3.OperationalError as error:
                # Another process that starts at the same time was faster.
                if "duplicate column" not in str(error):
                    raise


def _alive(pid: int | None) -> bool:
    if pid is None:
        return False
    if os.name == "nt":
        # Signal 0 is Ctrl-C there: leave it to the lease.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def utc_now() -> datetime:
    """The current time, aware and in UTC."""
    return datetime.now(timezone.utc)
