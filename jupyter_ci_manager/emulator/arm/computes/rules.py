"""What a compute instance may be called and may ask for. Knows neither HTTP nor other instances."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime, timedelta
from typing import Any

from jupyter_ci_manager.emulator.arm.provider_errors import (
    BadArgument,
    InvalidResourceName,
    InvalidTags,
    SshOnBehalfOf,
)

from .request import InstanceProperties, ScriptReference, StartStopSchedule
from .triggers import trigger_of

# computeName in Azure/azure-rest-api-specs Microsoft.MachineLearningServices, every version: a
# name may not end in a hyphen and digits. That a final hyphen is refused too is documented in
# learn.microsoft.com "Create a compute instance" (a hyphen is followed by a letter).
NAME = re.compile(r"[a-zA-Z](?![a-zA-Z0-9-]*-\d*\Z)[a-zA-Z0-9-]{2,23}")

NAME_RULE = (
    "A name for an Azure ML Compute Instance must be between 3 and 24 characters in length and "
    "must use only numbers, letters and minus symbol (-), must start with letters. Numbers cannot "
    "be the ending of the name if the previous character is a minus symbol (-). Please specify a "
    "different Azure ML Instance name"
)
"""Text of the service: MicrosoftDocs/pipelines-azureml#19, Azure/bicep-registry-modules#3047."""

MAX_SCHEDULES = 4
MAX_TAGS, MAX_TAG_NAME, MAX_TAG_VALUE = 50, 512, 256
"""Source: "Use tags to organize your Azure resources" (learn.microsoft.com)."""
MAX_INLINE_SCRIPT_BYTES = 30 * 1024
SHORTEST_IDLE = timedelta(minutes=15)
LONGEST_IDLE = timedelta(days=3)

_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,4})D)?(?:T(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,7})M)?"
    r"(?:(?P<seconds>\d{1,9})S)?)?"
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_RESERVED_IN_TAGS = re.compile(r"[<>%&\\?/\x00-\x1f\x7f]")
_TIMEOUT = re.compile(r"\d{1,6}[smhd]?")


def is_valid_name(name: str) -> bool:
    """Whether a compute instance may be called ``name``."""
    return NAME.fullmatch(name) is not None


def check_name(name: str) -> None:
    """Raises InvalidResourceName."""
    if not is_valid_name(name):
        raise InvalidResourceName(NAME_RULE)


def check_properties(properties: InstanceProperties, now: datetime) -> None:
    """Raises BadArgument or SshOnBehalfOf for the first thing the service would refuse."""
    _check_ssh(properties)
    _check_assigned_user(properties)
    _check_network(properties)
    if properties.idle_time_before_shutdown is not None:
        check_idle_time(properties.idle_time_before_shutdown)
    schedules = properties.schedules.compute_start_stop if properties.schedules else None
    if schedules is not None:
        check_schedules(schedules, now)
    scripts = properties.setup_scripts.scripts if properties.setup_scripts else None
    if scripts is not None:
        _check_script("creationScript", scripts.creation_script)
        _check_script("startupScript", scripts.startup_script)
    if properties.custom_services is not None:
        check_custom_services(properties.custom_services)


def check_schedules(schedules: list[StartStopSchedule], now: datetime) -> None:
    """At most four ("Create a compute instance: schedule automatic start and stop"), all sound."""
    if len(schedules) > MAX_SCHEDULES:
        raise BadArgument(
            f"A compute instance can have at most {MAX_SCHEDULES} schedules, "
            f"{len(schedules)} were given."
        )
    for number, schedule in enumerate(schedules):
        where = f"schedules.computeStartStop[{number}]"
        if schedule.action is None:
            raise BadArgument(f"{where}.action is required.")
        try:
            trigger_of(schedule, now)
        except ValueError as error:
            kind = "cron" if schedule.cron is not None else "recurrence"
            raise BadArgument(f"{where}.{kind} is invalid: {error}.") from error


def check_custom_services(services: list[dict[str, Any]]) -> None:
    """Each has a name of its own; the rest is Docker's business."""
    names: set[str] = set()
    for number, service in enumerate(services):
        name = service.get("name")
        if not isinstance(name, str) or not name:
            raise BadArgument(f"customServices[{number}].name is required.")
        if name.lower() in names:
            raise BadArgument(f"customServices[{number}].name: '{name}' is there twice.")
        names.add(name.lower())


def check_tags(tags: dict[str, str | None]) -> None:
    """Raises InvalidTags for what Azure Resource Manager takes from no resource."""
    if len(tags) > MAX_TAGS:
        raise InvalidTags(
            "TooManyTags",
            f"Too many tags specified. Requested tag count - '{len(tags)}'. Maximum number of "
            f"tags allowed - '{MAX_TAGS}'.",
        )
    for name, value in tags.items():
        if len(name) > MAX_TAG_NAME:
            raise InvalidTags(
                "InvalidTagNameLength",
                f"Tag name too large. Following tag name '{name}' exceeded the maximum length. "
                f"Maximum allowed length for tag name - '{MAX_TAG_NAME}' characters.",
            )
        if not name or _RESERVED_IN_TAGS.search(name):
            raise InvalidTags(
                "InvalidTagNameCharacters",
                f"The tag names '{name}' have reserved characters '<,>,%,&,\\,?,/' or control "
                "characters.",
            )
        if value is not None and len(value) > MAX_TAG_VALUE:
            raise InvalidTags(
                "InvalidTagValueLength",
                f"Tag value too large. Following tag value '{value}' exceeded the maximum length. "
                f"Maximum allowed length for tag value - '{MAX_TAG_VALUE}' characters.",
            )


def duration_of(text: str) -> timedelta | None:
    """What an ISO 8601 duration says; None where it is none."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    return timedelta(**{unit: int(amount) for unit, amount in match.groupdict("0").items()})


def check_idle_time(duration: str) -> None:
    """Idle shutdown takes 15 minutes to 3 days ("Create a compute instance: idle shutdown")."""
    idle = duration_of(duration)
    if idle is None or not SHORTEST_IDLE <= idle <= LONGEST_IDLE:
        raise BadArgument(
            "idleTimeBeforeShutdown must be an ISO 8601 duration of 15 minutes to 3 days, "
            f"not '{duration}'."
        )


def _check_ssh(properties: InstanceProperties) -> None:
    ssh = properties.ssh_settings
    if ssh is None or ssh.ssh_public_access != "Enabled":
        return
    personal = properties.personal_compute_instance_settings
    if personal is not None and personal.assigned_user is not None:
        raise SshOnBehalfOf
    if not ssh.admin_public_key:
        raise BadArgument("sshSettings.adminPublicKey is required when SSH access is enabled.")


def _check_assigned_user(properties: InstanceProperties) -> None:
    personal = properties.personal_compute_instance_settings
    if personal is None or personal.assigned_user is None:
        return
    where = "personalComputeInstanceSettings.assignedUser"
    ids = (
        ("objectId", personal.assigned_user.object_id),
        ("tenantId", personal.assigned_user.tenant_id),
    )
    for name, value in ids:
        if not _GUID.fullmatch(value):
            raise BadArgument(f"{where}.{name}: '{value}' is not a GUID.")


def _check_network(properties: InstanceProperties) -> None:
    """Without a public IP address it takes a subnet: no workspace here has a network of its own.

    "Compute instance/cluster or serverless compute with no public IP" (learn.microsoft.com). Code
    and text: [assumed].
    """
    subnet = properties.subnet.id if properties.subnet else None
    if properties.enable_node_public_ip is False and not subnet:
        raise BadArgument(
            "enableNodePublicIp can be false only with a subnet, or in a workspace with a managed "
            "virtual network."
        )


def _check_script(which: str, script: ScriptReference | None) -> None:
    if script is None:
        return
    if script.script_source not in ("inline", "workspaceStorage"):
        raise BadArgument(
            f"{which}.scriptSource must be 'inline' or 'workspaceStorage', "
            f"not '{script.script_source}'."
        )
    if not script.script_data:
        raise BadArgument(f"{which}.scriptData is required.")
    if script.timeout is not None and not _TIMEOUT.fullmatch(script.timeout):
        raise BadArgument(f"{which}.timeout must be a number and one of s, m, h, d.")
    if script.script_source == "inline":
        _check_inline(which, script.script_data)


def _check_inline(which: str, data: str) -> None:
    """Inline scripts are base64 and limited in size. The limit of 30 KiB: [assumed]."""
    try:
        script = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadArgument(f"{which}.scriptData must be base64 when inline.") from error
    if len(script) > MAX_INLINE_SCRIPT_BYTES:
        raise BadArgument(
            f"{which}.scriptData is {len(script)} bytes; inline scripts are limited to "
            f"{MAX_INLINE_SCRIPT_BYTES} bytes."
        )
