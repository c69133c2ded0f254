"""Which field of a spec Azure means when it refuses one: by its own keys, or by its words. No I/O.

Azure names a ``target`` for some refusals and none for others (ErrorDetail, Azure Resource
Manager); where it does, it is a key of ComputeInstanceProperties in a spelling of its own.
"""

from __future__ import annotations

import re

from ...errors import CiManagerError, InvalidName, NameTaken, QuotaExceeded, UnknownVmSize

_ITEM = r"(?:\[?\.?(?P<index>\d{1,2})\]?)?"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (rf"computeStartStop{_ITEM}\.?cron|cron\.?expression", "schedules{index}.cron"),
    (rf"computeStartStop{_ITEM}\.?recurrence", "schedules{index}.recurrence"),
    (rf"computeStartStop{_ITEM}|\bschedules?\b", "schedules{index}"),
    (r"creationScript\.?(?:script)?Arguments", "setup_scripts.creation.arguments"),
    (r"creationScript\.?timeout", "setup_scripts.creation.timeout_minutes"),
    (r"creationScript|creation script", "setup_scripts.creation.data"),
    (r"startupScript\.?(?:script)?Arguments", "setup_scripts.startup.arguments"),
    (r"startupScript\.?timeout", "setup_scripts.startup.timeout_minutes"),
    (r"startupScript|startup script", "setup_scripts.startup.data"),
    (r"setupScripts?|setup script", "setup_scripts"),
    (r"adminPublicKey|sshSettings|\bssh\b|public key", "ssh.public_key"),
    (r"idleTimeBeforeShutdown|idle ?shutdown", "idle_shutdown"),
    (r"enableNodePublicIp|public ip", "network.public_ip"),
    (r"subnet|virtual network|\bvnet\b", "network.subnet_id"),
    (r"assignedUser\.?tenantId|tenant ?id", "assigned_to.tenant_id"),
    (
        r"personalComputeInstanceSettings|assignedUser|assigned user|on behalf of",
        "assigned_to.object_id",
    ),
    (rf"customServices?{_ITEM}|custom (?:service|application)", "custom_applications{index}"),
    (rf"dataMounts?{_ITEM}|data mount", "data_mounts{index}"),
    (r"userAssignedIdentit|managed identity|\bidentity\b", "identity"),
    (r"applicationSharingPolicy", "application_sharing"),
    (r"enableSSO|single sign", "sso"),
    (r"enableRootAccess|root access", "root_access"),
    (r"enableOSPatching|os patching", "os_patching"),
    (r"releaseQuotaOnStop", "release_quota_on_stop"),
    (r"disableLocalAuth|local auth", "disable_local_auth"),
    (r"\btags?\b", "tags"),
    (r"vm ?size", "vm_size"),
    (r"compute ?name|instance name", "name"),
)
_FIELDS = tuple((re.compile(pattern, re.IGNORECASE), field) for pattern, field in _PATTERNS)
_BY_KIND: tuple[tuple[type[CiManagerError], str], ...] = (
    (NameTaken, "name"),
    (InvalidName, "name"),
    (QuotaExceeded, "vm_size"),
    (UnknownVmSize, "vm_size"),
)


def field_of_refusal(error: CiManagerError) -> str | None:
    """The path of the field that an answer of Azure's is about; None where it does not say."""
    if error.field is not None:
        return error.field
    for kind, field in _BY_KIND:
        if isinstance(error, kind):
            return field
    details = error.body.details or {}
    for text in (details.get("target"), error.message):
        field_named = _named(text or "")
        if field_named is not None:
            return field_named
    return None


def _named(text: str) -> str | None:
    for pattern, field in _FIELDS:
        match = pattern.search(text)
        if match is not None:
            index = match.groupdict().get("index")
            return field.format(index="" if index is None else f".{index}")
    return None
