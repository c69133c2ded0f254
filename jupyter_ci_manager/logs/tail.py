"""The reader of logs: bytes from an offset, now or when they have come.

It knows streams of bytes, and neither HTTP nor where a log is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .stream import LogStream

MAX_CHUNK_BYTES = 1024 * 1024
LogChange = Literal["truncated", "replaced"]


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
    """Pass it back: so it is seen that another log took the place of the one that was read."""
    change: LogChange | None = None
    """What was read before is not what is there: this begins anew, at offset 0."""


class LogReader:
    """Reads logs for everybody: thousands who wait for one log cost one watch and one read."""

    async def read(
        self, stream: LogStream, *, offset: int, wait_seconds: float, generation: str = ""
    ) -> Chunk:
        """Bytes from ``offset``: at once if there are any, else when there are, else none.

        Raises InvalidOffset and what the stream raises.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """End all watches; who waits gets what there is."""
