"""Long-running work of any kind."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from .base import ErrorBody, Wire
from .environments import EnvironmentPhase

OperationKind = Literal[
    "instance.create",
    "instance.start",
    "instance.stop",
    "instance.restart",
    "instance.delete",
    "instance.resize",
    "script.dry_run",
    "disk.scan",
    "disk.cleanup",
    "environment.plan",
    "environment.create",
    "environment.change",
    "environment.remove",
    "kernel.register",
    "kernel.check",
]
OperationState = Literal["queued", "running", "succeeded", "failed", "cancelled", "lost"]
ACTIVE_OPERATION_STATES: frozenset[str] = frozenset({"queued", "running"})


class OperationStep(Wire, frozen=True):
    """One line of an operation's history, as ``show_output`` prints it."""

    time: datetime
    message: str


class WorkProgress(Wire, frozen=True):
    """Where work on an environment is, closer than one fraction can say."""

    phase: EnvironmentPhase
    phases: list[EnvironmentPhase]
    """All that this work goes through, in their order."""
    item: str | None = None
    """What it is about, such as a package."""
    bytes_done: int | None = None
    bytes_total: int | None = None
    """Of the phase; None where nobody knows."""


class Operation(Wire, frozen=True):
    """Any long-running work, whoever does it."""

    id: str
    kind: OperationKind
    target: str
    """Name of the instance it works on; on this machine, the folder, environment or kernel."""
    workspace_id: str
    """Empty where it works on this machine."""
    state: OperationState
    message: str
    created_at: datetime
    progress: Annotated[float, Meta(ge=0, le=1)] | None = None
    error: ErrorBody | None = None
    cancellable: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    detail: WorkProgress | None = None
    """Only of work on environments, while it is under way."""
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
