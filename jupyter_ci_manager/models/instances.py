"""Compute instances: as they are, and as they are asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType, field

from .base import ErrorBody, Wire
from .logs import ScriptOutcome, SetupScripts
from .sizes import VmSize
from .specs import CustomApplication, DataMount, InstanceSchedule, InstanceSpec

InstanceAction = Literal["start", "stop", "restart", "delete"]
"""What can be asked of an instance that exists."""


class Person(Wire, frozen=True):
    """A user as Azure names them on an instance."""

    object_id: str | None = None
    tenant_id: str | None = None
    name: str | None = None


class LastOperation(Wire, frozen=True):
    """What Azure did last with the instance, in Azure's own words."""

    name: str
    status: str
    time: datetime | None = None
    trigger: str | None = None


class InstanceError(Wire, frozen=True):
    """An error that Azure reports on the instance itself."""

    code: str
    message: str


class Application(Wire, frozen=True):
    """Something that the instance serves, such as JupyterLab or VS Code."""

    display_name: str
    endpoint_uri: str


class Instance(Wire, frozen=True):
    """A compute instance as the list shows it."""

    name: str
    id: str
    location: str | None
    state: str
    """Azure's ComputeInstanceState as it came, also one that this version does not know."""
    provisioning_state: str | None
    vm_size: str
    created_at: datetime | None = None
    modified_at: datetime | None = None
    created_by: Person | None = None
    assigned_to: Person | None = None
    mine: bool = False
    """Created by or assigned to the signed-in identity."""
    state_since: datetime | None = None
    """When the last operation of Azure took place; None when Azure does not say."""
    last_operation: LastOperation | None = None
    errors: list[InstanceError] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    idle_shutdown: str | None = None
    """ISO 8601 duration such as ``PT60M``."""
    schedule_count: int = 0
    stop_schedule_count: int = 0
    """Of its schedules, those that are enabled and stop it."""
    in_transition: bool = False
    """The state will change by itself."""
    actions: list[InstanceAction] = field(default_factory=list)
    """What the state allows now; permissions are the workspace's."""
    operation_id: str | None = None
    """The active operation of ours on this instance."""
    script_outcome: ScriptOutcome | None = None
    """How its newest setup script ended, where known: a failed one may hide behind Running."""


class OsImage(Wire, frozen=True):
    """The image of an instance's OS disk. A new one comes with a new instance."""

    current: str
    latest: str | None = None
    outdated: bool = False


class InstanceAddresses(Wire, frozen=True):
    """Where an instance is in the network."""

    public_ip: str | None = None
    private_ip: str | None = None
    subnet_id: str | None = None


class SshEndpoint(Wire, frozen=True):
    """How an instance is reached by SSH."""

    user: str
    host: str
    port: int
    command: str
    """For a POSIX shell; the key is the one whose public part the instance has."""


class RunningCost(Wire, frozen=True):
    """What the VM is estimated to have cost since it was started last."""

    since: datetime
    hours: float
    amount: float | None
    """None where no price is known."""
    currency: str | None = None


class ActionAccess(Wire, frozen=True):
    """One of Azure's actions on compute instances, and whether the signed-in identity has it."""

    action: str
    """Such as ``Microsoft.MachineLearningServices/workspaces/computes/start/action``."""
    title: str
    """What it lets people do, in words."""
    allowed: bool | None
    """None where Azure would not say."""
    reason: str | None = None


class InstanceDetails(Wire, frozen=True):
    """One instance with the resource as Azure sent it, unknown keys included."""

    instance: Instance
    resource: dict[str, Any]
    fetched_at: datetime
    setup_scripts: SetupScripts | None = None
    """As the resource has them; None where it has none."""
    spec: InstanceSpec | None = None
    """What the resource would have been asked for with; None where it cannot be understood."""
    vm_size: VmSize | None = None
    os_image: OsImage | None = None
    addresses: InstanceAddresses | None = None
    ssh: SshEndpoint | None = None
    running_cost: RunningCost | None = None
    """None where it is not running."""
    firings: list[list[datetime]] = field(default_factory=list)
    """The next five of each schedule of ``spec``."""
    access: list[ActionAccess] = field(default_factory=list)
    applications_open: bool = True
    """Whether the signed-in person can open its applications."""
    applications_note: str | None = None
    """Why not, in words."""


class UpdateInstance(Wire, frozen=True):
    """Body of ``PATCH instances/{name}``: what is left out stays as it is."""

    idle_shutdown: Annotated[str, Meta(max_length=32)] | UnsetType | None = UNSET
    """None switches it off."""
    schedules: Annotated[list[InstanceSchedule], Meta(max_length=16)] | UnsetType = UNSET
    """All of them: those that are left out are removed."""
    custom_applications: Annotated[list[CustomApplication], Meta(max_length=16)] | UnsetType = UNSET
    data_mounts: Annotated[list[DataMount], Meta(max_length=64)] | UnsetType = UNSET
    sso: bool | UnsetType = UNSET


class ResizeInstance(Wire, frozen=True):
    """Body of ``POST instances/{name}/resize``. Only a stopped instance can be resized."""

    vm_size: Annotated[str, Meta(min_length=1, max_length=128)]


class InstanceList(Wire, frozen=True):
    """A page of the workspace's compute instances and how fresh they are."""

    workspace_id: str
    items: list[Instance]
    total: int
    """How many match the query, over all pages."""
    fetched_at: datetime
    refresh_after_seconds: float
    """When asking again makes sense: short while something is in transition."""
    cursor: str | None = None
    """Pass it back for the next page."""
    stale: bool = False
    """The newest question to Azure failed: ``error`` says why, the items are the last known."""
    error: ErrorBody | None = None
    sizes: dict[str, VmSize] = field(default_factory=dict)
    """The VM sizes of the items, by name as the items spell it."""


class CreateInstance(Wire, frozen=True):
    """Body of ``POST instances``."""

    spec: InstanceSpec
    if_exists: Literal["fail", "use"] = "fail"
    """``use``: an instance of that name in this workspace is taken as it is (create-or-get)."""


class NameCheck(Wire, frozen=True):
    """Whether a name can be given to a new instance in the workspace's region."""

    name: str
    available: bool
    reason: Literal["Invalid", "AlreadyExists"] | None = None
    message: str | None = None
    suggestion: str | None = None
    """A name like it that obeys the rules and was free when asked."""
    existing: bool = False
    """An instance of that name is in this workspace, so create-or-get would use it."""
