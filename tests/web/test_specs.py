"""What the form asks of the server before anything is created."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator

from .conftest import Ask


def fields(answer: Any) -> dict[str, str]:
    return {each["field"]: each["code"] for each in answer.json["problems"]}


async def test_a_sound_spec_has_no_problem_and_its_cost_is_told(azure: Emulator, ask: Ask) -> None:
    answer = await ask(
        "POST", "specs/check", {"spec": {"name": "brand-new", "vm_size": "Standard_DS3_v2"}}
    )

    assert answer.status == 200
    assert answer.json["problems"] == []
    hourly = answer.json["vm_size"]["price"]["amount_per_hour"]
    assert answer.json["cost"]["per_day"] == pytest.approx(hourly * 24)
    assert answer.json["cost"]["per_month"] == pytest.approx(hourly * 730, abs=0.01)
    assert answer.json["cost"]["scheduled_per_month"] is None


async def test_all_that_is_wrong_is_told_at_once_field_by_field(azure: Emulator, ask: Ask) -> None:
    answer = await ask(
        "POST",
        "specs/check",
        {
            "spec": {
                "name": "amy-gpu",
                "vm_size": "Standard_Nope",
                "idle_shutdown": "PT5M",
                "ssh": {"public_key": "ssh-rsa nonsense"},
                "assigned_to": {"object_id": "me", "tenant_id": ""},
                "network": {"subnet_id": "my-subnet"},
                "schedules": [{"action": "stop", "cron": "18 o'clock"}],
            }
        },
    )

    assert fields(answer) == {
        "name": "InstanceExists",
        "vm_size": "UnknownVmSize",
        "idle_shutdown": "InvalidIdleShutdown",
        "schedules.0.cron": "InvalidCron",
        "ssh.public_key": "InvalidSshKey",
        "network.subnet_id": "InvalidSubnet",
        "assigned_to.object_id": "SshOnBehalfOf",
        "assigned_to.tenant_id": "InvalidGuid",
    }


async def test_a_draft_is_checked_as_far_as_it_goes(azure: Emulator, ask: Ask) -> None:
    answer = await ask("POST", "specs/check", {"spec": {}})

    assert fields(answer) == {"name": "InvalidName", "vm_size": "UnknownVmSize"}


async def test_the_next_five_firings_are_told_in_utc(azure: Emulator, ask: Ask) -> None:
    answer = await ask(
        "POST",
        "schedules/preview",
        {
            "schedules": [
                {"action": "stop", "cron": "0 18 * * *", "time_zone": "Europe/Berlin"},
                {"action": "stop", "cron": "0 18 31 2 *"},
            ]
        },
    )

    evening, never = answer.json["firings"]
    assert len(evening) == 5
    assert all(each.endswith(("T17:00:00Z", "T16:00:00Z")) for each in evening)
    assert never == []
    assert fields(answer)["schedules.1.cron"] == "InvalidCron"


async def test_the_time_zones_of_azure_are_told_by_their_usual_names(
    azure: Emulator, ask: Ask
) -> None:
    answer = await ask("GET", "time-zones")

    assert {"UTC", "Europe/Berlin", "Europe/Vienna", "Asia/Kolkata"} <= set(answer.json["items"])
    assert "W. Europe Standard Time" not in answer.json["items"]
