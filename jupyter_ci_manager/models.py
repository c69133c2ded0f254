"""The vocabulary of the project as msgspec Structs: the one source of the HTTP schema.

It does no input or output and knows neither Azure's wire format nor HTTP; all else imports it.
JSON keys are the attribute names. Times are aware UTC datetimes (RFC 3339 on the wire).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

InstanceAction = Literal["start", "stop", "restart", "delete"]
"""What can be asked of an instance that exists."""

PermissionName = Literal["read", "create", "start", "stop", "restart", "delete", "check_name"]
"""What an identity may or may not do in a workspace."""

OperationKind = Literal[
    "instance.create", "instance.start", "instance.stop", "instance.restart", "instance.delete"
]
OperationState = Literal["queued", "running", "succeeded", "failed", "cancelled", "lost"]
ACTIVE_OPERATION_STATES: frozenset[str] = frozenset({"queued", "running"})

Mode = Literal["azure", "emulator"]
WorkspaceSource = Literal[
    "configuration", "environment", "settings", "config_file", "compute_instance", "none"
]
WorkspaceState = Literal["ready", "signed_out", "no_workspace", "denied", "unreachable"]


class Wire(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything that crosses our HTTP API: frozen, and strict on unknown keys."""


# --- errors -----------------------------------------------------------------------------------


class ErrorBody(Wire, frozen=True):
    """What went wrong, why, and what to do next. Shown to people as it is."""

    code: str
    """Stable, for programs: one of the codes of ``errors.py`` or Azure's own."""
    message: str
    hint: str | None = None
    details: dict[str, str] | None = None
    request_id: str | None = None
    """Azure's ``x-ms-request-id`` where a call to Azure failed."""


class ErrorResponse(Wire, frozen=True):
    """The body of every answer with a status of 400 or more."""

    error: ErrorBody


# --- workspace and identity -------------------------------------------------------------------


class Workspace(Wire, frozen=True):
    """An Azure Machine Learning workspace."""

    id: str
    """ARM resource id."""
    name: str
    resource_group: str
    subscription_id: str
    location: str | None = None
    """Azure region such as ``westeurope``; unknown until the workspace has been read."""


class Identity(Wire, frozen=True):
    """Who the token belongs to, read from its claims; never the token itself."""

    object_id: str | None = None
    tenant_id: str | None = None
    name: str | None = None
    kind: Literal["user", "service_principal", "unknown"] = "unknown"


class SignInAttempt(Wire, frozen=True):
    """One credential of the chain that was tried, and why it gave no token."""

    credential: str
    succeeded: bool
    reason: str | None = None


class Permission(Wire, frozen=True):
    """Whether an action is possible in this workspace, and who forbids it when it is not."""

    name: PermissionName
    allowed: bool
    denied_by: Literal["azure_rbac", "administrator"] | None = None
    reason: str | None = None


class WorkspaceStatus(Wire, frozen=True):
    """Where the server stands with Azure. Reading it never fails: ``state`` says what is wrong."""

    state: WorkspaceState
    mode: Mode
    endpoint: str
    version: str
    """Of this package."""
    workspace: Workspace | None = None
    source: WorkspaceSource = "none"
    """Where the choice of workspace came from."""
    switchable: bool = True
    """False where the administrator or the environment fixes the workspace."""
    identity: Identity | None = None
    permissions: list[Permission] = field(default_factory=list)
    sign_in: list[SignInAttempt] = field(default_factory=list)
    """What was tried, where there is no sign-in."""
    this_instance: str | None = None
    """Name of the compute instance this server runs on, if it is one."""
    error: ErrorBody | None = None


class WorkspaceList(Wire, frozen=True):
    """The workspaces that the identity can see."""

    items: list[Workspace]


class SelectWorkspace(Wire, frozen=True):
    """Body of ``PUT workspace``."""

    id: Annotated[str, Meta(min_length=1, max_length=1024)]


# --- sizes, prices, quota ---------------------------------------------------------------------


class Price(Wire, frozen=True):
    """An estimate of what the VM alone costs; disk, public IP and load balancer are not in it."""

    amount_per_hour: float
    currency: str
    source: str
    """Where the figure comes from, in words for a person."""
    as_of: datetime


class Quota(Wire, frozen=True):
    """Dedicated vCPUs of one VM family, or of the region as a whole."""

    name: str
    """Azure's own label, such as ``Standard DSv2 Family Cluster Dedicated vCPUs``."""
    used: int
    limit: int
    remaining: int


class QuotaList(Wire, frozen=True):
    """Core quota of the workspace's region."""

    location: str
    regional: Quota | None
    families: list[Quota]
    fetched_at: datetime


class VmSize(Wire, frozen=True):
    """A VM size that a compute instance can have."""

    name: str
    family: str
    vcpus: int
    gpus: int
    memory_gb: float
    temporary_disk_mb: int | None = None
    price: Price | None = None
    """None when Azure names no price: say "price unknown"."""
    quota: Quota | None = None
    """None when no quota entry could be matched to the family."""
    creatable: bool = True
    """False when the family's or the region's remaining quota is smaller than ``vcpus``."""
    reason: str | None = None
    """Why it is not creatable."""


class VmSizeList(Wire, frozen=True):
    """The VM sizes of the workspace's region that compute instances support."""

    location: str
    items: list[VmSize]
    fetched_at: datetime


# --- instances --------------------------------------------------------------------------------


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
    in_transition: bool = False
    """The state will change by itself."""
    actions: list[InstanceAction] = field(default_factory=list)
    """What the state allows now; permissions are the workspace's."""
    operation_id: str | None = None
    """The active operation of ours on this instance."""


class InstanceDetails(Wire, frozen=True):
    """One instance with the resource as Azure sent it, unknown keys included."""

    instance: Instance
    resource: dict[str, Any]
    fetched_at: datetime


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


InstanceName = Annotated[str, Meta(max_length=256)]


class InstanceSpec(Wire, frozen=True):
    """What is asked for when an instance is created."""

    name: InstanceName
    vm_size: Annotated[str, Meta(min_length=1, max_length=128)]
    description: Annotated[str, Meta(max_length=1024)] | None = None
    idle_shutdown: Annotated[str, Meta(max_length=32)] | None = None
    """ISO 8601 duration between 15 minutes and 3 days, such as ``PT60M``."""
    tags: dict[
        Annotated[str, Meta(min_length=1, max_length=512)], Annotated[str, Meta(max_length=256)]
    ] = field(default_factory=dict)


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


# --- operations -------------------------------------------------------------------------------


class OperationStep(Wire, frozen=True):
    """One line of an operation's history, as ``show_output`` prints it."""

    time: datetime
    message: str


class Operation(Wire, frozen=True):
    """Any long-running work, whoever does it."""

    id: str
    kind: OperationKind
    target: str
    """Name of the instance it works on."""
    workspace_id: str
    state: OperationState
    message: str
    created_at: datetime
    progress: Annotated[float, Meta(ge=0, le=1)] | None = None
    error: ErrorBody | None = None
    cancellable: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    revision: int = 0
    """Grows with every change."""


class OperationDetails(Wire, frozen=True):
    """An operation with its history."""

    operation: Operation
    steps: list[OperationStep]


class OperationList(Wire, frozen=True):
    """Operations of this user, newest first."""

    items: list[Operation]
    warning: str | None = None
    """Why operations are not kept on disk, such as a full disk; None where they are."""
