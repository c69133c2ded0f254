"""Long-running operations as Azure keeps them. Knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from jupyter_ci_manager.emulator.arm.errors import ArmError
from jupyter_ci_manager.emulator.arm.provider_errors import OperationNotFound


@dataclass
class Operation:
    """One long-running operation: InProgress, then Succeeded or Failed.

    With ``destined_error`` it will fail with that when its time has come.
    """

    id: str
    kind: str
    target: str
    started: datetime
    status: str = "InProgress"
    ended: datetime | None = None
    error: ArmError | None = None
    destined_error: ArmError | None = None

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self.status != "InProgress"

    def succeed(self, at: datetime) -> None:
        """End well."""
        self.status, self.ended = "Succeeded", at

    def fail(self, at: datetime, error: ArmError) -> None:
        """End with ``error``."""
        self.status, self.ended, self.error = "Failed", at, error

    def document(self) -> dict[str, Any]:
        """The status document.

        The recorded service sends ``{"status": "InProgress"}`` and then ``{"status":
        "Succeeded", "percentComplete": 100.0}`` (Azure/azure-powershell
        MachineLearningServices.Autorest/test/Stop-AzMLWorkspaceCompute.Recording.json,
        api-version 2024-04-01); a failure adds ``error`` ("Track asynchronous Azure
        operations", learn.microsoft.com).
        """
        document: dict[str, Any] = {"status": self.status}
        if self.done:
            document["percentComplete"] = 100.0
        if self.error is not None:
            document["error"] = self.error.document()
        return document


class Operations:
    """Every operation of a subscription by its id."""

    def __init__(self, now: Callable[[], datetime], new_id: Callable[[], UUID]) -> None:
        self._now = now
        self._new_id = new_id
        self._operations: dict[str, Operation] = {}

    def begin(self, kind: str, target: str) -> Operation:
        """A new operation, in progress."""
        operation = Operation(str(self._new_id()), kind, target, self._now())
        self._operations[operation.id] = operation
        return operation

    def get(self, operation_id: str) -> Operation:
        """Raises OperationNotFound."""
        operation = self._operations.get(operation_id.lower())
        if operation is None:
            raise OperationNotFound(operation_id)
        return operation

    def all(self) -> list[Operation]:
        """Every operation, oldest first."""
        return list(self._operations.values())
