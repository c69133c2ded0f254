"""A whole log, for whoever wants a copy of it: all bytes that it has now, in constant memory.

It knows streams of bytes, and no HTTP.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from .stream import LogStream, StreamState

BLOCK_BYTES = 1024 * 1024
OVERLAP_BYTES = 64
"""Each block is read with the end of the one before: so it is seen where they do not fit."""


@dataclass(frozen=True)
class WholeLog:
    """A log up to where it ended at one moment."""

    stream: LogStream
    state: StreamState

    @classmethod
    async def of(cls, stream: LogStream) -> WholeLog:
        """The log as it is now. Raises what the stream raises."""
        return cls(stream, await stream.state())

    @property
    def size(self) -> int:
        """Bytes."""
        return self.state.size

    async def blocks(self) -> AsyncGenerator[bytes, None]:
        """Its bytes. They end early where another log has taken its place meanwhile.

        While one block is used the next is read. Raises what the stream raises.
        """
        reading = asyncio.ensure_future(self._read(0))
        try:
            offset, before = 0, b""
            while offset < self.size:
                data = await reading
                overlap = len(before)
                if data[:overlap] != before or len(data) == overlap:
                    return
                offset += len(data) - overlap
                before = data[-OVERLAP_BYTES:]
                if offset < self.size:
                    reading = asyncio.ensure_future(self._read(offset))
                elif not await self._is_the_same():
                    # All but the end of it has been used: without that nobody takes it for whole.
                    return
                yield data[overlap:]
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _read(self, offset: int) -> bytes:
        start = max(0, offset - OVERLAP_BYTES)
        return await self.stream.read(start, min(self.size, offset + BLOCK_BYTES) - start)

    async def _is_the_same(self) -> bool:
        now = await self.stream.state()
        return now.identity == self.state.identity and now.size >= self.size
