"""Questions to Azure under way, for services that end them when they close. It knows no answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Questions(Generic[T]):
    """The questions of one kind that have no answer yet."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[T]] = set()

    def ask(self, question: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin it; who awaits the task should shield it from going away itself."""
        task = asyncio.ensure_future(question)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def close(self) -> None:
        """End what is being asked: nobody waits for it any more."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
