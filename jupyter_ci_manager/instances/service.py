"""The rules of compute instances: list, look, create-or-get, start, stop, restart, delete.

Panel, magics and command line call it; it knows no HTTP of ours and no wire key of Azure's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Literal

from msgspec.structs import replace

from ..configuration import Pace
from ..errors import (
    CiManagerError,
    InstanceNotFound,
    OperationInProgress,
    WrongState,
)
from ..models import (
    Instance,
    InstanceAction,
    InstanceDetails,
    InstanceList,
    InstanceSpec,
    NameCheck,
    Operation,
    OperationKind,
    OperationList,
    ScriptOutcome,
    SpecProblem,
    UpdateInstance,
    VmSize,
    Workspace,
)
from ..operations import OperationRegistry
from ..specs.locks import Locks
from .arm import ArmClient
from .creation import InstanceCreation, ScriptCheck
from .details import details_of
from .lifecycle import KINDS, Checkpoint, InstanceLifecycle
from .listing import contains, cursor_at, offset_of, order
from .names import check_address, name_problem, similar_names
from .risks import Risks
from .sizes import SizeService
from .snapshot import InstanceSnapshots, OnChange
from .states import ON, actions_in
from .stop_guard import StopGuard
from .updates import InstanceUpdates
from .workspace import WorkspaceService

SUGGESTIONS_ASKED = 3
SIZES_PATIENCE_SECONDS = 5.0

OutcomeOf = Callable[[Workspace, Instance], ScriptOutcome | None]
OnListed = Callable[[Workspace, list[Instance]], None]

GUARDED = frozenset({"stop", "restart"})
"""What goes wrong on a full disk."""

_KIND_OF: dict[InstanceAction, OperationKind] = {
    "start": "instance.start",
    "stop": "instance.stop",
    "restart": "instance.restart",
    "delete": "instance.delete",
}
_VERB: dict[InstanceAction, str] = {
    "start": "Starting",
    "stop": "Stopping",
    "restart": "Restarting",
    "delete": "Deleting",
}


class InstanceService:
    """Compute instances of the current workspace. Methods raise ``errors.py``."""

    def __init__(
        self,
        arm: ArmClient,
        workspace: WorkspaceService,
        sizes: SizeService,
        operations: OperationRegistry,
        guard: StopGuard,
        *,
        pace: Pace,
        now: Callable[[], datetime],
        clock: Callable[[], float],
        log: logging.Logger,
        on_change: OnChange | None = None,
        locks: Locks | None = None,
    ) -> None:
        self._arm = arm
        self._workspace = workspace
        self._sizes = sizes
        self._operations = operations
        self._guard = guard
        self._now = now
        self._snapshots = InstanceSnapshots(
            lambda at: arm.instances(at, workspace.identity),
            pace=pace,
            clock=clock,
            now=now,
            log=log,
            busy=lambda: operations.running > 0,
            on_change=on_change,
        )
        lifecycle = InstanceLifecycle(
            arm,
            guard,
            now=now,
            poll_seconds=pace.fast,
            changed=self._changed,
        )
        operations.perform_with(KINDS, lifecycle.perform)
        locks = locks or Locks()
        self._creation = InstanceCreation(
            arm, workspace, sizes, operations, begin=self._begin, locks=locks, now=now
        )
        self._updates = InstanceUpdates(
            arm,
            workspace,
            sizes,
            begin=self._begin,
            locks=locks,
            changed=self._changed,
            now=now,
        )
        self.script_outcome_of: OutcomeOf | None = None
        """How the newest script of an instance ended, where more is known than Azure says."""
        self.on_listed: OnListed | None = None
        """Told of all instances that were listed, whatever page of them was asked for."""
        self.risks = Risks(workspace, self._snapshots, now=now, log=log)

    async def close(self) -> None:
        """End what is being asked."""
        await self.risks.close()
        await self._snapshots.close()

    @property
    def script_check(self) -> ScriptCheck | None:
        """Raises ScriptNotFound for a path that the notebook share does not have."""
        return self._creation.script_check

    @script_check.setter
    def script_check(self, check: ScriptCheck) -> None:
        self._creation.script_check = check

    def _changed(self) -> None:
        self._snapshots.expire()
        self._sizes.expire_quota()

    # --- looking ------------------------------------------------------------------------------

    async def page(
        self,
        *,
        mine: bool = False,
        text: str = "",
        sort: str = "name",
        limit: int = 1000,
        cursor: str = "",
        refresh: bool = False,
    ) -> InstanceList:
        """Instances that match, in order, at most ``limit``, from ``cursor`` on."""
        start = offset_of(cursor)
        workspace = await self._workspace.current()
        snapshot = await self._snapshots.get(workspace, refresh=refresh)
        if self.on_listed is not None:
            self.on_listed(workspace, snapshot.items)
        active = await self._active_operations(workspace)
        matching = [
            self._completed(workspace, item, active)
            for item in snapshot.items
            if (item.mine or not mine) and contains(item, text)
        ]
        items = order(matching, sort)[start : start + limit]
        end = start + len(items)
        return InstanceList(
            workspace_id=workspace.id,
            items=items,
            total=len(matching),
            fetched_at=snapshot.fetched_at,
            refresh_after_seconds=round(self._snapshots.seconds_until_due(), 3),
            cursor=cursor_at(end) if end < len(matching) else None,
            stale=snapshot.error is not None,
            error=snapshot.error.body if snapshot.error else None,
            sizes=await self._sizes_of(items),
        )

    def _completed(self, workspace: Workspace, item: Instance, active: dict[str, str]) -> Instance:
        outcome = item.script_outcome
        if self.script_outcome_of is not None:
            outcome = self.script_outcome_of(workspace, item)
        return replace(item, operation_id=active.get(item.name.lower()), script_outcome=outcome)

    def known(self, name: str) -> Instance | None:
        """An instance as it was listed last, without asking Azure."""
        snapshot = self._snapshots.known
        items = snapshot.items if snapshot is not None else []
        return next((item for item in items if item.name.lower() == name.lower()), None)

    async def _active_operations(self, workspace: Workspace) -> dict[str, str]:
        listed = await self._operations.list(active=True)
        return {
            operation.target.lower(): operation.id
            for operation in listed.items
            if operation.workspace_id.lower() == workspace.id.lower()
        }

    async def _sizes_of(self, items: list[Instance]) -> dict[str, VmSize]:
        """The sizes of the items; empty where Azure does not say, which a list can do without."""
        if not items:
            return {}
        try:
            known = await asyncio.wait_for(self._sizes.by_name(), SIZES_PATIENCE_SECONDS)
        except (CiManagerError, asyncio.TimeoutError):
            return {}
        names = {item.vm_size for item in items}
        return {name: known[name.lower()] for name in sorted(names) if name.lower() in known}

    async def details(self, name: str) -> InstanceDetails:
        """One instance as it is now, with the resource as Azure sent it."""
        check_address(name)
        workspace = await self._workspace.current()
        instance, resource = await self._arm.instance(workspace, name, self._workspace.identity)
        active = await self._active_operations(workspace)
        sizes = await self._sizes_of([instance])
        return await asyncio.to_thread(
            details_of,
            self._completed(workspace, instance, active),
            resource,
            vm_size=sizes.get(instance.vm_size),
            access=self._workspace.access,
            who=self._workspace.identity,
            now=self._now(),
        )

    async def check_name(self, name: str) -> NameCheck:
        """Whether a name can be given; a name that breaks the rules is answered, not refused."""
        workspace = await self._workspace.current()
        problem = name_problem(name)
        if problem is not None:
            return NameCheck(
                name=name,
                available=False,
                reason="Invalid",
                message=problem,
                suggestion=await self._suggestion(workspace, name),
            )
        answer = await self._arm.check_name(workspace, name)
        if answer.name_available:
            return NameCheck(name=name, available=True)
        return NameCheck(
            name=name,
            available=False,
            reason="Invalid" if answer.reason == "Invalid" else "AlreadyExists",
            message=answer.message or f"{name} is in use in {workspace.location}.",
            suggestion=await self._suggestion(workspace, name),
            existing=await self._creation.find(workspace, name) is not None,
        )

    async def _suggestion(self, workspace: Workspace, name: str) -> str | None:
        """A free name like it; None where a few tries find none or Azure does not say."""
        for candidate in islice(similar_names(name), SUGGESTIONS_ASKED):
            try:
                answer = await self._arm.check_name(workspace, candidate)
            except CiManagerError:
                return None
            if answer.name_available:
                return candidate
        return None

    async def problems(self, spec: InstanceSpec) -> list[SpecProblem]:
        """What breaks a rule, also those that depend on the workspace."""
        return await self._creation.problems(spec, await self._workspace.current())

    async def check_scripts(self, spec: InstanceSpec) -> None:
        """Raises ScriptNotFound for a script that is not in the notebook share."""
        workspace = await self._workspace.current()
        await self._creation.check_scripts(workspace, spec.setup_scripts)

    # --- changing -----------------------------------------------------------------------------

    async def create(
        self, spec: InstanceSpec, *, if_exists: Literal["fail", "use"] = "fail"
    ) -> Operation:
        """Create an instance; returns at once with the operation.

        With ``if_exists="use"`` an instance of that name in this workspace is taken as it is, as
        the "Found existing instance, use it" idiom of the Azure SDK does. Raises InvalidName,
        InvalidIdleShutdown, InvalidSetupScript, InvalidInstanceSpec, FieldLocked, ScriptNotFound,
        UnknownVmSize, QuotaExceeded, InstanceExists or NameTaken; details name the field.
        """
        return await self._creation.create(spec, if_exists=if_exists)

    async def request(
        self, action: InstanceAction, name: str, *, anyway: bool = False
    ) -> Operation:
        """Start, stop, restart or delete an instance; returns at once with the operation.

        With ``anyway`` a stop or restart is not held back for want of room on the disk. Raises
        InstanceNotFound, WrongState, OperationInProgress, Forbidden, ActionNotAllowed, or
        DiskNearlyFull where the instance is this machine; another one's disk is checked by the
        operation, which then fails with it.
        """
        check_address(name)
        workspace = await self._workspace.current()
        await self._workspace.require(action)
        instance, _ = await self._arm.instance(workspace, name, self._workspace.identity)
        if action not in actions_in(instance.state):
            raise WrongState(
                f"{instance.name} is {instance.state}: {action} is not possible now.",
                details={"state": instance.state},
            )
        guarded = action in GUARDED
        if guarded and not anyway:
            await self._guard.check_here(instance, action, workspace)
        last = instance.last_operation
        checkpoint = Checkpoint(
            change=action,
            workspace=workspace,
            asked_at=self._now(),
            instance=instance if guarded else None,
            anyway=anyway,
            last_operation_at=last.time if last else None,
        )
        return await self._begin(_KIND_OF[action], instance.name, _VERB[action], checkpoint)

    async def update(self, name: str, changes: UpdateInstance) -> InstanceDetails:
        """Change what can be changed of an instance that exists; returns it as it is then."""
        await self._updates.update(name, changes)
        return await self.details(name)

    async def resize(self, name: str, vm_size: str) -> Operation:
        """Give a stopped instance another VM size; returns at once with the operation."""
        return await self._updates.resize(name, vm_size)

    async def stop_mine(self) -> OperationList:
        """Stop all of mine that are on; those that something else works on are left alone."""
        workspace = await self._workspace.current()
        await self._workspace.require("stop")
        snapshot = await self._snapshots.get(workspace, refresh=True)
        if snapshot.error is not None:
            # What runs is not known well enough to act on all of it.
            raise snapshot.error
        names = [item.name for item in snapshot.items if item.mine and item.state in ON]
        stopped = await asyncio.gather(*(self._stopped(workspace, name) for name in names))
        return OperationList([operation for operation in stopped if operation is not None])

    async def _stopped(self, workspace: Workspace, name: str) -> Operation | None:
        """One of many: its failure is an operation that failed, so that the others are not lost."""
        try:
            return await self.request("stop", name)
        except (WrongState, OperationInProgress, InstanceNotFound):
            return None
        except CiManagerError as error:
            return await self._operations.record_failed("instance.stop", name, workspace.id, error)

    async def _begin(
        self, kind: OperationKind, name: str, message: str, checkpoint: Checkpoint
    ) -> Operation:
        operation = await self._operations.start(
            kind, name, checkpoint.workspace.id, message, checkpoint.encoded()
        )
        self._snapshots.expire()
        return operation
