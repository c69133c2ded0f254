"""Bodies that clients send for computes, as types. Knows neither HTTP nor state.

Fields and types follow ``ComputeInstanceProperties`` and its parts in Azure/azure-rest-api-specs
Microsoft.MachineLearningServices, stable/2025-12-01 (keys also in the 2.0.0b2 client's models).
Keys that are not listed are dropped, as the service does with members it does not know.
"""

from __future__ import annotations

from typing import Any, Literal, Optional, Union

import msgspec
from msgspec import UNSET, UnsetType

from ..errors import BadArgument


class _Body(msgspec.Struct, rename="camel", omit_defaults=True):
    """Camel-case keys; what was not sent stays unset."""


class SubnetId(_Body):
    id: Optional[str] = None


class SshSettings(_Body):
    ssh_public_access: Optional[Literal["Enabled", "Disabled"]] = None
    admin_public_key: Optional[str] = None
    admin_user_name: Optional[str] = None
    ssh_port: Optional[int] = None


class AssignedUser(_Body):
    object_id: str
    tenant_id: str


class PersonalSettings(_Body):
    assigned_user: Optional[AssignedUser] = None


class ScriptReference(_Body):
    script_source: Optional[str] = None
    script_data: Optional[str] = None
    script_arguments: Optional[str] = None
    timeout: Optional[str] = None


class Scripts(_Body):
    creation_script: Optional[ScriptReference] = None
    startup_script: Optional[ScriptReference] = None


class SetupScripts(_Body):
    scripts: Optional[Scripts] = None


class Cron(_Body):
    expression: Optional[str] = None
    start_time: Optional[str] = None
    time_zone: Optional[str] = None


class RecurrenceSchedule(_Body):
    hours: Optional[list[int]] = None
    minutes: Optional[list[int]] = None
    month_days: Optional[list[int]] = None
    week_days: Optional[list[str]] = None


class Recurrence(_Body):
    frequency: Optional[str] = None
    interval: Optional[int] = None
    start_time: Optional[str] = None
    time_zone: Optional[str] = None
    schedule: Optional[RecurrenceSchedule] = None


class StartStopSchedule(_Body):
    action: Optional[Literal["Start", "Stop"]] = None
    status: Optional[Literal["Enabled", "Disabled"]] = None
    trigger_type: Optional[Literal["Cron", "Recurrence"]] = None
    cron: Optional[Cron] = None
    recurrence: Optional[Recurrence] = None
    schedule: Optional[dict[str, Any]] = None


class ComputeSchedules(_Body):
    compute_start_stop: Optional[list[StartStopSchedule]] = None


class DataMount(_Body):
    source: Optional[str] = None
    source_type: Optional[str] = None
    mount_name: Optional[str] = None
    mount_action: Optional[str] = None
    mount_mode: Optional[str] = None
    mount_path: Optional[str] = None


class InstanceProperties(_Body):
    """``properties.properties`` of a compute instance."""

    vm_size: Optional[str] = None
    subnet: Optional[SubnetId] = None
    application_sharing_policy: Optional[Literal["Personal", "Shared"]] = None
    ssh_settings: Optional[SshSettings] = None
    custom_services: Optional[list[dict[str, Any]]] = None
    compute_instance_authorization_type: Optional[Literal["personal"]] = None
    personal_compute_instance_settings: Optional[PersonalSettings] = None
    setup_scripts: Optional[SetupScripts] = None
    schedules: Optional[ComputeSchedules] = None
    idle_time_before_shutdown: Optional[str] = None
    enable_node_public_ip: Optional[bool] = None
    enable_sso: Optional[bool] = msgspec.field(default=None, name="enableSSO")
    enable_root_access: Optional[bool] = None
    enable_os_patching: Optional[bool] = msgspec.field(default=None, name="enableOSPatching")
    release_quota_on_stop: Optional[bool] = None
    data_mounts: Optional[list[DataMount]] = None


class Compute(_Body):
    """``properties`` of a compute."""

    compute_type: str
    description: Optional[str] = None
    disable_local_auth: Optional[bool] = None
    resource_id: Optional[str] = None
    compute_location: Optional[str] = None
    properties: Optional[InstanceProperties] = None


class Identity(_Body):
    type: str
    user_assigned_identities: Optional[dict[str, Any]] = None


class ComputeResource(_Body):
    """What ``PUT .../computes/{name}`` takes."""

    properties: Compute
    location: Optional[str] = None
    tags: Optional[dict[str, Optional[str]]] = None
    identity: Optional[Identity] = None


class ComputePatch(_Body):
    """What ``PATCH .../computes/{name}`` takes (``ClusterUpdateParameters``)."""

    properties: Union[dict[str, Any], None, UnsetType] = UNSET
    tags: Union[dict[str, Optional[str]], None, UnsetType] = UNSET


class IdleShutdownSetting(_Body):
    idle_time_before_shutdown: Optional[str] = None


class ResizeRequest(_Body):
    target_vm_size: str = msgspec.field(name="targetVMSize")


class SsoSettings(_Body):
    enable_sso: bool = msgspec.field(name="enableSSO")


class NameCheck(_Body, rename="pascal"):
    """Pascal case: what azureml-core sends."""

    name: str
    type: Optional[str] = None


def read(body: Any, shape: Any) -> Any:
    """Turn decoded JSON into ``shape``; raises BadArgument that names the offending key."""
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        raise BadArgument(f"The request body is invalid: {error}") from error
