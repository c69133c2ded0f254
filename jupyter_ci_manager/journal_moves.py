"""How a journal leaves a file that cannot be used, and how it comes back when it can.

It knows the tables of ``journal.py`` and two connections, and nothing of what operations are.
Blocking.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

_ACTIVE = "state IN ('queued', 'running')"
_TABLES = ("operations", "steps", "cancellations", "changes")
"""In the order in which they can be filled."""


@dataclass(frozen=True)
class Departure:
    """What the file held when the journal went on without it."""

    finished: frozenset[str]
    """Operations that had ended: news of none of them is brought back."""
    newest_change: int


def leave(file: sqlite3.Connection, memory: sqlite3.Connection, owner: str) -> Departure:
    """Copy all but what other owners work on into ``memory``, which has empty tables.

    Others go on in the file: the copy would not see how, and take them for dead when their lease
    runs out. Raises ``sqlite3.Error``. Rows are read one by one, because ``Connection.backup``
    waits without end for a file that is locked.
    """
    file.execute("BEGIN")
    memory.execute("BEGIN")
    memory.execute("DELETE FROM changes")
    for table in _TABLES:
        columns = _columns(memory, table)
        rows = file.execute(f"SELECT {columns} FROM {table}").fetchall()
        marks = ", ".join("?" * (columns.count(",") + 1))
        memory.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    file.execute("ROLLBACK")
    memory.execute(f"DELETE FROM operations WHERE {_ACTIVE} AND owner IS NOT ?", (owner,))
    memory.execute("COMMIT")
    finished = memory.execute(f"SELECT id FROM operations WHERE NOT {_ACTIVE}")
    return Departure(frozenset(each for (each,) in finished), _newest(memory))


def come_back(
    memory: sqlite3.Connection,
    file: sqlite3.Connection,
    owner: str,
    departure: Departure | None,
    lease_until: float,
) -> None:
    """Write into the file what happened in memory, in a transaction that the caller has begun.

    ``departure`` is None where the file could not even be read. What another process has claimed
    meanwhile is its own, and what it removed stays removed. Raises ``sqlite3.IntegrityError`` while
    another process works on a target that is worked on here too, and other ``sqlite3.Error``.
    """
    # Another file than it was, which never held anything: all that is known goes into it.
    begun_anew = _newest(file) == 0
    finished_then = departure.finished if departure else frozenset()
    number = max(_newest(memory), _newest(file)) + 1
    here = {identifier for (identifier,) in memory.execute("SELECT id FROM operations")}
    if departure is not None and not begun_anew:
        _remove_what_was_removed(file, owner, here, finished_then)
        # Whoever watches has counted on in memory, past what others wrote into the file.
        file.execute(
            "UPDATE operations SET changed = ? WHERE changed > ? AND owner IS NOT ?",
            (number, departure.newest_change, owner),
        )
    news = here if begun_anew else here - finished_then
    columns = _columns(memory, "operations")
    names = columns.split(", ")
    # What has ended goes first: it makes room for the next operation on its target.
    for values in memory.execute(f"SELECT {columns} FROM operations ORDER BY {_ACTIVE}, rowid"):
        row = dict(zip(names, values, strict=True))
        if row["id"] not in news:
            continue
        row |= {"changed": number, "lease_until": lease_until}
        if _written(file, row, owner):
            _add_steps(memory, file, str(row["id"]))
    file.execute("UPDATE changes SET newest = ?", (number,))


def _remove_what_was_removed(
    file: sqlite3.Connection, owner: str, here: set[str], finished_then: frozenset[str]
) -> None:
    ours = file.execute("SELECT id FROM operations WHERE owner = ?", (owner,)).fetchall()
    for identifier in {each for (each,) in ours} - here:
        file.execute("DELETE FROM operations WHERE id = ?", (identifier,))
    for identifier in finished_then - here:
        file.execute(f"DELETE FROM operations WHERE id = ? AND NOT {_ACTIVE}", (identifier,))


def _written(file: sqlite3.Connection, row: dict[str, object], owner: str) -> bool:
    found = file.execute(
        "SELECT owner, checkpoint FROM operations WHERE id = ?", (row["id"],)
    ).fetchone()
    if found is not None and found[0] != owner:
        return False
    if found is None:
        marks = ", ".join(f":{name}" for name in row)
        file.execute(f"INSERT INTO operations ({', '.join(row)}) VALUES ({marks})", row)
        return True
    # A row that began in memory, because the file could not be read, has no checkpoint yet.
    row["checkpoint"] = row["checkpoint"] or found[1]
    changes = ", ".join(f"{name} = :{name}" for name in row)
    file.execute(f"UPDATE operations SET {changes} WHERE id = :id", row)
    return True


def _add_steps(memory: sqlite3.Connection, file: sqlite3.Connection, identifier: str) -> None:
    steps = memory.execute(
        "SELECT operation_id, time, message FROM steps WHERE operation_id = ? ORDER BY rowid",
        (identifier,),
    )
    file.executemany(
        "INSERT INTO steps (operation_id, time, message) SELECT ?1, ?2, ?3 WHERE NOT EXISTS"
        " (SELECT 1 FROM steps WHERE operation_id = ?1 AND time = ?2 AND message = ?3)",
        steps.fetchall(),
    )


def count_from(memory: sqlite3.Connection, now: Callable[[], float]) -> None:
    """Let the changes of a journal that begins in memory have numbers beyond those of any file.

    Whoever watches then takes nothing in the file for new when the journal comes back to it. A file
    counts single changes, here it is milliseconds.
    """
    memory.execute("UPDATE changes SET newest = ?", (int(now() * 1000),))


def _columns(database: sqlite3.Connection, table: str) -> str:
    return ", ".join(row[1] for row in database.execute(f"PRAGMA table_info({table})"))


def _newest(database: sqlite3.Connection) -> int:
    newest: int = database.execute("SELECT newest FROM changes").fetchone()[0]
    return newest
