"""How bytes of a log are answered: a part with where to go on, or the whole of it as a file.

It knows HTTP and streams of bytes, and no route.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar
from urllib.parse import quote

from tornado.http1connection import HTTP1Connection
from tornado.iostream import StreamClosedError

from ..errors import CiManagerError, LogNotFound
from ..logs.stream import LogStream
from ..logs.whole import WholeLog
from .base import CiManagerHandler
from .describe import Bytes
from .queries import LogQuery

T = TypeVar("T")

STALLED_SECONDS = 120.0
"""A client that takes nothing for so long is taken for gone."""

CHUNK = Bytes(
    (
        ("Ci-Log-Offset", "Where the first byte of the answer is in the log."),
        ("Ci-Log-Next", "The offset to go on with."),
        ("Ci-Log-Size", "Bytes of the whole log."),
        (
            "Ci-Log-Generation",
            "Opaque, new in each answer. Passed as `generation` it tells another log from this.",
        ),
        (
            "Ci-Log-Change",
            "`truncated` or `replaced`: what was read has gone, and this begins at offset 0.",
        ),
    )
)
CONTENT = Bytes((("Content-Disposition", "An attachment, with a name for the file."),))


class LogReadingHandler(CiManagerHandler):
    """What both kinds of logs are read with."""

    _is_gone = False
    _gone: asyncio.Future[None] | None = None

    async def send_chunk(self, stream: LogStream) -> None:
        """Answer with bytes, and in the headers with where to go on."""
        query = self.query(LogQuery)
        reader = self.services.log_reader
        chunk = await self.unless_gone(
            reader.read(
                stream, offset=query.offset, wait_seconds=query.wait, generation=query.generation
            )
        )
        if chunk is None:
            return
        self._set_headers_of_bytes(len(chunk.data))
        self.set_header("Ci-Log-Offset", str(chunk.offset))
        self.set_header("Ci-Log-Next", str(chunk.next_offset))
        self.set_header("Ci-Log-Size", str(chunk.size))
        self.set_header("Ci-Log-Generation", chunk.generation)
        if chunk.change is not None:
            self.set_header("Ci-Log-Change", chunk.change)
        with reader.sending(chunk), self._ending_the_connection():
            # The headers first: sent together, tornado would copy the bytes for each reader.
            await self._sent()
            await self._sent(chunk.data)

    async def send_whole(self, stream: LogStream, name: str) -> None:
        """Answer with all bytes that the log has now, as a file of that name."""
        log, sent = await WholeLog.of(stream), 0
        self._set_headers_of_bytes(log.size)
        self.set_header("Content-Disposition", attachment(name))
        with self._ending_the_connection():
            await self._sent()
            async with contextlib.aclosing(log.blocks()) as blocks:
                async for block in blocks:
                    await self._sent(block)
                    sent += len(block)
            if sent < log.size:
                raise LogNotFound(f"{name} was replaced while it was downloaded.")

    async def unless_gone(self, answer: Coroutine[Any, Any, T]) -> T | None:
        """The answer; None where the client does not wait for it any more, and nothing does."""
        answering: asyncio.Task[T] = asyncio.ensure_future(answer)
        self._gone = asyncio.get_running_loop().create_future()
        if self._is_gone:
            self._gone.set_result(None)
        try:
            waited_for: list[asyncio.Future[Any]] = [answering, self._gone]
            await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not answering.done():
                answering.cancel()
                await asyncio.gather(answering, return_exceptions=True)
        return None if answering.cancelled() else answering.result()

    def on_connection_close(self) -> None:
        """Whoever waited does not any more."""
        super().on_connection_close()
        self._is_gone = True
        if self._gone is not None and not self._gone.done():
            self._gone.set_result(None)

    def compute_etag(self) -> None:
        """None: a log is never asked for a second time as it was."""

    def _set_headers_of_bytes(self, length: int) -> None:
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Length", str(length))
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")

    async def _sent(self, data: bytes = b"") -> None:
        """Send, and wait until the client has taken it: what is not taken is not read either."""
        self.write(data)
        await asyncio.wait_for(self.flush(), STALLED_SECONDS)

    @contextlib.contextmanager
    def _ending_the_connection(self) -> Iterator[None]:
        """What goes wrong once the headers are sent ends the connection.

        An error can be told no more, and nobody must take a part for the whole.
        """
        try:
            yield
        except (CiManagerError, StreamClosedError, asyncio.TimeoutError) as error:
            self.log.info(
                "%s ended early: %s", self.request.path, str(error) or type(error).__name__
            )
            if isinstance(self.request.connection, HTTP1Connection):
                self.request.connection.close()


def attachment(name: str) -> str:
    """The header that makes a browser save a file, whatever is in its name. Source: RFC 6266."""
    plain = "".join(each if each.isascii() and each.isprintable() else "_" for each in name)
    plain = plain.replace("\\", "_").replace('"', "_")
    encoded = quote(name.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
