"""The reader of logs: bytes from an offset, now or when they have come.

It knows streams of bytes, and neither HTTP nor where a log is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter, OrderedDict
from collections.abc import Iterator

from ..errors import InvalidOffset
from .generation import Generation
from .shared_log import BLOCK_BYTES, Chunk, LogChange, LogMoved, SharedLog
from .stream import LogStream
from .watch import FileWatches

__all__ = ["Chunk", "LogChange", "LogReader"]

MAX_CHUNK_BYTES = BLOCK_BYTES
MIN_CHUNK_BYTES = 16 * 1024
FULL_CHUNKS = 16
"""So many different ones are read or sent at one moment in full size; of more, each is smaller."""
MAX_OFFSET = 2**53
"""Beyond, JavaScript cannot tell one offset from the next."""
KEPT_LOGS = 16
"""Logs that nobody reads just now, and of which the end is still known."""
_TRIES = 5
"""How often a log may change under the hands of whoever reads it before he gets what there is."""


class LogReader:
    """Reads logs for everybody: thousands who wait for one log cost one watch and one read."""

    def __init__(self, *, log: logging.Logger | None = None) -> None:
        self._log = log or logging.getLogger(__name__)
        self._watches = FileWatches(log=self._log)
        self._logs: OrderedDict[str, SharedLog] = OrderedDict()
        self._sending: Counter[int] = Counter()
        self._closed = False

    @property
    def watches(self) -> int:
        """How many folders are watched."""
        return self._watches.folders

    async def read(
        self, stream: LogStream, *, offset: int, wait_seconds: float, generation: str = ""
    ) -> Chunk:
        """Bytes from ``offset``: at once if there are any, else when there are, else none.

        ``generation`` is that of the answer before, so that it is seen where another log took the
        place of the one that was read: then it begins anew. Raises InvalidOffset, for an offset
        past the end too where no generation says that there once was one, and what the stream
        raises.
        """
        if not 0 <= offset <= MAX_OFFSET:
            raise InvalidOffset(f"{offset} is no place in a log.")
        deadline = asyncio.get_running_loop().time() + wait_seconds
        with self._user_of(stream) as log:
            known = Generation.parse(generation)
            # What cannot be read is none that this version wrote: nothing is known of that log.
            foreign = bool(generation) and known is None
            looked = not log.surely_has(offset + MAX_CHUNK_BYTES)
            if looked:
                await log.look()
            while True:
                seen = log.changes
                chunk = await self._chunk(log, offset, known, foreign=foreign)
                if chunk.change is not None and not looked:
                    # It is another log than the one that was last looked at.
                    await log.look()
                    looked = True
                    continue
                remaining = deadline - asyncio.get_running_loop().time()
                if chunk.data or chunk.change is not None or remaining <= 0 or self._closed:
                    return chunk
                # From now on it is known what has been read, also where nobody passed it.
                known = Generation.parse(chunk.generation)
                if not await log.wait(seen, remaining, self._watches):
                    return chunk

    @contextlib.contextmanager
    def sending(self, chunk: Chunk) -> Iterator[None]:
        """Around sending a chunk: the more are sent at one moment, the smaller others are."""
        # The same bytes for a thousand readers are there once.
        key = id(chunk.data)
        self._sending[key] += 1
        try:
            yield
        finally:
            self._sending[key] -= 1
            if not self._sending[key]:
                del self._sending[key]

    async def close(self) -> None:
        """End all watches; who waits gets what there is."""
        self._closed = True
        await asyncio.gather(*(log.close() for log in self._logs.values()))
        self._logs.clear()

    async def _chunk(
        self, log: SharedLog, offset: int, known: Generation | None, *, foreign: bool
    ) -> Chunk:
        for _ in range(_TRIES):
            try:
                return await log.chunk(offset, self._most_bytes, known, foreign=foreign)
            except LogMoved:
                await log.look()
        return log.nothing(offset, known)

    @property
    def _most_bytes(self) -> int:
        """Halved each time that twice as many chunks are in memory."""
        chunks = len(self._sending) + sum(log.reads for log in self._logs.values())
        halvings = (chunks // FULL_CHUNKS).bit_length()
        return max(MIN_CHUNK_BYTES, MAX_CHUNK_BYTES >> halvings)

    @contextlib.contextmanager
    def _user_of(self, stream: LogStream) -> Iterator[SharedLog]:
        log = self._logs.get(stream.key)
        if log is None:
            log = self._logs[stream.key] = SharedLog(stream)
        self._logs.move_to_end(stream.key)
        # The newest knows the way best: connections and rights change.
        log.stream = stream
        log.users += 1
        try:
            yield log
        finally:
            log.users -= 1
            self._forget_idle()

    def _forget_idle(self) -> None:
        idle = [key for key, log in self._logs.items() if log.idle]
        for key in idle[: max(0, len(idle) - KEPT_LOGS)]:
            del self._logs[key]
