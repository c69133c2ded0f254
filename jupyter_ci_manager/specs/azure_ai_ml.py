"""A spec as the entities of azure-ai-ml, which are those of ``az ml``, too. No I/O.

It says what that package can, and names the fields that it cannot say. Source: azure-ai-ml 1.35.2,
``entities/_compute`` and ``_schema/compute``; that package is not needed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from ..instances.durations import duration_from_iso
from ..models import (
    CustomApplication,
    InstanceIdentity,
    InstanceSchedule,
    InstanceSpec,
    Recurrence,
    SetupScript,
)
from .source_text import Call
from .time_zones import windows_name

PORTS = range(1026, 65535)
"""``EndpointsSettings`` refuses all others."""
SCRIPT_TIMEOUT_MINUTES = 15
"""Azure's own. Without one ``ScriptReference`` asks for ``Nonem``, which is no duration."""

Miss = Callable[[str], None]


def instance_entity(spec: InstanceSpec) -> tuple[Call, list[str]]:
    """The ``ComputeInstance``, and the fields that it cannot say."""
    missing: list[str] = []
    arguments = dict(_arguments(spec, missing.append))
    return Call("ComputeInstance", arguments), missing


def comment_on(missing: list[str]) -> str:
    """What is missing, as a comment of YAML and Python: it is copied with the rest."""
    return f"# Not said here, as it cannot be: {', '.join(missing)}.\n" if missing else ""


def _arguments(spec: InstanceSpec, miss: Miss) -> Iterator[tuple[str, Any]]:
    yield "name", spec.name
    yield "size", spec.vm_size
    if spec.description is not None:
        yield "description", spec.description
    if spec.tags:
        yield "tags", spec.tags
    if spec.idle_shutdown is not None:
        yield _idle_shutdown(spec.idle_shutdown)
    if spec.schedules:
        schedules = [_schedule(each, index, miss) for index, each in enumerate(spec.schedules)]
        yield "schedules", Call("ComputeSchedules", {"compute_start_stop": schedules})
    if scripts := _setup_scripts(spec, miss):
        yield "setup_scripts", Call("SetupScripts", scripts)
    yield "ssh_public_access_enabled", spec.ssh is not None
    if spec.ssh is not None:
        key = spec.ssh.public_key.strip()
        yield "ssh_settings", Call("ComputeInstanceSshSettings", {"ssh_key_value": key})
    yield from _access(spec)
    if spec.identity is not None and (identity := _identity(spec.identity, miss)):
        yield "identity", identity
    indexed = enumerate(spec.custom_applications)
    applications = [found for index, each in indexed if (found := _application(each, index, miss))]
    if applications:
        yield "custom_applications", applications
    switches = {
        "enable_sso": spec.sso,
        "enable_root_access": spec.root_access,
        "enable_os_patching": spec.os_patching,
        "release_quota_on_stop": spec.release_quota_on_stop,
    }
    yield from ((key, value) for key, value in switches.items() if value is not None)
    _never_said(spec, miss)


def _never_said(spec: InstanceSpec, miss: Miss) -> None:
    # What it sends of these follows from other fields, or is always the same.
    if spec.application_sharing == "Personal":
        miss("application_sharing")
    if spec.disable_local_auth is not None and spec.disable_local_auth != (spec.ssh is None):
        miss("disable_local_auth")
    for field in ("data_mounts", "more"):
        if getattr(spec, field):
            miss(field)


def _idle_shutdown(text: str) -> tuple[str, Any]:
    duration = duration_from_iso(text)
    if duration is None or duration <= timedelta() or duration % timedelta(minutes=1):
        return "idle_time_before_shutdown", text
    return "idle_time_before_shutdown_minutes", duration // timedelta(minutes=1)


def _schedule(schedule: InstanceSchedule, index: int, miss: Miss) -> Call:
    when: dict[str, Any] = {}
    if schedule.start_time is not None:
        when["start_time"] = schedule.start_time
    when["time_zone"] = windows_name(schedule.time_zone) or schedule.time_zone
    recurrence = schedule.recurrence
    if recurrence is None:
        trigger = Call("CronTrigger", {"expression": schedule.cron or "", **when})
    else:
        if recurrence.month_days:
            miss(f"schedules.{index}.recurrence.month_days")
        trigger = Call("RecurrenceTrigger", {**_recurrence(recurrence), **when})
    state = "Enabled" if schedule.enabled else "Disabled"
    return Call(
        "ComputeStartStopSchedule",
        {"action": schedule.action.capitalize(), "state": state, "trigger": trigger},
    )


def _recurrence(recurrence: Recurrence) -> dict[str, Any]:
    pattern: dict[str, Any] = {"hours": recurrence.hours, "minutes": recurrence.minutes}
    if recurrence.week_days:
        pattern["week_days"] = recurrence.week_days
    found: dict[str, Any] = {"frequency": recurrence.frequency, "interval": recurrence.interval}
    if any(pattern.values()):
        found["schedule"] = Call("RecurrencePattern", pattern)
    return found


def _setup_scripts(spec: InstanceSpec, miss: Miss) -> dict[str, Any]:
    scripts = spec.setup_scripts
    if scripts is None:
        return {}
    named = {"creation": scripts.creation, "startup": scripts.startup}
    found: dict[str, Any] = {}
    for which, script in named.items():
        if script is None:
            continue
        if script.source == "inline":
            miss(f"setup_scripts.{which}")
        else:
            found[f"{which}_script"] = _script(script)
    return found


def _script(script: SetupScript) -> Call:
    arguments = {"command": script.arguments} if script.arguments else {}
    timeout = script.timeout_minutes or SCRIPT_TIMEOUT_MINUTES
    return Call("ScriptReference", {"path": script.data, **arguments, "timeout_minutes": timeout})


def _access(spec: InstanceSpec) -> Iterator[tuple[str, Any]]:
    network = spec.network
    if network is not None:
        if network.subnet_id:
            yield "network_settings", Call("NetworkSettings", {"subnet": network.subnet_id})
        yield "enable_node_public_ip", network.public_ip
    user = spec.assigned_to
    if user is not None:
        ids = {"user_tenant_id": user.tenant_id, "user_object_id": user.object_id}
        yield "create_on_behalf_of", Call("AssignedUserConfiguration", ids)


def _identity(identity: InstanceIdentity, miss: Miss) -> Call | None:
    if not identity.user_assigned:
        if not identity.system_assigned:
            return None
        return Call("IdentityConfiguration", {"type": "system_assigned"})
    if identity.system_assigned:
        miss("identity.system_assigned")
    users = [
        Call("ManagedIdentityConfiguration", {"resource_id": each})
        for each in identity.user_assigned
    ]
    return Call(
        "IdentityConfiguration", {"type": "user_assigned", "user_assigned_identities": users}
    )


def _application(application: CustomApplication, index: int, miss: Miss) -> Call | None:
    path = f"custom_applications.{index}"
    ports = [each.published for each in application.endpoints]
    ports += [each.target for each in application.endpoints]
    if application.image_type != "docker" or any(port not in PORTS for port in ports):
        miss(path)
        return None
    for field in _unsaid_of(application):
        miss(f"{path}.{field}")
    endpoints = [
        Call("EndpointsSettings", {"target": each.target, "published": each.published})
        for each in application.endpoints
    ]
    arguments: dict[str, Any] = {
        "name": application.name,
        "type": "docker",
        "image": Call("ImageSettings", {"reference": application.image}),
        "endpoints": endpoints,
    }
    if application.environment:
        arguments["environment_variables"] = application.environment
    volumes = [each for each in application.volumes if each.type == "bind"]
    if volumes:
        arguments["bind_mounts"] = [
            Call("VolumeSettings", {"source": each.source, "target": each.target})
            for each in volumes
        ]
    return Call("CustomApplications", arguments)


def _unsaid_of(application: CustomApplication) -> Iterator[str]:
    # It always asks for the name "connect", for http, for volumes to write to, for a privileged
    # container, and for a "type" that Azure's API does not have.
    for index, endpoint in enumerate(application.endpoints):
        usual = {"name": "connect", "protocol": "http", "host_ip": None}
        for key, value in usual.items():
            if getattr(endpoint, key) != value:
                yield f"endpoints.{index}.{key}"
    for index, volume in enumerate(application.volumes):
        if volume.type != "bind":
            yield f"volumes.{index}"
            continue
        if volume.read_only:
            yield f"volumes.{index}.read_only"
        if volume.more:
            yield f"volumes.{index}.more"
    if not application.privileged:
        yield "privileged"
    if application.more not in ({}, {"type": "docker"}):
        yield "more"
