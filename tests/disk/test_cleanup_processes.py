"""Running a program: what it gets, how it ends, and that nothing of it is left."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.disk.processes import run_program

BACKGROUND = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c",
    "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
"""


def python(script: str, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", script, *map(str, arguments)]


async def run(argv: list[str], timeout_seconds: float = 30, **options: float) -> tuple[int, str]:
    outcome = await run_program(
        argv,
        environ=os.environ,
        timeout_seconds=timeout_seconds,
        interrupt_seconds=options.get("interrupt_seconds", 10),
    )
    return outcome.returncode, outcome.last_words


async def written(path: Path) -> str:
    deadline = time.monotonic() + 20
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline, f"nothing was written to {path}"
        await asyncio.sleep(0.02)
    return path.read_text()


async def is_gone(pid: int) -> bool:
    """Gone, or a zombie that waits for whoever adopted it."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_cancelled_program_may_clean_up_after_itself(tmp_path: Path) -> None:
    # What a Jupyter server starts may be interrupted, since it handles Ctrl-C itself; these tests
    # may run in the background of a shell, where that is inherited as ignored.
    script = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    open(sys.argv[1], "w").write("begun")
    time.sleep(600)
except KeyboardInterrupt:
    open(sys.argv[2], "w").write("cleaned up")
"""
    begun, cleaned = tmp_path / "begun", tmp_path / "cleaned"
    task = asyncio.ensure_future(run(python(script, begun, cleaned)))
    await written(begun)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert cleaned.read_text() == "cleaned up"


async def test_cancelling_ends_the_grandchildren_too_even_those_that_ignore_it(
    tmp_path: Path,
) -> None:
    noted = tmp_path / "pid"
    task = asyncio.ensure_future(
        run(python(BACKGROUND + "time.sleep(600)", noted), interrupt_seconds=0.5)
    )
    grandchild = int(await written(noted))
    assert Path(f"/proc/{grandchild}").exists()

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await is_gone(grandchild)


async def test_what_a_program_leaves_in_the_background_is_not_waited_for_and_ended(
    tmp_path: Path,
) -> None:
    noted = tmp_path / "pid"
    began = time.monotonic()

    returncode, _ = await run(python(BACKGROUND, noted))

    assert returncode == 0
    assert time.monotonic() - began < 10
    assert await is_gone(int(noted.read_text()))


async def test_a_program_that_takes_too_long_is_killed_if_it_does_not_listen(
    tmp_path: Path,
) -> None:
    script = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(600)
"""
    noted = tmp_path / "pid"

    with pytest.raises(asyncio.TimeoutError):
        await run(python(script, noted), timeout_seconds=1.5, interrupt_seconds=0.3)

    assert await is_gone(int(noted.read_text()))


async def test_no_secret_of_the_server_reaches_the_program() -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": "/home/amy",
        "AZURE_CLIENT_SECRET": "s1",
        "JPY_API_TOKEN": "s2",
        "GITHUB_TOKEN": "s3",
        "STORAGE_ACCOUNT_KEY": "s4",
        "PIP_INDEX_URL": "https://user:s5@packages.example",
    }

    outcome = await run_program(
        python("import os; print(dict(os.environ))"),
        environ=environ,
        timeout_seconds=30,
        output_limit_bytes=65536,
    )

    seen = outcome.output.decode()
    assert "/home/amy" in seen
    assert [name for name in environ if name in seen] == ["PATH", "HOME"]
    assert not any(f"s{number}'" in seen for number in range(1, 6))


async def test_a_program_that_asks_a_question_gets_no_answer_instead_of_hanging() -> None:
    returncode, said = await run(python("input('Proceed ([y]/n)? ')"))

    assert returncode == 1
    assert "EOFError" in said


async def test_of_endless_output_only_the_end_is_kept() -> None:
    script = "import sys; sys.stderr.write('x' * 99 + chr(10)) ; "
    script += "[sys.stderr.write(f'line {n} ' + 'y' * 90 + chr(10)) for n in range(100000)]; "
    script += "sys.exit(3)"

    returncode, said = await run(python(script))

    assert returncode == 3
    assert said.splitlines()[-1].startswith("line 99999 ")
    assert len(said) < 1000


async def test_the_event_loop_is_not_held_up_while_a_program_runs() -> None:
    longest, done = 0.0, asyncio.Event()

    async def watch() -> None:
        nonlocal longest
        while not done.is_set():
            before = time.monotonic()
            await asyncio.sleep(0.005)
            longest = max(longest, time.monotonic() - before)

    watching = asyncio.ensure_future(watch())
    await run(python("import time; [print('x' * 10000) for _ in range(2000)]; time.sleep(0.3)"))
    done.set()
    await watching

    assert longest < 0.25


async def test_what_it_prints_is_told_while_it_runs(tmp_path: Path) -> None:
    script = """
import pathlib, sys, time
print("begun", flush=True)
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.01)
print("ended", file=sys.stderr, flush=True)
"""
    told: list[bytes] = []

    async def tell(data: bytes) -> None:
        told.append(data)
        # It goes on only once this has been told.
        (tmp_path / "told").touch()

    outcome = await run_program(
        python(script, tmp_path / "told"),
        environ=os.environ,
        timeout_seconds=30,
        on_output=tell,
    )

    assert outcome.returncode == 0
    assert b"".join(told) == b"begun\nended\n"
