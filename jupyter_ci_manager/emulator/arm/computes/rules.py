"""What a compute instance may be called and may ask for. Knows neither HTTP nor other instances."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import timedelta

from jupyter_ci_manager.emulator.arm.provider_errors import BadArgument, InvalidResourceName

from .request import InstanceProperties, ScriptReference

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
MAX_INLINE_SCRIPT_BYTES = 30 * 1024
SHORTEST_IDLE = timedelta(minutes=15)
LONGEST_IDLE = timedelta(days=3)

_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,4})D)?(?:T(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,7})M)?"
    r"(?:(?P<seconds>\d{1,9})S)?)?"
)
_TIMEOUT = re.compile(r"\d{1,6}[smhd]?")


def is_valid_name(name: str) -> bool:
    """Whether a compute instance may be called ``name``."""
    return NAME.fullmatch(name) is not None


def check_name(name: str) -> None:
    """Raises InvalidResourceName."""
    if not is_valid_name(name):
        raise InvalidResourceName(NAME_RULE)


def check_properties(properties: InstanceProperties) -> None:
    """Raises BadArgument for the first thing the service would refuse."""
    _check_ssh(properties)
    if properties.idle_time_before_shutdown is not None:
        check_idle_time(properties.idle_time_before_shutdown)
    schedules = properties.schedules.compute_start_stop if properties.schedules else None
    if schedules is not None:
        check_schedule_count(len(schedules))
    scripts = properties.setup_scripts.scripts if properties.setup_scripts else None
    if scripts is not None:
        _check_script("creationScript", scripts.creation_script)
        _check_script("startupScript", scripts.startup_script)


def check_schedule_count(count: int) -> None:
    """At most four schedules ("Create a compute instance: schedule automatic start and stop")."""
    if count > MAX_SCHEDULES:
        raise BadArgument(
            f"A compute instance can have at most {MAX_SCHEDULES} schedules, {count} were given."
        )


def check_idle_time(duration: str) -> None:
    """Idle shutdown takes 15 minutes to 3 days ("Create a compute instance: idle shutdown")."""
    match = _DURATION.fullmatch(duration)
    parts = {unit: int(amount) for unit, amount in match.groupdict("0").items()} if match else {}
    if not parts or not SHORTEST_IDLE <= timedelta(**parts) <= LONGEST_IDLE:
        raise BadArgument(
            "idleTimeBeforeShutdown must be an ISO 8601 duration of 15 minutes to 3 days, "
            f"not '{duration}'."
        )


def _check_ssh(properties: InstanceProperties) -> None:
    """SSH is not offered on behalf of somebody else (MicrosoftDocs/azure-docs#109642)."""
    ssh = properties.ssh_settings
    if ssh is None or ssh.ssh_public_access != "Enabled":
        return
    personal = properties.personal_compute_instance_settings
    if personal is not None and personal.assigned_user is not None:
        raise BadArgument(
            "SSH access cannot be enabled on a compute instance that is created on behalf of "
            "another user."
        )
    if not ssh.admin_public_key:
        raise BadArgument("sshSettings.adminPublicKey is required when SSH access is enabled.")


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
