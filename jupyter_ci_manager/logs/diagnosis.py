"""What a log comes to: how its script ended, its first error, and what is known of such failures.

It reads a stream once, in pieces, however long it is, and goes on where it was when the log has
grown. It knows nothing of where the log is kept, or of instances.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ..models import LogDiagnosis, LogHint, LogOutcome
from .generation import BEFORE_BYTES, HEAD_BYTES
from .hints import (
    BY_CODE,
    EXIT_STATUS,
    FAILURE_PATTERNS,
    FIRST_ERROR_PATTERN,
    FIRST_ERROR_WORDS,
    KNOWN_FAILURES,
    TIMED_OUT,
)
from .stream import LogStream, StreamState

PIECE_BYTES = 512 * 1024
MOST_BYTES = 64 * 1024 * 1024
"""How much of the beginning is looked through; of a longer log only the end besides."""
LINE_BYTES = 16 * 1024
"""A longer line is looked at in parts: a progress bar may be megabytes of one line."""
END_BYTES = 4096
END_LINES = 12
"""Where a script's exit status is said: at the end, and nowhere else."""
KEPT = 64

TIME_OUT_STATUS = 124
"""What timeout(1) exits with."""


@dataclass
class LogScan:
    """What has been found so far in the beginning of a log."""

    identity: str
    head: bytes
    """Its first bytes, by which it is known again where its source cannot tell."""
    before: bytes = b""
    """The last bytes that were looked through."""
    position: int = 0
    """How many bytes have been looked through: whole lines, unless the log ended without one."""
    lines: int = 0
    line_offset: int = 0
    """Where the line begins that is being looked at."""
    first_error: tuple[int, int] | None = None
    """Line, counted from 1, and where it begins."""
    hints: dict[str, LogHint] = field(default_factory=dict)

    def feed(self, data: bytes) -> None:
        """Look through whole lines, or a part of a line that is too long, that come next."""
        counted, line = 0, self.lines + 1
        for start, end in _lines_with(data, self._words()):
            line += data.count(b"\n", counted, start)
            counted = start
            self._look_at(
                data[start:end], line, self.position + start if start else self.line_offset
            )
        if (last := data.rfind(b"\n")) >= 0:
            self.line_offset = self.position + last + 1
        self.before = (self.before + data[-BEFORE_BYTES:])[-BEFORE_BYTES:]
        self.position += len(data)
        self.lines += data.count(b"\n")

    def _words(self) -> set[bytes]:
        """Of all that has not been found yet: what comes first counts."""
        words = {
            word for each in KNOWN_FAILURES if each.code not in self.hints for word in each.words
        }
        return words if self.first_error else words.union(FIRST_ERROR_WORDS)

    def _look_at(self, text: bytes, line: int, offset: int) -> None:
        for code, pattern in FAILURE_PATTERNS.items():
            if code not in self.hints and pattern.search(text):
                known = BY_CODE[code]
                self.hints[code] = LogHint(code, known.title, known.text, line, offset)
                self.first_error = self.first_error or (line, offset)
        if self.first_error is None and FIRST_ERROR_PATTERN.search(text):
            self.first_error = (line, offset)


@dataclass(frozen=True)
class Ending:
    """What the last lines of a log say of how its script ended."""

    outcome: LogOutcome
    exit_status: int | None


def ending_of(end: bytes) -> Ending:
    """How a script ended by the last bytes that it and what ran it have written."""
    lines = end.rstrip().splitlines()[-END_LINES:]
    timed_out = any(TIMED_OUT.search(line) for line in lines)
    for line in reversed(lines):
        found = list(EXIT_STATUS.finditer(line))
        if found:
            status = int(found[-1][1])
            if timed_out or status == TIME_OUT_STATUS:
                return Ending("timed_out", status)
            return Ending("succeeded" if status == 0 else "failed", status)
    return Ending("timed_out" if timed_out else "unknown", None)


class Diagnostician:
    """Looks through logs, and remembers how far it came."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._scans: OrderedDict[str, LogScan] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}

    async def diagnosis(self, stream: LogStream) -> LogDiagnosis:
        """What the log comes to now. Raises what the stream raises."""
        lock = self._locks.setdefault(stream.key, asyncio.Lock())
        async with lock:
            try:
                return await self._diagnosed(stream)
            finally:
                self._forget_oldest()

    async def ending(self, stream: LogStream, size: int) -> Ending:
        """What its end alone says, which costs one read."""
        return ending_of(await stream.read(max(0, size - END_BYTES), END_BYTES))

    async def _diagnosed(self, stream: LogStream) -> LogDiagnosis:
        state = await stream.state()
        scan = await self._scan(stream, state)
        # What follows the last line feed is looked at, but may still become another line.
        end = await stream.read(max(0, state.size - END_BYTES), END_BYTES)
        ending = ending_of(end)
        line, offset = scan.first_error or (None, None)
        return LogDiagnosis(
            outcome=ending.outcome,
            exit_status=ending.exit_status,
            size_bytes=scan.position,
            first_error_line=line,
            first_error_offset=offset,
            hints=sorted(scan.hints.values(), key=lambda hint: hint.offset),
        )

    async def _scan(self, stream: LogStream, state: StreamState) -> LogScan:
        head = await stream.read(0, HEAD_BYTES)
        known = self._scans.pop(stream.key, None)
        if known is None or not await _is_same(stream, state, known, head):
            known = LogScan(state.identity, head)
        self._scans[stream.key] = known
        limit = min(state.size, self._most_bytes)
        read_to = known.position
        rest = b""
        while read_to < limit:
            data = await stream.read(read_to, min(PIECE_BYTES, limit - read_to))
            if not data:
                break
            read_to += len(data)
            whole, rest = _whole_lines(rest + data)
            await asyncio.to_thread(known.feed, whole)
        if not rest:
            return known
        # The last line has no end yet: it counts now, and is looked at again when there is more.
        ahead = replace(known, hints=dict(known.hints))
        await asyncio.to_thread(ahead.feed, rest)
        return ahead

    def _forget_oldest(self) -> None:
        while len(self._scans) > KEPT:
            key, _ = self._scans.popitem(last=False)
            self._locks.pop(key, None)


async def _is_same(stream: LogStream, state: StreamState, known: LogScan, head: bytes) -> bool:
    """Whether it is the log that was looked through, with no more than something added."""
    if known.identity != state.identity or not head.startswith(known.head):
        return False
    before = known.before
    return await stream.read(known.position - len(before), len(before)) == before


def _lines_with(data: bytes, words: Iterable[bytes]) -> list[tuple[int, int]]:
    """Beginning and end of each line that has one of the words, in their order."""
    found: dict[int, int] = {}
    for word in words:
        at = data.find(word)
        while at >= 0:
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            found[data.rfind(b"\n", 0, at) + 1] = end
            at = data.find(word, end)
    return sorted(found.items())


def _whole_lines(data: bytes) -> tuple[bytes, bytes]:
    """Up to the last line feed, and the rest; all of it where the rest is a line too long."""
    end = data.rfind(b"\n") + 1
    if len(data) - end > LINE_BYTES:
        return data, b""
    return data[:end], data[end:]
