"""One instance with all that is said of it: what it is asked to be, where it is, what it has cost.

It puts together what it is given, and asks nobody.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..models import (
    ActionAccess,
    Identity,
    Instance,
    InstanceDetails,
    Person,
    RunningCost,
    VmSize,
)
from ..specs.recurrences import next_firings
from .access import RBAC_ACTIONS
from .states import ON
from .wire.compute import scripts_of_resource
from .wire.details import surroundings_of_resource
from .wire.spec import spec_of_resource

_BEGINS = frozenset({"Create", "Start", "Restart"})
"""Azure's operations after which an instance is on; it names the last one only."""


def details_of(
    instance: Instance,
    resource: dict[str, Any],
    *,
    vm_size: VmSize | None,
    access: list[ActionAccess],
    who: Identity | None,
    now: datetime,
) -> InstanceDetails:
    """The details of an instance that Azure described with ``resource``."""
    spec = spec_of_resource(resource)
    around = surroundings_of_resource(resource)
    note = applications_note(instance, access, who)
    return InstanceDetails(
        instance=instance,
        resource=resource,
        fetched_at=now,
        setup_scripts=scripts_of_resource(resource),
        spec=spec,
        vm_size=vm_size,
        os_image=around.os_image,
        addresses=around.addresses,
        ssh=around.ssh,
        running_cost=running_cost(instance, vm_size, now),
        firings=[next_firings(schedule, now) for schedule in spec.schedules] if spec else [],
        access=access,
        applications_open=note is None,
        applications_note=note,
    )


def running_cost(instance: Instance, vm_size: VmSize | None, now: datetime) -> RunningCost | None:
    """What the VM has cost since it was started last; None where it is off or Azure does not say.

    Azure names only its last operation: after a restart the time before it is not counted.
    """
    last = instance.last_operation
    if instance.state not in ON or last is None or last.name not in _BEGINS:
        return None
    since = last.time or (instance.created_at if last.name == "Create" else None)
    if since is None or since > now:
        return None
    hours = (now - since).total_seconds() / 3600
    price = vm_size.price if vm_size is not None else None
    return RunningCost(
        since=since,
        hours=round(hours, 3),
        amount=round(hours * price.amount_per_hour, 4) if price else None,
        currency=price.currency if price else None,
    )


def applications_note(
    instance: Instance, access: list[ActionAccess], who: Identity | None
) -> str | None:
    """Why the signed-in person cannot open an instance's applications; None where they can.

    Only who created an instance, or the user on whose behalf it was, can open them, whatever
    ``applicationSharingPolicy`` says ("What is an Azure Machine Learning compute instance?";
    MicrosoftDocs/azure-docs#52934).
    """
    for each in access:
        if each.action == RBAC_ACTIONS["application_access"] and each.allowed is False:
            return each.reason
    if who is None or who.object_id is None or (instance.mine and instance.assigned_to is None):
        return None
    if instance.assigned_to is not None:
        if _is(who, instance.assigned_to):
            return None
        return (
            f"It was created on behalf of {_name(instance.assigned_to)}: only that user can open "
            "its applications."
        )
    if instance.created_by is None:
        return None
    return f"It belongs to {_name(instance.created_by)}: only its owner can open its applications."


def _is(who: Identity, person: Person) -> bool:
    return (who.object_id or "").lower() == (person.object_id or "").lower()


def _name(person: Person) -> str:
    return person.name or person.object_id or "somebody else"
