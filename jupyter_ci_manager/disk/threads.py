"""Blocking work beside the event loop, which may hang on a mount point without end.

It must not know what the work is.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

Stop = threading.Event
"""Set when nobody waits for the work any more."""

END_SECONDS = 10.0


async def on_thread(work: Callable[[Stop], T], *, timeout_seconds: float | None = None) -> T:
    """What ``work`` returns. Raises what it raises, and asyncio.TimeoutError.

    Then, and when this is cancelled, the work is told to stop and given ten seconds. The thread is
    a daemon: one that hangs in the kernel keeps no server from ending, as a pool's would.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    stop = Stop()

    def run() -> None:
        try:
            result = work(stop)
        except BaseException as error:  # noqa: BLE001
            # It is raised again where somebody waits for it.
            _tell(loop, future.set_exception, error)
        else:
            _tell(loop, future.set_result, result)

    threading.Thread(target=run, name="ci-manager-disk", daemon=True).start()
    try:
        done, _ = await asyncio.wait([future], timeout=timeout_seconds)
    except asyncio.CancelledError:
        await _stopped(stop, future)
        raise
    if not done:
        await _stopped(stop, future)
        raise asyncio.TimeoutError
    return future.result()


def _tell(loop: asyncio.AbstractEventLoop, settle: Callable[[T], None], value: T) -> None:
    # The loop may have closed meanwhile: then nobody waits.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(settle, value)


async def _stopped(stop: Stop, future: asyncio.Future[T]) -> None:
    stop.set()
    await asyncio.wait([future], timeout=END_SECONDS)
    # Nobody asks for it any more; asyncio would complain of an error that was never retrieved.
    future.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
