"""Running a program: what it gets, how it ends, and that nothing of it is left."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sys
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.child_guard import Guard
from jupyter_ci_manager.child_process import run_program

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
    # Closed by hand: an interrupt while the file is collected would be ignored.
    with open(sys.argv[1], "w") as file:
        file.write("begun")
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


@pytest.mark.parametrize("turns", range(2, 9))
async def test_cancelled_while_it_is_only_just_started_it_ends_with_its_grandchildren(
    tmp_path: Path, turns: int
) -> None:
    noted = tmp_path / "pid"
    task = asyncio.ensure_future(
        run(python(BACKGROUND + "time.sleep(600)", noted), interrupt_seconds=0.5)
    )
    for _ in range(turns):
        await asyncio.sleep(0)
    deadline = time.monotonic() + 20
    while not (noted.exists() and noted.read_text()):
        assert time.monotonic() < deadline
        # The loop stands still, as it may on a busy machine, and the program goes on.
        time.sleep(0.02)  # noqa: ASYNC251

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 20)

    assert await is_gone(int(noted.read_text()))


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
        on_stdout=tell,
        on_stderr=tell,
    )

    assert outcome.returncode == 0
    assert b"".join(told) == b"begun\nended\n"


async def test_to_a_terminal_every_byte_comes_as_it_was_written_and_all_of_it() -> None:
    script = """
import os, sys
assert os.isatty(1) and not os.isatty(2)
sys.stdout.buffer.write(bytes(range(256)) * 2000 + b"\\n\\0end")
sys.stdout.flush()
print("said aside", file=sys.stderr)
"""
    told: list[bytes] = []

    async def tell_slowly(data: bytes) -> None:
        await asyncio.sleep(0.001)
        told.append(data)

    outcome = await run_program(
        python(script),
        environ=os.environ,
        timeout_seconds=30,
        output_limit_bytes=1_000_000,
        on_stdout=tell_slowly,
        terminal=True,
    )

    assert outcome.returncode == 0
    assert outcome.complete
    assert outcome.output == bytes(range(256)) * 2000 + b"\n\0end"
    assert b"".join(told) == outcome.output
    assert outcome.last_words == "said aside"


async def test_a_terminal_tells_how_wide_it_is_and_answers_no_question() -> None:
    script = "import os; print(os.get_terminal_size(1).columns); input()"

    outcome = await run_program(
        python(script), environ=os.environ, timeout_seconds=30, terminal=True
    )

    assert outcome.output == b"120\n"
    assert "EOFError" in outcome.last_words


async def test_a_terminal_is_given_back_however_the_program_ends(tmp_path: Path) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    async def run_in_a_terminal(script: str) -> None:
        await run_program(
            python(script, tmp_path / "begun"),
            environ=os.environ,
            timeout_seconds=30,
            interrupt_seconds=0.2,
            terminal=True,
        )

    await run_in_a_terminal("print(1)")
    before = open_files()

    await run_in_a_terminal("print(2)")
    with pytest.raises(FileNotFoundError):
        await run_program(["/nowhere/conda"], environ=os.environ, timeout_seconds=30, terminal=True)
    task = asyncio.ensure_future(
        run_in_a_terminal(
            "import sys, time; open(sys.argv[1], 'w').write('begun'); time.sleep(600)"
        )
    )
    await written(tmp_path / "begun")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    # What asyncio closes, it closes in a later turn of its loop.
    await asyncio.sleep(0.05)
    assert open_files() == before


async def test_what_cannot_deal_with_the_output_ends_the_program_and_says_so(
    tmp_path: Path,
) -> None:
    script = """
import os, sys, time
open(sys.argv[1], "w").write(str(os.getpid()))
print("hello", flush=True)
time.sleep(600)
"""

    async def fail(data: bytes) -> None:
        raise RuntimeError(f"cannot read {data!r}")

    with pytest.raises(RuntimeError, match="cannot read"):
        await run_program(
            python(script, tmp_path / "pid"),
            environ=os.environ,
            timeout_seconds=30,
            interrupt_seconds=0.3,
            on_stdout=fail,
        )

    assert await is_gone(int((tmp_path / "pid").read_text()))


async def test_what_a_program_needs_of_the_secrets_is_named_one_by_one() -> None:
    outcome = await run_program(
        python("import os; print(sorted(os.environ))"),
        environ={"HTTPS_PROXY": "http://amy:s1@proxy.example", "HTTPS_TOKEN": "s2"},
        also_passed={"HTTPS_PROXY"},
        timeout_seconds=30,
    )

    assert b"'HTTPS_PROXY'" in outcome.output
    assert b"HTTPS_TOKEN" not in outcome.output


RUNS_A_PROGRAM = """
import asyncio, fcntl, os, sys
from jupyter_ci_manager.child_guard import Guard
from jupyter_ci_manager.child_process import run_program

lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_EX)
asyncio.run(run_program(
    [sys.executable, *sys.argv[2:]],
    environ=os.environ, timeout_seconds=600, interrupt_seconds=3, guard=Guard(held=(lock,)),
))
"""


async def killed_while_it_runs(tmp_path: Path, script: str) -> int:
    """Runs a program in a process that is killed then; the program's id."""
    runner = await asyncio.create_subprocess_exec(
        *python(RUNS_A_PROGRAM, tmp_path / "lock", "-c", script, tmp_path / "pid", tmp_path / "end")
    )
    pid = int(await written(tmp_path / "pid"))
    runner.kill()
    await runner.wait()
    return pid


def is_free(lock: Path) -> bool:
    with lock.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


async def freed(lock: Path) -> None:
    deadline = time.monotonic() + 20
    while not is_free(lock):
        assert time.monotonic() < deadline, f"{lock} is still held"
        await asyncio.sleep(0.01)


async def test_when_its_runner_is_killed_a_guarded_program_cleans_up_before_the_lock_is_free(
    tmp_path: Path,
) -> None:
    script = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    with open(sys.argv[1], "w") as file:
        file.write(str(os.getpid()))
    time.sleep(600)
except KeyboardInterrupt:
    time.sleep(0.5)
    open(sys.argv[2], "w").write("cleaned up")
"""
    pid = await killed_while_it_runs(tmp_path, script)

    assert not is_free(tmp_path / "lock")
    await freed(tmp_path / "lock")

    assert (tmp_path / "end").read_text() == "cleaned up"
    assert await is_gone(pid)


async def test_when_its_runner_is_killed_a_guarded_program_that_does_not_listen_is_killed_too(
    tmp_path: Path,
) -> None:
    script = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(600)
"""
    pid = await killed_while_it_runs(tmp_path, script)

    await freed(tmp_path / "lock")

    assert await is_gone(pid)


async def test_a_guard_goes_with_its_program(tmp_path: Path) -> None:
    lock = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)

    outcome = await run_program(
        python("print('done')"),
        environ=os.environ,
        timeout_seconds=30,
        guard=Guard(held=(lock,)),
    )
    os.close(lock)

    assert outcome.output == b"done\n"
    assert is_free(tmp_path / "lock")
