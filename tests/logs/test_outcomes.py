from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.instances.snapshot import Change
from jupyter_ci_manager.logs.endings import judged, phase_of
from jupyter_ci_manager.logs.outcomes import ScriptOutcomes
from jupyter_ci_manager.models import (
    Instance,
    LogOutcome,
    ScriptOutcome,
    SetupScript,
    SetupScripts,
    Workspace,
)
from jupyter_ci_manager.services import Services
from tests.builders import ended, instance, spec, until, workspace
from tests.instances.conftest import MakeServices
from tests.logs.conftest import WriteLog

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)
SCRIPT = SetupScripts(creation=SetupScript("inline", "echo one\nexit 3\n"))


def by_log(outcome: LogOutcome, **more: Any) -> ScriptOutcome:
    return ScriptOutcome(None, outcome, log="a.log", **more)


async def listed(services: Services, name: str) -> Instance:
    page = await services.instances.page()
    return next(item for item in page.items if item.name == name)


@pytest.mark.parametrize(
    ("azure", "log", "expected"),
    [
        (None, by_log("succeeded"), by_log("succeeded")),
        # A script that failed hides behind an instance that runs.
        (None, by_log("failed", line=7), by_log("failed", line=7)),
        # The log does not say how it ended, and Azure does: the log still leads to the line.
        (
            ScriptOutcome("creation", "failed", 3),
            ScriptOutcome("creation", "unknown", log="a.log", line=7),
            ScriptOutcome("creation", "failed", 3, log="a.log", line=7),
        ),
        # The newest log is of another script than the one that Azure speaks of.
        (
            ScriptOutcome("creation", "failed", 3),
            by_log("succeeded"),
            ScriptOutcome("creation", "failed", 3),
        ),
        (
            ScriptOutcome("startup", "failed"),
            by_log("timed_out", line=2),
            ScriptOutcome("startup", "timed_out", log="a.log", line=2),
        ),
    ],
)
def test_azure_and_the_log_together_tell_more_than_either(
    azure: ScriptOutcome | None, log: ScriptOutcome, expected: ScriptOutcome
) -> None:
    outcomes = ScriptOutcomes()
    amy = instance("amy", script_outcome=azure, state_since=NOW)

    outcomes.note(workspace(), amy, log)

    assert outcomes.of(workspace(), amy) == expected


def test_what_was_found_before_a_restart_says_nothing_of_what_came_after() -> None:
    outcomes = ScriptOutcomes()
    before = instance("amy", state_since=NOW)
    outcomes.note(workspace(), before, by_log("failed"))

    assert outcomes.of(workspace(), instance("AMY", state_since=NOW)) == by_log("failed")
    later = instance("amy", state_since=NOW + timedelta(minutes=5))
    assert outcomes.of(workspace(), later) is None
    assert outcomes.of(workspace("other"), before) is None


def test_the_same_again_is_no_news() -> None:
    outcomes = ScriptOutcomes()

    assert outcomes.note(workspace(), instance("amy"), by_log("failed"))
    assert not outcomes.note(workspace(), instance("amy"), by_log("failed"))
    assert outcomes.note(workspace(), instance("amy"), by_log("succeeded"))


@pytest.mark.parametrize(
    ("state", "written", "outcome", "expected"),
    [
        ("SettingUp", NOW, "unknown", "running"),
        # What its last line says is not the end while Azure waits for the script.
        ("Creating", NOW, "succeeded", "running"),
        # Of the run before: a restart has begun, and its script has not.
        ("Starting", NOW - timedelta(hours=1), "failed", "failed"),
        ("SetupFailed", NOW, "unknown", "failed"),
        ("Running", NOW, "unknown", "unknown"),
        ("Running", NOW, "failed", "failed"),
    ],
)
def test_the_newest_log_is_read_with_the_state_of_its_instance(
    state: str, written: datetime, outcome: LogOutcome, expected: LogOutcome
) -> None:
    azure = ScriptOutcome(None, "failed", 3) if state == "SetupFailed" else None
    amy = instance("amy", state, script_outcome=azure, state_since=NOW)

    assert judged(amy, written, outcome, None).outcome == expected


@pytest.mark.parametrize(
    ("path", "phase"),
    [
        ("creation/setup.log", "creation"),
        ("creationScript_2026-11-23T09-00-00.log", "creation"),
        ("startupScript_1.log", "startup"),
        ("start/2026.log", "startup"),
        ("creation/started.log", "creation"),
        ("log_2026-11-23.txt", None),
        ("creation_startup.log", None),
    ],
)
def test_the_phase_is_told_where_the_name_says_it(path: str, phase: str | None) -> None:
    assert phase_of(path) == phase


async def test_the_list_of_logs_says_how_each_ended(
    services: Services, write_log: WriteLog
) -> None:
    for number, end in enumerate((b"exit code: 0\n", b"Script exited with code 3\n", b"\n")):
        path = write_log(b"working\n" + end, f"startup_{number}.log")
        os.utime(path, (1_700_000_000 - number, 1_700_000_000 - number))

    found = await services.logs.list("amy-gpu")

    assert [(item.outcome, item.exit_status) for item in found.items] == [
        ("succeeded", 0),
        ("failed", 3),
        ("unknown", None),
    ]


async def test_what_a_log_was_found_to_say_is_seen_in_the_list_of_instances(
    azure: Emulator, make_services: MakeServices, write_log: WriteLog
) -> None:
    told: list[tuple[Workspace, list[Change]]] = []
    services = make_services(listeners={"on_instances": lambda *each: told.append(each)})
    name = azure.workspace.computes.instance("chloe-train", "x").name
    await services.instances.page()
    write_log(b"ok\ncurl: (6) Could not resolve host: x\nexit code: 6\n", instance=name)

    found = await services.logs.diagnosis(name, "creation/setup.log")

    assert (found.outcome, found.exit_status) == ("failed", 6)
    outcome = (await listed(services, name)).script_outcome
    assert outcome is not None
    assert (outcome.outcome, outcome.exit_status, outcome.line) == ("failed", 6, 2)
    assert (outcome.log, outcome.phase) == ("creation/setup.log", "creation")
    assert outcome.ended_at is not None
    assert [name] in [[change.name for change in changes] for _, changes in told]


async def test_an_older_log_says_nothing_of_the_newest_script(
    services: Services, write_log: WriteLog
) -> None:
    await services.instances.page()
    os.utime(write_log(b"exit code: 6\n", "old.log"), (1_700_000_000, 1_700_000_000))
    write_log(b"exit code: 0\n", "new.log")

    await services.logs.diagnosis("amy-gpu", "old.log")

    assert (await listed(services, "amy-gpu")).script_outcome is None


async def test_a_failure_that_hides_behind_running_is_found_without_being_asked_for(
    azure: Emulator, make_services: MakeServices, write_log: WriteLog
) -> None:
    told: list[list[Change]] = []
    services = make_services(
        check_script_logs=True, listeners={"on_instances": lambda _, changes: told.append(changes)}
    )
    write_log(b"E: nope\nexit code: 100\n", "startup_now.log", instance="amy-onboarding")
    assert (await listed(services, "amy-onboarding")).state == "Running"

    await until(lambda: not services.outcome_watch.looking)

    outcome = (await listed(services, "amy-onboarding")).script_outcome
    assert outcome is not None
    assert (outcome.outcome, outcome.exit_status, outcome.line) == ("failed", 100, 1)
    assert "amy-onboarding" in {change.name for changes in told for change in changes}
    # Others' are their own business, and nothing is looked at twice.
    assert azure.requests.count("GET", "/Logs/ben-etl") == 0
    asked = azure.requests.count("GET", "/Logs/amy-onboarding")
    await services.instances.page(refresh=True)
    await until(lambda: not services.outcome_watch.looking)
    assert azure.requests.count("GET", "/Logs/amy-onboarding") == asked


async def test_where_the_share_is_not_opened_nobody_knocks_again_and_again(
    azure: Emulator, make_services: MakeServices
) -> None:
    azure.storage.access.network_allowed = False
    services = make_services(check_script_logs=True)
    await services.instances.page()
    await until(lambda: not services.outcome_watch.looking)

    assert azure.requests.count("GET", "/files/") == 1


async def test_when_an_operation_of_ours_has_run_a_script_its_log_is_looked_at(
    azure: Emulator, services: Services
) -> None:
    operation = await services.instances.create(spec(setup_scripts=SCRIPT))
    done = await ended(services, operation)
    assert (done.state, done.error and done.error.code) == ("failed", "SetupScriptsError")
    assert done.message is not None
    assert done.message.startswith("The specified Azure ML Compute Instance new-ci user script")

    async def outcome() -> ScriptOutcome | None:
        return (await services.instances.details("new-ci")).instance.script_outcome

    await until_known(outcome)
    found = await outcome()
    assert found is not None
    assert (found.phase, found.outcome, found.exit_status) == ("creation", "failed", 3)
    assert found.log
    diagnosis = await services.logs.diagnosis("new-ci", found.log)
    assert diagnosis.outcome == "failed"


async def until_known(outcome: Callable[[], Awaitable[ScriptOutcome | None]]) -> None:
    for _ in range(200):
        found = await outcome()
        if found is not None and found.log is not None:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"nobody looked at the log: {await outcome()}")


async def test_what_the_operation_has_run_without_scripts_is_not_looked_at(
    azure: Emulator, services: Services
) -> None:
    await ended(services, await services.instances.create(spec()))
    await until(lambda: not services.outcome_watch.looking)

    assert azure.requests.count("GET", "/files/") == 0
