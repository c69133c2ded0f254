"""What the work of an operation holds while it is done. It knows no journal and no registry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from .models import Operation


class WorkLost(Exception):
    """Raised by a performer that cannot tell how the work ended; the text says what is known."""


class Write(Protocol):
    """Journals changes of an operation and announces them."""

    async def __call__(
        self,
        handle: OperationHandle,
        *,
        checkpoint: bytes | None = None,
        transient: bool = False,
        **changes: object,
    ) -> None:
        """Raises OwnershipLost where another process has taken the operation over."""


class WritesLog(Protocol):
    """Keeps what an operation writes, for whoever wants to read it."""

    async def write(self, data: bytes) -> None:
        """It never fails: work goes on also where it cannot be written down."""


class OperationHandle:
    """What a performer holds: the operation it works on and the means to report."""

    def __init__(
        self,
        write: Write,
        operation: Operation,
        checkpoint: bytes,
        *,
        resumed: bool = False,
        log: WritesLog | None = None,
    ) -> None:
        self._write = write
        self._log = log
        self.operation = operation
        self.checkpoint = checkpoint
        """What the performer wrote last; it survives a kill -9."""
        self.resumed = resumed
        """Another process began it: more may have happened than the checkpoint says."""

    async def save(self, checkpoint: bytes) -> None:
        """Write a checkpoint before a step that must not be repeated."""
        self.checkpoint = checkpoint
        await self._write(self, checkpoint=checkpoint)

    async def log(self, data: bytes) -> None:
        """Add to the log of the operation, such as what a program prints. It never fails."""
        if self._log is not None:
            await self._log.write(data)

    async def report(
        self, message: str, progress: float | None = None, *, transient: bool = False
    ) -> None:
        """Say what is happening; ``progress`` is a fraction or None. Repeats cost nothing.

        ``transient`` messages, such as a count that goes up, are not kept in the history.
        """
        if (message, progress) != (self.operation.message, self.operation.progress):
            await self._write(self, transient=transient, message=message, progress=progress)


Performer = Callable[[OperationHandle], Awaitable[str]]
"""Does the work and returns the closing message; raises CiManagerError or WorkLost.

Where its kind can be cancelled it gets ``asyncio.CancelledError``, must clean up and raise it on.
"""
