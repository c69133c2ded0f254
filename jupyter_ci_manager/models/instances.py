"""Compute instances: as they are, and as they are asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from .base import ErrorBody, Wire
from .logs import ScriptOutcome, SetupScripts
from .sizes import VmSize

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


class InstanceDetails(Wire, frozen=True):
    """One instance with the resource as Azure sent it, unknown keys included."""

    instance: Instance
    resource: dict[str, Any]
    fetched_at: datetime
    setup_scripts: SetupScripts | None = None
    """As the resource has them; None where it has none."""


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
    setup_scripts: SetupScripts | None = None
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
