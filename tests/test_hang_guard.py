from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from jupyter_ci_manager.hang_guard import HangGuard, NoAnswer, Turns, _Workers
from tests.builders import Steps, until


async def test_an_answer_and_an_error_come_back_as_they_are() -> None:
    guard = HangGuard(5)

    def fail() -> None:
        raise OSError(5, "Input/output error")

    assert await guard.call("a", lambda: 7) == 7
    with pytest.raises(OSError, match="Input/output"):
        await guard.call("b", fail)
    assert await guard.call("b", lambda: 8) == 8


async def test_what_hangs_is_waited_for_once_and_asked_again_when_it_has_come_back() -> None:
    guard = HangGuard(0.05)
    gone = threading.Event()
    threads = threading.active_count()

    def ask() -> str:
        gone.wait(60)
        return "here"

    for _ in range(5):
        with pytest.raises(NoAnswer):
            await guard.call("share", ask)
    assert threading.active_count() <= threads + 1
    assert await guard.call("other", lambda: 1) == 1
    began = time.perf_counter()
    with pytest.raises(NoAnswer):
        await guard.call("share", ask)
    assert time.perf_counter() - began < 0.04

    gone.set()
    await until(lambda: guard.waiting == 0)
    assert await guard.call("share", ask) == "here"


async def test_whoever_stops_waiting_takes_nothing_from_the_others() -> None:
    guard = HangGuard(5)
    gone = threading.Event()

    def ask() -> bool:
        return gone.wait(60)

    impatient = asyncio.ensure_future(guard.call("a", ask))
    patient = asyncio.ensure_future(guard.call("a", ask))
    await until(lambda: guard.waiting == 1)
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    gone.set()

    assert impatient.cancelled()
    assert await patient is True


async def test_a_late_answer_is_used_at_once_and_renewed_in_the_background() -> None:
    clock = Steps()
    guard = HangGuard(5, clock=clock)
    answers = iter(range(10))

    async def lately() -> int:
        return await guard.call_lately(
            "a", lambda: next(answers), fresh_seconds=10, usable_seconds=100
        )

    assert [await lately(), await lately()] == [0, 0]
    clock.seconds = 11
    assert await lately() == 0
    await until(lambda: guard.waiting == 0)
    assert await lately() == 1
    clock.seconds = 500
    assert await lately() == 2


async def test_a_late_answer_does_not_hide_that_the_server_is_gone() -> None:
    clock = Steps()
    guard = HangGuard(5, clock=clock)
    gone = threading.Event()

    def lost() -> int:
        raise OSError(116, "Stale file handle")

    def silent() -> int:
        gone.wait(60)
        return 0

    async def lately(key: str, ask: object) -> int:
        assert callable(ask)
        return await guard.call_lately(key, ask, fresh_seconds=10, usable_seconds=100)

    assert [await lately("a", lambda: 1), await lately("b", lambda: 1)] == [1, 1]
    clock.seconds = 20
    assert [await lately("a", lost), await lately("b", silent)] == [1, 1]
    await until(lambda: guard.waiting == 1)
    clock.seconds = 30
    with pytest.raises(OSError, match="Stale"):
        await lately("a", lost)
    with pytest.raises(NoAnswer):
        await lately("b", silent)
    gone.set()


async def test_calls_to_one_place_run_beside_each_other_until_one_is_overdue() -> None:
    turns = Turns(0.1)
    gone = threading.Event()

    def lost() -> None:
        raise OSError(116, "Stale file handle")

    assert await asyncio.gather(*(turns.call(lambda: 7) for _ in range(20))) == [7] * 20
    with pytest.raises(OSError, match="Stale"):
        await turns.call(lost)
    hanging = [asyncio.ensure_future(turns.call(lambda: gone.wait(60))) for _ in range(3)]
    assert await turns.call(lambda: 8) == 8
    for each in hanging:
        with pytest.raises(NoAnswer):
            await each
    threads = threading.active_count()
    for _ in range(20):
        with pytest.raises(NoAnswer):
            await turns.call(lambda: 9)
    assert threading.active_count() == threads

    gone.set()
    await until(lambda: turns.waiting == 0)
    assert await turns.call(lambda: 10) == 10


async def test_threads_are_used_again_and_end_when_nobody_needs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("jupyter_ci_manager.hang_guard.IDLE_SECONDS", 0.2)
    # Those of other tests wait for longer.
    monkeypatch.setattr("jupyter_ci_manager.hang_guard._on_thread", _Workers().run)
    turns = Turns(5)
    threads = threading.active_count()
    used = {await turns.call(threading.get_ident) for _ in range(50)}
    busy = threading.active_count()
    await until(lambda: threading.active_count() == threads)

    assert len(used) <= 2
    assert busy <= threads + 2
    assert await turns.call(lambda: "again") == "again"


PROCESS = """if True:
    import asyncio, threading
    from jupyter_ci_manager.hang_guard import HangGuard, NoAnswer

    async def main():
        try:
            await HangGuard(0.05).call("a", threading.Event().wait)
        except NoAnswer:
            print("no answer")

    asyncio.run(main())
"""


def test_a_process_ends_although_a_call_hangs() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROCESS], capture_output=True, text=True, timeout=20
    )

    assert (done.stdout, done.stderr, done.returncode) == ("no answer\n", "", 0)
