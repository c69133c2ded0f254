"""What the work of an operation holds while it is done. It knows no journal and no registry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from .models import Operation, WorkProgress


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
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._write = write
        self._is_cancelled = is_cancelled
        self._log = log
        self.operation = operation
        self.checkpoint = checkpoint
        """What the performer wrote last; it survives a kill -9."""
        self.resumed = resumed
        """Another process began it: more may have happened than the checkpoint says."""

    @property
    def is_cancelled(self) -> bool:
        """Whether a person has asked for its end.

        A server that stops cancels the task, too: then work that goes on elsewhere should.
        """
        return self._is_cancelled()

    async def save(self, checkpoint: bytes) -> None:
        """Write a checkpoint before a step that must not be repeated."""
        self.checkpoint = checkpoint
        await self._write(self, checkpoint=checkpoint)

    async def log(self, data: bytes) -> None:
        """Add to the log of the operation, such as what a program prints. It never fails."""
        if self._log is not None:
            await self._log.write(data)

    async def report(
        self,
        message: str,
        progress: float | None = None,
        *,
        transient: bool = False,
        detail: WorkProgress | None = None,
    ) -> None:
        """Say what is happening; ``progress`` is a fraction or None. Repeats cost nothing.

        ``transient`` messages, such as a count that goes up, are not kept in the history.
        """
        told = self.operation
        if (message, progress, detail) != (told.message, told.progress, told.detail):
            await self._write(
                self, transient=transient, message=message, progress=progress, detail=detail
            )


Performer = Callable[[OperationHandle], Awaitable[str]]
"""Does the work and returns the closing message; raises CiManagerError or WorkLost.

Where its kind can be cancelled it gets ``asyncio.CancelledError``, must clean up and raise it on.
It may return or raise another error instead, where that is how the work has ended.
"""
