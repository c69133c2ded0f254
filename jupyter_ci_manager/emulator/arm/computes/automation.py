"""What stops and starts instances by itself: schedules and idle shutdown. Knows no HTTP.

``OperationTrigger`` of Azure/azure-rest-api-specs says who did it. Both go by the time that a
person's watch shows (docs/decisions/0015). What keeps an instance from being idle: "Configure
idle shutdown" in "Create a compute instance" (learn.microsoft.com): open kernels and terminals,
runs, custom applications. On a full disk a stop fails and nothing says so, as people report:
microsoft/vscode-tools-for-ai#2605.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from jupyter_ci_manager.emulator.arm.errors import ArmError
from jupyter_ci_manager.emulator.clock import Timeline

from .instance import ComputeInstance
from .lifecycle import START, STOP, Action
from .request import StartStopSchedule
from .rules import duration_of
from .triggers import Trigger, trigger_of

Act = Callable[[ComputeInstance, Action, str], object]
"""Begins an action for a trigger; raises ArmError where that is refused."""

_ACTIONS = {"Start": START, "Stop": STOP}


class Automation:
    """Keeps the appointments of instances.

    ``in_use`` says whether somebody works on an instance, by the Jupyter server that is there.
    """

    def __init__(self, timeline: Timeline, act: Act) -> None:
        self._timeline = timeline
        self._act = act
        self.in_use: Callable[[ComputeInstance], bool] = lambda _: False

    def follow(self, instance: ComputeInstance) -> None:
        """Make the appointments that an instance's settings ask for, instead of earlier ones."""
        self.forget(instance)
        number, now = instance.appointments, self._timeline.now()
        since = instance.schedules_since or now
        for document in instance.schedules:
            schedule = msgspec.convert(document, StartStopSchedule)
            if schedule.status != "Disabled":
                self._arrange(instance, number, schedule, trigger_of(schedule, since), now)
        if instance.requested.idle_time_before_shutdown is not None:
            self._watch(instance, number, now)

    def forget(self, instance: ComputeInstance) -> None:
        """Cancel all appointments of an instance."""
        instance.appointments += 1

    def _arrange(
        self,
        instance: ComputeInstance,
        number: int,
        schedule: StartStopSchedule,
        trigger: Trigger,
        after: datetime,
    ) -> None:
        moment = trigger.next_after(after)
        if moment is None:
            return

        def fire(at: datetime) -> None:
            if instance.appointments == number:
                self._try(instance, _ACTIONS[schedule.action or "Stop"], "Schedule")
                self._arrange(instance, number, schedule, trigger, at)

        self._timeline.at(moment, fire)

    def _watch(self, instance: ComputeInstance, number: int, now: datetime) -> None:
        """Look again when the instance may have been idle for its time."""
        limit = duration_of(instance.requested.idle_time_before_shutdown or "")
        if limit is None:
            return

        def look(at: datetime) -> None:
            if instance.appointments != number:
                return
            if self._is_busy(instance):
                instance.active_at = at
            elif instance.state == "Running" and at - instance.active_at >= limit:
                self._try(instance, STOP, "IdleShutdown")
            self._watch(instance, number, at)

        due = instance.active_at + limit
        self._timeline.at(due if due > now else now + limit, look)

    def _is_busy(self, instance: ComputeInstance) -> bool:
        return bool(
            instance.state == "JobRunning"
            or instance.requested.custom_services
            or self.in_use(instance)
        )

    def _try(self, instance: ComputeInstance, action: Action, trigger: str) -> None:
        """Do it where the instance's state allows it; who wonders finds no error anywhere."""
        try:
            self._act(instance, action, trigger)
        except ArmError:
            return
