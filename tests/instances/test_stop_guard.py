"""Stops and restarts that are held back, here and elsewhere, and what Azure itself refuses."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_ci_manager.disk.levels import DiskThresholds
from jupyter_ci_manager.disk.usage import DiskUsage
from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.faults import OperationError
from jupyter_ci_manager.errors import DiskNearlyFull
from jupyter_ci_manager.instances import stop_guard
from jupyter_ci_manager.models import Filesystem, OperationDetails
from jupyter_ci_manager.services import Services
from tests.builders import ended
from tests.instances.conftest import MakeServices

HERE = "amy-notebooks"
THERE = "amy-onboarding"
OTHERS = "ben-features"
GB = 1_000_000_000
ROOMLESS = DiskThresholds(warn_bytes=2**60, critical_bytes=2**59)
"""No disk of any machine has that much: every one is too full."""
MODEST = DiskThresholds(warn_bytes=0, critical_bytes=0, temporary_critical_bytes=0)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> str:
    """This machine is an instance."""
    monkeypatch.setenv("CI_NAME", HERE)
    return HERE


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine is none."""
    monkeypatch.delenv("CI_NAME", raising=False)


async def stopped(services: Services, name: str, **options: Any) -> OperationDetails:
    action = options.pop("action", "stop")
    operation = await services.instances.request(action, name, **options)
    await ended(services, operation)
    return await services.operations.get(operation.id)


def messages(details: OperationDetails) -> list[str]:
    return [step.message for step in details.steps]


def sent(azure: Emulator, name: str) -> int:
    return azure.requests.count("POST", f"/computes/{name}/(stop|restart)$")


# --- this machine -------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["stop", "restart"])
async def test_this_machine_is_held_back_at_once_with_the_reason_and_the_price(
    azure: Emulator, make_services: MakeServices, here: str, action: Any
) -> None:
    services = make_services(disk_thresholds=ROOMLESS)

    with pytest.raises(DiskNearlyFull) as held:
        await services.instances.request(action, here)

    body = held.value.body
    assert (body.code, held.value.status) == ("DiskNearlyFull", 409)
    assert body.details is not None
    assert body.details["instance"] == here
    assert body.details["mount_point"] == "/"
    assert 0 <= int(body.details["available_bytes"]) < int(body.details["threshold_bytes"]) == 2**60
    assert float(body.details["price_per_hour"]) > 0
    assert body.details["currency"] == "USD"
    assert body.message.startswith(f"{here} is not {action}")
    assert sent(azure, here) == 0
    assert (await services.operations.list()).items == []


async def test_this_machine_is_stopped_anyway_when_that_is_meant(
    azure: Emulator, make_services: MakeServices, here: str
) -> None:
    services = make_services(disk_thresholds=ROOMLESS)

    details = await stopped(services, here, anyway=True)

    assert (details.operation.state, details.operation.message) == ("succeeded", "Stopped")
    assert sent(azure, here) == 1


async def test_with_room_enough_this_machine_is_stopped_without_a_word_about_disks(
    azure: Emulator, make_services: MakeServices, here: str
) -> None:
    services = make_services(disk_thresholds=MODEST)

    details = await stopped(services, here)

    assert details.operation.state == "succeeded"
    assert not any("disk" in message.lower() for message in messages(details))
    assert azure.requests.count("*", "/jupyter/") == 0


async def test_the_price_is_left_out_where_azure_does_not_name_it(
    azure: Emulator, make_services: MakeServices, here: str
) -> None:
    azure.add_fault(path="/vmSizes$", status=403, times=20)
    services = make_services(disk_thresholds=ROOMLESS)

    with pytest.raises(DiskNearlyFull) as held:
        await services.instances.request("stop", here)

    assert held.value.body.details is not None
    assert "price_per_hour" not in held.value.body.details


async def test_an_instance_of_that_name_in_another_workspace_is_not_this_machine(
    azure: Emulator, make_services: MakeServices, here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZUREML_ARM_SUBSCRIPTION", "11111111-2222-3333-4444-555555555555")
    monkeypatch.setenv("CI_RESOURCE_GROUP", "elsewhere")
    monkeypatch.setenv("CI_WORKSPACE", "another")
    services = make_services(disk_thresholds=ROOMLESS)
    server = azure.jupyter.of(here)
    assert server is not None

    details = await stopped(services, here)

    assert details.operation.state == "succeeded"
    assert f"Checking the disk of {here}" in messages(details)


async def test_a_file_system_that_hangs_here_holds_nothing_back_and_that_is_said(
    azure: Emulator,
    make_services: MakeServices,
    here: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hangs(usage: DiskUsage) -> list[Filesystem]:
        await asyncio.sleep(60)
        return []

    monkeypatch.setattr(DiskUsage, "blocking", hangs)
    monkeypatch.setattr(stop_guard, "HERE_SECONDS", 0.05)

    details = await stopped(make_services(), here)

    assert details.operation.state == "succeeded"
    assert (
        "Disk could not be checked: this machine's file systems do not answer; "
        "stopping all the same" in messages(details)
    )


async def test_a_start_and_a_delete_are_never_held_back(
    azure: Emulator, make_services: MakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_NAME", "amy-gpu")
    services = make_services(disk_thresholds=ROOMLESS)

    assert (await stopped(services, "amy-gpu", action="start")).operation.state == "succeeded"
    assert (await stopped(services, "amy-gpu", action="delete")).operation.state == "succeeded"


# --- another instance ---------------------------------------------------------------------------


@pytest.mark.parametrize("extension", [True, False])
@pytest.mark.parametrize("action", ["stop", "restart"])
async def test_another_instance_is_checked_first_and_held_back(
    azure: Emulator, services: Services, elsewhere: None, extension: bool, action: str
) -> None:
    server = azure.jupyter.of(THERE)
    assert server is not None
    server.extension = extension
    azure.leave_on_disk(THERE, os_bytes=3 * GB)

    details = await stopped(services, THERE, action=action)

    error = details.operation.error
    assert error is not None
    assert (details.operation.state, error.code) == ("failed", "DiskNearlyFull")
    assert error.details is not None
    assert error.details["instance"] == THERE
    assert error.details["mount_point"] == "/"
    assert error.details["threshold_bytes"] == str(5 * GB)
    assert float(error.details["price_per_hour"]) > 0
    assert f"Checking the disk of {THERE}" in messages(details)
    assert sent(azure, THERE) == 0
    assert server.terminals == {}


@pytest.mark.parametrize(
    ("action", "left", "message", "hint"),
    [
        (
            "stop",
            {"os_bytes": 3 * GB},
            f"{THERE} is not stopped: / is too full. Only 3.0 GB are left, less than 5.0 GB.",
            "Azure refuses to stop an instance whose disk is full, and it goes on costing money.",
        ),
        (
            "restart",
            {"os_bytes": 3_000_000},
            f"{THERE} is not restarted: / is too full. Only 3 MB are left, less than 5.0 GB.",
            "An instance whose disk is full may not come up again.",
        ),
        (
            "stop",
            {"temporary_bytes": 900_000_000},
            f"{THERE} is not stopped: /mnt is too full. Only 900 MB are left, less than 1.0 GB.",
            "With so little room on its temporary disk an instance may not start again.",
        ),
    ],
)
async def test_what_is_said_names_the_disk_and_what_follows(
    azure: Emulator,
    services: Services,
    elsewhere: None,
    action: str,
    left: dict[str, int],
    message: str,
    hint: str,
) -> None:
    azure.leave_on_disk(THERE, **left)

    details = await stopped(services, THERE, action=action)

    error = details.operation.error
    assert error is not None
    assert (details.operation.message, error.message) == (message, message)
    assert error.hint == f"{hint} Clean up first, or do it anyway."


async def test_another_instance_is_stopped_anyway_without_being_asked(
    azure: Emulator, services: Services, elsewhere: None
) -> None:
    azure.leave_on_disk(THERE, os_bytes=3 * GB)

    details = await stopped(services, THERE, anyway=True)

    assert details.operation.state == "succeeded"
    assert azure.requests.count("*", "/jupyter/") == 0


@pytest.mark.parametrize(
    "fault",
    [
        {"reset": True},
        {"status": 503},
        {"size_bytes": 10_000_000},
        {"location": "https://login.example.com/"},
    ],
)
async def test_what_cannot_be_checked_is_said_and_the_stop_goes_on(
    azure: Emulator, services: Services, elsewhere: None, fault: dict[str, Any]
) -> None:
    azure.add_fault(path="^/jupyter/", times=20, **fault)

    details = await stopped(services, THERE)

    assert (details.operation.state, details.operation.message) == ("succeeded", "Stopped")
    (said,) = [each for each in messages(details) if each.startswith("Disk could not be checked: ")]
    assert said.endswith("; stopping all the same")
    assert sent(azure, THERE) == 1


async def test_an_instance_of_somebody_else_is_stopped_with_its_disk_unknown(
    azure: Emulator, services: Services, elsewhere: None
) -> None:
    details = await stopped(services, OTHERS)

    assert details.operation.state == "succeeded"
    assert "Disk could not be checked: only its owner gets in; stopping all the same" in messages(
        details
    )
    assert azure.requests.count("*", "/jupyter/") == 0


async def test_an_administrator_can_switch_the_check_of_others_off(
    azure: Emulator, make_services: MakeServices, elsewhere: None
) -> None:
    services = make_services(check_other_disks=False)
    azure.leave_on_disk(THERE, os_bytes=1)

    details = await stopped(services, THERE)

    assert details.operation.state == "succeeded"
    assert any("switched that off" in message for message in messages(details))
    assert azure.requests.count("*", "/jupyter/") == 0


async def test_stopping_all_of_mine_stops_those_that_have_room(
    azure: Emulator, make_services: MakeServices, here: str
) -> None:
    services = make_services(disk_thresholds=ROOMLESS)

    begun = (await services.instances.stop_mine()).items

    outcome = {each.target: await ended(services, each) for each in begun}
    assert {name: each.state for name, each in outcome.items()} == {
        HERE: "failed",
        THERE: "succeeded",
    }
    refused = outcome[HERE].error
    assert refused is not None
    assert (refused.code, refused.details and refused.details["mount_point"]) == (
        "DiskNearlyFull",
        "/",
    )
    assert sent(azure, HERE) == 0


# --- taken up by another process ----------------------------------------------------------------


async def test_a_stop_that_was_never_sent_is_checked_again_by_whoever_takes_it_up(
    azure: Emulator, make_services: MakeServices, elsewhere: None
) -> None:
    first = make_services()
    azure.add_fault(path="/ci-manager/disk$", delay_seconds=30)
    operation = await first.instances.request("stop", THERE)
    await first.operations.follow(operation.id, after_revision=1, timeout_seconds=5)
    await first.close()
    azure.leave_on_disk(THERE, os_bytes=3 * GB)

    second = make_services()
    await second.open()
    taken_up = await ended(second, operation)

    assert taken_up.error is not None
    assert (taken_up.state, taken_up.error.code) == ("failed", "DiskNearlyFull")
    assert sent(azure, THERE) == 0


async def test_anyway_still_holds_for_whoever_takes_it_up(
    azure: Emulator, make_services: MakeServices, elsewhere: None
) -> None:
    first = make_services()
    await first.instances.page()
    azure.leave_on_disk(THERE, os_bytes=3 * GB)
    azure.add_fault(method="POST", path="/stop$", status=429, retry_after=1)
    operation = await first.instances.request("stop", THERE, anyway=True)
    details = await first.operations.get(operation.id)
    while not any("Waiting for Azure" in message for message in messages(details)):
        details = await first.operations.follow(
            operation.id, after_revision=details.operation.revision, timeout_seconds=5
        )
    await first.close()

    second = make_services()
    await second.open()
    taken_up = await ended(second, operation)

    assert (taken_up.state, taken_up.message) == ("succeeded", "Stopped")
    assert azure.requests.count("*", "/jupyter/") == 0


# --- Azure's own refusal ------------------------------------------------------------------------


async def test_azures_refusal_is_recognised_and_asked_for_once(
    azure: Emulator, services: Services, elsewhere: None
) -> None:
    azure.leave_on_disk(THERE, os_bytes=0)

    details = await stopped(services, THERE, anyway=True)

    error = details.operation.error
    assert error is not None
    assert (details.operation.state, error.code) == ("failed", "InstanceDiskFull")
    assert "StopCompute is not allowed when ComputeInstance disk is full." in error.message
    assert error.details is not None
    assert error.details["instance"] == THERE
    assert error.details["status"] == "400"
    assert float(error.details["price_per_hour"]) > 0
    assert error.request_id is not None
    assert sent(azure, THERE) == 1


async def test_it_is_recognised_on_the_instance_where_azures_status_document_is_gone(
    azure: Emulator, services: Services, elsewhere: None
) -> None:
    azure.add_fault(
        method="POST",
        path="/stop$",
        operation_error=OperationError(
            "BadRequest", "StopCompute is not allowed when ComputeInstance disk is full."
        ),
    )
    azure.add_fault(path="/computeOperationsStatus/", status=404, times=50)

    details = await stopped(services, THERE)

    error = details.operation.error
    assert error is not None
    assert (details.operation.state, error.code) == ("failed", "InstanceDiskFull")
    assert error.details is not None
    assert error.details["instance"] == THERE


@pytest.mark.parametrize("status", [400, 409])
async def test_a_refusal_is_recognised_by_its_message_whatever_its_code(
    azure: Emulator, services: Services, elsewhere: None, status: int
) -> None:
    azure.add_fault(
        method="POST",
        path="/stop$",
        status=status,
        code="Whatever",
        message='{"error": {"message": "StopCompute is not allowed when ComputeInstance disk is '
        'full."}}',
    )

    details = await stopped(services, THERE)

    assert details.operation.error is not None
    assert details.operation.error.code == "InstanceDiskFull"
    assert sent(azure, THERE) == 1


async def test_a_stop_that_is_accepted_and_fails_for_that_reason_is_recognised_too(
    azure: Emulator, services: Services, elsewhere: None
) -> None:
    azure.add_fault(
        method="POST",
        path="/stop$",
        operation_error=OperationError(
            "BadRequest", "StopCompute is not allowed when ComputeInstance disk is full."
        ),
    )

    details = await stopped(services, THERE)

    assert details.operation.error is not None
    assert details.operation.error.code == "InstanceDiskFull"
    assert sent(azure, THERE) == 1


# --- what would fail by itself ------------------------------------------------------------------


async def test_idle_shutdown_and_schedules_of_this_machine_are_at_risk_when_its_disk_is(
    azure: Emulator, make_services: MakeServices, here: str
) -> None:
    services = make_services(disk_thresholds=ROOMLESS)
    await services.instances.page()
    azure.requests.clear()

    assert (await services.disk.status()).at_risk == [
        "Idle shutdown after 60 minutes would fail.",
        "1 schedule that stops it would fail.",
    ]
    assert azure.requests.count() == 0


async def test_nothing_is_at_risk_with_room_enough_or_elsewhere(
    make_services: MakeServices, here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    roomy = make_services(disk_thresholds=MODEST)
    await roomy.instances.page()
    assert (await roomy.disk.status()).at_risk == []

    monkeypatch.delenv("CI_NAME")
    elsewhere = make_services(disk_thresholds=ROOMLESS)
    await elsewhere.instances.page()
    assert (await elsewhere.disk.status()).at_risk == []


async def test_what_is_not_known_yet_is_asked_for_once_and_told_the_next_time(
    azure: Emulator, make_services: MakeServices, here: str
) -> None:
    services = make_services(disk_thresholds=ROOMLESS)

    assert await services.instances.risks.sentences() == []
    while not await services.instances.risks.sentences():
        await services.instances.page()

    assert azure.requests.count("GET", "/computes$") == 1
