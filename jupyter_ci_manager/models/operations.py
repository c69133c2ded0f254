"""Long-running work of any kind."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from .base import ErrorBody, Wire

OperationKind = Literal[
    "instance.create",
    "instance.start",
    "instance.stop",
    "instance.restart",
    "instance.delete",
    "disk.scan",
    "disk.cleanup",
]
OperationState = Literal["queued", "running", "succeeded", "failed", "cancelled", "lost"]
ACTIVE_OPERATION_STATES: frozenset[str] = frozenset({"queued", "running"})


class OperationStep(Wire, frozen=True):
    """One line of an operation's history, as ``show_output`` prints it."""

    time: datetime
    message: str


class Operation(Wire, frozen=True):
    """Any long-running work, whoever does it."""

    id: str
    kind: OperationKind
    target: str
    """Name of the instance it works on; the folder, where it works on this machine's disk."""
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
