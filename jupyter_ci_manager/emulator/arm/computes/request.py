"""Bodies that clients send for computes, as types. Knows neither HTTP nor state.

Fields and types follow ``ComputeInstanceProperties`` and its parts in Azure/azure-rest-api-specs
Microsoft.MachineLearningServices, stable/2025-12-01 (keys also in the 2.0.0b2 client's models).
Keys that are not listed are dropped, as the service does with members it does not know.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType


class _Body(msgspec.Struct, rename="camel", omit_defaults=True):
    """Camel-case keys; what was not sent stays unset."""


class SubnetId(_Body):
    """A subnet by its ARM id."""

    id: str | None = None


class SshSettings(_Body):
    """``sshSettings``."""

    ssh_public_access: Literal["Enabled", "Disabled"] | None = None
    admin_public_key: str | None = None
    admin_user_name: str | None = None
    ssh_port: int | None = None


class AssignedUser(_Body):
    """The person an instance is made for."""

    object_id: str
    tenant_id: str


class PersonalSettings(_Body):
    """``personalComputeInstanceSettings``."""

    assigned_user: AssignedUser | None = None


class ScriptReference(_Body):
    """One setup script."""

    script_source: str | None = None
    script_data: str | None = None
    script_arguments: str | None = None
    timeout: str | None = None


class Scripts(_Body):
    """The creation and the startup script."""

    creation_script: ScriptReference | None = None
    startup_script: ScriptReference | None = None


class SetupScripts(_Body):
    """``setupScripts``."""

    scripts: Scripts | None = None


def _in_azures_case(value: str | None) -> str | None:
    """``az ml`` sends the words of schedules as its YAML has them, in lower case."""
    return value.capitalize() if value is not None and value.islower() else value


class Cron(_Body):
    """A cron trigger."""

    expression: str | None = None
    start_time: str | None = None
    time_zone: str | None = None


class RecurrenceSchedule(_Body):
    """Times within a recurrence."""

    hours: list[int] | None = None
    minutes: list[int] | None = None
    month_days: list[int] | None = None
    week_days: list[str] | None = None


class Recurrence(_Body):
    """A recurrence trigger."""

    frequency: str | None = None
    interval: int | None = None
    start_time: str | None = None
    time_zone: str | None = None
    schedule: RecurrenceSchedule | None = None

    def __post_init__(self) -> None:
        self.frequency = _in_azures_case(self.frequency)
        if self.schedule is not None and self.schedule.week_days is not None:
            self.schedule.week_days = [
                _in_azures_case(day) or "" for day in self.schedule.week_days
            ]


class StartStopSchedule(_Body):
    """One schedule."""

    action: Literal["Start", "Stop", "start", "stop"] | None = None
    status: Literal["Enabled", "Disabled", "enabled", "disabled"] | None = None
    trigger_type: Literal["Cron", "Recurrence"] | None = None
    cron: Cron | None = None
    recurrence: Recurrence | None = None
    schedule: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.action is not None:
            self.action = "Start" if self.action.lower() == "start" else "Stop"
        if self.status is not None:
            self.status = "Enabled" if self.status.lower() == "enabled" else "Disabled"


class ComputeSchedules(_Body):
    """``schedules``."""

    compute_start_stop: list[StartStopSchedule] | None = None


class DataMount(_Body):
    """One data mount."""

    source: str | None = None
    source_type: str | None = None
    mount_name: str | None = None
    mount_action: str | None = None
    mount_mode: str | None = None
    mount_path: str | None = None


class InstanceProperties(_Body):
    """``properties.properties`` of a compute instance."""

    vm_size: str | None = None
    subnet: SubnetId | None = None
    application_sharing_policy: Literal["Personal", "Shared"] | None = None
    ssh_settings: SshSettings | None = None
    custom_services: list[dict[str, Any]] | None = None
    compute_instance_authorization_type: Literal["personal"] | None = None
    personal_compute_instance_settings: PersonalSettings | None = None
    setup_scripts: SetupScripts | None = None
    schedules: ComputeSchedules | None = None
    idle_time_before_shutdown: str | None = None
    enable_node_public_ip: bool | None = None
    enable_sso: bool | None = msgspec.field(default=None, name="enableSSO")
    enable_root_access: bool | None = None
    enable_os_patching: bool | None = msgspec.field(default=None, name="enableOSPatching")
    release_quota_on_stop: bool | None = None
    data_mounts: list[DataMount] | None = None


class Compute(_Body):
    """``properties`` of a compute."""

    compute_type: str
    description: str | None = None
    disable_local_auth: bool | None = None
    resource_id: str | None = None
    compute_location: str | None = None
    properties: InstanceProperties | None = None


class Identity(_Body):
    """``identity``: a managed identity."""

    type: str
    user_assigned_identities: dict[str, Any] | None = None


class ComputeResource(_Body):
    """What ``PUT .../computes/{name}`` takes."""

    properties: Compute
    location: str | None = None
    tags: dict[str, str | None] | None = None
    identity: Identity | None = None


class ComputePatch(_Body):
    """What ``PATCH .../computes/{name}`` takes (``ClusterUpdateParameters``)."""

    properties: dict[str, Any] | UnsetType | None = UNSET
    tags: dict[str, str | None] | UnsetType | None = UNSET


class IdleShutdownSetting(_Body):
    """What ``POST .../updateIdleShutdownSetting`` takes."""

    idle_time_before_shutdown: str | None = None


class ResizeRequest(_Body):
    """What ``POST .../resize`` takes."""

    target_vm_size: str = msgspec.field(name="targetVMSize")


class SsoSettings(_Body):
    """What ``POST .../enableSso`` takes."""

    enable_sso: bool = msgspec.field(name="enableSSO")


class NameCheck(_Body, rename="pascal"):
    """Pascal case: what azureml-core sends."""

    name: str
    type: str | None = None
