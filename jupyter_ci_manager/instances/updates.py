"""What can be changed of an instance that exists: its settings at once, its VM size in a while.

Azure takes each setting in a request of its own; ``PUT`` of the whole changes none of them
(Azure/bicep#17617). It knows no HTTP of ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, structs

from ..errors import (
    CiManagerError,
    InvalidInstanceSpec,
    QuotaExceeded,
    RefusedByAzure,
    UnknownVmSize,
    WrongState,
)
from ..models import (
    DataMount,
    Instance,
    InstanceSpec,
    Operation,
    PermissionName,
    SpecProblem,
    UpdateInstance,
    Workspace,
)
from ..specs.checks import idle_shutdown_problems
from ..specs.containers import application_problems, data_mount_problems
from ..specs.locks import Locks
from ..specs.refusals import refuse
from ..specs.schedules import schedule_problems
from .arm import ArmClient, Setting
from .creation import Begin
from .lifecycle import Checkpoint
from .names import check_address
from .sizes import SizeService
from .wire.applications import applications_to_arm, data_mounts_to_arm, unmounting_to_arm
from .wire.fields import field_of_refusal
from .wire.schedules import schedules_to_arm
from .wire.spec import spec_of_resource
from .workspace import WorkspaceService

_UNCHANGEABLE = frozenset({"Creating", "Deleting", "CreateFailed"})


class _Step(Struct, frozen=True):
    """One request, and the field that it is about."""

    field: str
    setting: Setting
    permission: PermissionName
    body: dict[str, Any] | list[dict[str, Any]]


class InstanceUpdates:
    """Changes instances of the current workspace. Methods raise ``errors``."""

    def __init__(
        self,
        arm: ArmClient,
        workspace: WorkspaceService,
        sizes: SizeService,
        *,
        begin: Begin,
        locks: Locks,
        changed: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        self._arm = arm
        self._workspace = workspace
        self._sizes = sizes
        self._begin = begin
        self._locks = locks
        self._changed = changed
        self._now = now

    async def update(self, name: str, changes: UpdateInstance) -> None:
        """Change what ``changes`` says, one after the other.

        Raises InvalidIdleShutdown, InvalidInstanceSpec, InstanceNotFound, WrongState, Forbidden,
        FieldLocked, ActionNotAllowed or what Azure answers, with the field in its details; what had
        been changed before that stays changed, and ``changed`` of the details names it.
        """
        check_address(name)
        refuse(await asyncio.to_thread(lambda: list(_problems(changes, self._now()))))
        self._refuse_locked(
            **{key: value for key, value in structs.asdict(changes).items() if value is not UNSET}
        )
        workspace = await self._workspace.current()
        instance, resource = await self._arm.instance(workspace, name, self._workspace.identity)
        steps = list(_steps(changes, resource))
        for step in steps:
            await self._workspace.require(step.permission)
        if instance.state in _UNCHANGEABLE:
            raise WrongState(
                f"{instance.name} is {instance.state}: it cannot be changed now.",
                details={"state": instance.state},
            )
        await self._take(workspace, instance, steps)

    def _refuse_locked(self, **changes: Any) -> None:
        """What an instance cannot be created with it cannot be changed to."""
        refuse(self._locks.problems(structs.replace(self._locks.defaults, **changes)))

    async def _take(self, workspace: Workspace, instance: Instance, steps: list[_Step]) -> None:
        done: list[str] = []
        try:
            for step in steps:
                try:
                    await self._arm.change_setting(
                        workspace, instance.name, step.setting, step.body
                    )
                except CiManagerError as error:
                    field = _within(step.field, field_of_refusal(error))
                    raise error.about(field, changed=",".join(done)) from None
                done.append(step.field)
        finally:
            self._changed()

    async def resize(self, name: str, vm_size: str) -> Operation:
        """Begin to give a stopped instance another VM size.

        Raises InstanceNotFound, WrongState, UnknownVmSize, QuotaExceeded, Forbidden,
        FieldLocked, ActionNotAllowed or OperationInProgress.
        """
        check_address(name)
        self._refuse_locked(vm_size=vm_size)
        workspace = await self._workspace.current()
        await self._workspace.require("create")
        instance, _ = await self._arm.instance(workspace, name, self._workspace.identity)
        if instance.state != "Stopped":
            raise WrongState(
                f"{instance.name} is {instance.state}: only a stopped instance can be resized.",
                hint="Stop it first.",
                details={"state": instance.state},
            )
        if instance.vm_size.lower() == vm_size.lower():
            raise InvalidInstanceSpec(
                f"{instance.name} is a {instance.vm_size} already.",
                code="SameVmSize",
                hint="Choose another VM size.",
            ).about("vm_size")
        try:
            wanted = await self._sizes.checked(vm_size)
        except (UnknownVmSize, QuotaExceeded) as error:
            raise error.about("vm_size") from None
        last = instance.last_operation
        checkpoint = Checkpoint(
            change="resize",
            workspace=workspace,
            asked_at=self._now(),
            spec=InstanceSpec(name=instance.name, vm_size=wanted),
            last_operation_at=last.time if last else None,
        )
        message = f"Resizing from {instance.vm_size} to {wanted}"
        return await self._begin("instance.resize", instance.name, message, checkpoint)


def _within(field: str, named: str | None) -> str:
    """What Azure names, where that is part of what it was asked."""
    return named if named is not None and f"{named}.".startswith(f"{field}.") else field


def _problems(changes: UpdateInstance, now: datetime) -> Iterator[SpecProblem]:
    if changes.idle_shutdown is not UNSET:
        yield from idle_shutdown_problems(changes.idle_shutdown)
    if changes.schedules is not UNSET:
        yield from schedule_problems(changes.schedules, now)
    if changes.custom_applications is not UNSET:
        yield from application_problems(changes.custom_applications)
    if changes.data_mounts is not UNSET:
        yield from data_mount_problems(changes.data_mounts)


def _steps(changes: UpdateInstance, resource: dict[str, Any]) -> Iterator[_Step]:
    if changes.idle_shutdown is not UNSET:
        yield _Step(
            "idle_shutdown",
            "updateIdleShutdownSetting",
            "create",
            {"idleTimeBeforeShutdown": changes.idle_shutdown},
        )
    if changes.schedules is not UNSET:
        yield _Step(
            "schedules",
            "updateSchedules",
            "update_schedules",
            {"computeStartStop": schedules_to_arm(changes.schedules)},
        )
    if changes.custom_applications is not UNSET:
        yield _Step(
            "custom_applications",
            "customServices",
            "create",
            applications_to_arm(changes.custom_applications),
        )
    if changes.data_mounts is not UNSET:
        yield _Step(
            "data_mounts",
            "updateDataMounts",
            "create",
            _mounting(changes.data_mounts, resource),
        )
    if changes.sso is not UNSET:
        yield _Step("sso", "enableSso", "enable_sso", {"enableSSO": changes.sso})


def _mounting(wanted: list[DataMount], resource: dict[str, Any]) -> list[dict[str, Any]]:
    spec = spec_of_resource(resource)
    if spec is None:
        raise RefusedByAzure("Which data the instance has mounted cannot be understood.")
    places = {mount.mount_path.rstrip("/"): mount for mount in wanted}
    gone = [
        mount
        for mount in spec.data_mounts
        if (kept := places.get(mount.mount_path.rstrip("/"))) is None or kept.source != mount.source
    ]
    return [*unmounting_to_arm(gone), *data_mounts_to_arm(wanted)]
