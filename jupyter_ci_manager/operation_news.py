"""Who is told when an operation changes: listeners, and whoever waits for the next change.

It knows no journal and no registry.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from .models import Operation

Listener = Callable[[Operation], None]


class OperationNews:
    """Changes of operations as they become known here."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._listeners: list[Listener] = []
        self._changed = asyncio.Condition()
        self.count = 0
        """How many there have been."""

    def listen(self, listener: Listener) -> None:
        """Call ``listener`` on the event loop with every operation that anybody changes."""
        self._listeners.append(listener)

    async def tell(self, operation: Operation) -> None:
        """An operation has changed."""
        for listener in self._listeners:
            try:
                listener(operation)
            except Exception:  # noqa: BLE001
                # Who only listens must not end the work; the log has the trace.
                self._log.exception("A listener failed on operation %s", operation.id)
        async with self._changed:
            self.count += 1
            self._changed.notify_all()

    async def after(self, count: int) -> None:
        """Wait until there have been others than so many."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.count != count)
