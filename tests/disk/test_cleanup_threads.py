"""Blocking work beside the event loop: it may hang, and keeps nobody."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from jupyter_ci_manager.disk import threads
from jupyter_ci_manager.disk.threads import Stop, on_thread


async def test_what_the_work_returns_or_raises_is_what_one_gets() -> None:
    def fail(stop: Stop) -> int:
        raise FileNotFoundError("gone")

    assert await on_thread(lambda _: 42) == 42
    with pytest.raises(FileNotFoundError, match="gone"):
        await on_thread(fail)


async def test_work_that_is_cancelled_is_told_to_stop_and_waited_for() -> None:
    begun, ended = threading.Event(), threading.Event()

    def work(stop: Stop) -> None:
        begun.set()
        assert stop.wait(20)
        time.sleep(0.1)
        ended.set()

    task = asyncio.ensure_future(on_thread(work))
    await asyncio.to_thread(begun.wait, 20)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert ended.is_set()


async def test_work_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "END_SECONDS", 0.1)
    released = threading.Event()
    began = time.monotonic()

    with pytest.raises(asyncio.TimeoutError):
        await on_thread(lambda _: released.wait(60), timeout_seconds=0.1)

    assert time.monotonic() - began < 10
    released.set()


def test_a_program_can_end_although_a_thread_of_it_hangs() -> None:
    script = """
import asyncio, time
from jupyter_ci_manager.disk import threads
threads.END_SECONDS = 0.1
async def main():
    try:
        await threads.on_thread(lambda _: time.sleep(600), timeout_seconds=0.1)
    except asyncio.TimeoutError:
        print("given up")
asyncio.run(main())
"""

    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )

    assert ended.stdout == "given up\n"
    assert ended.stderr == ""
