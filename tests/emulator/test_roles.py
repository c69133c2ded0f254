"""What roles allow, and that it is refused what they do not, in Azure's words."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.arm.caller import DEFAULT_CALLER
from tests.emulator.arm_client import ArmClient, instance_body, token_of

AMY = DEFAULT_CALLER.object_id
BEN = token_of(oid="8b6f2f0e-2a8f-4d55-9d3b-5a6a4b8f2b02", upn="ben@contoso.com")
COMPUTES = "Microsoft.MachineLearningServices/workspaces/computes"
PERMISSIONS = "providers/Microsoft.Authorization/permissions"

IDLE = {"idleTimeBeforeShutdown": "PT30M"}
REQUESTS: list[tuple[str, str, Any, str]] = [
    ("GET", "computes", None, "read"),
    ("GET", "computes/my-ci", None, "read"),
    ("PUT", "computes/other", instance_body(), "write"),
    ("PATCH", "computes/my-ci", {"tags": {}}, "write"),
    ("DELETE", "computes/my-ci", None, "delete"),
    ("POST", "computes/my-ci/start", None, "start/action"),
    ("POST", "computes/my-ci/STOP", None, "stop/action"),
    ("POST", "computes/my-ci/restart", None, "restart/action"),
    ("POST", "computes/my-ci/updateSchedules", {}, "updateSchedules/action"),
    ("POST", "computes/my-ci/enableSso", {"enableSSO": True}, "enableSso/action"),
    ("POST", "computes/my-ci/updateIdleShutdownSetting", IDLE, "write"),
    ("POST", "computes/my-ci/customServices", [], "write"),
]


async def assign(arm: ArmClient, **wanted: Any) -> None:
    assert (await arm("PUT", f"/emulator/roles/{AMY}", wanted)).status == 200


@pytest.mark.parametrize(("method", "path", "body", "action"), REQUESTS)
async def test_without_the_action_a_request_is_refused_and_changes_nothing(
    arm: ArmClient, emulator: Emulator, method: str, path: str, body: Any, action: str
) -> None:
    await arm("PUT", "computes/my-ci", instance_body())
    emulator.advance(300)
    before = (await arm("GET", "computes", authorization=BEN)).json
    await assign(arm, actions=["*"], not_actions=[f"{COMPUTES}/{action}"])

    answer = await arm(method, path, body, api_version="2025-12-01")

    assert (answer.status, answer.code) == (403, "AuthorizationFailed")
    assert (
        f"The client 'amy@contoso.com' with object id '{AMY}' does not have authorization to "
        f"perform action '{COMPUTES}/{action}' over scope"
    ) in answer.json["error"]["message"]
    assert (await arm("GET", "computes", authorization=BEN)).json == before


async def test_a_data_scientist_starts_and_stops_and_neither_makes_nor_deletes(
    arm: ArmClient, emulator: Emulator
) -> None:
    await arm("PUT", "computes/my-ci", instance_body())
    emulator.advance(300)
    await assign(arm, roles=["AzureML Data Scientist"])

    assert (await arm("GET", "computes/my-ci")).status == 200
    assert (await arm("PUT", "computes/other", instance_body())).status == 403
    assert (await arm("DELETE", "computes/my-ci")).status == 403
    assert (await arm("POST", "computes/my-ci/stop")).status == 202
    granted = (await arm("GET", PERMISSIONS, api_version="2022-04-01")).json["value"]
    assert f"{COMPUTES}/*/write" in granted[0]["notActions"]


async def test_who_may_only_see_instances_sees_no_networks_and_no_identities(
    arm: ArmClient, emulator: Emulator
) -> None:
    await assign(arm, actions=[f"{COMPUTES}/read"])
    subscription = f"/subscriptions/{emulator.state.subscription_id}/providers"
    networks = await arm("GET", f"{subscription}/Microsoft.Network/virtualNetworks")
    identities = await arm(
        "GET", f"{subscription}/Microsoft.ManagedIdentity/userAssignedIdentities"
    )

    assert (networks.status, identities.status) == (403, 403)


async def test_an_owner_without_application_access_opens_no_application(
    arm: ArmClient, emulator: Emulator
) -> None:
    await arm("PUT", "computes/my-ci", instance_body())
    emulator.advance(300)
    instance = emulator.state.instance("my-ci")
    assert instance is not None
    await assign(arm, actions=["*"], not_actions=[f"{COMPUTES}/applicationaccess/action"])

    assert (await arm("GET", f"{instance.jupyter_url}/api/terminals")).status == 403

    await arm("DELETE", f"/emulator/roles/{AMY}")
    assert (await arm("GET", f"{instance.jupyter_url}/api/terminals")).status == 200


async def test_who_has_no_role_may_do_nothing_and_others_everything(arm: ArmClient) -> None:
    await assign(arm, roles=[])

    assert (await arm("GET", "computes")).status == 403
    assert (await arm("GET", "computes", authorization=BEN)).status == 200
    assert (await arm("GET", PERMISSIONS, api_version="2022-04-01")).json == {"value": []}


async def test_a_role_that_is_none_is_not_assigned(arm: ArmClient) -> None:
    refused = await arm("PUT", f"/emulator/roles/{AMY}", {"roles": ["King"]})

    assert refused.status == 400
    assert (await arm("GET", "computes")).status == 200
