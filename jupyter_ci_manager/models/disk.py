r"""The disks of the machine that the Jupyter server runs on: figures, contents, cleaning up.

Sizes are bytes. A path may hold any bytes: ``uri`` is its ``file:`` URI, exact, and ``name`` is for
people, with what cannot be shown as an escape such as ``\x0a``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from .base import ErrorBody, Wire

FilesystemRole = Literal["os", "temporary", "share", "home"]
"""What the machine uses a file system for: ``/``, ``/mnt``, the notebook share, the home folder."""

DiskLevel = Literal["ok", "warn", "critical", "unknown"]

Machine = Literal["compute_instance", "container", "other"]

FileUri = Annotated[str, Meta(max_length=16384, pattern="^file:///")]


# --- figures ----------------------------------------------------------------------------------


class Filesystem(Wire, frozen=True):
    """A mounted file system and how full it is, as ``statvfs`` says."""

    mount_point: str
    roles: list[FilesystemRole]
    device: str
    type: str
    """As the mount table names it, such as ``ext4``, ``overlay`` or ``cifs``."""
    level: DiskLevel
    read_only: bool = False
    total_bytes: int | None = None
    """None, as all figures, where the file system did not answer: ``error`` says so."""
    used_bytes: int | None = None
    available_bytes: int | None = None
    """What this user can still write, which is less than what is free where root has a reserve."""
    total_inodes: int | None = None
    """None where the file system has no fixed number of them."""
    available_inodes: int | None = None
    warn_below_bytes: int | None = None
    """Less available than this is ``warn``; None where nothing is promised of the file system."""
    critical_below_bytes: int | None = None
    """Less available than this is ``critical``."""
    hold_back_below_bytes: int | None = None
    """Less available than this holds a stop or restart of this machine back."""
    growth_bytes_per_day: float | None = None
    """Negative where it becomes emptier; None until it has been watched long enough."""
    full_in_seconds: float | None = None
    """When nothing is left at that rate; None where it does not grow."""
    reason: str | None = None
    """Why the level is not ``ok``, in words for a person."""
    error: str | None = None


class DiskStatus(Wire, frozen=True):
    """The disks of the machine that the Jupyter server runs on."""

    machine: Machine
    instance: str | None
    """Name of the compute instance that this machine is, if it is one."""
    level: DiskLevel
    """The worst of the file systems that hold a stop or restart back."""
    filesystems: list[Filesystem]
    """The OS disk first."""
    standard_os_disk: bool
    """Whether the OS disk is about as large as the 120 GB of a compute instance."""
    measured_at: datetime
    at_risk: list[str] = field(default_factory=list)
    """What a full disk would make fail, in words for a person, such as an idle shutdown."""


# --- what fills it ----------------------------------------------------------------------------

ConsumerKind = Literal[
    "conda_packages",
    "conda_environment",
    "pip_cache",
    "huggingface_cache",
    "torch_cache",
    "docker",
    "trash",
    "checkpoints",
    "logs",
    "core_dump",
    "temporary_files",
]
"""Who is known to fill disks."""


class ScanNode(Wire, frozen=True):
    """A folder or file with all that is in it.

    Sizes are blocks on disk; a file with several hard links counts once.
    """

    name: str
    uri: str | None
    """None for ``rest``."""
    kind: Literal["directory", "file", "rest"]
    """``rest`` stands for all that is too small to be shown one by one."""
    bytes: int
    files: int
    directories: int
    modified_at: datetime | None
    """Of the newest file in it."""
    consumer: ConsumerKind | None = None
    children: list[ScanNode] = field(default_factory=list)
    """Largest first; ``rest`` is last."""


class Consumer(Wire, frozen=True):
    """One known consumer of space that the scan came across."""

    kind: ConsumerKind
    name: str
    """For people: the name of an environment, else the path."""
    uri: str
    bytes: int
    """Without what other consumers inside it have."""
    files: int
    modified_at: datetime | None
    shared_bytes: int = 0
    """Of files that also have a hard link elsewhere and are counted there.

    Those that an environment shares with the Conda package cache count in the cache.
    """


class ScanResult(Wire, frozen=True):
    """What was on a disk when it was scanned."""

    root_uri: str
    tree: ScanNode
    consumers: list[Consumer]
    """Largest first."""
    bytes: int
    """As ``du -x`` counts."""
    files: int
    directories: int
    unreadable: list[str]
    """Folders that could not be read, for people; the first hundred."""
    unreadable_count: int
    skipped_mounts: list[str]
    """Where other file systems are mounted: they were not entered."""
    vanished: int
    """Entries that disappeared while they were counted."""
    started_at: datetime
    ended_at: datetime
    revisited_directories: int
    """How many folders were read anew; the others had not changed since the scan before."""
    bytes_before: int | None = None
    """The total of the scan before, of the same root."""
    before_at: datetime | None = None


class ScanStatus(Wire, frozen=True):
    """The newest scan and the one under way."""

    operation_id: str | None
    """Of the scan under way."""
    result: ScanResult | None
    changes: list[ScanChange]
    """The folders that changed most between the scan before and this one, largest change first."""


class ScanChange(Wire, frozen=True):
    """How much a folder grew or shrank between two scans."""

    name: str
    uri: str
    bytes_before: int
    bytes: int


class StartScan(Wire, frozen=True):
    """Body of ``POST disk/scan``."""

    root: Annotated[str, Meta(min_length=1, max_length=4096)] | None = None
    """Absolute path of a folder; None is the OS disk."""
    anew: bool = False
    """Read every folder again instead of those that changed."""


# --- cleaning up ------------------------------------------------------------------------------

CleanupKind = Literal[
    "conda_clean",
    "embedded_packages",
    "pip_cache_purge",
    "docker_prune",
    "empty_trash",
    "move_to_trash",
]


class CleanupStep(Wire, frozen=True):
    """One thing that can be removed, by its owner's own tool."""

    id: str
    kind: CleanupKind
    title: str
    why_safe: str
    """What is lost, and how it comes back."""
    command: list[str]
    """The exact command that runs, as its arguments; what we do ourselves, in words."""
    bytes: int | None
    """What it would free; None where only running it tells.

    Of ``move_to_trash`` what is moved. It is free when the trash is emptied, and the step that does
    so does not count it again.
    """
    available: bool = True
    reason: str | None = None
    """Why it is not available."""


class CleanupPlan(Wire, frozen=True):
    """What could be removed now. Nothing but the steps of a plan is ever carried out."""

    id: str
    steps: list[CleanupStep]
    """Largest first."""
    made_at: datetime
    expires_at: datetime


class PlanCleanup(Wire, frozen=True):
    """Body of ``POST disk/cleanup/plan``."""

    trash: Annotated[list[FileUri], Meta(max_length=1000)] = field(default_factory=list)
    """Files and folders to move to the trash; none means: what known tools can clean."""


class RunCleanup(Wire, frozen=True):
    """Body of ``POST disk/cleanup``."""

    plan_id: Annotated[str, Meta(min_length=1, max_length=64)]
    steps: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(min_length=1, max_length=1000)]
    """Ids of the steps to carry out, in the order of the plan."""
    dry_run: bool = False
    """Say what would be done, and do nothing."""


class CleanupStepResult(Wire, frozen=True):
    """How one step ended."""

    id: str
    title: str
    state: Literal["succeeded", "failed", "skipped", "cancelled"]
    """``skipped``: what the plan named is not what is there now, or it was a dry run."""
    bytes_freed: int
    """By how much more is available than before the step."""
    message: str
    error: ErrorBody | None = None


class CleanupReport(Wire, frozen=True):
    """How the steps of a cleanup ended, as far as it has come."""

    operation_id: str
    dry_run: bool
    results: list[CleanupStepResult]
    bytes_freed: int


class CleanupStatus(Wire, frozen=True):
    """The newest cleanup of this server."""

    report: CleanupReport | None
