"""Cleaning up a disk: a plan first, then only what the plan says, as one operation."""

from __future__ import annotations

from ..models import CleanupPlan, CleanupStatus, Operation, PlanCleanup, RunCleanup
from ..operations import OperationRegistry


class CleanupService:
    """Makes plans and carries out chosen steps of them."""

    def __init__(self, operations: OperationRegistry) -> None:
        self._operations = operations

    async def plan(self, request: PlanCleanup) -> CleanupPlan:
        """What could be removed now. Raises InvalidPath or ProtectedPath."""
        raise NotImplementedError

    async def run(self, request: RunCleanup) -> Operation:
        """Carry out steps of a plan. Raises PlanExpired, UnknownStep or OperationInProgress."""
        raise NotImplementedError

    async def status(self) -> CleanupStatus:
        """How the newest cleanup went."""
        raise NotImplementedError

    async def close(self) -> None:
        """End a cleanup under way."""
