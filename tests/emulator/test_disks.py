"""How full the disks of an instance are, and what becomes of a stop, a restart and a start."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator, ManualClock
from tests.emulator.arm_client import ArmClient, instance_body

GB = 1_000_000_000


@pytest.fixture
def running(arm: ArmClient, emulator: Emulator, jp_asyncio_loop: asyncio.AbstractEventLoop) -> str:
    """The name of an instance that is on."""
    jp_asyncio_loop.run_until_complete(arm("PUT", "computes/my-ci", instance_body()))
    emulator.advance(3600)
    return "my-ci"


async def state(arm: ArmClient) -> str:
    found: str = (await arm("GET", "computes/my-ci")).json["properties"]["properties"]["state"]
    return found


async def outcome(arm: ArmClient, emulator: Emulator, action: str) -> dict[str, Any]:
    """What the status document says once the action has had its time."""
    begun = await arm("POST", f"computes/my-ci/{action}")
    assert begun.status == 202, begun.body
    emulator.advance(3600)
    followed = await arm("GET", begun.headers["Azure-AsyncOperation"], api_version=None)
    document: dict[str, Any] = followed.json
    return document


async def test_a_new_instance_has_room_on_both_disks(arm: ArmClient, running: str) -> None:
    disks = (await arm("GET", f"/emulator/instances/{running}/disk")).json

    assert disks["os"]["mount_point"] == "/"
    assert 120 * GB <= disks["os"]["total_bytes"] <= 140 * GB
    assert 5 * GB < disks["os"]["available_bytes"] < disks["os"]["total_bytes"]
    assert disks["temporary"]["mount_point"] == "/mnt"
    # Standard_DS3_v2 has a temporary disk of 28 GiB ("Dv2 and DSv2-series", Azure VMs).
    assert disks["temporary"]["total_bytes"] == 28 * 1024**3


async def test_a_stop_on_a_full_os_disk_is_refused_as_azure_does_and_the_instance_stays_on(
    arm: ArmClient, emulator: Emulator, running: str
) -> None:
    emulator.leave_on_disk(running, os_bytes=0)

    refused = await arm("POST", f"computes/{running}/stop")

    assert refused.status == 400
    assert refused.json["error"]["message"] == (
        "StopCompute is not allowed when ComputeInstance disk is full."
    )
    emulator.advance(3600)
    assert await state(arm) == "Running"
    assert [each.kind for each in emulator.state.operations.all()] == ["Create"]


async def test_a_stop_works_again_once_there_is_room(
    arm: ArmClient, emulator: Emulator, running: str
) -> None:
    path = f"/emulator/instances/{running}/disk"
    assert (await arm("PUT", path, {"os_available_bytes": 0})).status == 200
    assert (await arm("POST", f"computes/{running}/stop")).status == 400

    freed = await arm("PUT", path, {"os_available_bytes": 6 * GB})

    assert freed.json["os"]["available_bytes"] == 6 * GB
    assert (await outcome(arm, emulator, "stop"))["status"] == "Succeeded"
    assert await state(arm) == "Stopped"


async def test_a_restart_on_a_full_os_disk_is_taken_and_leaves_the_instance_unusable(
    arm: ArmClient, emulator: Emulator, running: str
) -> None:
    emulator.leave_on_disk(running, os_bytes=0)

    ended = await outcome(arm, emulator, "restart")

    assert ended["status"] == "Failed"
    assert "disk space" in ended["error"]["message"]
    assert await state(arm) == "Unusable"


async def test_an_instance_without_room_on_mnt_stops_and_does_not_boot_again(
    arm: ArmClient, emulator: Emulator, running: str
) -> None:
    emulator.leave_on_disk(running, temporary_bytes=999_999_999)

    assert (await outcome(arm, emulator, "stop"))["status"] == "Succeeded"
    assert (await outcome(arm, emulator, "start"))["status"] == "Failed"
    assert await state(arm) == "Stopped"


async def test_a_full_instance_can_be_deleted_and_made_anew_with_an_empty_disk(
    arm: ArmClient, emulator: Emulator, clock: ManualClock, running: str
) -> None:
    emulator.leave_on_disk(running, os_bytes=0)

    assert (await arm("DELETE", f"computes/{running}")).status == 202
    emulator.advance(3600)
    await arm("PUT", f"computes/{running}", instance_body())
    emulator.advance(3600)

    assert (await outcome(arm, emulator, "stop"))["status"] == "Succeeded"


@pytest.mark.parametrize(
    "body",
    [
        {"os_available_bytes": -1},
        {"os_available_bytes": 10**15},
        {"os_available_bytes": 0, "temporary_available_bytes": 10**15},
        {"os_available_bytes": "0"},
        {"bytes": 0},
        [],
    ],
)
async def test_what_a_disk_cannot_hold_is_refused_and_changes_nothing(
    arm: ArmClient, running: str, body: Any
) -> None:
    path = f"/emulator/instances/{running}/disk"
    before = (await arm("GET", path)).json

    assert (await arm("PUT", path, body)).status == 400

    assert (await arm("GET", path)).json == before


async def test_an_instance_that_is_not_there_has_no_disk(
    arm: ArmClient, emulator: Emulator
) -> None:
    assert (await arm("PUT", "/emulator/instances/nobody/disk", {})).status == 404
    assert (await arm("GET", "/emulator/instances/nobody/disk")).status == 404
    with pytest.raises(KeyError):
        emulator.leave_on_disk("nobody", os_bytes=0)
