"""What an instance can be put into and act as: virtual networks and user-assigned identities."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from tests.emulator.arm_client import Answer, ArmClient, instance_body

NETWORKS = ("providers/Microsoft.Network/virtualNetworks", "2023-09-01")
IDENTITIES = ("providers/Microsoft.ManagedIdentity/userAssignedIdentities", "2023-01-31")


@pytest.fixture
def subscription(emulator: Emulator) -> str:
    return f"/subscriptions/{emulator.state.subscription_id}"


async def names(arm: ArmClient, path: str, version: str) -> list[str]:
    """Of all pages."""
    found: list[str] = []
    answer = await arm("GET", path, api_version=version)
    while True:
        assert answer.status == 200, answer.body
        found += [each["name"] for each in answer.json["value"]]
        if "nextLink" not in answer.json:
            return found
        answer = await arm("GET", answer.json["nextLink"], api_version=None)


async def put(arm: ArmClient, emulator: Emulator, **body: Any) -> Answer:
    return await arm("PUT", "computes/my-ci", instance_body() | body)


def in_subnet(subnet_id: str) -> dict[str, Any]:
    return instance_body(subnet={"id": subnet_id}, enableNodePublicIp=False)


@pytest.mark.parametrize(
    ("what", "all_of_them", "of_the_group"),
    [
        (NETWORKS, ["ml-network", "hub", "hub-abroad"], ["hub", "hub-abroad"]),
        (IDENTITIES, ["ml-training", "data-reader"], ["data-reader"]),
    ],
)
async def test_they_are_listed_by_subscription_and_group_in_pages(
    arm: ArmClient,
    emulator: Emulator,
    subscription: str,
    what: tuple[str, str],
    all_of_them: list[str],
    of_the_group: list[str],
) -> None:
    emulator.state.page_size = 1
    path, version = what

    assert await names(arm, f"{subscription}/{path}", version) == all_of_them
    group = f"{subscription}/resourceGroups/Platform/{path}"
    assert await names(arm, group, version) == of_the_group


async def test_a_network_has_subnets_that_can_be_read_one_by_one(
    arm: ArmClient, emulator: Emulator, subscription: str
) -> None:
    path, version = NETWORKS
    network = f"{subscription}/resourceGroups/ml-team/{path}/ML-network"

    whole = (await arm("GET", network, api_version=version)).json
    listed = await names(arm, f"{network}/subnets", version)
    one = (await arm("GET", f"{network}/subnets/training", api_version=version)).json
    missing = await arm("GET", f"{network}/subnets/none", api_version=version)

    assert [each["name"] for each in whole["properties"]["subnets"]] == listed
    assert one in whole["properties"]["subnets"]
    assert one["properties"]["addressPrefix"] == "10.20.2.0/23"
    assert (missing.status, missing.code) == (404, "NotFound")


@pytest.mark.parametrize("what", [NETWORKS, IDENTITIES])
async def test_versions_that_their_providers_lack_are_refused(
    arm: ArmClient, subscription: str, what: tuple[str, str]
) -> None:
    answer = await arm("GET", f"{subscription}/{what[0]}", api_version="2014-01-01")

    assert (answer.status, answer.code) == (400, "NoRegisteredProviderFound")


async def test_an_instance_is_put_into_a_subnet(
    arm: ArmClient, emulator: Emulator, subscription: str
) -> None:
    subnet = emulator.state.networks.all()[0].subnets[0].id

    assert (await put(arm, emulator, **in_subnet(subnet))).status == 201


@pytest.mark.parametrize(
    ("group", "network", "subnet", "words"),
    [
        ("ml-team", "ml-network", "none", "could not be found"),
        ("ml-team", "none", "default", "could not be found"),
        ("platform", "hub-abroad", "default", "is in region northeurope"),
    ],
)
async def test_a_subnet_that_is_elsewhere_or_nowhere_is_refused(
    arm: ArmClient,
    emulator: Emulator,
    subscription: str,
    group: str,
    network: str,
    subnet: str,
    words: str,
) -> None:
    path = f"{subscription}/resourceGroups/{group}/{NETWORKS[0]}/{network}/subnets/{subnet}"

    answer = await put(arm, emulator, **in_subnet(path))

    assert (answer.status, answer.code) == (400, "BadArgument")
    assert words in answer.json["error"]["message"]
    assert emulator.workspace.computes.all() == []


async def test_an_instance_acts_as_an_identity_that_is_there_and_no_other(
    arm: ArmClient, emulator: Emulator
) -> None:
    identity = emulator.state.identities.all()[0]

    def acting_as(resource_id: str) -> dict[str, Any]:
        return {"identity": {"type": "UserAssigned", "userAssignedIdentities": {resource_id: {}}}}

    refused = await put(arm, emulator, **acting_as(f"{identity.id}-x"))
    made = await put(arm, emulator, **acting_as(identity.id))

    assert (refused.status, refused.code) == (400, "FailedIdentityOperation")
    assert made.json["identity"]["userAssignedIdentities"][identity.id] == {
        "principalId": identity.principal_id,
        "clientId": identity.client_id,
    }
