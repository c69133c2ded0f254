"""How the state of a compute instance changes with time. Knows no HTTP and no names or quotas.

States: ``ComputeInstanceState`` of Azure/azure-rest-api-specs. Which state allows which action is
documented only for start (microsoft/vscode-tools-for-ai#2096); for the others see ``ACTIONS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ...clock import Timeline
from ..errors import ArmError, ComputeConflict, WrongState
from ..operations.state import Operation, Operations
from .instance import ComputeInstance, LastOperation


@dataclass(frozen=True)
class Durations:
    """Seconds of work.

    Recorded by Azure/azure-powershell (2024-07-24): create 127 s without a script, stop 60-90 s,
    restart about 150 s. People report three to five minutes for a create; delete, start, resize
    and setup scripts: [assumed].
    """

    create: float = 210
    setup: float = 60
    start: float = 90
    stop: float = 75
    restart: float = 140
    delete: float = 60
    resize: float = 120


@dataclass(frozen=True)
class Action:
    """Something a person can have done to an instance that exists."""

    operation: str
    allowed: frozenset[str]
    through: str
    then: str
    code: str
    phrase: str


_UP = frozenset({"Running", "JobRunning", "SetupFailed", "UserSetupFailed", "Unusable", "Unknown"})

START = Action(
    "Start",
    frozenset({"Stopped"}),
    "Starting",
    "Running",
    "StartComputeInstanceOnlyAllowedInStoppedState",
    "Start Azure ML Compute Instance is only allowed when the instance {name} is in 'stopped' "
    "state",
)
STOP = Action(
    "Stop",
    _UP,
    "Stopping",
    "Stopped",
    "StopComputeInstanceOnlyAllowedInRunningState",
    "Stop Azure ML Compute Instance is only allowed when the instance {name} is in 'running' "
    "state",
)
RESTART = Action(
    "Restart",
    _UP,
    "Restarting",
    "Running",
    "RestartComputeInstanceOnlyAllowedInRunningState",
    "Restart Azure ML Compute Instance is only allowed when the instance {name} is in 'running' "
    "state",
)
RESIZE = Action(
    "Resize",
    frozenset({"Stopped"}),
    "Resizing",
    "Stopped",
    "ResizeComputeInstanceOnlyAllowedInStoppedState",
    "Resize Azure ML Compute Instance is only allowed when the instance {name} is in 'stopped' "
    "state",
)


PROVISIONING_STATES = {
    "Creating": "Creating",
    "SettingUp": "Creating",
    "UserSettingUp": "Creating",
    "CreateFailed": "Failed",
    "SetupFailed": "Failed",
    "UserSetupFailed": "Failed",
    "Deleting": "Deleting",
}
"""``provisioningState`` for each state; Succeeded for those not named. [assumed]"""


class Lifecycle:
    """Moves instances through their states on a timeline and keeps their operations."""

    def __init__(
        self, timeline: Timeline, operations: Operations, durations: Durations | None = None
    ) -> None:
        self._timeline = timeline
        self._operations = operations
        self.durations = durations or Durations()

    def create(self, instance: ComputeInstance) -> Operation:
        """From Creating, through SettingUp when there is a script, to Running."""
        operation = self._operations.begin("Create", instance.id)
        work = instance.begin_work()

        def created(at: datetime) -> None:
            if instance.work != work:
                return operation.fail(at, _superseded(instance))
            if instance.requested.setup_scripts is None:
                return self._settle(instance, operation, "Running", at)
            instance.state = "SettingUp"
            instance.touch(at)
            self._timeline.after(self.durations.setup, set_up)

        def set_up(at: datetime) -> None:
            if instance.work != work:
                return operation.fail(at, _superseded(instance))
            self._settle(instance, operation, "Running", at)

        self._timeline.after(self.durations.create, created)
        return operation

    def act(self, instance: ComputeInstance, action: Action) -> Operation:
        """Begin ``action``; raises WrongState when the state does not allow it."""
        if instance.state not in action.allowed:
            raise WrongState(action.phrase.format(name=instance.name), code=action.code)
        operation = self._operations.begin(action.operation, instance.id)
        work = self._enter(instance, action.operation, action.through)
        seconds = {
            "Start": self.durations.start,
            "Stop": self.durations.stop,
            "Restart": self.durations.restart,
            "Resize": self.durations.resize,
        }[action.operation]

        def finished(at: datetime) -> None:
            if instance.work != work:
                return operation.fail(at, _superseded(instance))
            self._settle(instance, operation, action.then, at)

        self._timeline.after(seconds, finished)
        return operation

    def delete(self, instance: ComputeInstance, gone: Callable[[], None]) -> Operation:
        """Begin to delete; ``gone`` is called at the end. Raises ComputeConflict."""
        if instance.state == "Deleting":
            raise ComputeConflict(f"Compute {instance.name} is already being deleted.")
        operation = self._operations.begin("Delete", instance.id)
        self._enter(instance, "Delete", "Deleting")
        instance.provisioning_state = "Deleting"

        def deleted(at: datetime) -> None:
            gone()
            operation.succeed(at)

        self._timeline.after(self.durations.delete, deleted)
        return operation

    def force(self, instance: ComputeInstance, state: str) -> None:
        """Put an instance into ``state`` as if by an act of fate: what it was doing fails."""
        instance.begin_work()
        instance.state = state
        instance.provisioning_state = PROVISIONING_STATES.get(state, "Succeeded")
        instance.touch(self._timeline.clock.now())

    def _enter(self, instance: ComputeInstance, operation: str, state: str) -> int:
        now = self._timeline.clock.now()
        instance.state = state
        instance.last_operation = LastOperation(operation, now)
        instance.touch(now)
        return instance.begin_work()

    def _settle(
        self, instance: ComputeInstance, operation: Operation, state: str, at: datetime
    ) -> None:
        instance.state = state
        instance.provisioning_state = "Succeeded"
        instance.last_operation.status = "Succeeded"
        instance.touch(at)
        operation.succeed(at)


def _superseded(instance: ComputeInstance) -> ArmError:
    return ComputeConflict(
        f"The operation on compute {instance.name} was superseded: it is now {instance.state}."
    )
