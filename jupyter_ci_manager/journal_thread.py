"""The journal off the event loop, and in memory while its file cannot be used.

Whoever must stop an instance because a full disk keeps a bill running must be able to: no trouble
with the file stops an operation. It knows SQLite's errors and nothing of what operations do.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from .journal import Journal, NewerJournal
from .journal_file import BUSY_TIMEOUT_SECONDS, connect_file, connect_memory, move_aside
from .journal_moves import Departure

T = TypeVar("T")

PROBE_SECONDS = 30.0
"""How often a file that cannot be used is tried again."""
PROBE_BUSY_SECONDS = 0.5
"""For how long it may be locked then: who waits for the journal meanwhile waits that long."""


class JournalThread:
    """Calls the journal in ``path`` on one thread, in order.

    While the file cannot be opened or written, because the disk is full, read-only or broken or
    another process keeps it locked, the journal goes on in memory; ``warning`` then says so and
    why. The file is tried again every ``probe_seconds``, and takes up what happened when it works.
    """

    def __init__(
        self,
        path: Path,
        now: Callable[[], datetime],
        log: logging.Logger,
        *,
        busy_seconds: float = BUSY_TIMEOUT_SECONDS,
        probe_seconds: float = PROBE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._now = now
        self._log = log
        self._busy_seconds = busy_seconds
        self._probe_seconds = probe_seconds
        self._clock = clock
        self._journal: Journal | None = None
        self._departure: Departure | None = None
        self._probe_at = float("inf")
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
        journal = self._journal = self._current()
        try:
            return function(journal)
        except sqlite3.Error as error:
            if self.warning is not None or not _is_the_files(error):
                raise
            journal = self._journal = self._continued_in_memory(journal, error)
            return function(journal)

    def _current(self) -> Journal:
        if self._journal is None:
            return self._opened()
        if self._clock() < self._probe_at:
            return self._journal
        return self._back_in_file(self._journal) or self._journal

    def _closed(self) -> None:
        journal, self._journal = self._journal, None
        if journal is None:
            return
        if self._probe_at != float("inf"):
            journal = self._back_in_file(journal) or journal
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
            return self._from_file(lambda database: Journal(database, self._now))
        except NewerJournal as error:
            self._warn(f"{self._path} was written by a newer version: {error}")
        except (OSError, sqlite3.Error) as error:
            self._warn(f"{self._path} cannot be used: {error}")
            self._probe_at = self._clock() + self._probe_seconds
        return Journal(connect_memory(), self._now, alone=True)

    def _from_file(
        self, journal_in: Callable[[sqlite3.Connection], Journal], busy_seconds: float | None = None
    ) -> Journal:
        def connected() -> Journal:
            database = connect_file(self._path, busy_seconds=busy_seconds or self._busy_seconds)
            try:
                return journal_in(database)
            except (NewerJournal, sqlite3.Error):
                database.close()
                raise

        try:
            return connected()
        except (sqlite3.OperationalError, sqlite3.IntegrityError):
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
            return connected()

    def _continued_in_memory(self, journal: Journal, error: sqlite3.Error) -> Journal:
        self._warn(f"{self._path} cannot be written any more: {error}")
        self._probe_at = self._clock() + self._probe_seconds
        try:
            journal.wait_for_others(PROBE_BUSY_SECONDS)
            moved, self._departure = journal.moved_to_memory(connect_memory())
        except sqlite3.Error as unreadable:
            self._log.warning("Its history cannot be read either: %s", unreadable)
            moved, self._departure = Journal(connect_memory(), self._now, alone=True), None
            moved.owner = journal.owner
        with contextlib.suppress(sqlite3.Error):
            # It may have to write, and cannot; all that it held is here.
            journal.abandon()
        return moved

    def _back_in_file(self, journal: Journal) -> Journal | None:
        """The journal in its file again; None where that still does not work."""
        self._probe_at = self._clock() + self._probe_seconds
        try:
            back = self._from_file(
                lambda database: journal.moved_to_file(database, self._departure),
                PROBE_BUSY_SECONDS,
            )
        except (NewerJournal, OSError, sqlite3.Error) as error:
            self._log.debug("%s still cannot be used: %s", self._path, error)
            return None
        back.wait_for_others(self._busy_seconds)
        journal.abandon()
        self._departure, self._probe_at, self.warning = None, float("inf"), None
        self._log.info("%s is used again: what happened meanwhile is in it.", self._path)
        return back

    def _warn(self, reason: str) -> None:
        self.warning = (
            "Operations are kept in memory until the journal can be written again, because "
            f"{reason}."
        )
        self._log.warning("%s", self.warning)


def _is_the_files(error: sqlite3.Error) -> bool:
    """Whether the file, and not what was asked of it, is to blame: full, locked, broken, gone."""
    return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError
