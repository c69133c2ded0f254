"""The process of the embedded engine: it waits, holds what its parent holds, and ends with it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.locks import FileLock, is_held
from jupyter_ci_manager.environments.rattler_process import RattlerProcess, started_process
from tests.builders import until
from tests.environments.channel.serving import ChannelServer
from tests.environments.test_work_interrupted import begun, processes_of
from tests.environments.working import Home

PARENT = """
import os, sys
from jupyter_ci_manager.environments.rattler_process import forked_process, started_process
process = forked_process() if sys.argv[1] == "forked" else started_process(os.environ)
print(process.pid, flush=True)
sys.stdin.read()
"""


async def _ended(process: RattlerProcess) -> int | None:
    await until(lambda: process.returncode is not None)
    return process.returncode


async def test_one_that_nobody_asks_ends_without_a_word(tmp_path: Path) -> None:
    process = started_process(os.environ)

    process.close()

    assert await _ended(process) == 0


async def test_what_its_parent_has_locked_stays_locked_until_it_has_ended(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "one.lock")
    lock.acquire()
    endless = tmp_path / "request"
    os.mkfifo(endless)
    process = started_process(os.environ)

    await process.ask(endless, [lock.descriptor])
    # It has what it was sent once it waits for somebody to write into the pipe.
    writer = await asyncio.to_thread(os.open, endless, os.O_WRONLY)
    lock.release()
    held = is_held(lock.path)
    os.killpg(process.pid, signal.SIGKILL)
    ended = await _ended(process)
    os.close(writer)
    process.close()

    assert held
    assert ended == -signal.SIGKILL
    assert not is_held(lock.path)


@pytest.mark.parametrize("how", ["forked", "started"])
async def test_one_that_waits_ends_when_its_parent_is_killed(how: str) -> None:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, how), stdin=PIPE, stdout=PIPE
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    await until(lambda: os.getpgid(child) == child)

    parent.kill()
    await parent.communicate()

    await until(lambda: _is_gone(child))


async def test_one_that_works_has_ended_when_the_lock_of_its_killed_worker_is_free(
    home: Home, channel: ChannelServer
) -> None:
    server = home.server()
    operation = await begun(home, channel, server)
    folder = home.folder_of(operation)
    [child] = processes_of(operation, "rattler_child")
    pid = folder.worker_pid()
    assert pid is not None
    await server.operations.close()

    os.kill(pid, signal.SIGKILL)
    await until(lambda: not is_held(folder.alive))

    assert _is_gone(child)


def _is_gone(pid: int) -> bool:
    """Gone, or a zombie that waits for whoever adopted it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"
