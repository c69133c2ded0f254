"""What becomes of a compute instance, as a client of Azure Resource Manager sees it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from tests.emulator.arm_client import ArmClient, instance_body, token_of

ONE_YEAR = 365 * 24 * 3600


async def make(arm: ArmClient, name: str = "my-ci", **properties: Any) -> dict[str, Any]:
    answer = await arm("PUT", f"computes/{name}", instance_body(**properties))
    assert answer.status == 201, answer.body
    document: dict[str, Any] = answer.json
    return document


async def look(arm: ArmClient, name: str = "my-ci") -> dict[str, Any]:
    answer = await arm("GET", f"computes/{name}")
    assert answer.status == 200, answer.body
    properties: dict[str, Any] = answer.json["properties"]
    return properties


async def state(arm: ArmClient, name: str = "my-ci") -> str:
    return str((await look(arm, name))["properties"]["state"])


def script(text: str) -> dict[str, Any]:
    data = base64.b64encode(text.encode()).decode()
    return {"scripts": {"creationScript": {"scriptSource": "inline", "scriptData": data}}}


async def test_a_new_instance_is_creating_for_three_and_a_half_minutes_and_then_runs(
    arm: ArmClient, emulator: Emulator
) -> None:
    created = await make(arm)
    assert created["properties"]["provisioningState"] == "Creating"
    assert created["properties"]["properties"]["connectivityEndpoints"] is None

    emulator.advance(209)
    assert await state(arm) == "Creating"
    emulator.advance(1)

    properties = await look(arm)
    assert properties["provisioningState"] == "Succeeded"
    assert properties["properties"]["state"] == "Running"
    assert properties["properties"]["lastOperation"] == {
        "operationName": "Create",
        "operationTime": "2026-11-23T09:00:00.000+00:00",
        "operationStatus": "Succeeded",
        "operationTrigger": "User",
    }
    assert properties["modifiedOn"] == "2026-11-23T09:03:30.0000000+00:00"
    assert properties["properties"]["connectivityEndpoints"]["publicIpAddress"]
    assert [each["displayName"] for each in properties["properties"]["applications"]] == [
        "Jupyter",
        "Jupyter Lab",
    ]


async def test_a_setup_script_is_run_between_creating_and_running(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, setupScripts=script("pip install polars\n"))

    emulator.advance(210)
    assert await state(arm) == "SettingUp"
    emulator.advance(60)
    assert await state(arm) == "Running"


async def test_a_setup_script_that_fails_leaves_an_instance_that_says_so(
    arm: ArmClient, emulator: Emulator
) -> None:
    answer = await arm(
        "PUT", "computes/my-ci", instance_body(setupScripts=script("apt-get update\nexit 3\n"))
    )
    emulator.advance(ONE_YEAR)

    properties = await look(arm)
    assert properties["provisioningState"] == "Failed"
    assert properties["properties"]["state"] == "SetupFailed"
    assert properties["properties"]["lastOperation"]["operationStatus"] == "CreateFailed"
    (error,) = properties["properties"]["errors"]
    assert error["error"]["code"] == "SetupScriptsError"
    assert "code 3" in error["error"]["message"]
    operation = (await arm("GET", answer.headers["Azure-AsyncOperation"])).json
    assert operation["status"] == "Failed"
    assert operation["error"]["code"] == "BadRequest"
    assert json.loads(operation["error"]["message"])["error"]["code"] == "SetupScriptsError"


async def test_stop_start_and_restart_go_through_their_own_states(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm)
    emulator.advance(210)

    for action, through, then in [
        ("stop", "Stopping", "Stopped"),
        ("start", "Starting", "Running"),
        ("restart", "Restarting", "Running"),
    ]:
        answer = await arm("POST", f"computes/my-ci/{action}")
        assert (answer.status, answer.body) == (202, b"")
        assert await state(arm) == through
        emulator.advance(150)
        assert await state(arm) == then


async def test_a_deleted_instance_is_deleting_for_a_while_and_then_gone(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm)
    emulator.advance(210)

    answer = await arm("DELETE", "computes/my-ci", underlyingResourceAction="Delete")
    assert answer.status == 202
    assert await state(arm) == "Deleting"
    emulator.advance(60)

    gone = await arm("GET", "computes/my-ci")
    assert (gone.status, gone.code) == (404, "ComputeNotFound")
    assert (await arm("GET", "computes")).json == {"value": []}
    assert (await arm("GET", answer.headers["Azure-AsyncOperation"])).json == {
        "status": "Succeeded",
        "percentComplete": 100.0,
    }
    await make(arm)


@pytest.mark.parametrize(
    ("forced", "action", "code"),
    [
        ("Running", "start", "StartComputeInstanceOnlyAllowedInStoppedState"),
        ("Starting", "start", "StartComputeInstanceOnlyAllowedInStoppedState"),
        ("Stopped", "stop", "StopComputeInstanceOnlyAllowedInRunningState"),
        ("Stopped", "restart", "RestartComputeInstanceOnlyAllowedInRunningState"),
        ("Deleting", "stop", "StopComputeInstanceOnlyAllowedInRunningState"),
        ("Creating", "restart", "RestartComputeInstanceOnlyAllowedInRunningState"),
    ],
)
async def test_an_action_in_the_wrong_state_is_refused_and_changes_nothing(
    arm: ArmClient, emulator: Emulator, forced: str, action: str, code: str
) -> None:
    await make(arm)
    await arm("POST", "/emulator/instances/my-ci/state", {"state": forced})
    before = await look(arm)

    answer = await arm("POST", f"computes/my-ci/{action}")

    assert (answer.status, answer.code) == (400, code)
    assert "my-ci" in answer.json["error"]["message"]
    assert await look(arm) == before


async def test_an_unusable_instance_can_be_restarted_or_deleted(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm)
    await arm("POST", "/emulator/instances/my-ci/state", {"state": "Unusable"})

    assert (await arm("POST", "computes/my-ci/restart")).status == 202
    emulator.advance(140)
    assert await state(arm) == "Running"


async def test_deleting_while_it_is_deleting_is_a_conflict(arm: ArmClient) -> None:
    await make(arm)
    await arm("DELETE", "computes/my-ci")

    assert (await arm("DELETE", "computes/my-ci")).code == "Conflict"
    assert (await arm("PUT", "computes/my-ci", instance_body())).code == "Conflict"


async def test_an_operation_that_was_overtaken_fails(arm: ArmClient, emulator: Emulator) -> None:
    created = await arm("PUT", "computes/my-ci", instance_body())
    await arm("DELETE", "computes/my-ci")
    emulator.advance(ONE_YEAR)

    operation = (await arm("GET", created.headers["Azure-AsyncOperation"])).json
    assert (operation["status"], operation["error"]["code"]) == ("Failed", "Conflict")


async def test_putting_an_instance_again_changes_neither_its_size_nor_its_settings(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm, idleTimeBeforeShutdown="PT30M")
    body = instance_body("Standard_DS11_v2", idleTimeBeforeShutdown="PT60M")
    body["tags"] = {"team": "forecasting"}

    answer = await arm("PUT", "computes/MY-CI", body)

    assert answer.status == 200
    assert answer.json["name"] == "my-ci"
    assert answer.json["tags"] == {"team": "forecasting"}
    properties = (await look(arm))["properties"]
    assert properties["vmSize"] == "STANDARD_DS3_V2"
    assert properties["idleTimeBeforeShutdown"] == "PT30M"
    assert len(emulator.workspace.computes.all()) == 1


async def test_tags_are_patched_and_nothing_else_can_be(arm: ArmClient) -> None:
    await make(arm)

    patched = await arm("PATCH", "computes/my-ci", {"tags": {"a": "b"}})
    scaled = await arm("PATCH", "computes/my-ci", {"properties": {"scaleSettings": {}}})

    assert (patched.status, patched.json["tags"]) == (200, {"a": "b"})
    assert (scaled.status, scaled.code) == (400, "UserError")


async def test_a_stopped_instance_is_resized_within_the_quota(
    arm: ArmClient, emulator: Emulator
) -> None:
    await make(arm)
    running = await arm("POST", "computes/my-ci/resize", {"targetVMSize": "Standard_DS11_v2"})
    assert running.status == 400
    await arm("POST", "/emulator/instances/my-ci/state", {"state": "Stopped"})

    refused = await arm("POST", "computes/my-ci/resize", {"targetVMSize": "Standard_ND40rs_v2"})
    accepted = await arm("POST", "computes/my-ci/resize", {"targetVMSize": "Standard_DS11_v2"})
    assert (refused.status, accepted.status) == (400, 202)
    assert await state(arm) == "Resizing"
    emulator.advance(120)

    properties = (await look(arm))["properties"]
    assert (properties["state"], properties["vmSize"]) == ("Stopped", "STANDARD_DS11_V2")


async def test_settings_are_changed_by_their_own_actions(arm: ArmClient) -> None:
    await make(arm)
    schedule = {
        "action": "Stop",
        "triggerType": "Cron",
        "cron": {"expression": "0 18 * * *", "timeZone": "UTC"},
    }

    for action, body in [
        ("updateIdleShutdownSetting", {"idleTimeBeforeShutdown": "PT45M"}),
        ("updateSchedules", {"computeStartStop": [schedule]}),
        ("enableSso", {"enableSSO": False}),
        ("customServices", [{"name": "rstudio"}]),
        ("updateDataMounts", [{"mountName": "data", "mountAction": "Mount"}]),
    ]:
        answer = await arm("POST", f"computes/my-ci/{action}", body)
        assert (answer.status, answer.body) == (200, b""), action

    properties = (await look(arm))["properties"]
    assert properties["idleTimeBeforeShutdown"] == "PT45M"
    (read_back,) = properties["schedules"]["computeStartStop"]
    assert read_back["id"]
    assert read_back["provisioningStatus"] == "Completed"
    assert read_back["status"] == "Enabled"
    assert read_back["cron"]["expression"] == "0 18 * * *"
    assert properties["enableSSO"] is False
    assert properties["customServices"] == [{"name": "rstudio"}]
    assert properties["dataMounts"][0]["mountState"] == "Mounted"

    await arm("POST", "computes/my-ci/updateIdleShutdownSetting", {"idleTimeBeforeShutdown": None})
    assert (await look(arm))["properties"]["idleTimeBeforeShutdown"] is None


async def test_who_creates_an_instance_is_read_from_the_token(arm: ArmClient) -> None:
    chloe = token_of(oid="object-of-chloe", tid="tenant-of-chloe", upn="chloe@contoso.com")

    await arm("PUT", "computes/hers", instance_body(), authorization=chloe)

    assert (await look(arm, "hers"))["properties"]["createdBy"] == {
        "userName": "chloe@contoso.com",
        "userOrgId": "tenant-of-chloe",
        "userId": "object-of-chloe",
    }


async def test_computes_of_other_kinds_share_the_list_and_lack_what_instances_have() -> None:
    async with Emulator() as emulator:
        arm = ArmClient(emulator)
        listed = (await arm("GET", "computes")).json["value"]
        start = await arm("POST", "computes/cpu-cluster/start")
        nodes = await arm("POST", "computes/amy-notebooks/listNodes")

    kinds = {each["properties"]["computeType"] for each in listed}
    assert kinds == {"ComputeInstance", "AmlCompute", "AKS"}
    assert (start.status, start.code) == (400, "UserError")
    assert nodes.json["error"]["message"] == (
        "ComputeListNodes with computeType ComputeInstance is not supported."
    )


async def test_the_seed_has_every_kind_of_neighbour_one_has_to_show() -> None:
    async with Emulator() as emulator:
        listed = (await ArmClient(emulator)("GET", "computes")).json["value"]

    instances = {
        each["name"]: each["properties"]["properties"]
        for each in listed
        if each["properties"]["computeType"] == "ComputeInstance"
    }
    states = {each["state"] for each in instances.values()}
    assert states >= {"Running", "Stopped", "JobRunning", "SetupFailed", "Unusable"}
    assert len({each["createdBy"]["userId"] for each in instances.values()}) == 4
    onboarding = instances["amy-onboarding"]
    assigned = onboarding["personalComputeInstanceSettings"]["assignedUser"]["objectId"]
    assert assigned == instances["amy-notebooks"]["createdBy"]["userId"]
    assert assigned != onboarding["createdBy"]["userId"]
