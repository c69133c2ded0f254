"""Tells when local files change, by the system's own notifications: one watch for each folder.

It reads no file. Network file systems tell nothing of what other machines write; whoever asks this
about one waits in vain, and so nobody relies on it alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

STEP_MILLISECONDS = 10
"""How often it is looked whether the system has told something: the most that a change waits."""
TELL_MILLISECONDS = 500
"""After so long without a change the watch says that it is there."""
MOST_FOLDERS = 16
"""Each has a thread; the files of all others are looked at now and then."""


@dataclass(eq=False)
class Watched:
    """One file that somebody waits for."""

    name: str
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by the watch, cleared by whoever looks."""
    reliable: bool = False
    """The watch is there: what happens from now on is told."""


class FileWatches:
    """All watches of this process."""

    def __init__(self, *, log: logging.Logger) -> None:
        self._log = log
        self._folders: dict[Path, _Folder] = {}

    @property
    def folders(self) -> int:
        """How many are watched."""
        return len(self._folders)

    @contextlib.contextmanager
    def watching(self, path: Path) -> Iterator[Watched]:
        """Watch a file as long as this is open. It never becomes reliable where none can be."""
        watched = Watched(path.name)
        folder = self._folders.get(path.parent)
        if folder is None and len(self._folders) < MOST_FOLDERS:
            folder = self._folders[path.parent] = _Folder(path.parent, self._log)
        if folder is None:
            yield watched
            return
        folder.add(watched)
        try:
            yield watched
        finally:
            if folder.remove(watched):
                del self._folders[path.parent]


class _Folder:
    """A folder that is watched, on a daemon thread of its own.

    ``watchfiles.awatch`` would take a thread of the pool that Jupyter's contents need, too.
    """

    def __init__(self, path: Path, log: logging.Logger) -> None:
        self._path = path
        self._log = log
        self._files: list[Watched] = []
        self._there = False
        self._stop = threading.Event()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, name="ci-manager-watch", daemon=True).start()

    def add(self, watched: Watched) -> None:
        watched.reliable = self._there
        self._files.append(watched)

    def remove(self, watched: Watched) -> bool:
        """Whether that was the last one, and the watch has ended."""
        self._files.remove(watched)
        if not self._files:
            self._stop.set()
        return not self._files

    def _run(self) -> None:
        # Imported by the first who follows a log, and here, where nobody waits for it.
        from watchfiles import watch

        try:
            for changes in watch(
                self._path,
                watch_filter=None,
                debounce=STEP_MILLISECONDS,
                step=STEP_MILLISECONDS,
                stop_event=self._stop,
                rust_timeout=TELL_MILLISECONDS,
                yield_on_timeout=True,
                raise_interrupt=False,
                recursive=False,
            ):
                self._tell(frozenset(Path(path).name for _, path in changes), there=True)
        except (OSError, RuntimeError) as error:
            # The system has no more watches to give, or the folder has gone: looking is enough.
            self._log.info("%s is not watched: %s", self._path, error)
        self._tell(frozenset(), there=False)

    def _tell(self, names: frozenset[str], *, there: bool) -> None:
        # The loop may have closed meanwhile: then nobody waits.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._note, names, there)

    def _note(self, names: frozenset[str], there: bool) -> None:
        self._there = there
        for watched in self._files:
            if watched.reliable != there:
                watched.reliable = there
                # Whatever happened before that must be looked for.
                watched.changed.set()
            if watched.name in names:
                watched.changed.set()
