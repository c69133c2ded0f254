"""How the state of a compute instance changes with time. Knows no HTTP, no names, no quotas.

States: ``ComputeInstanceState`` of Azure/azure-rest-api-specs. Which state allows which action is
documented only for start (microsoft/vscode-tools-for-ai#2096); the others: [assumed].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jupyter_ci_manager.emulator.arm.computes.instance import ComputeInstance, LastOperation
from jupyter_ci_manager.emulator.arm.computes.request import ScriptReference
from jupyter_ci_manager.emulator.arm.computes.scripts import (
    Phase,
    ScriptRun,
    ScriptRunner,
    creation_scripts,
    startup_scripts,
)
from jupyter_ci_manager.emulator.arm.errors import ArmError
from jupyter_ci_manager.emulator.arm.operations.state import Operation, Operations
from jupyter_ci_manager.emulator.arm.provider_errors import (
    ComputeConflict,
    DiskFull,
    DoesNotBoot,
    FailedBelow,
    WrongState,
)
from jupyter_ci_manager.emulator.clock import Timeline


@dataclass(frozen=True)
class Durations:
    """Seconds of work.

    Recorded by Azure/azure-powershell (2024-07-24): create 127 s without a script, stop 60 to
    90 s, restart about 150 s; Azure/azure-sdk-for-go#18017: 254 s for a create whose script fails.
    People report three to five minutes for a create. Start, delete, resize, script: [assumed].
    """

    create: float = 210
    script: float = 60
    """A setup script that is only pretended to run."""
    start: float = 90
    stop: float = 75
    restart: float = 140
    delete: float = 60
    resize: float = 120


@dataclass(frozen=True)
class Action:
    """Something a person can have done to an instance that exists.

    ``back_to`` is the state after a failure; None for the one it was in. [assumed]
    """

    operation: str
    allowed: frozenset[str]
    through: str
    then: str
    back_to: str | None

    @property
    def refusal(self) -> WrongState:
        """The error for an instance in another state, without its name."""
        needed = "Stopped" if "Stopped" in self.allowed else "Running"
        return WrongState(
            f"{self.operation} Azure ML Compute Instance is only allowed when the instance "
            f"{{name}} is in '{needed.lower()}' state",
            code=f"{self.operation}ComputeInstanceOnlyAllowedIn{needed}State",
        )


_STOPPED = frozenset({"Stopped"})
_UP = frozenset({"Running", "JobRunning", "SetupFailed", "UserSetupFailed", "Unusable", "Unknown"})

START = Action("Start", _STOPPED, "Starting", "Running", back_to="Stopped")
STOP = Action("Stop", _UP, "Stopping", "Stopped", back_to=None)
RESTART = Action("Restart", _UP, "Restarting", "Running", back_to="Unusable")
RESIZE = Action("Resize", _STOPPED, "Resizing", "Stopped", back_to="Stopped")

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
    """Moves instances through their states on a timeline and keeps their operations.

    ``scripts`` runs their setup scripts.
    """

    def __init__(
        self, timeline: Timeline, operations: Operations, durations: Durations | None = None
    ) -> None:
        self.timeline = timeline
        self._operations = operations
        self.durations = durations or Durations()
        self.scripts: ScriptRunner | None = None

    def create(self, instance: ComputeInstance) -> Operation:
        """From Creating, through SettingUp when there are scripts, to Running or SetupFailed."""
        operation = self._operations.begin("Create", instance.id)
        work = instance.begin_work()

        def created(at: datetime) -> None:
            if self._failed(instance, work, operation, "CreateFailed", at):
                return
            found = creation_scripts(instance.requested)
            if found:
                instance.state = "SettingUp"
                instance.touch(at)
            self._set_up(instance, work, operation, found, at)

        self.timeline.after(self.durations.create, created)
        return operation

    def act(
        self,
        instance: ComputeInstance,
        action: Action,
        done: Callable[[], None] = lambda: None,
        trigger: str = "User",
    ) -> Operation:
        """Begin ``action``, which ``trigger`` asked for; ``done`` is called when it succeeds.

        Raises WrongState when the state does not allow it, and DiskFull for a stop. That a restart
        is taken and fails instead: MicrosoftDocs/azure-docs#117352. What comes up runs its startup
        script before it is Running; that it is SetupFailed when that fails: [assumed].
        """
        if instance.state not in action.allowed:
            refusal = action.refusal
            raise WrongState(refusal.message.format(name=instance.name), code=refusal.error_code)
        if action is STOP and instance.disks.is_full:
            raise DiskFull
        operation = self._operations.begin(action.operation, instance.id)
        if _never_comes_up(instance, action):
            operation.destined_error = DoesNotBoot(instance.name)
        before = instance.state
        work = self._enter(instance, action.operation, action.through, trigger)

        def finished(at: datetime) -> None:
            if self._failed(instance, work, operation, action.back_to or before, at):
                return
            done()
            if action.then == "Running":
                self._set_up(instance, work, operation, startup_scripts(instance.requested), at)
            else:
                self._settle(instance, operation, action.then, at)

        self.timeline.after(getattr(self.durations, action.operation.lower()), finished)
        return operation

    def delete(self, instance: ComputeInstance, gone: Callable[[], None]) -> Operation:
        """Begin to delete; ``gone`` is called at the end. Raises ComputeConflict."""
        if instance.state == "Deleting":
            raise ComputeConflict(f"Compute {instance.name} is already being deleted.")
        operation = self._operations.begin("Delete", instance.id)
        before = instance.state
        work = self._enter(instance, "Delete", "Deleting")

        def deleted(at: datetime) -> None:
            if not self._failed(instance, work, operation, before, at):
                gone()
                operation.succeed(at)

        self.timeline.after(self.durations.delete, deleted)
        return operation

    def force(self, instance: ComputeInstance, state: str) -> None:
        """Put an instance into ``state`` as by an act of fate: what it was doing fails."""
        now = self.timeline.now()
        _set_state(instance, state, now)
        instance.touch(now)
        self._begin_work(instance)

    def _set_up(
        self,
        instance: ComputeInstance,
        work: int,
        operation: Operation,
        scripts: list[tuple[Phase, ScriptReference]],
        at: datetime,
    ) -> None:
        """Run scripts one after the other until one fails, then settle."""
        if not scripts or self.scripts is None:
            if not self._failed(instance, work, operation, "SetupFailed", at):
                self._settle(instance, operation, "Running", at)
            return
        (phase, script), *rest = scripts
        parts = instance.id.split("/")

        def ended(failure: str | None, at: datetime) -> None:
            if failure is not None and operation.destined_error is None:
                operation.destined_error = _script_error(instance, operation, failure, at)
            following = [] if operation.destined_error or instance.work != work else rest
            self._set_up(instance, work, operation, following, at)

        run = ScriptRun(
            instance=instance.name,
            workspace=parts[parts.index("workspaces") + 1],
            resource_group=parts[parts.index("resourceGroups") + 1],
            phase=phase,
            script=script,
        )
        self.scripts.begin(run, at, ended)

    def _begin_work(self, instance: ComputeInstance) -> int:
        """Number new work: what was under way is superseded, and its script ended."""
        work = instance.begin_work()
        if self.scripts is not None:
            self.scripts.end(instance.name)
        return work

    def _enter(
        self, instance: ComputeInstance, operation: str, state: str, trigger: str = "User"
    ) -> int:
        now = self.timeline.now()
        _set_state(instance, state, now)
        instance.errors = []
        instance.last_operation = LastOperation(operation, now, trigger=trigger)
        instance.touch(now)
        return self._begin_work(instance)

    def _settle(
        self, instance: ComputeInstance, operation: Operation, state: str, at: datetime
    ) -> None:
        _set_state(instance, state, at)
        instance.last_operation.status = "Succeeded"
        instance.touch(at)
        operation.succeed(at)

    def _failed(
        self, instance: ComputeInstance, work: int, operation: Operation, state: str, at: datetime
    ) -> bool:
        """End in ``state`` when the operation is to fail, or when something came in between."""
        if instance.work != work:
            operation.fail(at, _superseded(instance))
            return True
        error = operation.destined_error
        if error is None:
            return False
        _set_state(instance, state, at)
        instance.last_operation.status = f"{operation.kind}Failed"
        instance.errors = [{"error": error.plain()}]
        if operation.kind == "Create":
            instance.provisioning_errors = instance.errors
        instance.touch(at)
        operation.fail(at, error)
        return True


def _never_comes_up(instance: ComputeInstance, action: Action) -> bool:
    if action is RESTART:
        return instance.disks.is_full
    return action is START and not instance.disks.boots


def _set_state(instance: ComputeInstance, state: str, at: datetime) -> None:
    if state == "Running" and instance.state != state:
        instance.active_at = at
    instance.state = state
    instance.provisioning_state = PROVISIONING_STATES.get(state, "Succeeded")


def _superseded(instance: ComputeInstance) -> ArmError:
    return ComputeConflict(
        f"The operation on compute {instance.name} was superseded: it is now {instance.state}."
    )


def _script_error(
    instance: ComputeInstance, operation: Operation, failure: str, at: datetime
) -> ArmError:
    """A setup script that failed: Azure/azure-sdk-for-go#18017, Azure/azure-cli#31838."""
    inner = {
        "id": operation.target,
        "name": operation.id,
        "status": "Failed",
        "startTime": operation.started.isoformat(timespec="milliseconds"),
        "endTime": at.isoformat(timespec="milliseconds"),
        "error": {
            "code": "SetupScriptsError",
            "message": (
                f"The specified Azure ML Compute Instance {instance.name} user script setup "
                f'failed with error "{failure}"'
            ),
        },
    }
    return FailedBelow(inner)
