"""What the emulator starts with: people, instances in many states, other computes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec

from .arm.caller import DEFAULT_CALLER, TENANT_ID, Caller
from .arm.computes.attached import compute_cluster, kubernetes_cluster
from .arm.computes.instance import ComputeInstance, LastOperation
from .arm.computes.lifecycle import PROVISIONING_STATES
from .arm.computes.request import Compute, ComputeResource, InstanceProperties
from .arm.state import ArmState
from .arm.workspaces.state import Workspace
from .seed_share import ETL_SCRIPT, GREETING_SCRIPT, NOTEBOOKS_SCRIPT, ONBOARDING_SCRIPT

BEN = Caller("8b6f2f0e-2a8f-4d55-9d3b-5a6a4b8f2b02", TENANT_ID, "ben@contoso.com")
CHLOE = Caller("c1e9d6a3-6f0d-4f7c-8f11-7e2d9b3c4c03", TENANT_ID, "chloe@contoso.com")
PLATFORM = Caller(
    "d4a7b8c9-1e2f-4a3b-9c5d-6e7f8a9b0d04", TENANT_ID, "ml-platform", is_application=True
)


@dataclass(frozen=True)
class Seeded:
    """One instance to begin with; ages in hours."""

    name: str
    size: str
    state: str
    owner: Caller
    age_hours: float
    since_hours: float
    operation: str = "Start"
    tags: dict[str, str] = field(default_factory=dict)
    description: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    errors: tuple[tuple[str, str], ...] = ()


def _assigned_to(person: Caller) -> dict[str, Any]:
    return {
        "computeInstanceAuthorizationType": "personal",
        "personalComputeInstanceSettings": {
            "assignedUser": {"objectId": person.object_id, "tenantId": person.tenant_id}
        },
    }


def _stored(path: str, **options: str) -> dict[str, str]:
    return {"scriptSource": "workspaceStorage", "scriptData": path, **options}


def _scripts(**scripts: dict[str, str]) -> dict[str, Any]:
    return {"setupScripts": {"scripts": scripts}}


_EVENING_STOP = {
    "computeStartStop": [
        {
            "status": "Enabled",
            "action": "Stop",
            "triggerType": "Cron",
            "cron": {
                "expression": "0 18 * * 1-5",
                "startTime": "2026-03-02T00:00:00",
                "timeZone": "W. Europe Standard Time",
            },
        }
    ]
}

_SCRIPT_ERROR = (
    "The specified Azure ML Compute Instance ben-etl user script setup failed with error "
    '"Script exited with code 127. Please see the setup logs for details."'
)
_UNUSABLE = (
    "The specified Azure ML Compute Instance chloe-old encountered an unusable node. Please try to "
    "restart the compute instance to recover. If it failed at creation time, please delete and try "
    "to recreate the compute instance. If the problem persists, please follow up with Azure "
    "Support."
)
"""Text: MicrosoftDocs/azure-docs#85756."""

TEAM: tuple[Seeded, ...] = (
    Seeded(
        "amy-notebooks",
        "Standard_DS3_v2",
        "Running",
        DEFAULT_CALLER,
        900,
        3.2,
        tags={"team": "forecasting"},
        properties={
            "idleTimeBeforeShutdown": "PT60M",
            "schedules": _EVENING_STOP,
            **_scripts(
                creationScript=_stored(NOTEBOOKS_SCRIPT),
                startupScript=_stored(GREETING_SCRIPT),
            ),
        },
    ),
    Seeded("amy-gpu", "Standard_NC4as_T4_v3", "Stopped", DEFAULT_CALLER, 400, 40, "Stop"),
    Seeded(
        "amy-onboarding",
        "Standard_DS11_v2",
        "Running",
        PLATFORM,
        120,
        6,
        description="Created on behalf of Amy",
        properties={
            **_assigned_to(DEFAULT_CALLER),
            **_scripts(creationScript=_stored(ONBOARDING_SCRIPT)),
        },
    ),
    Seeded(
        "ben-etl",
        "Standard_E4ds_v4",
        "SetupFailed",
        BEN,
        5,
        4.8,
        "Create",
        properties=_scripts(
            creationScript=_stored(ETL_SCRIPT, scriptArguments="--with-spark", timeout="25m")
        ),
        errors=(("SetupScriptsError", _SCRIPT_ERROR),),
    ),
    Seeded("ben-features", "Standard_F16s_v2", "Running", BEN, 2200, 71),
    Seeded(
        "chloe-train",
        "Standard_NC6s_v3",
        "JobRunning",
        CHLOE,
        30,
        2.5,
        properties={"applicationSharingPolicy": "Personal"},
    ),
    Seeded("chloe-archive", "Standard_DS12_v2", "Stopped", CHLOE, 5200, 1100, "Stop"),
    Seeded(
        "chloe-old",
        "Standard_D2_v2",
        "Unusable",
        CHLOE,
        3000,
        20,
        "Restart",
        errors=(("ComputeInstanceUnusable", _UNUSABLE),),
    ),
)
"""Fits the quotas: ``ben-features`` alone exhausts the FSv2 family."""

ELSEWHERE = ("data-team-dev", "sandbox", "test")
"""Names that other workspaces of the region hold."""

ELSEWHERE_LOCATION = "northeurope"
"""Where the workspace is not."""

_MANY_STATES = ("Running", "Stopped", "Running", "Stopped", "Running", "JobRunning", "Stopped")
_MANY_SIZES = ("Standard_DS11_v2", "Standard_DS3_v2", "Standard_E4ds_v4", "Standard_D4s_v3")
_MANY_OWNERS = (DEFAULT_CALLER, BEN, CHLOE)


def seed_team(state: ArmState, workspace: Workspace) -> None:
    """A small workspace that a team uses."""
    for seeded in TEAM:
        add_instance(state, workspace, seeded)
    now = state.clock.now()
    location = state.region.name
    for make, name, days in (
        (compute_cluster, "cpu-cluster", 300),
        (kubernetes_cluster, "inference-aks", 500),
    ):
        workspace.computes.add(make(workspace.id, name, location, now - timedelta(days=days)))
    for name in ELSEWHERE:
        state.region.compute_names.take(name)


def seed_surroundings(state: ArmState, workspace: Workspace) -> None:
    """What instances can be put into and act as: networks, one in another region; identities."""
    platform = state.add_resource_group("platform")
    here = workspace.location
    state.networks.add(
        workspace.resource_group,
        "ml-network",
        here,
        address_prefix="10.20.0.0/16",
        subnets={"instances": "10.20.1.0/24", "training": "10.20.2.0/23"},
    )
    state.networks.add(
        platform,
        "hub",
        here,
        address_prefix="10.0.0.0/16",
        subnets={"GatewaySubnet": "10.0.0.0/27", "data-science": "10.0.8.0/22"},
    )
    state.networks.add(
        platform,
        "hub-abroad",
        ELSEWHERE_LOCATION,
        address_prefix="10.1.0.0/16",
        subnets={"default": "10.1.0.0/24"},
    )
    state.identities.add(workspace.resource_group, "ml-training", here)
    state.identities.add(platform, "data-reader", here)


def seed_many(state: ArmState, workspace: Workspace, count: int) -> None:
    """``count`` instances of mixed states, sizes and owners; quotas grow to hold them."""
    for number in range(count):
        seeded = Seeded(
            name=f"ci{number:05d}",
            size=_MANY_SIZES[number % len(_MANY_SIZES)],
            state=_MANY_STATES[number % len(_MANY_STATES)],
            owner=_MANY_OWNERS[number % len(_MANY_OWNERS)],
            age_hours=1 + number % 4000,
            since_hours=(number % 97) / 2,
        )
        add_instance(state, workspace, seeded)
    quotas = state.region.quotas
    used = quotas.cores_in_use()
    for family, cores in used.items():
        quotas.limits[family] = max(quotas.limits.get(family, 0), cores + 100)
    quotas.total_cores = max(quotas.total_cores, sum(used.values()) + 100)


def add_instance(state: ArmState, workspace: Workspace, seeded: Seeded) -> ComputeInstance:
    """Put one instance there as if it had been made and used long ago."""
    properties = msgspec.convert({"vmSize": seeded.size, **seeded.properties}, InstanceProperties)
    body = ComputeResource(
        properties=Compute(compute_type="ComputeInstance", description=seeded.description),
        tags=dict(seeded.tags),
    )
    instance = workspace.computes.new_instance(seeded.name, body, properties, seeded.owner)
    now = state.clock.now()
    since = now - timedelta(hours=min(seeded.since_hours, seeded.age_hours))
    instance.created_on = now - timedelta(hours=seeded.age_hours)
    instance.state = seeded.state
    instance.provisioning_state = PROVISIONING_STATES.get(seeded.state, "Succeeded")
    instance.last_operation = LastOperation(seeded.operation, since, "Succeeded")
    if seeded.errors:
        instance.errors = [
            {"error": {"code": code, "message": message}} for code, message in seeded.errors
        ]
        instance.last_operation.status = f"{seeded.operation}Failed"
    instance.touch(since)
    workspace.computes.add(instance)
    return instance
