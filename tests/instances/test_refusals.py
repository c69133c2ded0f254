"""What Azure refuses comes back on the field that it is about."""

from __future__ import annotations

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.faults import OperationError
from jupyter_ci_manager.errors import CiManagerError, NameTaken, QuotaExceeded, RefusedByAzure
from jupyter_ci_manager.instances.wire.fields import field_of_refusal
from jupyter_ci_manager.services import Services
from tests.builders import ended, spec


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("properties.properties.sshSettings.adminPublicKey", "ssh.public_key"),
        ("The SSH public key is invalid.", "ssh.public_key"),
        ("ComputeInstance.Properties.VMSize", "vm_size"),
        ("idleTimeBeforeShutdown must be an ISO 8601 duration", "idle_shutdown"),
        ("schedules.computeStartStop[2].cron.expression", "schedules.2.cron"),
        ("computeStartStop[0].recurrence.interval", "schedules.0.recurrence"),
        ("A compute instance can have at most 4 schedules, 5 were given.", "schedules"),
        ("setupScripts.scripts.creationScript.scriptArguments", "setup_scripts.creation.arguments"),
        ("startupScript.timeout must be a number", "setup_scripts.startup.timeout_minutes"),
        ("startupScript.scriptData is required.", "setup_scripts.startup.data"),
        ("subnet.id", "network.subnet_id"),
        ("enableNodePublicIp", "network.public_ip"),
        ("The virtual network could not be found", "network.subnet_id"),
        (
            "personalComputeInstanceSettings.assignedUser.objectId",
            "assigned_to.object_id",
        ),
        ("personalComputeInstanceSettings.assignedUser.tenantId", "assigned_to.tenant_id"),
        ("customServices[1].image.reference", "custom_applications.1"),
        ("dataMounts", "data_mounts"),
        ("userAssignedIdentities", "identity"),
        ("enableSSO", "sso"),
        ("The tags are invalid.", "tags"),
        ("Something went wrong.", None),
        ("", None),
    ],
)
def test_the_field_is_known_by_azures_keys_and_words(text: str, field: str | None) -> None:
    assert field_of_refusal(RefusedByAzure(text)) == field
    assert field_of_refusal(RefusedByAzure("Bad request.", details={"target": text})) == field


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (NameTaken("Compute with this name already exists."), "name"),
        (QuotaExceeded("The specified subscription has a total vCPU quota of 6."), "vm_size"),
    ],
)
def test_the_field_is_known_by_the_kind_of_refusal(error: CiManagerError, field: str) -> None:
    assert field_of_refusal(error) == field


@pytest.mark.parametrize(
    ("code", "message", "field"),
    [
        (
            "BadArgument",
            "creationScript.scriptData must be base64 when inline.",
            "setup_scripts.creation.data",
        ),
        ("ClusterMinNodesExceedCoreQuota", "No quota is left.", "vm_size"),
        ("ComputeNameConflict", "Compute with this name already exists: new-ci.", "name"),
    ],
)
async def test_an_operation_that_azure_refuses_names_the_field(
    azure: Emulator, services: Services, code: str, message: str, field: str
) -> None:
    azure.add_fault(method="PUT", path="/computes/", status=400, code=code, message=message)

    done = await ended(services, await services.instances.create(spec()))

    assert done.state == "failed"
    assert done.error is not None
    assert (done.error.code, done.error.message) == (code, message)
    assert (done.error.details or {})["field"] == field


@pytest.mark.parametrize(
    ("code", "message", "field"),
    [
        ("ClusterCoreQuotaReached", "Operation results in exceeding quota limits.", "vm_size"),
        ("SubnetNotFound", "The subnet compute is not there.", "network.subnet_id"),
        ("SetupScriptsError", "The creation script exited with 1.", "setup_scripts.creation.data"),
        ("AllocationFailed", "There is no capacity now.", None),
    ],
)
async def test_an_instance_that_fails_in_the_end_names_the_field_too(
    azure: Emulator, services: Services, code: str, message: str, field: str | None
) -> None:
    failure = OperationError(code=code, message=message)
    azure.add_fault(method="PUT", path="/computes/", operation_error=failure)

    done = await ended(services, await services.instances.create(spec()))

    assert done.state == "failed"
    assert done.error is not None
    assert (done.error.details or {}).get("field") == field


async def test_a_refusal_of_something_else_names_no_field(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(
        method="POST", path="/stop", status=400, code="BadArgument", message="The tags."
    )

    done = await ended(services, await services.instances.request("stop", "amy-notebooks"))

    assert done.error is not None
    assert "field" not in (done.error.details or {})
