"""What a compute instance is asked to be, in all that Azure offers, and what is said of it.

An ``InstanceSpec`` with an empty name or size is a draft: a form, a template or an administrator's
defaults. Source of the vocabulary: ComputeInstanceProperties, Azure Machine Learning REST API
2025-12-01.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from .base import Wire
from .logs import SetupScripts
from .sizes import Price, VmSize

InstanceName = Annotated[str, Meta(max_length=256)]
ResourceIdText = Annotated[str, Meta(max_length=1024)]
GuidText = Annotated[str, Meta(max_length=64)]
ShortText = Annotated[str, Meta(max_length=256)]

ScheduleAction = Literal["start", "stop"]
RecurrenceFrequency = Literal["Minute", "Hour", "Day", "Week", "Month"]
WeekDay = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
ApplicationSharing = Literal["Personal", "Shared"]
ProblemSeverity = Literal["error", "warning"]


class SshAccess(Wire, frozen=True):
    """Access by SSH from outside, with one public key. It cannot be switched later."""

    public_key: Annotated[str, Meta(max_length=16 * 1024)]
    """One line of OpenSSH's format, such as ``ssh-rsa AAAA… amy``."""


class InstanceNetwork(Wire, frozen=True):
    """Where in a network an instance is."""

    subnet_id: ResourceIdText | None = None
    """ARM id of a subnet of a VNet; None: Azure's own, or the workspace's managed network."""
    public_ip: bool = True


class AssignedUser(Wire, frozen=True):
    """On whose behalf an instance is created: only this user can open its applications."""

    object_id: GuidText
    tenant_id: GuidText


class Recurrence(Wire, frozen=True):
    """When a schedule fires: every so many days or weeks, at these times."""

    frequency: RecurrenceFrequency
    interval: Annotated[int, Meta(ge=1, le=1000)] = 1
    hours: Annotated[list[Annotated[int, Meta(ge=0, le=23)]], Meta(max_length=24)] = field(
        default_factory=list
    )
    minutes: Annotated[list[Annotated[int, Meta(ge=0, le=59)]], Meta(max_length=60)] = field(
        default_factory=list
    )
    week_days: Annotated[list[WeekDay], Meta(max_length=7)] = field(default_factory=list)
    month_days: Annotated[list[Annotated[int, Meta(ge=1, le=31)]], Meta(max_length=31)] = field(
        default_factory=list
    )


class InstanceSchedule(Wire, frozen=True):
    """Starts or stops an instance at times. Either ``cron`` or ``recurrence`` says when."""

    action: ScheduleAction
    cron: ShortText | None = None
    """Five fields: minute, hour, day of month, month, day of week."""
    recurrence: Recurrence | None = None
    time_zone: Annotated[str, Meta(max_length=128)] = "UTC"
    """An IANA name such as ``Europe/Berlin``, or Windows', which Azure takes."""
    start_time: Annotated[str, Meta(max_length=64)] | None = None
    """Not before: ISO 8601 without an offset, in ``time_zone``."""
    enabled: bool = True
    id: ShortText | None = None
    """Azure's, of a schedule that exists."""


class InstanceIdentity(Wire, frozen=True):
    """The managed identity that code on an instance can sign in with."""

    system_assigned: bool = False
    user_assigned: Annotated[list[ResourceIdText], Meta(max_length=16)] = field(
        default_factory=list
    )
    """ARM ids."""


class ApplicationEndpoint(Wire, frozen=True):
    """A port of a custom application."""

    target: Annotated[int, Meta(ge=1, le=65535)]
    """In the container."""
    published: Annotated[int, Meta(ge=1, le=65535)]
    """On the instance."""
    name: ShortText = "connect"
    protocol: Literal["http", "tcp", "udp"] = "http"
    host_ip: Annotated[str, Meta(max_length=64)] | None = None


class ApplicationVolume(Wire, frozen=True):
    """A folder of the instance in the container of a custom application."""

    source: Annotated[str, Meta(min_length=1, max_length=1024)]
    target: Annotated[str, Meta(min_length=1, max_length=1024)]
    type: Literal["bind", "volume", "tmpfs", "npipe"] = "bind"
    read_only: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    """Keys of Azure's that have no field here, as they are."""


class CustomApplication(Wire, frozen=True):
    """A container that runs on the instance and can be opened as its own applications can."""

    name: Annotated[str, Meta(min_length=1, max_length=256)]
    image: Annotated[str, Meta(min_length=1, max_length=1024)]
    """Reference of a Docker image, or ARM id of an environment."""
    image_type: Literal["docker", "azureml"] = "docker"
    endpoints: Annotated[list[ApplicationEndpoint], Meta(max_length=32)] = field(
        default_factory=list
    )
    environment: dict[ShortText, Annotated[str, Meta(max_length=8192)]] = field(
        default_factory=dict
    )
    volumes: Annotated[list[ApplicationVolume], Meta(max_length=32)] = field(default_factory=list)
    privileged: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    """Keys of Azure's that have no field here, as they are."""


class DataMount(Wire, frozen=True):
    """Data of the workspace that the instance mounts."""

    source: Annotated[str, Meta(min_length=1, max_length=1024)]
    mount_path: Annotated[str, Meta(min_length=1, max_length=1024)]
    source_type: Literal["URI", "Datastore", "Dataset"] = "URI"
    mount_name: ShortText | None = None
    read_only: bool = True
    more: dict[str, Any] = field(default_factory=dict)
    """Keys of Azure's that have no field here, as they are."""


class InstanceSpec(Wire, frozen=True):
    """What is asked for when an instance is created."""

    name: InstanceName = ""
    vm_size: Annotated[str, Meta(max_length=128)] = ""
    description: Annotated[str, Meta(max_length=1024)] | None = None
    tags: dict[
        Annotated[str, Meta(min_length=1, max_length=512)], Annotated[str, Meta(max_length=256)]
    ] = field(default_factory=dict)
    idle_shutdown: Annotated[str, Meta(max_length=32)] | None = None
    """ISO 8601 duration between 15 minutes and 3 days, such as ``PT60M``."""
    schedules: Annotated[list[InstanceSchedule], Meta(max_length=16)] = field(default_factory=list)
    """At most four; more is a problem of the field, not of the request."""
    setup_scripts: SetupScripts | None = None
    ssh: SshAccess | None = None
    """None: no access by SSH."""
    network: InstanceNetwork | None = None
    assigned_to: AssignedUser | None = None
    identity: InstanceIdentity | None = None
    application_sharing: ApplicationSharing | None = None
    """Who can open its applications; None: Azure's default."""
    custom_applications: Annotated[list[CustomApplication], Meta(max_length=16)] = field(
        default_factory=list
    )
    data_mounts: Annotated[list[DataMount], Meta(max_length=64)] = field(default_factory=list)
    sso: bool | None = None
    """Single sign-on for its applications; None: Azure's default."""
    root_access: bool | None = None
    os_patching: bool | None = None
    release_quota_on_stop: bool | None = None
    disable_local_auth: bool | None = None
    more: dict[str, Any] = field(default_factory=dict)
    """Properties of a compute instance of Azure's that have no field here, as they are."""


class CheckSpec(Wire, frozen=True):
    """Body of ``POST specs/check``."""

    spec: InstanceSpec


class SpecProblem(Wire, frozen=True):
    """What is wrong with one field of a spec, or doubtful."""

    field: str
    """Its path, such as ``ssh.public_key`` or ``schedules.0.cron``; empty: the spec as a whole."""
    code: str
    message: str
    hint: str | None = None
    severity: ProblemSeverity = "error"


class CostEstimate(Wire, frozen=True):
    """What the VM alone costs if it is left running."""

    price: Price
    per_day: float
    per_month: float
    """Of 730 hours, as Azure's own calculator takes it."""
    scheduled_per_month: float | None = None
    """With its schedules; None where it has none, or where they do not say."""


class SpecCheck(Wire, frozen=True):
    """All that is wrong with a spec at once, and what it would cost."""

    problems: list[SpecProblem] = field(default_factory=list)
    vm_size: VmSize | None = None
    cost: CostEstimate | None = None
    """None where no price is known."""
    firings: list[list[datetime]] = field(default_factory=list)
    """The next five of each schedule; empty for one that never fires or cannot be understood."""


class PreviewSchedules(Wire, frozen=True):
    """Body of ``POST schedules/preview``."""

    schedules: Annotated[list[InstanceSchedule], Meta(max_length=16)]


class SchedulePreview(Wire, frozen=True):
    """When schedules fire next."""

    firings: list[list[datetime]]
    problems: list[SpecProblem] = field(default_factory=list)
    """Their fields begin with ``schedules.``."""


class TimeZones(Wire, frozen=True):
    """The time zones that schedules can be in."""

    items: list[str]
    """IANA names that have a name of Windows', which is what Azure takes."""
    local: str
    """The Jupyter server's own."""


CodeKind = Literal["arm", "az", "sdk", "magic"]


class CodeFile(Wire, frozen=True):
    """A file of the same request in another language."""

    name: str
    language: Literal["json", "yaml", "python", "shell"]
    text: str


class CodeForm(Wire, frozen=True):
    """The same request in another language."""

    kind: CodeKind
    files: list[CodeFile]
    command: str | None = None
    """What is typed to send it, for a POSIX shell."""
    missing: list[str] = field(default_factory=list)
    """Fields of the spec that this language cannot say."""


class SpecCode(Wire, frozen=True):
    """A spec in all languages that people use."""

    items: list[CodeForm]


class SpecTemplate(Wire, frozen=True):
    """A file ``*.ci.json``: a spec to begin with."""

    title: Annotated[str, Meta(min_length=1, max_length=256)]
    spec: InstanceSpec
    description: Annotated[str, Meta(max_length=2048)] | None = None
    version: Literal[1] = 1


class ReadTemplate(Wire, frozen=True):
    """Body of ``POST specs/template``."""

    text: Annotated[str, Meta(max_length=512 * 1024)]


class SpecDefaults(Wire, frozen=True):
    """What an administrator or a user begins with."""

    spec: InstanceSpec
    locked: list[str] = field(default_factory=list)
    """Paths of fields that the administrator has fixed."""
    templates: list[SpecTemplate] = field(default_factory=list)
