"""Cleaning up a disk: a plan first, then only what the plan says, as one operation.

It keeps plans and decides what may run. It must not know what the steps do.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import json

from ..errors import PlanExpired, UnknownStep
from ..models import CleanupPlan, CleanupStatus, Operation, PlanCleanup, RunCleanup
from ..operation_handle import OperationHandle, WorkLost
from ..operations import OperationRegistry
from .surroundings import Surroundings

if TYPE_CHECKING:
    from .cleanup_plan import Planner
    from .cleanup_run import CleanupRun
    from .cleanup_step import Step

PLAN_SECONDS = 900.0
KEPT_PLANS = 8
TARGET = "disk"
"""One cleanup of a machine at a time. No path: a scan may run meanwhile, of whatever folder."""


@dataclass(frozen=True)
class _Plan:
    steps: dict[str, Step]
    expires: float


class CleanupService:
    """Makes plans and carries out chosen steps of them.

    ``clock`` is monotonic seconds.
    """

    def __init__(
        self,
        operations: OperationRegistry,
        surroundings: Surroundings,
        *,
        now: Callable[[], datetime],
        log: logging.Logger,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._operations = operations
        self._surroundings = surroundings
        self._now = now
        self._clock = clock
        self._log = log
        self._plans: dict[str, _Plan] = {}
        self._jobs: dict[str, CleanupRun] = {}
        self._newest: CleanupRun | None = None
        operations.perform_with(["disk.cleanup"], self._perform, cancellable=True)

    @cached_property
    def _planner(self) -> Planner:
        # Imported when somebody cleans up: the start of every server would pay for it.
        from .cleanup_plan import Planner

        return Planner(self._surroundings, now=self._now, log=self._log)

    async def plan(self, request: PlanCleanup) -> CleanupPlan:
        """What could be removed now. Raises InvalidPath or ProtectedPath."""
        if request.trash:
            steps = await self._planner.trash(request.trash)
        else:
            steps = await self._planner.tools()
        self._forget_old_plans()
        plan_id = secrets.token_hex(8)
        by_id = {step.wire.id: step for step in steps}
        self._plans[plan_id] = _Plan(by_id, self._clock() + PLAN_SECONDS)
        made = self._now()
        return CleanupPlan(
            id=plan_id,
            steps=[step.wire for step in steps],
            made_at=made,
            expires_at=made + timedelta(seconds=PLAN_SECONDS),
        )

    async def run(self, request: RunCleanup) -> Operation:
        """Carry out steps of a plan. Raises PlanExpired, UnknownStep or OperationInProgress."""
        from .cleanup_run import CleanupRun

        plan = self._plans.get(request.plan_id)
        if plan is None or plan.expires <= self._clock():
            raise PlanExpired("That plan is too old, or was made by a server that has ended.")
        for step_id in request.steps:
            step = plan.steps.get(step_id)
            if step is None:
                raise UnknownStep(f"The plan has no step {step_id!r}.")
            if not step.wire.available:
                raise UnknownStep(f"“{step.wire.title}” is not possible. {step.wire.reason}")
        wanted = set(request.steps)
        job = secrets.token_hex(8)
        run = CleanupRun(
            [step for step_id, step in plan.steps.items() if step_id in wanted],
            dry_run=request.dry_run,
        )
        self._jobs[job] = run
        try:
            return await self._operations.start(
                "disk.cleanup",
                TARGET,
                "",
                "Trying a cleanup" if request.dry_run else "Cleaning up",
                run.checkpoint(job).encoded(),
            )
        except BaseException:
            del self._jobs[job]
            raise

    async def status(self) -> CleanupStatus:
        """How the newest cleanup went."""
        return CleanupStatus(self._newest.report if self._newest is not None else None)

    async def close(self) -> None:
        """Forget the plans; a cleanup under way has been ended with the operations."""
        self._plans.clear()

    async def _perform(self, handle: OperationHandle) -> str:
        from .cleanup_run import Checkpoint

        checkpoint = json.decode(handle.checkpoint, type=Checkpoint)
        run = self._jobs.pop(checkpoint.job, None)
        if handle.resumed or run is None:
            raise WorkLost(checkpoint.told())
        self._newest = run
        return await run.carry_out(handle, self._log)

    def _forget_old_plans(self) -> None:
        now = self._clock()
        fresh = {key: plan for key, plan in self._plans.items() if plan.expires > now}
        # Made newest last: the oldest make room for the one to come.
        self._plans = dict(list(fresh.items())[-(KEPT_PLANS - 1) :])
