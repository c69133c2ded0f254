"""A dry run really runs a script here, in a scratch folder of which nothing is left."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.errors import (
    CannotRunScripts,
    CiManagerError,
    InvalidSetupScript,
    OperationInProgress,
)
from jupyter_ci_manager.models import DryRunScript, Operation
from jupyter_ci_manager.script_surroundings import can_run_scripts
from jupyter_ci_manager.services import Services
from jupyter_ci_manager.setup_scripts import dry_run, service
from tests.instances.conftest import MakeServices

pytestmark = pytest.mark.skipif(not can_run_scripts(), reason="needs POSIX and bash")

LONG = "sleep 600"


async def ended(services: Services, operation: Operation) -> Operation:
    return await services.operations.wait(operation.id, timeout_seconds=30)


async def log_of(services: Services, operation: Operation) -> str:
    stream = await services.logs.operation_stream(operation.id)
    return (await stream.read(0, (await stream.state()).size)).decode()


async def ran(services: Services, text: str, **options: object) -> tuple[Operation, list[str]]:
    """Run a script to its end: the operation, and what the script itself has written."""
    operation = await ended(services, await begun(services, text, **options))
    lines = (await log_of(services, operation)).splitlines()
    return operation, [line for line in lines if not line.startswith("[dry run]")]


async def begun(services: Services, text: str, **options: object) -> Operation:
    return await services.setup_scripts.dry_run(DryRunScript(text, **options))  # type: ignore[arg-type]  # checked by the test


def scratch(tmp_path: Path) -> list[Path]:
    return list(tmp_path.rglob("dry-runs/*"))


async def until_written(services: Services, operation: Operation, text: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            if text in await log_of(services, operation):
                return
        except CiManagerError:
            pass
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def all_gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        shown = subprocess.run(
            ["ps", "-o", "stat=", "-p", ",".join(map(str, pids))], capture_output=True, text=True
        ).stdout.split()
        if all(status.startswith("Z") for status in shown):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_script_runs_with_its_arguments_and_the_variables_of_an_instance(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "a secret")
    text = (
        '#!/bin/bash\nset -e\nprintf "<%s>" "$@"; echo\n'
        'echo "$CI_NAME $CI_WORKSPACE $CI_RESOURCE_GROUP $CI_LOCAL_UBUNTU_USER"\n'
        'echo "${SOME_TOKEN:-no token}" >&2\n'
        'case "$PWD" in */code/Users) echo in Users;; esac\n'
        "touch here\n"
    )

    operation, lines = await ran(
        services, text, arguments="a 'b c' $HOME", instance="amy-gpu", timeout_minutes=5
    )

    assert operation.state == "succeeded"
    assert (operation.kind, operation.workspace_id) == ("script.dry_run", "")
    assert lines == [
        "<a><b c><$HOME>",
        "amy-gpu ml-workspace ml-team azureuser",
        "no token",
        "in Users",
    ]
    assert scratch(tmp_path) == []


async def test_azureusers_block_runs_in_a_home_of_its_own_and_what_it_left_is_told(
    services: Services, tmp_path: Path
) -> None:
    home = Path.home()
    before = sorted(path.name for path in home.iterdir())
    text = (
        "set -e\nsudo -u azureuser -i <<'EOF'\nset -e\n"
        "git config --global user.name amy\ngit config --global user.name\npwd\nEOF\n"
        'echo x >~/of-root; echo "$HOME"\n'
    )

    operation, lines = await ran(services, text)

    assert operation.state == "succeeded"
    assert lines[0] == "amy"
    assert lines[1].endswith("/home/azureuser")
    assert lines[2].endswith("/root")
    assert str(tmp_path) in lines[1]
    log = await log_of(services, operation)
    assert "[dry run] It left ~azureuser/.gitconfig\n" in log
    assert "[dry run] It left ~root/of-root\n" in log
    assert sorted(path.name for path in home.iterdir()) == before


async def test_a_script_that_fails_fails_the_operation_with_its_status(
    services: Services, tmp_path: Path
) -> None:
    operation, lines = await ran(services, "echo before\nprintf half\nexit 3\n")

    assert operation.state == "failed"
    assert operation.error is not None
    assert (operation.error.code, operation.error.details) == (
        "DryRunFailed",
        {"reason": "exit_status", "exit_status": "3"},
    )
    assert lines == ["before", "half"]
    assert "[dry run] Script exited with code 3\n" in await log_of(services, operation)
    assert scratch(tmp_path) == []


async def test_windows_line_endings_are_the_shells_to_complain_about(services: Services) -> None:
    operation, lines = await ran(services, "true\r\n")

    assert operation.state == "failed"
    assert "$'true\\r': command not found" in lines[0]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("conda activate x\n", "source /anaconda/etc/profile.d/conda.sh"),
        (
            "sudo -u azureuser -i <<'EOF'\nset -u\necho $1\nEOF\n",
            "bash -s -- \"$@\" <<'EOF'",
        ),
        ("echo nothing known; false\n", "Its log says why."),
    ],
)
async def test_a_failure_that_is_known_is_told_with_what_to_do(
    services: Services, text: str, hint: str
) -> None:
    operation, _ = await ran(services, text)

    assert operation.error is not None
    assert hint in (operation.error.hint or "")


async def test_what_it_prints_is_in_the_log_while_it_runs(
    services: Services, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    operation = await begun(
        services, f"printf 'half a '\nwhile [ ! -e {go} ]; do sleep 0.02; done\necho line\n"
    )
    await until_written(services, operation, "half a ")

    now = (await services.operations.get(operation.id)).operation
    go.touch()

    assert now.state == "running"
    assert now.cancellable
    assert (await ended(services, operation)).state == "succeeded"
    assert "half a line\n" in await log_of(services, operation)


async def test_a_cancelled_script_ends_with_all_it_began(
    services: Services, tmp_path: Path
) -> None:
    operation = await begun(services, f"{LONG} & echo $!\necho $$\necho ready\n{LONG}\n")
    await until_written(services, operation, "ready")
    lines = (await log_of(services, operation)).splitlines()
    pids = [int(line) for line in lines if line.isdigit()]
    assert len(pids) == 2

    await services.operations.cancel_or_dismiss(operation.id)

    assert (await ended(services, operation)).state == "cancelled"
    assert await all_gone(pids)
    assert "[dry run] Cancelled\n" in await log_of(services, operation)
    assert scratch(tmp_path) == []


async def test_a_script_that_does_not_want_to_end_is_killed(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_run, "INTERRUPT_SECONDS", 0.3)
    text = "trap '' INT TERM HUP\necho $$\necho ready\nwhile :; do sleep 0.1; done\n"
    operation = await begun(services, text)
    await until_written(services, operation, "ready")
    lines = (await log_of(services, operation)).splitlines()

    await services.operations.cancel_or_dismiss(operation.id)

    assert (await ended(services, operation)).state == "cancelled"
    assert await all_gone([int(line) for line in lines if line.isdigit()])


async def test_a_script_that_takes_too_long_is_ended(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_run, "SECONDS_OF_A_MINUTE", 0.5)

    operation, lines = await ran(services, f"echo $$\n{LONG}\n", timeout_minutes=1)

    assert operation.state == "failed"
    assert operation.error is not None
    assert operation.error.details == {"reason": "timed_out"}
    assert "1 minute" in operation.error.message
    assert await all_gone([int(lines[0])])
    assert scratch(tmp_path) == []


async def test_a_script_that_prints_without_end_is_ended(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_run, "MAX_OUTPUT_BYTES", 100_000)

    operation, lines = await ran(services, "while :; do echo again; done\n")

    assert operation.state == "failed"
    assert operation.error is not None
    assert operation.error.details == {"reason": "output"}
    assert len(lines) * len("again\n") <= 100_000


async def test_what_is_left_in_the_background_ends_with_the_script(services: Services) -> None:
    operation, lines = await ran(services, f"{LONG} >/dev/null 2>&1 & echo $!\n")

    assert operation.state == "succeeded"
    assert await all_gone([int(lines[0])])


async def test_one_script_runs_at_a_time(services: Services) -> None:
    first = await begun(services, f"echo ready\n{LONG}\n")
    await until_written(services, first, "ready")

    with pytest.raises(OperationInProgress) as refused:
        await begun(services, "echo second\n")

    assert refused.value.body.details == {"operation_id": first.id}
    await services.operations.cancel_or_dismiss(first.id)
    await ended(services, first)
    assert (await ran(services, "echo second\n"))[1] == ["second"]


async def test_a_script_ends_with_the_server_and_the_next_one_says_so(
    make_services: MakeServices, tmp_path: Path
) -> None:
    first = make_services()
    operation = await begun(first, f"echo $$\necho ready\n{LONG}\n")
    await until_written(first, operation, "ready")
    (pid,) = [line for line in (await log_of(first, operation)).splitlines() if line.isdigit()]
    await first.close()
    assert await all_gone([int(pid)])

    second = make_services()
    await second.open()
    now = await ended(second, operation)

    assert now.state == "lost"
    assert "the script with it" in now.message
    assert scratch(tmp_path) == []


async def test_without_a_workspace_a_script_can_be_tried_all_the_same(
    make_services: MakeServices,
) -> None:
    services = make_services(workspace="")

    operation, lines = await ran(services, 'echo "$CI_NAME<$CI_WORKSPACE>"\n')

    assert operation.state == "succeeded"
    assert lines == ["my-instance<>"]


@pytest.mark.parametrize(
    "options",
    [
        {"text": " \n"},
        {"text": "echo\0"},
        {"text": "echo", "arguments": "a\nb"},
        {"text": "echo", "arguments": "it's"},
        {"text": "echo", "arguments": "a\0b"},
        {"text": "echo", "instance": "a\0b"},
        {"text": "echo", "instance": "a\nLD_PRELOAD=x"},
    ],
)
async def test_what_cannot_be_run_is_refused_before_anything_is_made(
    services: Services, tmp_path: Path, options: dict[str, str]
) -> None:
    with pytest.raises(InvalidSetupScript):
        await services.setup_scripts.dry_run(DryRunScript(**options))  # type: ignore[arg-type]

    assert scratch(tmp_path) == []
    assert (await services.operations.list()).items == []


@pytest.mark.parametrize("value", ["$(touch x)", "`touch x`", "; touch x", "-e", "--help", "../.."])
async def test_names_and_arguments_are_never_commands(services: Services, value: str) -> None:
    operation, lines = await ran(
        services, 'printf "%s|" "$CI_NAME" "$@"; ls\n', arguments=f"'{value}'", instance=value
    )

    assert operation.state == "succeeded"
    assert lines == [f"{value}|{value}|"]


async def test_a_machine_without_bash_runs_none(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "can_run_scripts", lambda: False)

    with pytest.raises(CannotRunScripts):
        await begun(services, "echo\n")


async def test_a_full_disk_is_an_error_of_the_operation(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blocked").write_text("no folder")
    monkeypatch.setattr(services.setup_scripts, "_folder", tmp_path / "blocked" / "dry-runs")

    operation = await ended(services, await begun(services, "echo\n"))

    assert operation.state == "failed"
    assert operation.error is not None
    assert operation.error.code == "DryRunFailed"


async def test_what_a_script_mounts_in_its_folder_stays_whole(
    services: Services, tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("x")

    operation, _ = await ran(services, f"set -e\nmkdir m\nmount --bind {precious} m\n")

    left = list(tmp_path.rglob("code/Users/m"))
    for point in left:
        subprocess.run(["umount", point], check=True)
    if operation.state == "failed":
        pytest.skip("this machine does not let root mount a file system")
    assert (precious / "file").read_text() == "x"
    assert len(left) == 1
    assert f"Nothing was removed: {left[0]} is mounted" in await log_of(services, operation)
