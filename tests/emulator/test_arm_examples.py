"""Plays every document of ``arm-examples`` against the emulator.

Each document is an example of Azure's own REST specs and names its source. Its request must be
accepted as it stands, and the answer must have the example's status, headers, keys and types.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator, ManualClock
from jupyter_ci_manager.emulator.arm.caller import DEFAULT_CALLER
from jupyter_ci_manager.emulator.arm.computes.attached import compute_cluster, kubernetes_cluster
from jupyter_ci_manager.emulator.seed import Seeded, add_instance
from tests.emulator.arm_client import Answer, ArmClient

EXAMPLES = Path(__file__).parent / "arm-examples"
LOCATION_OF_EXAMPLES = "eastus"


@dataclass(frozen=True)
class Operation:
    """How an operation of the specs is sent, and what must be there for it to succeed.

    ``body`` is the example's parameter that is the body.
    """

    method: str
    path: str
    body: str | None = None
    arrange: Callable[[Emulator, str], None] | None = None


def instance_in(state: str, **properties: Any) -> Callable[[Emulator, str], None]:
    def arrange(emulator: Emulator, name: str) -> None:
        seeded = Seeded(
            name,
            "STANDARD_NC6",
            state,
            owner=DEFAULT_CALLER,
            age_hours=24,
            since_hours=1,
            description="some compute",
            properties=properties,
        )
        add_instance(emulator.state, emulator.workspace, seeded)

    return arrange


def attached_cluster(emulator: Emulator, name: str) -> None:
    workspace = emulator.workspace
    created = emulator.clock.now()
    workspace.computes.add(kubernetes_cluster(workspace.id, name, workspace.location, created))


def three_attached_clusters(emulator: Emulator, name: str) -> None:
    for number in ("", "4", "5"):
        attached_cluster(emulator, f"compute123{number}")


def managed_cluster(emulator: Emulator, name: str) -> None:
    workspace = emulator.workspace
    created = emulator.clock.now()
    workspace.computes.add(compute_cluster(workspace.id, name, workspace.location, created))


# What the example of a GET shows has to be there to be shown.
AS_IN_THE_EXAMPLE = {
    "subnet": {"id": "test-subnet-resource-id"},
    "applicationSharingPolicy": "Shared",
    "sshSettings": {"sshPublicAccess": "Enabled", "adminUserName": "azureuser"},
    "computeInstanceAuthorizationType": "personal",
    "personalComputeInstanceSettings": {
        "assignedUser": {
            "objectId": "00000000-0000-0000-0000-000000000000",
            "tenantId": "00000000-0000-0000-0000-000000000000",
        }
    },
    "customServices": [
        {
            "name": "rstudio",
            "docker": {"privileged": True},
            "environmentVariables": {"test_var": {"type": "local", "value": "test_val"}},
            "volumes": [{"type": "bind", "readOnly": False, "source": "/a", "target": "/b"}],
            "endpoints": [
                {"name": "connect", "target": 8787, "published": 8787, "protocol": "http"}
            ],
            "image": {"type": "docker", "reference": "ghcr.io/azure/rocker-rstudio-ml-verse"},
        }
    ],
}

COMPUTE = "{workspace}/computes/{name}"
LOCATION = (
    "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/{location}"
)

OPERATIONS = {
    "Compute/createOrUpdate/ComputeInstance": Operation("PUT", COMPUTE, "parameters"),
    "Compute/createOrUpdate/ComputeInstanceMinimal": Operation("PUT", COMPUTE, "parameters"),
    "Compute/createOrUpdate/ComputeInstanceWithSchedules": Operation("PUT", COMPUTE, "parameters"),
    "Compute/delete": Operation("DELETE", COMPUTE, arrange=instance_in("Running")),
    "Compute/get/ComputeInstance": Operation(
        "GET", COMPUTE, arrange=instance_in("Running", **AS_IN_THE_EXAMPLE)
    ),
    "Compute/list": Operation("GET", "{workspace}/computes", arrange=three_attached_clusters),
    "Compute/listKeys": Operation("POST", f"{COMPUTE}/listKeys", arrange=attached_cluster),
    "Compute/listNodes": Operation("POST", f"{COMPUTE}/listNodes", arrange=managed_cluster),
    "Compute/resize": Operation(
        "POST", f"{COMPUTE}/resize", "parameters", arrange=instance_in("Stopped")
    ),
    "Compute/restart": Operation("POST", f"{COMPUTE}/restart", arrange=instance_in("Running")),
    "Compute/start": Operation("POST", f"{COMPUTE}/start", arrange=instance_in("Stopped")),
    "Compute/stop": Operation("POST", f"{COMPUTE}/stop", arrange=instance_in("Running")),
    "Compute/updateCustomServices": Operation(
        "POST", f"{COMPUTE}/customServices", "customServices", arrange=instance_in("Running")
    ),
    "Compute/updateDataMounts": Operation(
        "POST", f"{COMPUTE}/updateDataMounts", "dataMounts", arrange=instance_in("Running")
    ),
    "Compute/updateIdleShutdownSetting": Operation(
        "POST",
        f"{COMPUTE}/updateIdleShutdownSetting",
        "parameters",
        arrange=instance_in("Running"),
    ),
    "Quota/list": Operation("GET", f"{LOCATION}/quotas"),
    "Usage/list": Operation("GET", f"{LOCATION}/usages"),
    "VirtualMachineSize/list": Operation("GET", f"{LOCATION}/vmSizes"),
    "Workspace/get": Operation("GET", "{workspace}"),
    "Workspace/listNotebookAccessToken": Operation("POST", "{workspace}/listNotebookAccessToken"),
    "Workspace/listNotebookKeys": Operation("POST", "{workspace}/listNotebookKeys"),
}

SENT_IN_THE_PATH = {
    "subscriptionId",
    "resourceGroupName",
    "workspaceName",
    "computeName",
    "location",
    "api-version",
}


def example_names() -> list[str]:
    return sorted(
        path.relative_to(EXAMPLES).with_suffix("").as_posix() for path in EXAMPLES.rglob("*.json")
    )


def load(name: str) -> dict[str, Any]:
    example: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text())
    return example


def emulator_for(parameters: dict[str, Any]) -> Emulator:
    """An emulator of the very subscription that the example speaks of."""
    return Emulator(
        clock=ManualClock(),
        instances=0,
        page_size=2,
        subscription_id=parameters["subscriptionId"],
        resource_group=parameters.get("resourceGroupName", "resource-group"),
        workspace=parameters.get("workspaceName", "workspace"),
        location=LOCATION_OF_EXAMPLES,
    )


async def play(emulator: Emulator, operation: Operation, parameters: dict[str, Any]) -> Answer:
    path = operation.path.format(
        workspace=emulator.workspace_id,
        subscription=parameters["subscriptionId"],
        name=parameters.get("computeName", ""),
        location=parameters.get("location", LOCATION_OF_EXAMPLES),
    )
    body = parameters[operation.body] if operation.body else None
    query = {
        key: value
        for key, value in parameters.items()
        if key not in SENT_IN_THE_PATH and key != operation.body
    }
    return await ArmClient(emulator)(
        operation.method, path, body, api_version=parameters["api-version"], **query
    )


def differences(expected: Any, actual: Any, where: str = "$") -> list[str]:
    """Where ``actual`` lacks a key of ``expected`` or has another type.

    A value may be null on either side: the service sends nulls where the examples leave keys out,
    and the examples show nulls that get values. Of a list, every entry must be like one of the
    example's; a map of free keys is compared by its values.
    """
    if expected is None or actual is None:
        return []
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{where}: {type(actual).__name__} instead of an object"]
        pairs = _pairs(expected, actual, where)
        missing = [f"{where}.{key}: missing" for key in pairs.missing]
        return missing + [line for pair in pairs.found for line in differences(*pair)]
    if isinstance(expected, list):
        if not isinstance(actual, list):
            return [f"{where}: {type(actual).__name__} instead of a list"]
        return [
            line
            for number, entry in enumerate(actual)
            for line in _closest(expected, entry, f"{where}[{number}]")
        ]
    if isinstance(expected, bool) or isinstance(actual, bool):
        same = isinstance(expected, bool) and isinstance(actual, bool)
    elif isinstance(expected, (int, float)):
        same = isinstance(actual, (int, float))
    else:
        same = isinstance(actual, type(expected))
    return [] if same else [f"{where}: {actual!r} where the example has {expected!r}"]


@dataclass(frozen=True)
class _Pairs:
    found: list[tuple[Any, Any, str]]
    missing: list[str]


# Maps whose keys are data: ids of identities, names of rules and variables.
FREE_KEYS = re.compile(r"\.(userAssignedIdentities|outboundRules|environmentVariables|tags)$")

# Sizes without a price have no such key: Get-AzMLServiceVMSize.Recording.json of
# Azure/azure-powershell, 2025-11-04, Standard_A1_v2.
LEFT_OUT_AT_TIMES = {"estimatedVMPrices"}


def _pairs(expected: dict[str, Any], actual: dict[str, Any], where: str) -> _Pairs:
    if FREE_KEYS.search(where):
        model = next(iter(expected.values()))
        return _Pairs([(model, value, f"{where}.*") for value in actual.values()], [])
    return _Pairs(
        [(expected[key], actual[key], f"{where}.{key}") for key in expected if key in actual],
        [key for key in expected if key not in actual and key not in LEFT_OUT_AT_TIMES],
    )


def _closest(models: list[Any], entry: Any, where: str) -> list[str]:
    return min((differences(model, entry, where) for model in models), key=len, default=[])


def test_every_document_has_an_operation_and_a_source() -> None:
    assert example_names() == sorted(OPERATIONS)
    for name in example_names():
        assert load(name)["x-source"].startswith("Azure/azure-rest-api-specs ")


@pytest.mark.parametrize("name", sorted(OPERATIONS))
async def test_an_example_is_accepted_and_answered_in_its_own_shape(name: str) -> None:
    example, operation = load(name), OPERATIONS[name]
    parameters = example["parameters"]
    async with emulator_for(parameters) as emulator:
        if operation.arrange is not None:
            operation.arrange(emulator, parameters.get("computeName", ""))

        answer = await play(emulator, operation, parameters)

    assert str(answer.status) in example["responses"], answer.body
    expected = example["responses"][str(answer.status)]
    if "body" in expected:
        assert differences(expected["body"], answer.json) == []
    else:
        assert answer.body == b""
    for header in expected.get("headers", {}):
        assert answer.headers[header].startswith(emulator.url)


@pytest.mark.parametrize(
    "name", [each for each in sorted(OPERATIONS) if "/createOrUpdate/" in each]
)
async def test_an_instance_is_created_with_201_and_accepted_again_with_200(name: str) -> None:
    example, operation = load(name), OPERATIONS[name]
    async with emulator_for(example["parameters"]) as emulator:
        first = await play(emulator, operation, example["parameters"])
        again = await play(emulator, operation, example["parameters"])

    assert (first.status, again.status) == (201, 200)
    for answer in (first, again):
        expected = example["responses"][str(answer.status)]["body"]
        assert differences(expected, answer.json) == []
        assert answer.json["id"] == expected["id"]
        assert answer.json["type"] == expected["type"]
        assert answer.json["properties"]["provisioningState"] == "Creating"


async def test_a_size_without_a_price_is_the_exception() -> None:
    example = load("VirtualMachineSize/list")
    async with emulator_for(example["parameters"]) as emulator:
        answer = await play(emulator, OPERATIONS["VirtualMachineSize/list"], example["parameters"])

    unpriced = [each["name"] for each in answer.json["value"] if "estimatedVMPrices" not in each]
    assert unpriced == ["Standard_F32s_v2", "Standard_M64s", "Standard_ND40rs_v2"]


async def test_deleting_what_is_not_there_is_answered_with_204() -> None:
    example = load("Compute/delete")
    async with emulator_for(example["parameters"]) as emulator:
        answer = await play(emulator, OPERATIONS["Compute/delete"], example["parameters"])

    assert (answer.status, answer.body) == (204, b"")


async def test_the_next_link_of_a_list_leads_to_the_rest() -> None:
    example = load("Compute/list")
    async with emulator_for(example["parameters"]) as emulator:
        three_attached_clusters(emulator, "")
        first = await play(emulator, OPERATIONS["Compute/list"], example["parameters"])
        rest = await ArmClient(emulator)("GET", first.json["nextLink"])

    assert [each["name"] for each in first.json["value"]] == ["compute123", "compute1234"]
    assert [each["name"] for each in rest.json["value"]] == ["compute1235"]
    assert "nextLink" not in rest.json


def test_the_comparison_notices_what_is_missing_and_what_has_another_type() -> None:
    expected = {"a": 1, "b": [{"c": "text"}], "tags": {"x": "y"}}
    actual = {"a": "1", "b": [{"d": "text"}], "tags": {"other": 2}}

    assert differences(expected, actual) == [
        "$.a: '1' where the example has 1",
        "$.b[0].c: missing",
        "$.tags.*: 2 where the example has 'y'",
    ]
