"""The journal off the event loop, and in memory where its file cannot be used.

Whoever must stop an instance because a full disk keeps a bill running must be able to: no trouble
with the file stops an operation. It knows SQLite's errors and nothing of what operations do.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from .journal import Journal, NewerJournal
from .journal_file import connect_file, connect_memory, move_aside

T = TypeVar("T")


class JournalThread:
    """Calls the journal in ``path`` on one thread, in order.

    When the file cannot be opened, or cannot be written any more, the journal goes on in memory
    for as long as this process lives; ``warning`` then says so and why.
    """

    def __init__(self, path: Path, now: Callable[[], datetime], log: logging.Logger) -> None:
        self._path = path
        self._now = now
        self._log = log
        self._journal: Journal | None = None
        self._closing = False
        self.warning: str | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ci-manager-journal")

    async def call(self, function: Callable[[Journal], T]) -> T:
        """What ``function`` returns for the journal, which is opened by the first call."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._called, function)

    async def close(self) -> None:
        """Give up all leases and close the file. A second time does nothing."""
        if self._closing:
            return
        self._closing = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._closed)
        self._thread.shutdown(wait=False)

    # --- on the thread ------------------------------------------------------------------------

    def _called(self, function: Callable[[Journal], T]) -> T:
        journal = self._journal
        if journal is None:
            journal = self._journal = self._opened()
        try:
            return function(journal)
        except sqlite3.Error as error:
            if self.warning is not None:
                raise
            journal = self._journal = self._continued_in_memory(journal, error)
            return function(journal)

    def _closed(self) -> None:
        journal, self._journal = self._journal, None
        if journal is None:
            return
        try:
            journal.close()
        except sqlite3.Error as error:
            self._log.warning(
                "The journal of operations could not be closed (%s): other processes wait until "
                "its leases have run out.",
                error,
            )

    def _opened(self) -> Journal:
        try:
            return self._from_file()
        except NewerJournal as error:
            self._warn(f"{self._path} was written by a newer version: {error}")
        except (OSError, sqlite3.Error) as error:
            self._warn(f"{self._path} cannot be used: {error}")
        return Journal(connect_memory(), self._now, alone=True)

    def _from_file(self) -> Journal:
        try:
            return self._journal_in(connect_file(self._path))
        except sqlite3.OperationalError:
            # Full, read-only, locked: nothing is wrong with the file itself.
            raise
        except sqlite3.DatabaseError as error:
            broken = move_aside(self._path)
            self._log.warning(
                "The journal of operations was broken (%s). It was moved to %s, and a new one "
                "begun: operations of earlier servers are no longer followed.",
                error,
                broken,
            )
            return self._journal_in(connect_file(self._path))

    def _journal_in(self, database: sqlite3.Connection) -> Journal:
        try:
            return Journal(database, self._now)
        except (NewerJournal, sqlite3.Error):
            database.close()
            raise

    def _continued_in_memory(self, journal: Journal, error: sqlite3.Error) -> Journal:
        self._warn(f"{self._path} cannot be written any more: {error}")
        try:
            return journal.copied_to(connect_memory())
        except sqlite3.Error as unreadable:
            self._log.warning("Its history cannot be read either: %s", unreadable)
            return Journal(connect_memory(), self._now, alone=True)

    def _warn(self, reason: str) -> None:
        self.warning = (
            f"Operations are kept in memory only until this server stops, because {reason}."
        )
        self._log.warning("%s", self.warning)
