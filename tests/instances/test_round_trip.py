"""Azure's own examples through everything that reads and writes a compute instance, without loss.

PUT → GET (emulator) → our model → the SDK's model → PUT → GET.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from azure.mgmt.machinelearningservices import models as sdk

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.instances.wire.applications import (
    applications_from_arm,
    applications_to_arm,
    data_mounts_from_arm,
    data_mounts_to_arm,
)
from jupyter_ci_manager.instances.wire.schedules import schedules_from_arm, schedules_to_arm
from jupyter_ci_manager.instances.wire.spec import HAVE_FIELDS, spec_of_resource, spec_to_arm
from jupyter_ci_manager.models import InstanceSpec
from tests.emulator.arm_client import ArmClient

from .azure_examples import EXAMPLES, documents

BODIES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))["parameters"]["parameters"]
    for path in sorted((EXAMPLES / "Compute" / "createOrUpdate").glob("*.json"))
}
RESOURCES = [
    each
    for each in documents("Compute")
    if each["properties"].get("computeType") == "ComputeInstance"
    and each["properties"].get("properties")
]
FULL: dict[str, Any] = {
    "location": "westeurope",
    "tags": {"team": "fraud"},
    "identity": {
        "type": "SystemAssigned,UserAssigned",
        "userAssignedIdentities": {"/subscriptions/s/…/ml-jobs": {}},
    },
    "properties": {
        "computeType": "ComputeInstance",
        "description": "everything",
        "disableLocalAuth": False,
        "properties": {
            "vmSize": "STANDARD_DS3_V2",
            "sshSettings": {"sshPublicAccess": "Enabled", "adminPublicKey": "ssh-rsa AAAA amy"},
            "subnet": {"id": "/subscriptions/s/…/subnets/compute"},
            "enableNodePublicIp": False,
            "enableSSO": True,
            "enableRootAccess": False,
            "enableOSPatching": True,
            "releaseQuotaOnStop": True,
            "idleTimeBeforeShutdown": "PT60M",
            "applicationSharingPolicy": "Shared",
            "setupScripts": {
                "scripts": {
                    "creationScript": {
                        "scriptSource": "inline",
                        "scriptData": "ZWNobyBoaQo=",
                        "scriptArguments": "a b",
                        "timeout": "30m",
                    },
                    "startupScript": {
                        "scriptSource": "workspaceStorage",
                        "scriptData": "Users/amy/start.sh",
                    },
                }
            },
            "schedules": {
                "computeStartStop": [
                    {
                        "action": "Start",
                        "status": "Disabled",
                        "triggerType": "Recurrence",
                        "recurrence": {
                            "frequency": "Week",
                            "interval": 2,
                            "startTime": "2026-01-01T00:00:00",
                            "timeZone": "W. Europe Standard Time",
                            "schedule": {"hours": [8], "minutes": [0, 30], "weekDays": ["Monday"]},
                        },
                    }
                ]
            },
            "autologgerSettings": {"mlflowAutologger": "Enabled"},
            "aKeyOfTomorrow": {"with": ["values"]},
        },
    },
}
NEWER_THAN_THE_SDK = frozenset(
    {
        "aKeyOfTomorrow",
        "autologgerSettings",
        "enableOSPatching",
        "enableRootAccess",
        "enableSSO",
        "idleTimeBeforeShutdown",
        "releaseQuotaOnStop",
    }
)


def contains(whole: Any, part: Any, path: str = "") -> list[str]:
    """Where ``whole`` does not say what ``part`` says; objects may say more."""
    if isinstance(part, dict):
        if not isinstance(whole, dict):
            return [path]
        return [
            lost
            for key, value in part.items()
            if value is not None
            for lost in contains(whole.get(key), value, f"{path}.{key}")
        ]
    if isinstance(part, list):
        if not isinstance(whole, list) or len(whole) != len(part):
            return [path]
        pairs = enumerate(zip(whole, part, strict=True))
        return [lost for index, (a, b) in pairs for lost in contains(a, b, f"{path}[{index}]")]
    return [] if whole == part else [f"{path}: {whole!r} for {part!r}"]


def own(body: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = body["properties"]["properties"]
    return properties


def as_sent(body: dict[str, Any], size: str = "STANDARD_DS3_V2") -> dict[str, Any]:
    """The example in the emulator's region, with a size that it has quota for."""
    adapted = copy.deepcopy(body)
    adapted["location"] = "westeurope"
    own(adapted)["vmSize"] = size
    return adapted


def understood(resource: dict[str, Any]) -> InstanceSpec:
    spec = spec_of_resource(resource)
    assert spec is not None
    return spec


def lasting(document: dict[str, Any]) -> dict[str, Any]:
    """What of a resource does not depend on when and under which name it was made."""
    kept = {key: value for key, value in own(document).items() if key in HAVE_FIELDS}
    for schedule in (kept.get("schedules") or {}).get("computeStartStop") or []:
        schedule.pop("id")
    identity = document.get("identity") or {}
    return {
        **kept,
        "tags": document.get("tags"),
        "description": document["properties"].get("description"),
        "identities": [identity.get("type"), sorted(identity.get("userAssignedIdentities") or {})],
    }


@pytest.mark.parametrize("name", sorted(BODIES))
async def test_an_example_goes_round_without_loss(azure: Emulator, name: str) -> None:
    client = ArmClient(azure)
    asked = as_sent(BODIES[name])
    assert (await client("PUT", "computes/first-one", asked)).status == 201
    first = (await client("GET", "computes/first-one")).json

    spec = understood(first)
    body = spec_to_arm(spec, "westeurope")
    # The SDK takes the discriminator out of what it is given.
    model = sdk.ComputeResource.deserialize(copy.deepcopy(body))
    again = dict(model.serialize())
    # What is newer than the SDK it carries as bytes, not in its models.
    own(again).update({key: own(body)[key] for key in own(body) if key in NEWER_THAN_THE_SDK})
    assert (await client("PUT", "computes/other-one", again)).status == 201
    second = (await client("GET", "computes/other-one")).json

    assert contains(body, asked) == []
    assert contains(again, body) == []
    assert lasting(second) == lasting(first)


def test_a_body_with_everything_is_a_spec_and_back_again() -> None:
    spec = understood(FULL | {"name": "amy"})

    assert spec_to_arm(spec, "westeurope") == FULL
    assert spec.more == {
        "autologgerSettings": {"mlflowAutologger": "Enabled"},
        "aKeyOfTomorrow": {"with": ["values"]},
    }
    assert spec.schedules[0].time_zone == "Europe/Berlin"


def test_the_sdk_reads_what_we_write() -> None:
    model = sdk.ComputeResource.deserialize(spec_to_arm(understood(FULL | {"name": "a"}), "w"))

    assert isinstance(model.properties, sdk.ComputeInstance)
    instance: Any = model.properties.properties
    assert instance.schedules.compute_start_stop[0].recurrence.schedule.hours == [8]
    assert instance.setup_scripts.scripts.creation_script.script_arguments == "a b"
    assert instance.ssh_settings.admin_public_key == "ssh-rsa AAAA amy"
    assert model.identity is not None
    assert model.identity.type == "SystemAssigned,UserAssigned"


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: str(each["name"]))
def test_a_resource_of_the_examples_is_understood_without_loss(resource: dict[str, Any]) -> None:
    asked = {key: value for key, value in own(resource).items() if key in HAVE_FIELDS}
    # Azure sets both of them.
    ssh = {k: v for k, v in asked.pop("sshSettings", {}).items() if k == "sshPublicAccess"}

    body = spec_to_arm(understood(resource), resource["location"])

    assert contains(own(body), {**asked, **({"sshSettings": ssh} if ssh else {})}) == []


def test_the_examples_of_custom_services_and_data_mounts_come_back_as_they_were() -> None:
    examples = EXAMPLES / "Compute"
    services = json.loads((examples / "updateCustomServices.json").read_text(encoding="utf-8"))
    mounts = json.loads((examples / "updateDataMounts.json").read_text(encoding="utf-8"))
    services, mounts = services["parameters"]["customServices"], mounts["parameters"]["dataMounts"]

    assert contains(applications_to_arm(applications_from_arm(services)), services) == []
    assert contains(data_mounts_to_arm(data_mounts_from_arm(mounts)), mounts) == []


def test_keys_that_have_no_field_survive_wherever_they_are() -> None:
    services = [
        {
            "name": "app",
            "kernel": {"argv": ["python"], "language": "python"},
            "image": {"type": "docker", "reference": "x", "version": "1"},
            "docker": {"privileged": True, "runtime": "nvidia"},
            "environmentVariables": {
                "A": {"type": "local", "value": "1"},
                "B": {"type": "secret", "value": "name-of-it"},
            },
            "endpoints": [{"name": "web", "target": 1, "published": 2, "protocol": "tcp"}],
            "volumes": [
                {
                    "type": "volume",
                    "source": "v",
                    "target": "/v",
                    "readOnly": True,
                    "consistency": "cached",
                    "volume": {"nocopy": True},
                }
            ],
        }
    ]

    read = applications_from_arm(services)

    assert applications_to_arm(read) == services
    assert read[0].environment == {"A": "1"}


def test_what_azure_leaves_empty_is_understood() -> None:
    resource = {
        "name": "amy",
        "tags": {"team": None},
        "identity": None,
        "properties": {
            "description": None,
            "properties": dict.fromkeys([*HAVE_FIELDS, "aKeyOfTomorrow"]),
        },
    }

    spec = understood(resource)

    assert spec == InstanceSpec(name="amy", tags={"team": ""})


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2021-04-23T01:30:00", "2021-04-23T01:30:00"),
        ("2021-04-23T1:30:00", "2021-04-23T01:30:00"),
        ("2021-04-23T01:30", "2021-04-23T01:30:00"),
        ("2021-04-23T01:30:00.0000000", "2021-04-23T01:30:00"),
        ("2021-04-23T01:30:00Z", "2021-04-23T03:30:00"),
        ("2021-12-31T23:30:00+00:00", "2022-01-01T00:30:00"),
        ("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00"),
        ("2021-02-30T01:30:00", "2021-02-30T01:30:00"),
        ("soon", "soon"),
        ("", None),
        (None, None),
    ],
)
def test_a_start_is_read_by_the_clocks_of_its_zone(text: str | None, start: str | None) -> None:
    cron = {"expression": "0 8 * * *", "startTime": text, "timeZone": "W. Europe Standard Time"}

    (schedule,) = schedules_from_arm([{"action": "Stop", "cron": cron}])

    assert schedule.start_time == start


@pytest.mark.parametrize("status", ["Enabled", "Disabled"])
def test_schedules_of_another_spelling_are_understood(status: str) -> None:
    items = [
        {
            "id": "x",
            "provisioningStatus": "Completed",
            "status": status,
            "action": "stop",
            "triggerType": "Cron",
            "cron": {"expression": "0 18 * * *", "startTime": None, "timeZone": None},
            "recurrence": None,
            "schedule": None,
        }
    ]

    written = schedules_to_arm(schedules_from_arm(items))

    assert written == [
        {
            "action": "Stop",
            "status": status,
            "triggerType": "Cron",
            "cron": {"expression": "0 18 * * *", "timeZone": "UTC"},
        }
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"schedules": {"computeStartStop": [{"action": "Fly"}]}},
        {"schedules": {"computeStartStop": [{"action": "Stop", "recurrence": {}}]}},
        {"customServices": [{"endpoints": [{}]}]},
        {"customServices": "none"},
        {"dataMounts": [3]},
        {"sshSettings": []},
        {"applicationSharingPolicy": "Everybody"},
    ],
)
def test_a_resource_that_cannot_be_understood_is_no_spec(changes: dict[str, Any]) -> None:
    resource = {"name": "amy", "properties": {"properties": {"vmSize": "S"} | changes}}

    assert spec_of_resource(resource) is None
