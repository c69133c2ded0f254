"""What stops and starts instances while nobody asks: schedules and idle shutdown, on the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from azure.mgmt.machinelearningservices.models import (
    ComputeInstance,
    ComputeInstanceProperties,
    ComputeResource,
    ComputeSchedules,
    ComputeStartStopSchedule,
    Cron,
)

from jupyter_ci_manager.emulator import Emulator, ManualClock, ScaledClock
from jupyter_ci_manager.emulator.arm.computes.instance import ComputeInstance as EmulatedInstance
from tests.emulator.arm_client import ArmClient, instance_body
from tests.emulator.management_client import management_client

BERLIN = "W. Europe Standard Time"
HOUR = 3600
LONG_ENOUGH_TO_CREATE = 300
MONDAY_NINE = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)
"""What the clock of these tests begins with."""


def cron(action: str, expression: str, **more: Any) -> dict[str, Any]:
    trigger = {"expression": expression, "timeZone": more.pop("timeZone", BERLIN)}
    return {"action": action, "triggerType": "Cron", "cron": trigger, **more}


def schedules(*each: dict[str, Any]) -> dict[str, Any]:
    return {"schedules": {"computeStartStop": list(each)}}


EVENING = cron("Stop", "0 18 * * 1-5")
MORNING = cron("Start", "0 8 * * 1-5")


async def make(arm: ArmClient, emulator: Emulator, **properties: Any) -> EmulatedInstance:
    """An instance that runs, five minutes after it was asked for."""
    answer = await arm("PUT", "computes/my-ci", instance_body(**properties))
    assert answer.status == 201, answer.body
    emulator.advance(LONG_ENOUGH_TO_CREATE)
    instance = emulator.state.instance("my-ci")
    assert instance is not None
    assert instance.state == "Running"
    return instance


async def look(arm: ArmClient) -> tuple[str, dict[str, Any]]:
    """The state and the last operation, as Azure tells them."""
    properties = (await arm("GET", "computes/my-ci")).json["properties"]["properties"]
    return properties["state"], properties["lastOperation"]


def advance_to(emulator: Emulator, moment: datetime) -> None:
    emulator.advance((moment - emulator.clock.now()).total_seconds())


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026, by UTC: an hour before Berlin's clocks."""
    return datetime(2026, 11, day, hour, minute, tzinfo=timezone.utc)


async def test_a_schedule_stops_an_instance_by_the_clocks_of_its_time_zone(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, emulator, **schedules(EVENING))

    advance_to(emulator, at(23, 16, 59))
    assert (await look(arm))[0] == "Running"

    advance_to(emulator, at(23, 17))
    state, last = await look(arm)
    assert state == "Stopping"
    assert last == {
        "operationName": "Stop",
        "operationTime": "2026-11-23T17:00:00.000+00:00",
        "operationStatus": "InProgress",
        "operationTrigger": "Schedule",
    }

    emulator.advance(75)
    state, last = await look(arm)
    assert (state, last["operationStatus"], last["operationTrigger"]) == (
        "Stopped",
        "Succeeded",
        "Schedule",
    )


async def test_what_fired_long_ago_is_seen_as_if_someone_had_been_there(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, emulator, **schedules(EVENING, MORNING))

    advance_to(emulator, at(24, 12))

    state, last = await look(arm)
    assert state == "Running"
    assert (last["operationName"], last["operationTime"]) == (
        "Start",
        "2026-11-24T07:00:00.000+00:00",
    )
    kinds = [(each.kind, each.started, each.ended) for each in emulator.state.operations.all()]
    assert kinds[1:] == [
        ("Stop", at(23, 17), at(23, 17) + timedelta(seconds=75)),
        ("Start", at(24, 7), at(24, 7) + timedelta(seconds=90)),
    ]


async def test_no_schedule_fires_at_the_weekend_that_is_for_weekdays(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, emulator, **schedules(EVENING, MORNING))
    advance_to(emulator, at(28, 12))
    stopped = emulator.state.operations.all()

    advance_to(emulator, at(30, 6, 59))
    assert emulator.state.operations.all() == stopped
    assert (await look(arm))[0] == "Stopped"

    advance_to(emulator, at(30, 7, 5))
    assert (await look(arm))[0] == "Running"


@contextmanager
def emulator_at(start: datetime, loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    emulator = Emulator(clock=ManualClock(start), instances=0)
    loop.run_until_complete(emulator.start())
    try:
        yield emulator
    finally:
        loop.run_until_complete(emulator.stop())


def test_a_schedule_keeps_to_the_clocks_when_they_change(
    jp_asyncio_loop: asyncio.AbstractEventLoop,
) -> None:
    friday = datetime(2026, 3, 27, 9, 0, tzinfo=timezone.utc)
    with emulator_at(friday, jp_asyncio_loop) as emulator:
        arm = ArmClient(emulator)

        async def fired() -> list[datetime]:
            await make(arm, emulator, **schedules(EVENING, MORNING))
            advance_to(emulator, friday + timedelta(days=4))
            return [each.started for each in emulator.state.operations.all()][1:]

        assert [each.isoformat()[:16] for each in jp_asyncio_loop.run_until_complete(fired())] == [
            "2026-03-27T17:00",
            "2026-03-30T06:00",
            "2026-03-30T16:00",
            "2026-03-31T06:00",
        ]


@pytest.mark.parametrize("state", ["Stopped", "Creating"])
async def test_a_schedule_whose_action_is_not_allowed_does_nothing(
    arm: ArmClient, emulator: Emulator, state: str
) -> None:
    instance = await make(arm, emulator, **schedules(EVENING))
    emulator.state.lifecycle.force(instance, state)

    advance_to(emulator, at(23, 18))

    assert (await look(arm))[0] == state
    assert (await look(arm))[1]["operationTrigger"] == "User"


async def test_a_schedule_that_is_disabled_does_not_fire(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, emulator, **schedules({**EVENING, "status": "Disabled"}))

    advance_to(emulator, at(24, 12))

    assert (await look(arm))[0] == "Running"


async def test_schedules_that_were_replaced_do_not_fire(arm: ArmClient, emulator: Emulator) -> None:
    await make(arm, emulator, **schedules(EVENING))
    later = cron("Stop", "0 20 * * *", timeZone="UTC")
    changed = await arm("POST", "computes/my-ci/updateSchedules", {"computeStartStop": [later]})
    assert changed.status == 200

    advance_to(emulator, at(23, 19))
    assert (await look(arm))[0] == "Running"
    advance_to(emulator, at(23, 21))
    assert (await look(arm))[0] == "Stopped"


async def test_an_instance_that_is_gone_is_not_started(arm: ArmClient, emulator: Emulator) -> None:
    await make(arm, emulator, **schedules(MORNING))
    await arm("DELETE", "computes/my-ci")

    advance_to(emulator, at(24, 12))

    assert [each.kind for each in emulator.state.operations.all()] == ["Create", "Delete"]


async def test_a_schedule_before_its_start_time_waits(arm: ArmClient, emulator: Emulator) -> None:
    daily = cron("Stop", "0 18 * * *")
    daily["cron"]["startTime"] = "2026-11-25T0:00:00"
    await make(arm, emulator, **schedules(daily))

    advance_to(emulator, at(25, 16))
    assert (await look(arm))[0] == "Running"
    advance_to(emulator, at(25, 18))
    assert (await look(arm))[0] == "Stopped"


async def test_on_a_full_disk_a_schedule_fails_and_nothing_says_so(
    arm: ArmClient, emulator: Emulator
) -> None:
    instance = await make(arm, emulator, **schedules(EVENING))
    emulator.leave_on_disk("my-ci", os_bytes=0)
    before = await look(arm)

    advance_to(emulator, at(23, 18))
    assert await look(arm) == before
    assert instance.errors == []
    assert [each.kind for each in emulator.state.operations.all()] == ["Create"]

    emulator.leave_on_disk("my-ci", os_bytes=10_000_000_000)
    advance_to(emulator, at(24, 18))
    assert (await look(arm))[0] == "Stopped"


async def test_an_instance_stops_when_nobody_has_used_it_for_its_time(
    arm: ArmClient, emulator: Emulator
) -> None:
    instance = await make(arm, emulator, idleTimeBeforeShutdown="PT30M")
    running_since = instance.active_at

    emulator.advance(30 * 60 - (emulator.clock.now() - running_since).total_seconds() - 1)
    assert (await look(arm))[0] == "Running"
    emulator.advance(1)

    state, last = await look(arm)
    assert (state, last["operationName"], last["operationTrigger"]) == (
        "Stopping",
        "Stop",
        "IdleShutdown",
    )


async def test_an_instance_that_was_stopped_in_between_is_idle_from_when_it_came_up(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, emulator, idleTimeBeforeShutdown="PT1H")
    await arm("POST", "computes/my-ci/stop")
    emulator.advance(5 * HOUR)
    await arm("POST", "computes/my-ci/start")
    emulator.advance(90)

    emulator.advance(HOUR - 1)
    assert (await look(arm))[0] == "Running"
    emulator.advance(1)
    assert (await look(arm))[0] == "Stopping"


async def test_a_job_keeps_an_instance_from_being_idle(arm: ArmClient, emulator: Emulator) -> None:
    instance = await make(arm, emulator, idleTimeBeforeShutdown="PT15M")
    emulator.state.lifecycle.force(instance, "JobRunning")

    emulator.advance(10 * HOUR)
    assert (await look(arm))[0] == "JobRunning"

    emulator.state.lifecycle.force(instance, "Running")
    emulator.advance(HOUR)
    assert (await look(arm))[0] == "Stopped"


async def test_an_open_kernel_keeps_an_instance_from_being_idle(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, emulator, idleTimeBeforeShutdown="PT15M")
    jupyter = "/emulator/instances/my-ci/jupyter"

    await arm("PUT", jupyter, {"kernels": 1})
    emulator.advance(10 * HOUR)
    assert (await look(arm))[0] == "Running"

    await arm("PUT", jupyter, {"kernels": 0})
    emulator.advance(15 * 60 - 1)
    assert (await look(arm))[0] == "Running"
    emulator.advance(1)
    assert (await look(arm))[0] == "Stopping"


async def test_an_open_terminal_keeps_an_instance_from_being_idle(
    arm: ArmClient, emulator: Emulator
) -> None:
    instance = await make(arm, emulator, idleTimeBeforeShutdown="PT15M")
    terminal = (await arm("POST", f"{instance.jupyter_url}/api/terminals", {})).json["name"]

    emulator.advance(10 * HOUR)
    assert (await look(arm))[0] == "Running"

    await arm("DELETE", f"{instance.jupyter_url}/api/terminals/{terminal}")
    emulator.advance(HOUR)
    assert (await look(arm))[0] == "Stopped"


async def test_a_custom_application_keeps_an_instance_from_being_idle(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, emulator, idleTimeBeforeShutdown="PT15M", customServices=[{"name": "rstudio"}])

    emulator.advance(10 * HOUR)
    assert (await look(arm))[0] == "Running"

    await arm("POST", "computes/my-ci/customServices", [], api_version="2025-12-01")
    emulator.advance(HOUR)
    assert (await look(arm))[0] == "Stopped"


async def test_idle_shutdown_is_switched_on_and_off_of_an_instance_that_runs(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, emulator)
    setting = "computes/my-ci/updateIdleShutdownSetting"

    await arm("POST", setting, {"idleTimeBeforeShutdown": "PT15M"})
    await arm("POST", setting, {"idleTimeBeforeShutdown": None})
    emulator.advance(2 * HOUR)
    assert (await look(arm))[0] == "Running"

    await arm("POST", setting, {"idleTimeBeforeShutdown": "PT15M"})
    emulator.advance(HOUR)
    assert (await look(arm))[0] == "Stopped"


async def test_on_a_full_disk_idle_shutdown_fails_silently_until_there_is_room(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, emulator, idleTimeBeforeShutdown="PT15M")
    emulator.leave_on_disk("my-ci", os_bytes=0)
    before = await look(arm)

    emulator.advance(10 * HOUR)
    assert await look(arm) == before

    emulator.leave_on_disk("my-ci", os_bytes=10_000_000_000)
    emulator.advance(HOUR)
    state, last = await look(arm)
    assert (state, last["operationTrigger"]) == ("Stopped", "IdleShutdown")


async def test_the_sdk_makes_a_schedule_and_reads_who_stopped_the_instance(
    emulator: Emulator,
) -> None:
    evening = ComputeStartStopSchedule(
        action="Stop",
        trigger_type="Cron",
        cron=Cron(expression="0 18 * * *", time_zone=BERLIN),
    )
    wanted = ComputeInstanceProperties(
        vm_size="STANDARD_DS3_V2", schedules=ComputeSchedules(compute_start_stop=[evening])
    )
    resource = ComputeResource(location="westeurope", properties=ComputeInstance(properties=wanted))
    where = ("ml-team", "ml-workspace", "my-ci")
    async with management_client(emulator) as client:
        await client.compute.begin_create_or_update(*where, resource, polling=False)
        advance_to(emulator, at(23, 18))
        read: Any = await client.compute.get(*where)

    properties = read.properties.properties
    assert (properties.state, properties.last_operation.operation_trigger) == (
        "Stopped",
        "Schedule",
    )
    assert properties.schedules.compute_start_stop[0].cron.time_zone == BERLIN


def test_a_clock_of_its_own_speed_keeps_appointments_by_the_time_and_does_work_faster(
    jp_asyncio_loop: asyncio.AbstractEventLoop,
) -> None:
    stands_still = 1000.0
    clock = ScaledClock(60, monotonic=lambda: stands_still, wall=MONDAY_NINE.timestamp)
    emulator = Emulator(clock=clock, instances=0)
    jp_asyncio_loop.run_until_complete(emulator.start())
    try:
        arm = ArmClient(emulator)

        async def stopped() -> tuple[str, datetime | None]:
            await make(arm, emulator, **schedules(EVENING))
            advance_to(emulator, at(23, 17, 1))
            state, _ = await look(arm)
            return state, emulator.state.operations.all()[-1].ended

        state, ended = jp_asyncio_loop.run_until_complete(stopped())
    finally:
        jp_asyncio_loop.run_until_complete(emulator.stop())

    assert state == "Stopped"
    assert ended == at(23, 17) + timedelta(seconds=75 / 60)
