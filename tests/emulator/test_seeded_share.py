"""What the share of the team that the emulator begins with has to show."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_ci_manager.emulator import Emulator, ManualClock
from jupyter_ci_manager.emulator.seed_share import LOGS, SCRIPTS
from tests.emulator.arm_client import ArmClient
from tests.emulator.setup_scripts import look


@pytest.fixture
def emulator(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    emulator = Emulator(clock=ManualClock())
    jp_asyncio_loop.run_until_complete(emulator.start())
    yield emulator
    jp_asyncio_loop.run_until_complete(emulator.stop())


def newest_log(emulator: Emulator, instance: str) -> bytes:
    folder = emulator.share / "Logs" / instance
    return max(folder.iterdir(), key=lambda path: path.stat().st_mtime).read_bytes()


async def test_the_log_of_the_instance_that_failed_says_what_azure_says_and_why(
    emulator: Emulator, arm: ArmClient
) -> None:
    instance = await look(arm, "ben-etl")
    log = newest_log(emulator, "ben-etl").decode()

    assert "code 127" in instance["errors"][0]["error"]["message"]
    assert "[emulator] Script exited with code 127\n" in log
    assert "conda: command not found" in log
    assert "nothing has run" in log.splitlines()[0]
    assert "\x1b[32m" in log
    assert "\r" in log


async def test_the_line_that_fails_is_the_one_that_the_log_names(
    emulator: Emulator, arm: ArmClient
) -> None:
    for name in ("ben-etl", "amy-onboarding"):
        scripts = (await look(arm, name))["setupScripts"]["scripts"]
        path = scripts["creationScript"]["scriptData"]
        log = newest_log(emulator, name).decode()
        (complaint,) = [line for line in log.splitlines() if "command not found" in line]
        number = int(complaint.split(": line ")[1].split(":")[0])

        assert f"/{name}/code/{path}:" in complaint
        assert (emulator.share / path).read_text().splitlines()[number - 1].startswith("conda ")


async def test_every_log_is_of_a_script_that_its_instance_has(
    emulator: Emulator, arm: ArmClient
) -> None:
    for log in LOGS:
        scripts = (await look(arm, log.instance))["setupScripts"]["scripts"]
        assert scripts[f"{log.phase}Script"]["scriptData"] == log.script
        assert (emulator.share / log.script).read_text() == SCRIPTS[log.script]
    startups = sorted((emulator.share / "Logs/amy-notebooks").glob("startupScript_*.log"))
    assert len(startups) == 4
    assert [path.stat().st_mtime for path in startups] == sorted(
        path.stat().st_mtime for path in startups
    )


async def test_what_is_in_a_share_of_ones_own_stays_as_it_is(tmp_path: Path) -> None:
    script = tmp_path / "Users/ben/setup/etl.sh"
    script.parent.mkdir(parents=True)
    script.write_text("echo mine\n")

    async with Emulator(clock=ManualClock(), share=tmp_path):
        assert list(tmp_path.glob("Logs/ben-etl/*"))

    assert script.read_text() == "echo mine\n"


async def test_a_share_of_ones_own_gets_its_logs_once(tmp_path: Path) -> None:
    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    clock = ManualClock()
    async with Emulator(clock=clock, share=tmp_path):
        first = files()
    clock.advance(3600)

    async with Emulator(clock=clock, share=tmp_path):
        assert files() == first


async def test_an_emulator_with_other_instances_has_an_empty_share() -> None:
    async with Emulator(clock=ManualClock(), instances=5) as emulator:
        assert [path for path in emulator.share.rglob("*") if path.is_file()] == []
