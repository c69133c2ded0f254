"""What a compute instance may be called, how big it may be, and what else is refused."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from tests.emulator.arm_client import ArmClient, instance_body

INSTANCE_TYPE = "Microsoft.BatchAI/DataScienceInstance"


async def check(arm: ArmClient, name: str) -> dict[str, Any]:
    body = {"Name": name, "Type": INSTANCE_TYPE}
    answer = await arm("POST", "checkComputeNameAvailability", body, api_version="2020-02-02")
    assert answer.status == 200
    document: dict[str, Any] = answer.json
    return document


@pytest.mark.parametrize("name", ["abc", "Ds-Amy", "ci2", "a-1-b", "x" * 24])
async def test_a_name_that_keeps_the_rules_is_available_and_can_be_had(
    arm: ArmClient, name: str
) -> None:
    assert await check(arm, name) == {"nameAvailable": True, "reason": None, "message": None}
    assert (await arm("PUT", f"computes/{name}", instance_body())).status == 201


# "cpu-cluster-1": MicrosoftDocs/pipelines-azureml#19; "ci-40986653": microsoft/AzureTRE#3661.
BAD_NAMES = [
    "ab",
    "x" * 25,
    "1abc",
    "a_b_c",
    "abc-",
    "cpu-cluster-1",
    "ci-40986653",
    "naïve",
    "-ab",
]


@pytest.mark.parametrize("name", BAD_NAMES)
async def test_a_name_that_breaks_the_rules_is_invalid_and_refused(
    arm: ArmClient, emulator: Emulator, name: str
) -> None:
    checked = await check(arm, name)
    refused = await arm("PUT", f"computes/{name}", instance_body())

    assert (checked["nameAvailable"], checked["reason"]) == (False, "Invalid")
    assert "between 3 and 24 characters" in checked["message"]
    assert (refused.status, refused.code) == (400, "InvalidResourceName")
    assert emulator.workspace.computes.all() == []


async def test_a_name_is_taken_in_the_whole_region_whatever_its_case(
    arm: ArmClient, emulator: Emulator
) -> None:
    elsewhere = emulator.state.add_workspace("other-team", "other-workspace")
    made = await arm("PUT", f"{elsewhere.id}/computes/Taken", instance_body())
    assert made.status == 201

    assert await check(arm, "taken") == {
        "nameAvailable": False,
        "reason": "AlreadyExists",
        "message": "The specified name taken is already in use and is therefore unavailable",
    }
    refused = await arm("PUT", "computes/tAKEN", instance_body())
    assert (refused.status, refused.code) == (409, "ComputeNameConflict")

    await arm("DELETE", f"{elsewhere.id}/computes/Taken")
    emulator.advance(600)
    assert (await check(arm, "taken"))["nameAvailable"] is True


async def test_an_unknown_size_is_refused_with_the_sizes_that_there_are(arm: ArmClient) -> None:
    answer = await arm("PUT", "computes/my-ci", instance_body("Standard_B2s"))

    assert (answer.status, answer.code) == (400, "InvalidPropertyValue")
    (detail,) = answer.json["error"]["details"]
    assert detail["code"] == "SupportedVMSizes"
    assert "STANDARD_DS3_V2" in detail["message"].split(",")
    assert "STANDARD_M64S" not in detail["message"].split(",")


async def test_a_family_without_quota_is_refused_and_nothing_is_made(
    arm: ArmClient, emulator: Emulator
) -> None:
    answer = await arm("PUT", "computes/my-ci", instance_body("Standard_NC24ads_A100_v4"))

    assert (answer.status, answer.code) == (400, "ClusterMinNodesExceedCoreQuota")
    assert answer.json["error"]["message"].startswith(
        "The specified subscription has a Standard NCADSA100v4 family vCPU quota of 0 and cannot "
        "accomodate for at least 1 requested managed compute nodes which maps to 24 vCPUs."
    )
    assert emulator.workspace.computes.all() == []
    assert (await check(arm, "my-ci"))["nameAvailable"] is True


async def test_a_stopped_instance_keeps_its_quota_and_a_deleted_one_gives_it_back(
    arm: ArmClient, emulator: Emulator
) -> None:
    async def used() -> tuple[int, int]:
        answer = await arm("GET", f"{LOCATION.format(emulator.state.subscription_id)}/usages")
        by_name = {
            each["name"]["value"]: each["currentValue"] for each in reversed(answer.json["value"])
        }
        return by_name["standardFSv2Family"], by_name["TotalDedicatedCores"]

    await arm("PUT", "computes/first", instance_body("Standard_F16s_v2"))
    emulator.advance(600)
    await arm("POST", "computes/first/stop")
    emulator.advance(600)
    assert await used() == (16, 16)
    assert (await arm("PUT", "computes/second", instance_body("Standard_F4s_v2"))).status == 400

    await arm("DELETE", "computes/first")
    emulator.advance(600)
    assert await used() == (0, 0)
    assert (await arm("PUT", "computes/second", instance_body("Standard_F4s_v2"))).status == 201


LOCATION = "/subscriptions/{}/providers/Microsoft.MachineLearningServices/locations/West%20Europe"


async def test_the_total_of_a_region_is_a_limit_of_its_own(
    arm: ArmClient, emulator: Emulator
) -> None:
    emulator.state.region.quotas.total_cores = 5
    await arm("PUT", "computes/first", instance_body("Standard_DS3_v2"))

    answer = await arm("PUT", "computes/second", instance_body("Standard_D2_v2"))

    assert answer.code == "ClusterMinNodesExceedCoreQuota"
    assert "a total vCPU quota of 5 " in answer.json["error"]["message"]


async def test_sizes_are_listed_under_both_names_to_versions_that_knew_the_older(
    arm: ArmClient, emulator: Emulator
) -> None:
    path = f"{LOCATION.format(emulator.state.subscription_id)}/vmSizes"

    old = (await arm("GET", path, api_version="2020-02-02")).json
    new = (await arm("GET", path)).json

    assert old["amlCompute"] == old["value"] == new["value"]
    assert set(new) == {"value"}


def ssh(**more: Any) -> dict[str, Any]:
    return {"sshSettings": {"sshPublicAccess": "Enabled", **more}}


EVENING = {"action": "Stop", "cron": {"expression": "0 18 * * *"}}


def assigned_to(object_id: str, tenant_id: str) -> dict[str, Any]:
    user = {"objectId": object_id, "tenantId": tenant_id}
    return {"personalComputeInstanceSettings": {"assignedUser": user}}


SOMEBODY = assigned_to(
    "8b6f2f0e-2a8f-4d55-9d3b-5a6a4b8f2b02", "72f0c1de-3a4e-4b7a-9a64-6d1d5a2f0c11"
)


def creation_script(**script: Any) -> dict[str, Any]:
    return {"setupScripts": {"scripts": {"creationScript": script}}}


@pytest.mark.parametrize(
    "properties",
    [
        ssh(),
        {"idleTimeBeforeShutdown": "PT14M"},
        {"idleTimeBeforeShutdown": "P4D"},
        {"idleTimeBeforeShutdown": "30 minutes"},
        {"idleTimeBeforeShutdown": "P"},
        {"schedules": {"computeStartStop": [EVENING] * 5}},
        {"schedules": {"computeStartStop": [{**EVENING, "action": "Explode"}]}},
        {"schedules": {"computeStartStop": [{**EVENING, "action": None}]}},
        {"schedules": {"computeStartStop": [{"action": "Stop"}]}},
        {"schedules": {"computeStartStop": [{**EVENING, "cron": {"expression": "at six"}}]}},
        assigned_to("somebody", "1f0e6a52-9d5b-4a63-8a1f-3c7d2b9e4f10"),
        assigned_to("1f0e6a52-9d5b-4a63-8a1f-3c7d2b9e4f10", "contoso"),
        {"enableNodePublicIp": False},
        {"customServices": [{"image": {"reference": "rstudio"}}]},
        {"customServices": [{"name": "rstudio"}, {"name": "RStudio"}]},
        creation_script(scriptSource="https://example.com/a.sh", scriptData="a.sh"),
        creation_script(scriptSource="workspaceStorage"),
        creation_script(scriptSource="inline", scriptData="not base64!"),
        creation_script(
            scriptSource="inline", scriptData=base64.b64encode(b"#" * 31 * 1024).decode()
        ),
        creation_script(scriptSource="workspaceStorage", scriptData="a.sh", timeout="soon"),
        {"applicationSharingPolicy": "Everybody"},
        {"enableNodePublicIp": "yes"},
        {"subnet": "not an object"},
    ],
)
async def test_settings_that_azure_does_not_take_are_refused_and_nothing_is_made(
    arm: ArmClient, emulator: Emulator, properties: dict[str, Any]
) -> None:
    answer = await arm("PUT", "computes/my-ci", instance_body(**properties))

    assert (answer.status, answer.code) == (400, "BadArgument"), answer.body
    assert answer.json["error"]["message"]
    assert emulator.workspace.computes.all() == []


@pytest.mark.parametrize("duration", ["PT15M", "PT60M", "PT1H30M", "P1D", "P3D", "PT72H"])
async def test_idle_shutdown_takes_fifteen_minutes_to_three_days(
    arm: ArmClient, duration: str
) -> None:
    answer = await arm("PUT", "computes/my-ci", instance_body(idleTimeBeforeShutdown=duration))

    assert answer.status == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "BadArgument"),
        ({"properties": None}, "BadArgument"),
        ({"properties": {}}, "BadArgument"),
        ({"properties": {"computeType": "ComputeInstance"}}, "BadArgument"),
        ({"properties": {"computeType": "AmlCompute"}}, "UserError"),
        ([], "BadArgument"),
        ("text", "BadArgument"),
    ],
)
async def test_a_body_that_is_json_but_no_compute_instance_is_refused(
    arm: ArmClient, emulator: Emulator, body: Any, code: str
) -> None:
    answer = await arm("PUT", "computes/my-ci", body)

    assert (answer.status, answer.code) == (400, code)
    assert emulator.workspace.computes.all() == []


async def test_an_ssh_key_for_somebody_else_is_refused_in_azures_words(
    arm: ArmClient, emulator: Emulator
) -> None:
    wanted = {**ssh(adminPublicKey="ssh-rsa AAAA"), **SOMEBODY}

    answer = await arm("PUT", "computes/my-ci", instance_body(**wanted))

    assert (answer.status, answer.code) == (400, "UserError")
    assert answer.json["error"]["message"] == (
        "Setting SSH key at creation time is not allowed when compute instance is provisioned on "
        "behalf of another user."
    )
    assert emulator.workspace.computes.all() == []


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({f"t{number}": "x" for number in range(51)}, "TooManyTags"),
        ({"n" * 513: "x"}, "InvalidTagNameLength"),
        ({"a/b": "x"}, "InvalidTagNameCharacters"),
        ({"": "x"}, "InvalidTagNameCharacters"),
        ({"a": "x" * 257}, "InvalidTagValueLength"),
    ],
)
async def test_tags_that_no_resource_may_have_are_refused(
    arm: ArmClient, emulator: Emulator, tags: dict[str, str], code: str
) -> None:
    answer = await arm("PUT", "computes/my-ci", {**instance_body(), "tags": tags})

    assert (answer.status, answer.code) == (400, code)
    assert emulator.workspace.computes.all() == []


async def test_released_quota_is_free_while_the_instance_is_stopped_and_may_be_gone_after(
    arm: ArmClient, emulator: Emulator
) -> None:
    wanted = instance_body("Standard_F16s_v2", releaseQuotaOnStop=True)
    assert (await arm("PUT", "computes/first", wanted)).status == 201
    emulator.advance(600)
    assert (await arm("PUT", "computes/second", instance_body("Standard_F4s_v2"))).status == 400

    await arm("POST", "computes/first/stop")
    emulator.advance(600)
    assert (await arm("PUT", "computes/second", instance_body("Standard_F4s_v2"))).status == 201
    refused = await arm("POST", "computes/first/start")
    assert (refused.status, refused.code) == (400, "ClusterMinNodesExceedCoreQuota")

    await arm("DELETE", "computes/second")
    emulator.advance(600)
    assert (await arm("POST", "computes/first/start")).status == 202
    assert emulator.state.region.quotas.cores_in_use() == {"standardFSv2Family": 16}


SETTINGS = [
    ("resize", {"targetVMSize": "Standard_DS11_v2"}, "2023-04-01", "2023-06-01-preview"),
    (
        "updateIdleShutdownSetting",
        {"idleTimeBeforeShutdown": "PT30M"},
        "2021-04-01",
        "2021-07-01",
    ),
    ("updateSchedules", {"computeStartStop": []}, "2021-01-01", "2021-03-01-preview"),
    ("customServices", [], "2022-10-01", "2022-10-01-preview"),
    ("updateDataMounts", [], "2023-10-01", "2024-01-01-preview"),
    ("enableSso", {"enableSSO": False}, "2024-04-01", "2024-04-01-preview"),
]


@pytest.mark.parametrize(("action", "body", "before", "first"), SETTINGS)
async def test_a_setting_is_there_from_its_first_version_on(
    arm: ArmClient, emulator: Emulator, action: str, body: Any, before: str, first: str
) -> None:
    await arm("PUT", "computes/my-ci", instance_body())
    emulator.advance(600)
    await arm("POST", "computes/my-ci/stop")
    emulator.advance(600)
    document = (await arm("GET", "computes/my-ci")).json

    refused = await arm("POST", f"computes/my-ci/{action}", body, api_version=before)
    assert (refused.status, refused.code) == (404, "InvalidResourceType")
    assert (await arm("GET", "computes/my-ci")).json == document

    taken = await arm("POST", f"computes/my-ci/{action}", body, api_version=first)
    assert taken.status == (202 if action == "resize" else 200)
