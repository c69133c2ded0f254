"""What can be read as a log: the contract between the reader and the sources. It does nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class StreamState:
    """A log at one moment."""

    size: int
    """Bytes."""
    identity: str
    """Another one where another file took the place of this one; it says nothing of the content.

    Empty where the source cannot tell: then only size and content do.
    """
    modified_at: datetime | None


class LogStream(Protocol):
    """A log that bytes can be read from. Both methods may take long, and never block the loop."""

    @property
    def key(self) -> str:
        """The same for all streams of one log: they share one watch and one read."""

    @property
    def watched(self) -> Path | None:
        """A local file whose changes the system tells; None: it is looked at now and then.

        It need be known only once ``state`` has answered.
        """

    async def state(self) -> StreamState:
        """How it is now. Raises LogNotFound, LogUnreachable or StorageForbidden."""

    async def read(self, offset: int, length: int) -> bytes:
        """At most so many bytes from there; fewer at its end. Raises as ``state`` does."""
