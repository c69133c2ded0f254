"""What the tests of the reader share: local logs, counted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from jupyter_ci_manager.hang_guard import Turns
from jupyter_ci_manager.logs.local_file import LocalFile
from jupyter_ci_manager.logs.stream import StreamState
from jupyter_ci_manager.logs.tail import Chunk, LogReader


class Counted(LocalFile):
    """A log of this machine that counts what is asked of it, and can be slow or untold."""

    told = True
    seconds = 0.0
    broken: Exception | None = None

    def __init__(self, path: Path) -> None:
        super().__init__(path.parent, [path.name], Turns(5))
        self.looks = 0
        self.read_bytes: list[int] = []

    @property
    def watched(self) -> Path | None:
        return super().watched if self.told else None

    async def state(self) -> StreamState:
        self.looks += 1
        await asyncio.sleep(self.seconds)
        if self.broken is not None:
            raise self.broken
        return await super().state()

    async def read(self, offset: int, length: int) -> bytes:
        data = await super().read(offset, length)
        self.read_bytes.append(len(data))
        return data


def local(path: Path) -> LocalFile:
    return LocalFile(path.parent, [path.name], Turns(5))


@contextlib.asynccontextmanager
async def reading() -> AsyncIterator[LogReader]:
    reader = LogReader()
    try:
        yield reader
    finally:
        await reader.close()


class Follower:
    """Reads a log to its end again and again, as a client does, and keeps what it was told."""

    def __init__(self, reader: LogReader, path: Path) -> None:
        self.reader = reader
        self.path = path
        self.data = b""
        self.changes: list[str] = []
        self.offset = 0
        self.generation = ""

    async def read(self, wait: float = 0) -> Chunk:
        chunk = await self.reader.read(
            local(self.path), offset=self.offset, wait_seconds=wait, generation=self.generation
        )
        if chunk.change is not None:
            self.changes.append(chunk.change)
            self.data = b""
        self.data += chunk.data
        self.offset, self.generation = chunk.next_offset, chunk.generation
        return chunk

    async def to_end(self) -> bytes:
        while (await self.read()).data:
            pass
        return self.data


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
