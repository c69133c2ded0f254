"""The samples of a disk's history in one small SQLite file, so that they outlive a server.

It opens the file for each read and write and keeps no connection. It must not fill the disk that it
is about: nothing is written where that is short of room. Blocking.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from ..journal_file import make_private, move_aside
from .history import KEEP_SECONDS, Sample

FORMAT = 1
KEEP_ROWS = 10_000
"""Of all file systems together: eight of them for eight days, less than one megabyte."""
BUSY_SECONDS = 2.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS samples (
  file_system TEXT NOT NULL,
  slot INTEGER NOT NULL,
  time REAL NOT NULL,
  used_bytes INTEGER NOT NULL,
  total_bytes INTEGER NOT NULL,
  PRIMARY KEY (file_system, slot)
) WITHOUT ROWID
"""


class HistoryFile:
    """Samples in ``path``. Several processes may use it.

    Nothing is written where less than ``keep_free_bytes`` would be available to its folder.
    """

    def __init__(self, path: Path, keep_free_bytes: int) -> None:
        self._path = path
        self._keep_free_bytes = keep_free_bytes

    def read(self, now: float) -> list[tuple[str, Sample]]:
        """What was noted in the last days. Raises OSError and ``sqlite3.Error``.

        A file that is broken is moved aside; one of a newer version is left alone and reads as
        empty.
        """
        if not self._path.exists():
            return []
        try:
            with closing(self._opened("ro")) as database:
                if _format(database) != FORMAT:
                    return []
                rows = database.execute(
                    "SELECT file_system, time, used_bytes, total_bytes FROM samples"
                    " WHERE time BETWEEN ? AND ? ORDER BY time DESC LIMIT ?",
                    (now - KEEP_SECONDS, now, KEEP_ROWS),
                )
                return [
                    (str(name), Sample(float(time), int(used), int(total)))
                    for name, time, used, total in rows
                ]
        except sqlite3.OperationalError:
            # Locked, or not to be opened: nothing is wrong with the file itself.
            raise
        except (sqlite3.DatabaseError, ValueError, TypeError):
            move_aside(self._path)
            return []

    def write(self, samples: Iterable[tuple[str, Sample]], now: float) -> bool:
        """Keep the samples, and forget what is too old; False where there is no room.

        Raises OSError and ``sqlite3.Error``; then nothing was written.
        """
        folder = next(each for each in self._path.parents if each.is_dir())
        if shutil.disk_usage(folder).free < self._keep_free_bytes:
            return False
        make_private(self._path)
        with closing(self._opened("rw")) as database, database:
            if _format(database) not in (0, FORMAT):
                return False
            database.execute(_SCHEMA)
            database.execute(f"PRAGMA user_version={FORMAT}")
            database.executemany(
                "INSERT OR IGNORE INTO samples VALUES (?, ?, ?, ?, ?)",
                [
                    (name, each.slot, each.time, each.used_bytes, each.total_bytes)
                    for name, each in samples
                ],
            )
            database.execute(
                "DELETE FROM samples WHERE time < ? OR time <="
                " (SELECT time FROM samples ORDER BY time DESC LIMIT 1 OFFSET ?)",
                (now - KEEP_SECONDS, KEEP_ROWS),
            )
        return True

    def _opened(self, mode: str) -> sqlite3.Connection:
        # Not with a write-ahead log: that could not be read where nothing can be written.
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS
        )


def _format(database: sqlite3.Connection) -> int:
    found: int = database.execute("PRAGMA user_version").fetchone()[0]
    return found
