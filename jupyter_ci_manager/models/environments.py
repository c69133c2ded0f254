"""Conda environments and Jupyter kernels of the machine that the Jupyter server runs on.

Sizes are bytes. Names of packages, versions and channels are as Conda writes them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from .base import Wire

EngineName = Literal["conda", "mamba", "micromamba", "rattler"]
"""What creates environments: a program found on the machine, or the embedded engine."""

EnvironmentState = Literal["ok", "broken", "incomplete"]
"""``broken``: its records or its interpreter cannot be read; ``incomplete``: left half-made."""

PackageManager = Literal["conda", "pip"]

KernelLanguage = Literal["python", "R"]

KernelScope = Literal["user", "environment", "system"]
"""Where a kernelspec lies: the user's data folder, the prefix Jupyter runs in, or for everybody."""

EnvironmentPhase = Literal["solve", "download", "link", "pip", "kernel", "remove"]

Spec = Annotated[str, Meta(min_length=1, max_length=512)]
Specs = Annotated[list[Spec], Meta(max_length=1000)]
"""Whoever wants more of them writes a file."""

"""A match spec, such as ``numpy>=2`` or ``conda-forge::r-base``."""

ShortName = Annotated[str, Meta(min_length=1, max_length=300)]


# --- the engine -------------------------------------------------------------------------------


class Engine(Wire, frozen=True):
    """One way to create environments."""

    name: EngineName
    version: str | None = None
    executable: str | None = None
    """None for the embedded engine."""


class EngineStatus(Wire, frozen=True):
    """What environments are made with, and from where."""

    engine: Engine | None
    """None where there is none at all: ``note`` says what to do."""
    others: list[Engine]
    """What else there is."""
    note: str | None
    """A word on why it is that one, for a person."""
    channels: list[str]
    """In their order, without tokens and passwords."""
    platform: str
    """Conda's name for it, such as ``linux-64``."""
    envs_folder: str
    """Where an environment that is created by name goes."""
    offline: bool = False
    condarc: list[str] = field(default_factory=list)
    """The configuration files that were read."""


# --- environments -----------------------------------------------------------------------------


class Environment(Wire, frozen=True):
    """One Conda prefix."""

    id: str
    """Opaque and stable for its path."""
    name: str | None
    """None where it is known by its path only."""
    prefix: str
    state: EnvironmentState
    is_base: bool = False
    is_server: bool = False
    """Whether this Jupyter server runs in it: it can be neither changed nor removed here."""
    problem: str | None = None
    """Why it is not ``ok``, in words for a person."""
    writable: bool = True
    python: str | None = None
    """The version, None without Python."""
    r: str | None = None
    package_count: int = 0
    """Conda's, without what pip has installed."""
    bytes: int | None = None
    """What its packages say they hold; files shared with other environments count in each."""
    kernels: list[str] = field(default_factory=list)
    """Names of kernelspecs that belong to it."""
    modified_at: datetime | None = None
    operation_id: str | None = None
    """The operation that works on it now."""


class EnvironmentList(Wire, frozen=True):
    """All environments that are known, base first, then by name."""

    items: list[Environment]
    engine: EngineStatus
    problems: list[str] = field(default_factory=list)
    """Folders that could not be looked into, and why."""
    measuring: bool = False
    """Whether sizes are being worked out: the next list, a second later, has more of them."""


class Package(Wire, frozen=True):
    """One installed package."""

    name: str
    version: str
    manager: PackageManager
    build: str | None = None
    channel: str | None = None
    bytes: int | None = None
    requested: bool = False
    """Whether a person asked for it, and not only another package."""


class EnvironmentDetails(Wire, frozen=True):
    """An environment with its packages."""

    environment: Environment
    packages: list[Package]
    variables: dict[str, str] = field(default_factory=dict)
    """What activation sets, as ``conda env config vars`` keeps it."""
    activation: str | None = None
    """The line that makes it active in a terminal of this machine, whose shell is a POSIX one."""


ExportFormat = Literal["yml", "history", "explicit", "lock"]
"""``yml``: all with versions; ``history``: what was asked for; ``explicit``: addresses with
checksums, for the same platform; ``lock``: a conda-lock file."""


class EnvironmentExport(Wire, frozen=True):
    """An environment as a file to create it from again."""

    file_name: str
    content: str


class SearchPackages(Wire, frozen=True):
    """Body of ``POST packages/search``: addresses may hold passwords, and a query is logged."""

    text: Annotated[str, Meta(min_length=1, max_length=128)]
    channels: Annotated[list[Annotated[str, Meta(max_length=1024)]], Meta(max_length=64)] = field(
        default_factory=list
    )
    """None: the configured ones."""


class FoundPackage(Wire, frozen=True):
    """A package of the channels."""

    name: str
    versions: list[str]
    """Newest first, at most 50."""
    summary: str | None = None
    channel: str | None = None


class PackageSearch(Wire, frozen=True):
    """What was found of what was searched for."""

    items: list[FoundPackage]
    """Exact name first, then names that begin so, then names that contain it; at most 50."""
    is_more: bool = False


# --- creating and changing --------------------------------------------------------------------


class EnvironmentFile(Wire, frozen=True):
    """A file that describes an environment: environment.yml, requirements.txt, explicit or lock."""

    name: Annotated[str, Meta(min_length=1, max_length=255)]
    """Tells what kind of file it is, together with what is in it."""
    content: Annotated[str, Meta(max_length=4_000_000)] | None = None
    path: Annotated[str, Meta(max_length=4096)] | None = None
    """Instead of the content: below the folder that Jupyter serves."""


class KernelRequest(Wire, frozen=True):
    """The kernel that an environment gets."""

    display_name: Annotated[str, Meta(min_length=1, max_length=200)]
    name: ShortName | None = None
    """Of the kernelspec; made from the display name where it is missing."""
    language: KernelLanguage = "python"
    scope: Literal["user", "environment"] = "user"
    env: dict[str, str] = field(default_factory=dict)
    """Variables for the kernel."""


class CreateEnvironment(Wire, frozen=True):
    """What is asked of a new environment. Exactly one of ``name`` and ``prefix``.

    The packages come from ``specs``, from ``file`` or from ``clone_of``; specs may add to a file.
    """

    name: ShortName | None = None
    prefix: Annotated[str, Meta(max_length=4096)] | None = None
    specs: Specs = field(default_factory=list)
    pip: Specs = field(default_factory=list)
    file: EnvironmentFile | None = None
    clone_of: str | None = None
    """The id of an environment."""
    channels: Specs = field(default_factory=list)
    """Instead of the configured ones."""
    kernel: KernelRequest | None = None
    engine: EngineName | None = None


class ChangePackages(Wire, frozen=True):
    """Packages to install, update and remove, at once."""

    install: Specs = field(default_factory=list)
    update: Specs = field(default_factory=list)
    update_all: bool = False
    remove: Specs = field(default_factory=list)
    pip: Specs = field(default_factory=list)
    """To install with the environment's own pip."""
    pip_remove: Specs = field(default_factory=list)
    channels: Specs = field(default_factory=list)


class PlanEnvironment(Wire, frozen=True):
    """What to work out: of a new environment, or of a change to one that there is."""

    create: CreateEnvironment | None = None
    environment_id: str | None = None
    change: ChangePackages | None = None


class PlannedPackage(Wire, frozen=True):
    """What would happen to one package."""

    name: str
    version: str
    action: Literal["install", "update", "downgrade", "remove"]
    build: str | None = None
    channel: str | None = None
    from_version: str | None = None
    download_bytes: int | None = None
    """0 where it is in the cache; None where that is not known."""
    installed_bytes: int | None = None
    link_script: bool = False
    """It wants to run a script of its own while it is linked, which the engine does not do."""


class EnvironmentPlan(Wire, frozen=True):
    """What creating or changing comes to, before anything is done."""

    operation_id: str
    prefix: str
    engine: Engine
    packages: list[PlannedPackage]
    pip: list[str]
    download_bytes: int | None
    install_bytes: int | None
    available_bytes: int | None
    """On the disk where it goes."""
    fits: bool
    reason: str | None = None
    """Why it does not fit."""
    seconds: float | None = None
    """How long it takes, going by earlier work on this machine; None where there is none that tells
    it, or pip is to install something."""
    warnings: list[str] = field(default_factory=list)


# --- kernels ----------------------------------------------------------------------------------


class KernelCheck(Wire, frozen=True):
    """What came of starting a kernel and running ``1+1`` in it."""

    ok: bool
    checked_at: datetime
    message: str
    interpreter: str | None = None
    version: str | None = None
    start_seconds: float | None = None
    execute_seconds: float | None = None


class Kernel(Wire, frozen=True):
    """One kernelspec."""

    name: str
    display_name: str
    language: str
    scope: KernelScope
    resource_folder: str
    argv: list[str]
    env: dict[str, str] = field(default_factory=dict)
    environment_id: str | None = None
    prefix: str | None = None
    """Of the environment it belongs to, which may be gone."""
    state: Literal["ok", "stale"] = "ok"
    """``stale``: what it starts is not there any more."""
    problem: str | None = None
    removable: bool = True
    is_ours: bool = False
    """Whether it was registered here, with a launcher that activates its environment."""
    check: KernelCheck | None = None
    """The newest check in this server, None without one."""


class KernelList(Wire, frozen=True):
    """All kernelspecs that Jupyter finds."""

    items: list[Kernel]


class RegisterKernel(Wire, frozen=True):
    """Make a kernel of an environment. ipykernel or IRkernel is added where it is missing."""

    environment_id: str
    kernel: KernelRequest


class RenameKernel(Wire, frozen=True):
    """Another name for people. The kernelspec keeps its own."""

    display_name: Annotated[str, Meta(min_length=1, max_length=200)]
