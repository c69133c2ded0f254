"""One log as all its readers share it: what is known of it, its end in memory, one watch, one read.

It knows no reader, and not where the log is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from ..errors import CiManagerError, InvalidOffset, LogNotFound
from .generation import BEFORE_BYTES, HEAD_BYTES, Generation, digest
from .pace import Pace
from .stream import LogStream, StreamState
from .watch import FileWatches, Watched

BLOCK_BYTES = 1024 * 1024
END_BYTES = 256 * 1024
"""What is kept of the end: who follows a log reads nothing but that."""
LINGER_SECONDS = 5.0
"""A watch outlives the last who waited: the same one comes back for more."""
LATELY_SECONDS = 0.25
GONE_PAUSE_SECONDS = 0.1
GONE_SECONDS = 2.0
"""While a log is rotated there is none for a moment."""

LogChange = Literal["truncated", "replaced"]


class LogMoved(Exception):
    """The log is another one than when it was last looked at."""


@dataclass(frozen=True)
class Chunk:
    """What was read, and where to go on."""

    data: bytes
    offset: int
    """Of the first byte."""
    next_offset: int
    size: int
    """Of the log when it was read."""
    generation: str
    """Pass it back, the newest one: so it is seen that another log took the place of the one that
    was read. It changes with each answer."""
    change: LogChange | None = None
    """What was read before is not what is there: this begins anew, at offset 0."""


@dataclass(frozen=True)
class _Seen:
    """How it was when it was last looked at, and how it began."""

    state: StreamState
    head: bytes


@dataclass(frozen=True)
class _Piece:
    """Bytes of a log, and where they begin."""

    start: int
    data: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.data)

    def part(self, start: int, end: int) -> bytes | None:
        """None where not all of it is here."""
        if start < self.start or end > self.end:
            return None
        return self.data[start - self.start : end - self.start]


class Once:
    """Does the same work for all who ask for it before it begins.

    Who asks later may want to know what happened meanwhile, and gets the next round.
    """

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._current: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def __call__(self) -> None:
        """Raises what the work raises."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._round(self._current))
            self._next.add_done_callback(_seen)
        # Whoever no longer waits must not end it for the others.
        await asyncio.shield(self._next)

    async def close(self) -> None:
        """End what is under way."""
        tasks = [task for task in (self._current, self._next) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _round(self, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            await asyncio.wait([before])
        self._current, self._next = self._next, None
        await self._work()


class SharedLog:
    """A log with all who read it. ``stream`` may be changed for another one of the same log."""

    def __init__(self, stream: LogStream) -> None:
        self.stream = stream
        self.users = 0
        self.changes = 0
        """Grows whenever it was seen to have changed."""
        self.look = Once(self._look)
        """Look how it is now; raises what the stream raises."""
        self._seen: _Seen | None = None
        self._seen_at = 0.0
        self._end: _Piece | None = None
        self._reads: dict[Hashable, asyncio.Task[bytes]] = {}
        self._made: tuple[Hashable, Chunk] | None = None
        self._waiting = 0
        self._changed: asyncio.Future[BaseException | None] | None = None
        self._someone = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Nobody reads it or has lately waited for it."""
        return not self.users and (self._watching is None or self._watching.done())

    @property
    def reads(self) -> int:
        """How many different parts of it are being read."""
        return len(self._reads)

    def surely_has(self, end: int) -> bool:
        """Whether so many bytes were there a moment ago: then there is nothing to look for.

        Should another log have taken its place since, the next look tells.
        """
        lately = asyncio.get_running_loop().time() - self._seen_at < LATELY_SECONDS
        return lately and self._seen is not None and self._seen.state.size >= end

    async def close(self) -> None:
        """End the watch; who waits is told that nothing came."""
        tasks = [*self._reads.values(), *([self._watching] if self._watching else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.look.close()
        self._tell(None)

    # --- what there is ------------------------------------------------------------------------

    async def _look(self) -> None:
        began = asyncio.get_running_loop().time()
        state = await self.stream.state()
        self._seen_at = began
        before = self._seen
        if before is not None and state == before.state:
            return
        head = await self.stream.read(0, HEAD_BYTES) if state.size else b""
        end = self._end
        if end is not None and before is not None:
            same = state.identity == before.state.identity
            end = await self._lengthened(end, state.size) if same else None
        self._seen, self._end, self._made = _Seen(state, head[: state.size]), end, None
        self.changes += 1
        self._tell(None)

    async def _lengthened(self, end: _Piece, size: int) -> _Piece | None:
        """The end with what has come since; None where what was there is not there any more."""
        if size < end.end:
            return None
        start = max(end.start, end.end - BEFORE_BYTES)
        length = min(size - start, BLOCK_BYTES) if size > end.end else end.end - start
        data = await self.stream.read(start, length)
        old = end.end - start
        if data[:old] != end.data[start - end.start :]:
            return None
        return _last_of(_Piece(end.start, end.data + data[old:]))

    async def chunk(
        self, offset: int, most: int, known: Generation | None, *, foreign: bool = False
    ) -> Chunk:
        """At most so many bytes from there, of the log as it was last looked at.

        Raises InvalidOffset and LogMoved.
        """
        key = (offset, most, known, foreign)
        if self._made is not None and self._made[0] == key:
            return self._made[1]
        seen = self._last_seen()
        state = seen.state
        change: LogChange | None = "replaced" if foreign else None
        if known is not None:
            change = await self._change_since(known, seen, offset)
        if change is not None:
            offset = 0
        elif offset > state.size:
            raise InvalidOffset(
                f"The log has {state.size} bytes; {offset} is past its end.",
                details={"size": str(state.size)},
            )
        piece = await self._piece(offset, most, state)
        # Who reads on has the bytes before with the same read.
        reads_on = known is not None and change is None and known.position == offset
        if known and reads_on and not known.same_before(piece.data[: offset - piece.start]):
            change, offset = "replaced", 0
            piece = await self._piece(offset, most, state)
        chunk = Chunk(
            data=piece.data[offset - piece.start :],
            offset=offset,
            next_offset=piece.end,
            size=state.size,
            # Should another log have taken its place while it was read, this says so next time.
            generation=str(Generation.of(state.identity, seen.head, piece.end, piece.data)),
            change=change,
        )
        if seen is self._seen:
            # Thousands who wait ask for the same.
            self._made = (key, chunk)
        return chunk

    def nothing(self, offset: int, known: Generation | None) -> Chunk:
        """For who cannot be answered now: the log changes all the time."""
        size = self._last_seen().state.size
        return Chunk(b"", offset, offset, max(size, offset), str(known or ""))

    def _last_seen(self) -> _Seen:
        if self._seen is None:
            raise LogMoved
        return self._seen

    async def _change_since(self, known: Generation, seen: _Seen, offset: int) -> LogChange | None:
        """What the state and the beginning say, and the bytes before its position if not here."""
        state = seen.state
        if known.identity != digest(state.identity.encode()):
            return "replaced"
        if not known.same_head(seen.head):
            return "truncated" if state.size < known.position else "replaced"
        if state.size < known.position:
            return "truncated"
        if known.position == offset:
            return None
        start = max(0, known.position - BEFORE_BYTES)
        before = await self._bytes(start, known.position - start)
        return None if known.same_before(before) else "replaced"

    async def _piece(self, offset: int, most: int, state: StreamState) -> _Piece:
        """What there is from ``offset``, with the bytes before it that a generation looks at."""
        start = max(0, offset - BEFORE_BYTES)
        there = min(offset + most, state.size)
        kept = self._end.part(start, there) if self._end is not None else None
        if kept is not None:
            return _Piece(start, kept)
        piece = _Piece(start, await self._bytes(start, there - start))
        if piece.end >= state.size and (self._end is None or piece.end > self._end.end):
            self._end = _last_of(piece)
        return piece

    async def _bytes(self, start: int, length: int) -> bytes:
        """Bytes that are there. Raises LogMoved where they are not any more."""
        kept = self._end.part(start, start + length) if self._end is not None else None
        if kept is not None:
            return kept
        # One read for all who want the same of the same log.
        key = (start, length, self._seen)
        reading = self._reads.get(key)
        if reading is None:
            reading = self._reads[key] = asyncio.ensure_future(_read(self.stream, start, length))
            reading.add_done_callback(partial(self._forget_read, key))
        data = await asyncio.shield(reading)
        if len(data) < length:
            raise LogMoved
        return data

    def _forget_read(self, key: Hashable, reading: asyncio.Task[bytes]) -> None:
        self._reads.pop(key, None)
        _seen(reading)

    # --- what comes ---------------------------------------------------------------------------

    async def wait(self, seen: int, timeout_seconds: float, watches: FileWatches) -> bool:
        """Whether it has changed since ``changes`` was ``seen``. Raises what the stream raises."""
        self._waiting += 1
        self._someone.set()
        if self._watching is None or self._watching.done():
            self._watching = asyncio.ensure_future(self._watch(watches))
            self._watching.add_done_callback(self._watch_ended)
        try:
            if self.changes == seen:
                if self._changed is None:
                    self._changed = asyncio.get_running_loop().create_future()
                changed = self._changed
                await asyncio.wait([changed], timeout=timeout_seconds)
                trouble = changed.result() if changed.done() else None
                if trouble is not None:
                    raise trouble
            return self.changes != seen
        finally:
            self._waiting -= 1

    def _tell(self, trouble: BaseException | None) -> None:
        changed, self._changed = self._changed, None
        if changed is not None:
            changed.set_result(trouble)

    def _watch_ended(self, watching: asyncio.Task[None]) -> None:
        """A defect in it is everybody's who waits, not one of nobody's."""
        if not watching.cancelled() and watching.exception() is not None:
            self._tell(watching.exception())

    async def _watch(self, watches: FileWatches) -> None:
        with contextlib.ExitStack() as opened:
            watched: Watched | None = None
            if self.stream.watched is not None:
                watched = opened.enter_context(watches.watching(self.stream.watched))
            pace = Pace()
            loop = asyncio.get_running_loop()
            while await self._somebody_waits():
                began, before = loop.time(), self.changes
                trouble = await self._look_out()
                pace.looked(loop.time() - began, changed=self.changes != before)
                if trouble is not None:
                    self._tell(trouble)
                await _pause(pace.seconds(watched), watched)

    async def _somebody_waits(self) -> bool:
        if self._waiting:
            return True
        self._someone.clear()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._someone.wait(), LINGER_SECONDS)
        return self._someone.is_set()

    async def _look_out(self) -> CiManagerError | None:
        """Look; what is wrong is for those who wait."""
        deadline = asyncio.get_running_loop().time() + GONE_SECONDS
        while True:
            try:
                await self.look()
            except LogNotFound as gone:
                if asyncio.get_running_loop().time() > deadline:
                    return gone
                await asyncio.sleep(GONE_PAUSE_SECONDS)
            except CiManagerError as trouble:
                return trouble
            else:
                return None


async def _read(stream: LogStream, start: int, length: int) -> bytes:
    return await stream.read(start, length) if length else b""


async def _pause(seconds: float, watched: Watched | None) -> None:
    if watched is None:
        await asyncio.sleep(seconds)
        return
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(watched.changed.wait(), seconds)
    watched.changed.clear()


def _last_of(piece: _Piece) -> _Piece:
    much = len(piece.data) - END_BYTES
    return replace(piece, start=piece.start + much, data=piece.data[much:]) if much > 0 else piece


def _seen(task: asyncio.Future[Any]) -> None:
    """Nobody may be left to ask for its error; asyncio would complain of that."""
    if not task.cancelled():
        task.exception()
