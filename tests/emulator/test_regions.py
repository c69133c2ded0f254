"""Several regions in one subscription: names, sizes, quotas and instances are each region's own."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.arm.workspaces.state import Workspace
from tests.emulator.arm_client import ArmClient, instance_body

INSTANCE_TYPE = "Microsoft.BatchAI/DataScienceInstance"


@pytest.fixture
def abroad(emulator: Emulator) -> Workspace:
    return emulator.state.add_workspace("ml-abroad", "ml-north", "northeurope")


async def is_free(arm: ArmClient, workspace_id: str, name: str) -> bool:
    answer = await arm(
        "POST",
        f"{workspace_id}/checkComputeNameAvailability",
        {"Name": name, "Type": INSTANCE_TYPE},
        api_version="2020-02-02",
    )
    free: bool = answer.json["nameAvailable"]
    return free


async def usages(arm: ArmClient, emulator: Emulator, location: str) -> dict[str, int]:
    answer = await arm(
        "GET",
        f"/subscriptions/{emulator.state.subscription_id}/providers"
        f"/Microsoft.MachineLearningServices/locations/{location}/usages",
    )
    return {each["name"]["value"]: each["currentValue"] for each in reversed(answer.json["value"])}


async def test_a_name_is_taken_in_its_own_region_only(
    arm: ArmClient, emulator: Emulator, abroad: Workspace
) -> None:
    neighbour = emulator.state.add_workspace("ml-abroad", "ml-north-2", "NorthEurope")
    assert (await arm("PUT", f"{abroad.id}/computes/my-ci", instance_body())).status == 201

    assert await is_free(arm, emulator.workspace_id, "my-ci") is True
    assert await is_free(arm, abroad.id, "MY-CI") is False
    assert await is_free(arm, neighbour.id, "my-ci") is False

    made_here = await arm("PUT", "computes/my-ci", instance_body())
    refused = await arm("PUT", f"{neighbour.id}/computes/my-ci", instance_body())
    assert made_here.status == 201
    assert (refused.status, refused.code) == (409, "ComputeNameConflict")


async def test_each_region_has_a_quota_of_its_own(
    arm: ArmClient, emulator: Emulator, abroad: Workspace
) -> None:
    big = instance_body("Standard_F16s_v2")
    assert (await arm("PUT", "computes/first", big)).status == 201

    assert (await arm("PUT", "computes/second", big)).status == 400
    assert (await arm("PUT", f"{abroad.id}/computes/second", big)).status == 201
    here = await usages(arm, emulator, "westeurope")
    there = await usages(arm, emulator, "North%20Europe")
    assert (here["standardFSv2Family"], here["TotalClusters"]) == (16, 1)
    assert (there["standardFSv2Family"], there["TotalClusters"]) == (16, 1)


async def test_a_region_that_is_not_there_names_those_that_are(
    arm: ArmClient, emulator: Emulator, abroad: Workspace
) -> None:
    answer = await arm(
        "GET",
        f"/subscriptions/{emulator.state.subscription_id}/providers"
        "/Microsoft.MachineLearningServices/locations/eastus/vmSizes",
    )

    assert (answer.status, answer.code) == (400, "NoRegisteredProviderFound")
    assert "'westeurope, northeurope'" in answer.json["error"]["message"]


async def test_instances_of_one_name_in_two_regions_are_two(
    arm: ArmClient, emulator: Emulator, abroad: Workspace
) -> None:
    await arm("PUT", "computes/my-ci", instance_body())
    made = await arm("PUT", f"{abroad.id}/computes/my-ci", instance_body())
    emulator.advance(300)

    def address(document: dict[str, Any]) -> str:
        applications = document["properties"]["properties"]["applications"]
        return str(applications[0]["endpointUri"]).removesuffix("/tree/")

    here = address((await arm("GET", "computes/my-ci")).json)
    there = address((await arm("GET", f"{abroad.id}/computes/my-ci")).json)
    assert (await arm("GET", f"{here}/api/terminals")).status == 200
    assert (await arm("GET", f"{there}/api/terminals")).status == 200
    assert made.headers["Azure-AsyncOperation"].split("/locations/")[1].startswith("northeurope/")

    await arm("POST", "computes/my-ci/stop")
    emulator.advance(300)
    assert (await arm("GET", f"{here}/api/terminals")).status == 502
    assert (await arm("GET", f"{there}/api/terminals")).status == 200


async def test_a_workspace_is_added_by_whoever_plays_with_the_emulator(
    arm: ArmClient, emulator: Emulator
) -> None:
    wanted = {"resource_group": "ml-abroad", "name": "ml-north", "location": "northeurope"}

    made = await arm("POST", "/emulator/workspaces", wanted)

    assert made.json["location"] == "northeurope"
    listed = await arm("GET", f"{made.json['id']}/computes")
    assert listed.json == {"value": []}


@pytest.mark.parametrize(
    "wanted",
    [
        {"resource_group": "a/b", "name": "ml"},
        {"resource_group": "ml", "name": ""},
        {"resource_group": "ml", "name": "ml", "location": "../x"},
        {"name": "ml"},
        [],
    ],
)
async def test_a_workspace_with_an_impossible_name_is_not_added(
    arm: ArmClient, emulator: Emulator, wanted: Any
) -> None:
    before = emulator.state.workspaces()

    answer = await arm("POST", "/emulator/workspaces", wanted)

    assert answer.status == 400
    assert emulator.state.workspaces() == before
