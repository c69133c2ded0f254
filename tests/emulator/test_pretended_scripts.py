"""Setup scripts without ``--run-scripts``: recorded, not run, and a log that says so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from tests.emulator.arm_client import ArmClient, instance_body
from tests.emulator.setup_scripts import inline, look, setup_scripts, state, stored

DAY = 24 * 3600


async def make(arm: ArmClient, **scripts: Any) -> None:
    body = instance_body(setupScripts=setup_scripts(**scripts))
    assert (await arm("PUT", "computes/my-ci", body)).status == 201


def logs(emulator: Emulator) -> dict[str, str]:
    """What is in the logs of the instance, by name, oldest first."""
    folder = emulator.share / "Logs" / "my-ci"
    return {path.name: path.read_text() for path in sorted(folder.glob("*"))}


async def test_nothing_is_run_and_the_log_says_so(arm: ArmClient, emulator: Emulator) -> None:
    await make(arm, creation=inline("touch was-here\necho hello\n", scriptArguments="--fast"))
    emulator.advance(DAY)

    assert await state(arm) == "Running"
    (name, text), *rest = logs(emulator).items()
    assert not rest
    assert re.fullmatch(r"creationScript_20261123T090330000Z\.log", name)
    assert "the emulator ran no script" in text
    assert "--run-scripts" in text
    assert "--fast" in text
    assert text.endswith("Script exited with code 0\n[emulator] ended at 2026-11-23T09:04:30Z\n")
    assert "hello" not in text
    assert not list(emulator.share.rglob("was-here"))


async def test_the_log_begins_before_it_ends(arm: ArmClient, emulator: Emulator) -> None:
    await make(arm, creation=inline("exit 3\n"))

    emulator.advance(210)
    assert await state(arm) == "SettingUp"
    (begun,) = logs(emulator).values()
    emulator.advance(60)
    assert await state(arm) == "SetupFailed"

    (ended,) = logs(emulator).values()
    assert ended.startswith(begun)
    assert "Script exited with code 3\n" in ended.removeprefix(begun)


async def test_a_script_of_the_share_that_is_not_there_fails_in_azures_words(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, creation=stored("Users/amy/none.sh"))
    emulator.advance(DAY)

    (error,) = (await look(arm))["errors"]
    assert error["error"]["code"] == "SetupScriptsError"
    assert "User specified setup script file not found." in error["error"]["message"]
    assert "/clusters/my-ci/code/Users/amy/none.sh" in error["error"]["message"]
    (text,) = logs(emulator).values()
    assert "User specified setup script file not found." in text


@pytest.mark.parametrize(("last", "then"), [("exit 4", "SetupFailed"), ("exit 0", "Running")])
async def test_a_script_of_the_share_ends_as_it_says(
    arm: ArmClient, emulator: Emulator, last: str, then: str
) -> None:
    (emulator.share / "Users/amy").mkdir()
    (emulator.share / "Users/amy/setup.sh").write_text(f"echo hello\n{last}\n")

    await make(arm, creation=stored("Users/amy/setup.sh"))
    emulator.advance(DAY)

    assert await state(arm) == then


async def test_the_startup_script_is_for_every_start_with_a_log_each(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, creation=inline("echo a\n"), startup=inline("echo b\n"))
    emulator.advance(DAY)
    assert await state(arm) == "Running"
    for action in ("restart", "stop", "start"):
        assert (await arm("POST", f"computes/my-ci/{action}")).status == 202
        emulator.advance(DAY)

    phases = [name.split("_")[0] for name in logs(emulator)]
    assert phases == ["creationScript"] + ["startupScript"] * 3
    assert await state(arm) == "Running"


async def test_a_startup_script_that_fails_leaves_an_instance_that_says_so(
    arm: ArmClient, emulator: Emulator
) -> None:
    (emulator.share / "Users/start.sh").write_text("exit 0\n")
    await make(arm, startup=stored("Users/start.sh"))
    emulator.advance(DAY)
    assert await state(arm) == "Running"
    (emulator.share / "Users/start.sh").write_text("exit 9\n")

    restarted = await arm("POST", "computes/my-ci/restart")
    emulator.advance(140)
    assert await state(arm) == "Restarting"
    emulator.advance(60)

    assert await state(arm) == "SetupFailed"
    operation = (await arm("GET", restarted.headers["Azure-AsyncOperation"])).json
    assert operation["status"] == "Failed"
    assert "code 9" in operation["error"]["message"]


async def test_a_script_of_an_instance_that_is_deleted_has_no_status(
    arm: ArmClient, emulator: Emulator
) -> None:
    created = await arm(
        "PUT",
        "computes/my-ci",
        instance_body(setupScripts=setup_scripts(creation=inline("echo\n"))),
    )
    emulator.advance(230)
    assert await state(arm) == "SettingUp"

    assert (await arm("DELETE", "computes/my-ci")).status == 202

    assert await state(arm) == "Deleting"
    emulator.advance(DAY)
    assert (await arm("GET", "computes/my-ci")).status == 404
    operation = (await arm("GET", created.headers["Azure-AsyncOperation"])).json
    assert operation["status"] == "Failed"
    (text,) = logs(emulator).values()
    assert "Script was ended: the instance went away" in text
    assert "exited with code" not in text


async def test_a_log_that_cannot_be_written_is_said_where_azure_says_what_failed(
    arm: ArmClient, emulator: Emulator, tmp_path: Path
) -> None:
    (emulator.share / "Logs" / "my-ci").symlink_to(tmp_path)

    await make(arm, creation=inline("echo\n"))
    emulator.advance(DAY)

    assert await state(arm) == "SetupFailed"
    (error,) = (await look(arm))["errors"]
    assert "The log Logs/my-ci/creationScript_" in error["error"]["message"]
    assert list(tmp_path.iterdir()) == []
