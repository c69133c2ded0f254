"""Compute instances on the wire: ``Compute_Get`` and ``_List``."""

from __future__ import annotations

from typing import Any

import msgspec

from ...models import (
    Application,
    Identity,
    Instance,
    InstanceError,
    LastOperation,
    Person,
    SetupScripts,
)
from ..setup_scripts import outcome_by_azure
from ..states import TRANSITIONS, actions_in
from .base import Arm, parse_time
from .setup_scripts import setup_scripts_from_arm

COMPUTE_INSTANCE = "ComputeInstance"


class _Kind(Arm, frozen=True):
    compute_type: str | None = None


class _AnyCompute(Arm, frozen=True):
    name: str
    id: str = ""
    location: str | None = None
    properties: _Kind | None = None


class _ArmUser(Arm, frozen=True):
    user_name: str | None = None
    user_org_id: str | None = None
    user_id: str | None = None


class _AssignedUser(Arm, frozen=True):
    object_id: str | None = None
    tenant_id: str | None = None


class _Personal(Arm, frozen=True):
    assigned_user: _AssignedUser | None = None


class _ArmLastOperation(Arm, frozen=True):
    operation_name: str | None = None
    operation_time: str | None = None
    operation_status: str | None = None
    operation_trigger: str | None = None


class _ArmError(Arm, frozen=True):
    code: str | None = None
    message: str | None = None
    error: _ArmError | None = None


class _ArmApplication(Arm, frozen=True):
    display_name: str | None = None
    endpoint_uri: str | None = None


class _Schedule(Arm, frozen=True):
    action: str | None = None
    status: str | None = None


class _Schedules(Arm, frozen=True):
    compute_start_stop: list[msgspec.Raw] | None = None


class _InstanceProperties(Arm, frozen=True):
    state: str | None = None
    vm_size: str | None = None
    created_by: _ArmUser | None = None
    personal_compute_instance_settings: _Personal | None = None
    last_operation: _ArmLastOperation | None = None
    errors: list[_ArmError] | None = None
    applications: list[_ArmApplication] | None = None
    idle_time_before_shutdown: str | None = None
    schedules: _Schedules | None = None
    setup_scripts: msgspec.Raw = msgspec.Raw(b"null")


class _ComputeProperties(Arm, frozen=True):
    provisioning_state: str | None = None
    created_on: str | None = None
    modified_on: str | None = None
    provisioning_errors: list[_ArmError] | None = None
    properties: _InstanceProperties | None = None


class _InstanceResource(Arm, frozen=True):
    name: str
    id: str = ""
    location: str | None = None
    properties: _ComputeProperties = _ComputeProperties()


def instance_from_arm(raw: bytes | msgspec.Raw, who: Identity | None) -> Instance | None:
    """One item of the list of computes; None when it is no compute instance.

    An item that cannot be read is shown as ``Unknown`` with the reason: one odd instance must not
    hide the others.
    """
    any_compute = msgspec.json.decode(raw, type=_AnyCompute)
    if any_compute.properties is None or any_compute.properties.compute_type != COMPUTE_INSTANCE:
        return None
    try:
        return _instance(msgspec.json.decode(raw, type=_InstanceResource), who)
    except msgspec.ValidationError as error:
        return Instance(
            name=any_compute.name,
            id=any_compute.id,
            location=any_compute.location,
            state="Unknown",
            provisioning_state=None,
            vm_size="",
            errors=[InstanceError("UnreadableResource", f"Azure's answer is unusual: {error}.")],
            actions=list(actions_in("Unknown")),
        )


def _instance(resource: _InstanceResource, who: Identity | None) -> Instance:
    compute = resource.properties
    own = compute.properties or _InstanceProperties()
    state = _state(own.state, compute.provisioning_state)
    created_by = _creator(own.created_by)
    assigned_to = _assigned(own.personal_compute_instance_settings)
    last = _last_operation(own.last_operation)
    schedules = (own.schedules and own.schedules.compute_start_stop) or []
    errors = _errors([*(own.errors or []), *(compute.provisioning_errors or [])])
    scripts = setup_scripts_from_arm(own.setup_scripts)
    return Instance(
        name=resource.name,
        id=resource.id,
        location=resource.location,
        state=state,
        provisioning_state=compute.provisioning_state,
        vm_size=own.vm_size or "",
        created_at=parse_time(compute.created_on),
        modified_at=parse_time(compute.modified_on),
        created_by=created_by,
        assigned_to=assigned_to,
        mine=_is(who, created_by) or _is(who, assigned_to),
        state_since=last.time if last else None,
        last_operation=last,
        errors=errors,
        applications=[
            Application(app.display_name or app.endpoint_uri, app.endpoint_uri)
            for app in own.applications or []
            if app.endpoint_uri
        ],
        idle_shutdown=own.idle_time_before_shutdown,
        schedule_count=len(schedules),
        stop_schedule_count=sum(1 for each in schedules if _stops(each)),
        in_transition=state in TRANSITIONS,
        actions=list(actions_in(state)),
        script_outcome=outcome_by_azure(state, errors, last, scripts),
    )


def _stops(raw: msgspec.Raw) -> bool:
    try:
        schedule = msgspec.json.decode(raw, type=_Schedule)
    except msgspec.ValidationError:
        # It counts as a schedule; what it does is Azure's secret.
        return False
    return schedule.action == "Stop" and schedule.status != "Disabled"


def _state(state: str | None, provisioning_state: str | None) -> str:
    # Right after the PUT Azure's answer has no instance properties yet, only a provisioning state.
    if state:
        return state
    return {"Creating": "Creating", "Deleting": "Deleting", "Failed": "CreateFailed"}.get(
        provisioning_state or "", "Unknown"
    )


def _creator(user: _ArmUser | None) -> Person | None:
    if user is None:
        return None
    return Person(user.user_id, user.user_org_id, user.user_name)


def _assigned(personal: _Personal | None) -> Person | None:
    if personal is None or personal.assigned_user is None:
        return None
    return Person(personal.assigned_user.object_id, personal.assigned_user.tenant_id)


def _is(who: Identity | None, person: Person | None) -> bool:
    if who is None or person is None or not who.object_id or not person.object_id:
        return False
    return who.object_id.lower() == person.object_id.lower()


def _last_operation(last: _ArmLastOperation | None) -> LastOperation | None:
    if last is None or not last.operation_name:
        return None
    return LastOperation(
        name=last.operation_name,
        status=last.operation_status or "",
        time=parse_time(last.operation_time),
        trigger=last.operation_trigger,
    )


def _errors(errors: list[_ArmError]) -> list[InstanceError]:
    flat = [error.error or error for error in errors]
    return [InstanceError(error.code or "Error", error.message or "") for error in flat]


def scripts_of_resource(resource: dict[str, Any]) -> SetupScripts | None:
    """The setup scripts of a compute instance; None where it has none."""
    content = msgspec.json.encode(resource)
    try:
        properties = msgspec.json.decode(content, type=_InstanceResource).properties.properties
    except msgspec.ValidationError:
        return None
    return setup_scripts_from_arm(properties.setup_scripts) if properties else None
