"""The protocol of what makes environments, as the worker process calls it.

An engine knows nothing of operations, kernels or pip. It works in the worker, which is a process of
its own: it may take its time, print, and die. Whatever is called ends when its task is cancelled,
with nothing of its children left; what was half made is removed by the worker.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct, field

from ..models import EngineName, EnvironmentPhase, PlannedPackage

ChannelPriority = Literal["strict", "flexible", "disabled"]
"""``strict``: a package comes from the first channel that has it; ``flexible``: unless nothing fits
together then. Source: "Managing channels", conda documentation."""


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """What an engine is asked for. Paths are absolute."""

    prefix: str
    channels: list[str]
    """Addresses or names, in their order; they may hold tokens and are never told to anybody."""
    mirrors: dict[str, list[str]] = field(default_factory=dict)
    """By the address of a channel, where else it is, best first. A real Conda looks them up."""
    channel_priority: ChannelPriority = "flexible"
    pinned: list[str] = field(default_factory=list)
    """What holds for a package wherever it is installed, though nobody asks for it now."""
    specs: list[str] = field(default_factory=list)
    """Of a new environment, or to install into one."""
    update: list[str] = field(default_factory=list)
    update_all: bool = False
    remove: list[str] = field(default_factory=list)
    explicit: list[str] = field(default_factory=list)
    """Instead of specs: addresses of packages with ``#`` and a checksum, nothing is solved."""
    clone_from: str | None = None
    """Instead of specs: the prefix to copy."""


class Solution(Struct, frozen=True):
    """What would be done, worked out before anything is."""

    packages: list[PlannedPackage]
    warnings: list[str] = field(default_factory=list)


class Report(Protocol):
    """Where an engine tells how far it is. May be called from any thread."""

    def phase(self, phase: EnvironmentPhase, message: str) -> None:
        """Another phase has begun."""

    def progress(self, item: str | None, done: int | None, total: int | None) -> None:
        """How much of the phase is done: bytes of a download, else packages; ``item`` is one."""

    def log(self, data: bytes) -> None:
        """Add to the log of the operation, as it was printed."""


class EnvironmentEngine(Protocol):
    """One way to make environments. All raise errors of ``errors/environments.py``."""

    name: EngineName
    checks_room: bool
    """Whether ``create`` and ``change`` themselves see that the disk can take it."""

    async def plan(self, wanted: Wanted, report: Report, *, new: bool) -> Solution:
        """Work out what ``create`` (``new``) or ``change`` would do. Nothing is changed."""
        ...

    async def create(self, wanted: Wanted, report: Report) -> None:
        """Make the environment. The prefix is there, with the mark of ``unfinished.py`` only."""
        ...

    async def change(self, wanted: Wanted, report: Report) -> None:
        """Install, update and remove packages. How it was is kept, for ``restore``."""
        ...

    async def remove(self, prefix: Path, report: Report) -> None:
        """Remove the environment and whatever is registered of it."""
        ...

    @property
    def can_restore(self) -> bool:
        """Whether a change has begun that is not known to be done."""
        ...

    async def restore(self, wanted: Wanted, report: Report) -> None:
        """Put back what was there before a change that was broken off."""
        ...

    def forget_before(self) -> None:
        """Forget how an environment was: the change is done."""
        ...

    async def sweep_cache(self) -> None:
        """Remove what was begun to download or unpack and not finished."""
        ...
