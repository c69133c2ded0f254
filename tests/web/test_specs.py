"""What the form asks of the server before anything is created."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator

from .conftest import Ask


def fields(answer: Any) -> dict[str, str]:
    return {each["field"]: each["code"] for each in answer.json["problems"]}


def spec(**changes: Any) -> dict[str, Any]:
    return {"spec": {"name": "brand-new", "vm_size": "Standard_DS3_v2"} | changes}


async def test_a_sound_spec_has_no_problem_and_its_cost_is_told(azure: Emulator, ask: Ask) -> None:
    answer = await ask("POST", "specs/check", spec())

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


async def test_a_name_that_is_taken_comes_with_one_that_is_free(azure: Emulator, ask: Ask) -> None:
    answer = await ask("POST", "specs/check", spec(name="sandbox"))

    (problem,) = answer.json["problems"]
    assert (problem["field"], problem["code"]) == ("name", "NameTaken")
    assert "sandbox2 is free" in problem["hint"]


async def test_a_size_without_quota_says_how_to_ask_for_more(azure: Emulator, ask: Ask) -> None:
    answer = await ask("POST", "specs/check", spec(vm_size="Standard_F16s_v2"))

    (problem,) = answer.json["problems"]
    assert (problem["field"], problem["code"]) == ("vm_size", "QuotaExceeded")
    assert "request more quota" in problem["hint"]
    assert answer.json["cost"] is not None


async def test_a_script_that_is_not_in_the_share_is_told_at_its_field(
    azure: Emulator, ask: Ask
) -> None:
    script = {"source": "workspaceStorage", "data": "Users/amy/nowhere.sh"}

    answer = await ask("POST", "specs/check", spec(setup_scripts={"startup": script}))

    assert fields(answer) == {"setup_scripts.startup.data": "ScriptNotFound"}


async def test_no_public_ip_is_checked_against_the_workspaces_own_network(
    azure: Emulator, ask: Ask
) -> None:
    answer = await ask("POST", "specs/check", spec(network={"public_ip": False}))
    assert fields(answer) == {"network.public_ip": "NoPublicIpNeedsNetwork"}

    refused = await ask("POST", "instances", spec(network={"public_ip": False}))
    assert refused.status == 400
    assert refused.error.details == {"field": "network.public_ip"}


@pytest.mark.parametrize("ci_manager_config", [{"allowed_actions": ["start"]}])
async def test_who_may_not_create_is_told_before_the_form_is_filled_in(
    azure: Emulator, ask: Ask
) -> None:
    answer = await ask("POST", "specs/check", spec())

    assert fields(answer) == {"": "ActionNotAllowed"}


async def test_without_azure_the_rules_are_checked_all_the_same(azure: Emulator, ask: Ask) -> None:
    await ask("GET", "workspace")
    azure.add_fault(times=1000, reset=True)

    answer = await ask("POST", "specs/check", spec(name="1x", idle_shutdown="PT1M"))

    assert answer.status == 200
    errors = {each["field"] for each in answer.json["problems"] if each["severity"] == "error"}
    assert errors == {"name", "idle_shutdown"}
    warnings = [each for each in answer.json["problems"] if each["severity"] == "warning"]
    assert len(warnings) == 1
    assert "could not be asked" in warnings[0]["message"]


async def test_a_schedule_that_starts_and_stops_it_makes_the_month_cheaper(
    azure: Emulator, ask: Ask
) -> None:
    schedules = [
        {"action": "start", "cron": "0 8 * * 1-5", "time_zone": "Europe/Berlin"},
        {"action": "stop", "cron": "0 18 * * 1-5", "time_zone": "Europe/Berlin"},
    ]

    answer = await ask("POST", "specs/check", spec(schedules=schedules))

    cost = answer.json["cost"]
    assert cost["scheduled_per_month"] == pytest.approx(cost["per_month"] * 50 / 168, rel=0.01)
    assert [len(each) for each in answer.json["firings"]] == [5, 5]
