"""What is said of one instance besides its state."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.instances.access import action_access
from jupyter_ci_manager.instances.details import applications_note, running_cost
from jupyter_ci_manager.instances.wire.details import Surroundings, surroundings_of_resource
from jupyter_ci_manager.instances.wire.permissions import PermissionEntry
from jupyter_ci_manager.models import Identity, LastOperation, Person, Price, VmSize
from jupyter_ci_manager.services import Services
from tests.builders import instance

NOW = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
PRICED = VmSize("S", "f", 4, 0, 14.0, price=Price(0.25, "USD", "Azure", NOW))
AMY = Identity(object_id="11111111-2222-3333-4444-555555555555", name="Amy")
ME = Person(object_id="11111111-2222-3333-4444-555555555555", name="Amy")
BOB = Person(object_id="99999999-2222-3333-4444-555555555555", name="Bob")
EVERYTHING = action_access([PermissionEntry(actions=["*"])], ("create", "start"))


def started(name: str = "Start", hours: float = 3, **changes: Any) -> Any:
    last = LastOperation(name, "Succeeded", NOW - timedelta(hours=hours))
    return instance("amy", last_operation=last, **changes)


def resource(**properties: Any) -> dict[str, Any]:
    return {"name": "amy", "properties": {"properties": properties}}


async def test_an_instance_is_described_in_full(azure: Emulator, services: Services) -> None:
    details = await services.instances.details("amy-notebooks")

    assert details.spec is not None
    assert details.spec.name == "amy-notebooks"
    assert details.vm_size is not None
    assert details.vm_size.name.lower() == details.spec.vm_size.lower()
    assert details.os_image is not None
    assert details.addresses is not None
    assert details.addresses.private_ip
    assert details.running_cost is not None
    assert details.applications_open
    assert {each.allowed for each in details.access} == {True}
    assert len(details.access) == 10
    assert len(details.firings) == len(details.spec.schedules)


def test_the_cost_counts_from_the_last_start() -> None:
    cost = running_cost(started(), PRICED, NOW)

    assert cost is not None
    assert (cost.hours, cost.amount, cost.currency) == (3.0, 0.75, "USD")


def test_without_a_price_the_hours_are_told_and_no_amount() -> None:
    cost = running_cost(started(), None, NOW)

    assert cost is not None
    assert (cost.hours, cost.amount) == (3.0, None)


@pytest.mark.parametrize(
    "changes", [{"state": "Stopped"}, {"name": "Stop"}, {"name": "Resize"}, {"hours": -1}]
)
def test_no_cost_is_invented_where_azure_does_not_say_since_when(changes: Any) -> None:
    assert running_cost(started(**changes), PRICED, NOW) is None


@pytest.mark.parametrize("state", ["SetupFailed", "UserSetupFailed", "JobRunning"])
def test_an_instance_whose_script_failed_costs_as_much(state: str) -> None:
    assert running_cost(started(state=state), PRICED, NOW) is not None


@pytest.mark.parametrize(
    ("created_by", "assigned_to", "word"),
    [
        (ME, None, None),
        (BOB, None, "belongs to Bob"),
        (BOB, ME, None),
        (ME, BOB, "on behalf of Bob"),
        (None, None, None),
    ],
)
def test_who_cannot_open_applications_is_told_why(
    created_by: Person | None, assigned_to: Person | None, word: str | None
) -> None:
    mine = ME in (created_by, assigned_to)
    one = instance("amy", created_by=created_by, assigned_to=assigned_to, mine=mine)

    note = applications_note(one, EVERYTHING, AMY)

    assert (note is None) if word is None else word in (note or "")


def test_a_role_without_access_to_applications_cannot_open_them() -> None:
    access = action_access([PermissionEntry(actions=["*/read"])], ())

    note = applications_note(instance("amy", mine=True), access, AMY)

    assert "applicationaccess/action" in (note or "")


def test_an_action_is_unknown_where_azure_does_not_say_and_forbidden_where_the_server_does() -> (
    None
):
    access = {each.title: each for each in action_access(None, ("start",))}

    assert access["Start them"].allowed is None
    assert access["Start them"].reason
    assert access["Stop them"].allowed is False
    assert "administrator" in (access["Stop them"].reason or "")


def test_ssh_is_told_as_a_command_to_copy() -> None:
    around = surroundings_of_resource(
        resource(
            sshSettings={
                "sshPublicAccess": "Enabled",
                "adminUserName": "azureuser",
                "sshPort": 50000,
            },
            connectivityEndpoints={"publicIpAddress": "20.61.1.2", "privateIpAddress": "10.0.1.2"},
        )
    )

    assert around.ssh is not None
    assert around.ssh.command == "ssh -p 50000 azureuser@20.61.1.2"


@pytest.mark.parametrize("host", ["", "-oProxyCommand=x", "a;reboot", "$(id)", "a b", "x" * 300])
def test_what_is_no_host_never_becomes_a_command(host: str) -> None:
    around = surroundings_of_resource(
        resource(
            sshSettings={"sshPublicAccess": "Enabled"},
            connectivityEndpoints={"publicIpAddress": host},
        )
    )

    assert around.ssh is None


def test_without_ssh_or_before_there_is_an_address_there_is_no_command() -> None:
    on = {"sshPublicAccess": "Enabled"}
    off = {"sshPublicAccess": "Disabled"}
    address = {"publicIpAddress": "20.61.1.2"}

    assert surroundings_of_resource(resource(sshSettings=on)).ssh is None
    assert (
        surroundings_of_resource(resource(sshSettings=off, connectivityEndpoints=address)).ssh
        is None
    )


def test_an_old_image_is_told_to_be_old() -> None:
    image = surroundings_of_resource(
        resource(
            osImageMetadata={
                "currentImageVersion": "22.06.14",
                "latestImageVersion": "22.07.22",
                "isLatestOsImageVersion": False,
            }
        )
    ).os_image

    assert image is not None
    assert (image.current, image.latest, image.outdated) == ("22.06.14", "22.07.22", True)


@pytest.mark.parametrize("odd", [{}, {"properties": 3}, resource(sshSettings=[]), resource()])
def test_a_resource_that_cannot_be_understood_says_nothing(odd: dict[str, Any]) -> None:
    assert surroundings_of_resource(odd) == Surroundings()
