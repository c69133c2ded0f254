"""Setup scripts that really run: what they are given, what becomes of them and their output."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.scripts.processes import ScriptProcesses, can_run_scripts
from tests.emulator.arm_client import ArmClient
from tests.emulator.setup_scripts import (
    inline,
    logs,
    look,
    make,
    state,
    stored,
    until_ended,
    written,
)

pytestmark = pytest.mark.skipif(not can_run_scripts(), reason="needs POSIX and bash")

SPEED = 600.0
LONG = "sleep 600"


@pytest.fixture
def emulator(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    """One that runs scripts; the 15 minutes of a script are one and a half seconds."""
    emulator = Emulator(speed=SPEED, instances=0, run_scripts=True)
    jp_asyncio_loop.run_until_complete(emulator.start())
    yield emulator
    jp_asyncio_loop.run_until_complete(emulator.stop())


async def until_written(emulator: Emulator, text: bytes) -> None:
    deadline = time.monotonic() + 20
    while not any(text in log for log in logs(emulator)):
        assert time.monotonic() < deadline, logs(emulator)
        await asyncio.sleep(0.02)


async def pids(emulator: Emulator, count: int) -> list[int]:
    """What the script has printed, once it has printed as many."""
    await until_written(emulator, b"ready\n")
    (log,) = logs(emulator)
    found = [int(line) for line in written(log) if line.isdigit()]
    assert len(found) == count
    assert all(is_alive(pid) for pid in found)
    return found


def is_alive(pid: int) -> bool:
    """Whether it runs; one that has ended and that nobody has asked about does not."""
    try:
        status = subprocess.check_output(["ps", "-o", "stat=", "-p", str(pid)], text=True)
    except subprocess.CalledProcessError:
        return False
    return not status.startswith("Z")


async def all_gone(found: list[int]) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not any(is_alive(pid) for pid in found):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_script_of_the_share_runs_in_its_folder_with_its_arguments_and_variables(
    arm: ArmClient, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "a secret")
    folder = emulator.share / "Users/amy/my scripts"
    folder.mkdir(parents=True)
    (folder / "setup.sh").write_text(
        'pwd\nprintf "<%s>\\n" "$@"\n'
        'echo "$CI_NAME $CI_WORKSPACE $CI_RESOURCE_GROUP $CI_LOCAL_UBUNTU_USER"\n'
        'echo "token: ${SOME_TOKEN:-none}"\n'
    )

    await make(
        arm,
        creation=stored(
            "Users/amy/my scripts/setup.sh", scriptArguments="--with-spark 'two words' $HOME"
        ),
    )

    assert await until_ended(arm) == "Running"
    (log,) = logs(emulator)
    assert written(log) == [
        str(folder),
        "<--with-spark>",
        "<two words>",
        "<$HOME>",
        "my-ci ml-workspace ml-team azureuser",
        "token: none",
    ]
    assert b"Script exited with code 0\n" in log
    assert b"; Azure runs it on the instance as root.\n" in log


async def test_an_inline_script_runs_in_the_folder_of_the_users(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, creation=inline("pwd; echo $1 > made-here", scriptArguments="x"))

    assert await until_ended(arm) == "Running"
    assert written(logs(emulator)[0]) == [str(emulator.share / "Users")]
    assert (emulator.share / "Users/made-here").read_text() == "x\n"


async def test_what_it_writes_is_in_the_share_while_it_runs(
    arm: ArmClient, emulator: Emulator
) -> None:
    go = emulator.share / "go"
    await make(arm, creation=inline(f"printf 'half a '; while [ ! -e {go} ]; do sleep 0.01; done"))
    await until_written(emulator, b"half a ")

    assert await state(arm) == "SettingUp"
    go.touch()

    assert await until_ended(arm) == "Running"
    (log,) = logs(emulator)
    assert b"\nhalf a \n[emulator] Script exited with code 0\n" in log


async def test_a_script_that_fails_ends_in_setup_failed(arm: ArmClient, emulator: Emulator) -> None:
    await make(arm, creation=inline("echo before\nconda activate x\n"), startup=inline("echo no\n"))

    assert await until_ended(arm) == "SetupFailed"
    (error,) = (await look(arm))["errors"]
    assert "Script exited with code 127." in error["error"]["message"]
    (log,) = logs(emulator)
    assert b"line 2: conda: command not found\n" in log
    assert b"Script exited with code 127\n" in log


async def test_carriage_returns_are_the_shells_to_complain_about(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, creation=inline("echo hello\r\n\r\n"))

    assert await until_ended(arm) == "SetupFailed"
    assert b"$'\\r': command not found\n" in logs(emulator)[0]


async def test_a_script_that_takes_too_long_is_ended_with_all_it_began(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(
        arm, timeout="30m", creation=inline(f"{LONG} & echo $!\necho $$\necho ready\n{LONG}\n")
    )
    began = await pids(emulator, 2)

    assert await until_ended(arm) == "SetupFailed"
    (error,) = (await look(arm))["errors"]
    assert "timed out after 30m" in error["error"]["message"]
    (log,) = logs(emulator)
    assert b"[emulator] Script timed out after 30m\n" in log
    assert b"Script exited with code 124\n" in log
    assert await all_gone(began)


async def test_a_script_has_fifteen_minutes_unless_it_is_given_another_time(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, timeout=None, creation=inline(LONG))

    assert await until_ended(arm) == "SetupFailed"
    assert b"[emulator] Script timed out after 15m\n" in logs(emulator)[0]


async def test_a_longer_time_out_is_heeded(arm: ArmClient, emulator: Emulator) -> None:
    await make(arm, creation=inline("sleep 2\n", timeout="1h"))

    assert await until_ended(arm) == "Running"


async def test_a_script_that_does_not_want_to_end_is_killed(
    arm: ArmClient, emulator: Emulator
) -> None:
    script = "trap '' TERM HUP INT\necho $$\necho ready\nwhile :; do sleep 0.1; done\n"
    await make(arm, timeout="30m", creation=inline(script))
    began = await pids(emulator, 1)

    assert await until_ended(arm) == "SetupFailed"
    assert await all_gone(began)


async def test_what_a_script_leaves_in_the_background_ends_with_it(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, creation=inline(f"{LONG} & echo $!\necho ready\nsleep 0.3\n"))
    began = await pids(emulator, 1)

    assert await until_ended(arm) == "Running"
    assert await all_gone(began)


async def test_a_script_ends_with_its_instance(arm: ArmClient, emulator: Emulator) -> None:
    await make(arm, creation=inline(f"echo $$\necho ready\n{LONG}\n"))
    began = await pids(emulator, 1)

    assert (await arm("DELETE", "computes/my-ci")).status == 202

    assert await all_gone(began)
    await until_written(emulator, b"Script was ended: the instance went away")


async def test_a_script_ends_with_the_emulator() -> None:
    async with Emulator(speed=SPEED, instances=0, run_scripts=True) as emulator:
        arm = ArmClient(emulator)
        await make(arm, creation=inline(f"echo $$\necho ready\n{LONG}\n"))
        began = await pids(emulator, 1)

    assert await all_gone(began)


async def test_the_startup_script_runs_at_every_start_without_anybody_asking(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, startup=inline("echo started\n"))
    assert await until_ended(arm) == "Running"
    assert (await arm("POST", "computes/my-ci/restart")).status == 202

    deadline = time.monotonic() + 10
    while len(logs(emulator)) < 2 or b"exited" not in logs(emulator)[1]:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)

    assert [written(log) for log in logs(emulator)] == [["started"], ["started"]]
    assert await until_ended(arm) == "Running"


async def test_arguments_that_make_no_sense_are_said_in_the_log(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, creation=inline("echo hello\n", scriptArguments="'unclosed"))

    assert await until_ended(arm) == "SetupFailed"
    (log,) = logs(emulator)
    assert b"arguments are not understood" in log
    assert written(log) == []


@pytest.mark.parametrize("path", ["Users/none.sh", "../../etc/passwd", "Users", "link.sh"])
async def test_only_files_of_the_share_are_run(
    arm: ArmClient, emulator: Emulator, tmp_path: Path, path: str
) -> None:
    (tmp_path / "outside.sh").write_text("echo outside\n")
    (emulator.share / "link.sh").symlink_to(tmp_path / "outside.sh")

    await make(arm, creation=stored(path))

    assert await until_ended(arm) == "SetupFailed"
    (log,) = logs(emulator)
    assert b"User specified setup script file not found." in log
    assert written(log) == []


async def test_a_script_that_deletes_its_log_still_ends(arm: ArmClient, emulator: Emulator) -> None:
    await make(arm, creation=inline("rm -r ../Logs; exit 5\n"))

    assert await until_ended(arm) == "SetupFailed"


async def test_a_log_that_grows_without_end_ends_the_script(
    arm: ArmClient, emulator: Emulator
) -> None:
    emulator.state.lifecycle.scripts = limited = ScriptProcesses(
        emulator.state.timeline, lambda: emulator.storage.share, max_log_bytes=100_000
    )
    await make(arm, creation=inline("while :; do echo again; done\n"))

    assert await until_ended(arm) == "SetupFailed"
    assert b"[emulator] Script was ended: its log has more than 100000 bytes\n" in logs(emulator)[0]
    await limited.close()


async def test_many_megabytes_are_written_as_they_are(arm: ArmClient, emulator: Emulator) -> None:
    await make(arm, creation=inline("head -c 30000000 /dev/zero | tr '\\0' x\n"))

    assert await until_ended(arm) == "Running"
    (log,) = logs(emulator)
    assert log.count(b"x" * 30_000_000) == 1


async def test_a_script_that_a_signal_ends_has_the_status_that_a_shell_gives_it(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, creation=inline("kill -KILL $$\n"))

    assert await until_ended(arm) == "SetupFailed"
    assert b"Script exited with code %d\n" % (128 + signal.SIGKILL) in logs(emulator)[0]
