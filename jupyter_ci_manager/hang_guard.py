"""Calls that may never return, such as ``statvfs`` on a network mount whose server is gone.

It knows nothing of what is called.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

T = TypeVar("T")


IDLE_SECONDS = 10.0
"""How long a thread is kept for the next call."""


class NoAnswer(Exception):
    """A call has not returned in time. Its thread goes on waiting."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer for {seconds:.0f} s")
        self.seconds = seconds
        """For how long it has been waited so far."""


@dataclass
class _Call:
    future: Future[Any]
    began: float


@dataclass(frozen=True)
class _Answer:
    value: Any
    at: float


class HangGuard:
    """Runs each call on a daemon thread that does nothing else, one at a time for each key.

    Nothing ends a thread that waits in the kernel, but it need not keep anybody: not the event
    loop, not a pool that others share, not a process that wants to end.
    """

    def __init__(
        self, timeout_seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._calls: dict[str, _Call] = {}
        self._answers: dict[str, _Answer] = {}

    @property
    def waiting(self) -> int:
        """How many calls have not returned yet."""
        return sum(not call.future.done() for call in self._calls.values())

    async def call(self, key: str, function: Callable[[], T]) -> T:
        """What the function returns. Raises what it raises, and NoAnswer.

        Whoever asks the same while a call is under way shares its answer; where that is overdue
        already, NoAnswer is raised at once.
        """
        call = self._calls.get(key)
        if call is None or call.future.done():
            call = self._begin(key, function)
        remaining = call.began + self._timeout_seconds - self._clock()
        if remaining > 0:
            await _ended(call.future, remaining)
        if not call.future.done():
            raise NoAnswer(self._clock() - call.began)
        return cast("T", call.future.result())

    async def call_lately(
        self, key: str, function: Callable[[], T], *, fresh_seconds: float, usable_seconds: float
    ) -> T:
        """An answer that is at most ``usable_seconds`` old, at once where there is one.

        One that is older than ``fresh_seconds`` is asked for anew in the background, so that nobody
        waits for a slow server again and again. Raises as ``call`` does.
        """
        known, last = self._answers.get(key), self._calls.get(key)
        if known is None or last is None or self._clock() - known.at > usable_seconds:
            return await self.call(key, function)
        if not last.future.done():
            waited = self._clock() - last.began
            if waited > self._timeout_seconds:
                raise NoAnswer(waited)
        elif last.future.exception() is not None:
            return await self.call(key, function)
        elif self._clock() - known.at > fresh_seconds:
            self._begin(key, function)
        return cast("T", known.value)

    def _begin(self, key: str, function: Callable[[], T]) -> _Call:
        def answer() -> T:
            result = function()
            self._answers[key] = _Answer(result, self._clock())
            return result

        call = self._calls[key] = _Call(_on_thread(answer), self._clock())
        return call


class Turns:
    """Runs blocking calls to one place, such as a share, each on a daemon thread.

    While one of them is overdue the place is taken for gone and refuses all others at once: threads
    that wait in the kernel must not become more and more.
    """

    def __init__(
        self, timeout_seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._calls: list[_Call] = []

    @property
    def waiting(self) -> int:
        """How many calls have not returned yet."""
        self._calls = [call for call in self._calls if not call.future.done()]
        return len(self._calls)

    async def call(self, function: Callable[[], T]) -> T:
        """What the function returns. Raises what it raises, and NoAnswer."""
        if self.waiting:
            waited = self._clock() - self._calls[0].began
            if waited > self._timeout_seconds:
                raise NoAnswer(waited)
        future = _on_thread(function)
        self._calls.append(_Call(future, self._clock()))
        await _ended(future, self._timeout_seconds)
        if not future.done():
            raise NoAnswer(self._timeout_seconds)
        return cast("T", future.result())


class _Workers:
    """Daemon threads, each for one call at a time. One that has ended is soon used again.

    Making a thread takes ten times as long as waking one. Those that hang are never waited for,
    and a call never waits for a thread.
    """

    def __init__(self) -> None:
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()

    def run(self, function: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        # From now on it cannot be cancelled by somebody who only stops waiting for it.
        future.set_running_or_notify_cancel()
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        if worker is None:
            worker = _Worker(self)
        worker.calls.put((function, future))
        return future

    def is_idle(self, worker: _Worker) -> None:
        """The worker can be given another call."""
        with self._lock:
            self._idle.append(worker)

    def ends(self, worker: _Worker) -> bool:
        """Whether the worker may end: nobody has given it another call meanwhile."""
        with self._lock:
            if worker not in self._idle:
                return False
            self._idle.remove(worker)
            return True


class _Worker:
    def __init__(self, workers: _Workers) -> None:
        self.calls: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()
        self._workers = workers
        threading.Thread(target=self._run, name="ci-manager-call", daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                function, future = self.calls.get(timeout=IDLE_SECONDS)
            except Empty:
                if self._workers.ends(self):
                    return
                continue
            self._call(function, future)
            # Nothing of the call must be kept while there is no other one.
            del function, future

    def _call(self, function: Callable[[], Any], future: Future[Any]) -> None:
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001
            # It is raised where somebody waits for it.
            self._workers.is_idle(self)
            future.set_exception(error)
        else:
            self._workers.is_idle(self)
            future.set_result(result)


_on_thread = _Workers().run


async def _ended(future: Future[Any], timeout_seconds: float) -> None:
    waiter = asyncio.wrap_future(future)
    try:
        await asyncio.wait([waiter], timeout=timeout_seconds)
    finally:
        # Else asyncio complains of a result that nobody took from it.
        if not waiter.cancel() and not waiter.cancelled():
            waiter.exception()
