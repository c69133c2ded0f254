"""What tests and people do to the emulator itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError
from tornado.iostream import StreamClosedError

from jupyter_ci_manager.emulator import Emulator, EmulatorThread, Fault, ManualClock
from tests.emulator.arm_client import ArmClient, instance_body


async def test_a_status_is_answered_as_often_as_it_was_asked_for(
    arm: ArmClient, emulator: Emulator
) -> None:
    fault = {
        "method": "get",
        "path": "/computes$",
        "status": 503,
        "code": "ServerBusy",
        "message": "Later.",
        "retry_after": 7,
        "times": 2,
    }
    assert (await arm("POST", "/emulator/faults", fault)).status == 200

    answers = [await arm("GET", "computes") for _ in range(3)]

    assert [each.status for each in answers] == [503, 503, 200]
    assert answers[0].json == {"error": {"code": "ServerBusy", "message": "Later."}}
    assert answers[0].headers["Retry-After"] == "7"
    assert (await arm("GET", "/emulator/faults")).json == {"value": []}


async def test_a_fault_waits_for_its_own_method_and_path(arm: ArmClient) -> None:
    await arm("POST", "/emulator/faults", [{"method": "DELETE", "status": 500}])

    assert (await arm("GET", "computes")).status == 200
    assert (await arm("DELETE", "computes/my-ci")).status == 500


async def test_a_connection_is_cut_before_the_work_is_done(
    arm: ArmClient, emulator: Emulator
) -> None:
    emulator.add_fault(method="PUT", reset=True)

    with pytest.raises((HTTPClientError, StreamClosedError, OSError)):
        await arm("PUT", "computes/my-ci", instance_body())

    assert emulator.workspace.computes.all() == []
    assert [each.status for each in emulator.requests.matching("PUT")] == [None]


@pytest.mark.parametrize("fault", [{"reset": True}, {"status": 502}])
async def test_an_answer_is_lost_after_the_work_is_done(
    arm: ArmClient, emulator: Emulator, fault: dict[str, Any]
) -> None:
    emulator.add_fault(method="PUT", after=True, **fault)

    try:
        answer = await arm("PUT", "computes/my-ci", instance_body())
        assert (answer.status, answer.code) == (502, "InternalServerError")
        assert "Azure-AsyncOperation" not in answer.headers
    except (HTTPClientError, StreamClosedError, OSError):
        assert "reset" in fault

    assert [each.name for each in emulator.workspace.computes.all()] == ["my-ci"]


async def test_a_redirect_and_an_answer_that_says_nothing(
    arm: ArmClient, emulator: Emulator
) -> None:
    emulator.add_fault(path="/computes$", location="https://login.example.com/")
    emulator.add_fault(path="/computes$", size_bytes=300_000)

    away, empty = await arm("GET", "computes"), await arm("GET", "computes")

    assert (away.status, away.headers["Location"]) == (302, "https://login.example.com/")
    assert (empty.status, len(empty.body), empty.body.strip()) == (200, 300_000, b"")


async def test_a_delay_delays_and_then_answers(arm: ArmClient, emulator: Emulator) -> None:
    emulator.add_fault(path="/computes$", delay_seconds=0.05)
    slow = asyncio.ensure_future(arm("GET", "computes"))
    quick = await arm("GET", "")

    assert quick.status == 200
    assert not slow.done()
    assert (await slow).status == 200


async def test_an_operation_fails_after_it_was_accepted(arm: ArmClient, emulator: Emulator) -> None:
    error = {"code": "AllocationFailed", "message": "No capacity."}
    await arm("POST", "/emulator/faults", {"method": "PUT", "operation_error": error})

    answer = await arm("PUT", "computes/my-ci", instance_body())
    emulator.advance(600)

    assert answer.status == 201
    assert (await arm("GET", answer.headers["Azure-AsyncOperation"])).json == {
        "status": "Failed",
        "percentComplete": 100.0,
        "error": error,
    }
    properties = (await arm("GET", "computes/my-ci")).json["properties"]
    assert properties["properties"]["state"] == "CreateFailed"
    assert properties["provisioningState"] == "Failed"
    assert properties["provisioningErrors"] == [{"error": error}]


async def test_a_failed_operation_is_an_error_at_its_result_location(
    arm: ArmClient, emulator: Emulator
) -> None:
    await arm("PUT", "computes/my-ci", instance_body())
    emulator.advance(600)
    error = {"code": "DiskFull", "message": "StopCompute is not allowed when disk is full."}
    await arm("POST", "/emulator/faults", {"path": "/stop$", "operation_error": error})

    location = (await arm("POST", "computes/my-ci/stop", api_version="2025-12-01")).headers[
        "Location"
    ]
    under_way = await arm("GET", location)
    emulator.advance(600)
    ended = await arm("GET", location)

    assert (under_way.status, under_way.headers["Location"]) == (202, location)
    assert (ended.status, ended.json) == (400, {"error": error})
    assert (await arm("GET", "computes/my-ci")).json["properties"]["properties"][
        "state"
    ] == "Running"


@pytest.mark.parametrize(
    "fault",
    [
        {"path": "("},
        {"times": 0},
        {"delay_seconds": -1},
        {"status": 200},
        {"unknown": 1},
        {"status": "503"},
        [1],
        "text",
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(arm: ArmClient, fault: Any) -> None:
    answer = await arm("POST", "/emulator/faults", fault)

    assert (answer.status, answer.code) == (400, "EmulatorControl")
    assert (await arm("GET", "/emulator/faults")).json == {"value": []}


async def test_faults_can_be_forgotten(arm: ArmClient, emulator: Emulator) -> None:
    emulator.add_fault(status=500)

    assert (await arm("DELETE", "/emulator/faults")).status == 204
    assert (await arm("GET", "computes")).status == 200


async def test_requests_are_counted_by_method_and_path(arm: ArmClient, emulator: Emulator) -> None:
    for _ in range(3):
        await arm("GET", "computes")
    await arm("POST", "computes/my-ci/start")

    listed = (await arm("GET", "/emulator/requests", method="GET", path="/computes$")).json
    assert listed["count"] == 3
    assert {each["status"] for each in listed["value"]} == {200}
    assert {each["user"] for each in listed["value"]} == {"amy@contoso.com"}
    assert emulator.requests.counts()[f"POST {emulator.workspace_id}/computes/my-ci/start"] == 1
    assert (await arm("GET", "/emulator/requests", path="(")).status == 400

    assert (await arm("DELETE", "/emulator/requests")).status == 204
    assert len(emulator.requests) == 0


async def test_the_clock_is_read_and_advanced(arm: ArmClient) -> None:
    await arm("PUT", "computes/my-ci", instance_body())

    moved = (await arm("POST", "/emulator/clock", {"seconds": 210})).json

    assert (moved["elapsed"], moved["speed"]) == (210, 0)
    assert (await arm("GET", "/emulator/clock")).json == moved
    assert (await arm("GET", "computes/my-ci")).json["properties"]["provisioningState"] == (
        "Succeeded"
    )
    assert (await arm("POST", "/emulator/clock", {"seconds": -1})).status == 400


@pytest.mark.parametrize("state", ["JobRunning", "Unusable", "Unknown", "Resizing", "SetupFailed"])
async def test_an_instance_is_put_into_a_state(arm: ArmClient, state: str) -> None:
    await arm("PUT", "computes/my-ci", instance_body())

    forced = await arm("POST", "/emulator/instances/MY-CI/state", {"state": state})

    assert forced.json["properties"]["properties"]["state"] == state
    shown = (await arm("GET", "computes/my-ci")).json["properties"]["properties"]["state"]
    assert shown == state


async def test_a_state_that_azure_has_not_got_is_refused(arm: ArmClient) -> None:
    await arm("PUT", "computes/my-ci", instance_body())

    unknown = await arm("POST", "/emulator/instances/my-ci/state", {"state": "Sleeping"})
    nobody = await arm("POST", "/emulator/instances/nobody/state", {"state": "Running"})

    assert (unknown.status, nobody.status) == (400, 404)


@pytest.mark.parametrize(
    ("speed", "version", "seconds"),
    [
        (1, "2024-10-01", None),
        (3, "2024-10-01", "10"),
        (600, "2024-10-01", "1"),
        (1, "2025-12-01", "30"),
        (60, "2025-12-01", "1"),
    ],
)
async def test_clients_are_told_to_poll_as_fast_as_work_is_done(
    speed: float, version: str, seconds: str | None
) -> None:
    async with Emulator(speed=speed, instances=0) as emulator:
        arm = ArmClient(emulator)
        accepted = await arm("PUT", "computes/my-ci", instance_body(), api_version=version)
        status = await arm("GET", accepted.headers["Azure-AsyncOperation"])

    assert accepted.headers.get("Retry-After") == seconds
    assert status.json == {"status": "InProgress"}
    assert status.headers.get("Retry-After") == seconds


def test_an_emulator_in_a_thread_serves_code_that_is_not_async() -> None:
    with EmulatorThread(clock=ManualClock(), instances=3) as thread:
        names = thread.call(
            lambda: [each.name for each in thread.emulator.workspace.computes.all()]
        )
        thread.call(thread.emulator.add_fault, status=500)
        assert thread.url == thread.emulator.url
        assert thread.workspace_id == thread.emulator.workspace.id
        assert thread.emulator.faults.pending == [Fault(status=500)]

    assert names == ["ci00000", "ci00001", "ci00002"]


async def test_two_emulators_do_not_know_each_other() -> None:
    async with Emulator(instances=0) as one, Emulator(instances=0) as other:
        await ArmClient(one)("PUT", "computes/my-ci", instance_body())
        listed = (await ArmClient(other)("GET", "computes")).json

    assert one.port != other.port
    assert listed == {"value": []}


async def test_five_thousand_instances_are_listed_fast_and_completely() -> None:
    async with Emulator(instances=5000, page_size=1000) as emulator:
        arm = ArmClient(emulator)
        names: list[str] = []
        link: str | None = "computes"
        loop = asyncio.get_running_loop()
        began = loop.time()
        while link:
            page = (await arm("GET", link)).json
            names += [each["name"] for each in page["value"]]
            link = page.get("nextLink")
        seconds = loop.time() - began

    assert len(set(names)) == 5000
    assert emulator.requests.count("GET", "/computes$") == 5
    assert seconds < 5
