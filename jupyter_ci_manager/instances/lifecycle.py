"""Carrying out a change of an instance so that it survives anything: the performer of operations.

Every step is journaled before it is taken. Whoever takes the operation up later sees how far it had
come, and asks Azure what became of it instead of sending the request again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Literal, TypeVar, get_args

import msgspec

from ..errors import (
    AddressNotFollowed,
    AzureConnectionLost,
    AzureServerError,
    AzureThrottled,
    AzureTimeout,
    AzureUnavailable,
    ChangeFailed,
    CiManagerError,
    Conflict,
    Forbidden,
    InstanceDiskFull,
    InstanceNotFound,
    NotFound,
    SignInRequired,
)
from ..models import DataMount, Instance, InstanceSpec, OperationKind, Workspace
from ..operation_handle import OperationHandle, WorkLost
from .arm import ArmClient
from .arm import Change as ArmChange
from .azure_errors import speaks_of_full_disk
from .states import GOALS, TRANSITIONS
from .stop_guard import StopGuard
from .wire.applications import data_mounts_to_arm
from .wire.fields import field_of_refusal

T = TypeVar("T")

KINDS: tuple[OperationKind, ...] = tuple(
    kind for kind in get_args(OperationKind) if kind.startswith("instance.")
)

INTENT_EXPIRES = timedelta(minutes=10)
"""A request that was never sent is not sent by a server that starts much later."""
GIVE_UP_AFTER = timedelta(hours=2)
LONGEST_WAIT_SECONDS = 60.0
UNCERTAIN_LOOKS = 5
"""How often to look for a trace of a request whose answer was lost."""
SEND_ATTEMPTS = 4
"""How often to try to reach Azure before the person who asked is told that it cannot be."""
STATUS_FAILURES = 3
"""After so many failures in a row Azure's status document is given up for the instance itself."""
TRANSIENT = (AzureUnavailable, AzureThrottled, AzureTimeout, SignInRequired)
MAY_HAVE_ARRIVED = (AzureConnectionLost, AzureServerError, AzureTimeout)

AZURE_OPERATION_NAMES = {
    "start": "Start",
    "stop": "Stop",
    "restart": "Restart",
    "resize": "Resize",
}
UNDER_WAY = {
    "start": "Starting",
    "stop": "Stopping",
    "restart": "Restarting",
    "resize": "Resizing",
}


class Checkpoint(msgspec.Struct, frozen=True):
    """How far an operation has come."""

    change: ArmChange
    workspace: Workspace
    asked_at: datetime
    phase: Literal["intent", "sending", "sent", "settling"] = "intent"
    spec: InstanceSpec | None = None
    last_operation_at: datetime | None = None
    """When Azure had last done something with the instance before this change was asked for."""
    instance: Instance | None = None
    """What a stop or restart was asked of; its disk is checked before anything is sent."""
    anyway: bool = False
    """The disk is not checked: whoever asked knows."""
    token: str | None = None
    """The SDK's continuation token: addresses of Azure's status document, no credential."""

    def encoded(self) -> bytes:
        """As the journal keeps it."""
        return msgspec.json.encode(self)


class InstanceLifecycle:
    """Performs ``instance.*`` operations; calls ``changed`` when the list is out of date."""

    def __init__(
        self,
        arm: ArmClient,
        guard: StopGuard,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        poll_seconds: float = 5.0,
        changed: Callable[[], None],
    ) -> None:
        self._arm = arm
        self._guard = guard
        self._now = now
        self._sleep = sleep
        self._poll_seconds = poll_seconds
        self._changed = changed

    async def perform(self, handle: OperationHandle) -> str:
        """Do, or go on with, what the checkpoint says; returns the closing message."""
        try:
            checkpoint = msgspec.json.decode(handle.checkpoint, type=Checkpoint)
        except msgspec.DecodeError as error:
            raise WorkLost("Another version began it, and this one cannot follow it.") from error
        try:
            return await self._perform(handle, checkpoint)
        except InstanceDiskFull as error:
            if checkpoint.instance is None:
                raise
            raise await self._guard.refused(error, checkpoint.instance) from error
        except CiManagerError as error:
            raise _with_field(error, checkpoint) from error.__cause__
        finally:
            self._changed()

    async def _perform(self, handle: OperationHandle, checkpoint: Checkpoint) -> str:
        if checkpoint.phase == "intent":
            checkpoint = await self._send(handle, checkpoint)
        elif checkpoint.phase == "sending":
            checkpoint = await self._find_trace(handle, checkpoint, None)
        if checkpoint.phase == "sent" and checkpoint.token:
            checkpoint = await self._follow(handle, checkpoint, checkpoint.token)
        message = await self._settle(handle, checkpoint)
        if checkpoint.change == "create" and checkpoint.spec is not None:
            await self._mount(handle, checkpoint, checkpoint.spec.data_mounts)
        return message

    async def _mount(
        self, handle: OperationHandle, checkpoint: Checkpoint, mounts: list[DataMount]
    ) -> None:
        """Azure takes data mounts of an instance that exists only; asked again, it does no harm."""
        if not mounts:
            return
        await handle.report("Mounting data")

        async def mount() -> None:
            await self._arm.change_setting(
                checkpoint.workspace,
                handle.operation.target,
                "updateDataMounts",
                data_mounts_to_arm(mounts),
            )

        try:
            await self._patiently(handle, checkpoint, mount, TRANSIENT)
        except CiManagerError as error:
            raise ChangeFailed(
                f"The instance was created, but data could not be mounted: {error.message}",
                code=error.body.code,
                hint="Change its data mounts in its details.",
            ).about("data_mounts") from error

    async def _send(self, handle: OperationHandle, checkpoint: Checkpoint) -> Checkpoint:
        if handle.resumed and await self._has_arrived(handle, checkpoint):
            # The process that sent it could not write that down, on a full disk for example.
            return await self._save(handle, checkpoint, phase="settling")
        await self._check_disk(handle, checkpoint)
        unreachable = 0
        while True:
            if self._now() - checkpoint.asked_at > INTENT_EXPIRES:
                raise WorkLost("It was never sent to Azure, and is too old to be sent now.")
            # Signing in can take longer than a call may, and must not leave a doubt of having sent.
            await self._arm.sign_in()
            checkpoint = await self._save(handle, checkpoint, phase="sending")
            try:
                return await self._send_once(handle, checkpoint)
            except (AzureThrottled, AzureUnavailable) as error:
                # Azure took nothing, so that asking again repeats nothing.
                unreachable += isinstance(error, AzureUnavailable)
                if isinstance(error, MAY_HAVE_ARRIVED) or unreachable == SEND_ATTEMPTS:
                    raise
                checkpoint = await self._save(handle, checkpoint, phase="intent")
                await handle.report(f"Waiting for Azure: {error.message}")
                await self._sleep(max(self._poll_seconds, error.retry_after_seconds or 0))

    async def _check_disk(self, handle: OperationHandle, checkpoint: Checkpoint) -> None:
        """Raises DiskNearlyFull; nothing has been sent then. Who takes over checks again."""
        if checkpoint.instance is not None and not checkpoint.anyway:
            await self._guard.check(
                checkpoint.instance, checkpoint.change, checkpoint.workspace, handle.report
            )

    async def _send_once(self, handle: OperationHandle, checkpoint: Checkpoint) -> Checkpoint:
        try:
            token = await self._arm.begin(
                checkpoint.change,
                checkpoint.workspace,
                handle.operation.target,
                checkpoint.spec,
            )
        except MAY_HAVE_ARRIVED as error:
            return await self._find_trace(handle, checkpoint, error)
        except NotFound:
            if checkpoint.change == "delete":
                return await self._save(handle, checkpoint, phase="settling")
            raise
        except InstanceDiskFull:
            # What traces a refused stop leaves is not known: they must not pass for a stop.
            raise
        except Conflict:
            # Something else had the same wish a moment earlier, or a proxy repeated ours.
            if await self._has_arrived(handle, checkpoint):
                return await self._save(handle, checkpoint, phase="settling")
            raise
        self._changed()
        if token is None:
            return await self._find_trace(handle, checkpoint, None)
        return await self._save(handle, checkpoint, phase="sent", token=token)

    async def _find_trace(
        self, handle: OperationHandle, checkpoint: Checkpoint, error: CiManagerError | None
    ) -> Checkpoint:
        """Whether a request without a usable answer was carried out. Never sends it again."""
        await handle.report("The answer was lost; looking what Azure made of it")
        for _ in range(UNCERTAIN_LOOKS):
            if await self._has_arrived(handle, checkpoint):
                return await self._save(handle, checkpoint, phase="settling")
            await self._sleep(self._poll_seconds)
        if isinstance(error, AzureServerError):
            raise error
        raise WorkLost(
            f"The answer to {checkpoint.change} was lost, and Azure shows no trace of it. "
            "Nothing was sent again: look at the state, and ask once more if it is needed."
        )

    async def _has_arrived(self, handle: OperationHandle, checkpoint: Checkpoint) -> bool:
        return _shows_trace(await self._seen(handle, checkpoint), checkpoint)

    async def _follow(
        self, handle: OperationHandle, checkpoint: Checkpoint, token: str
    ) -> Checkpoint:
        """Wait for Azure's own long-running operation."""
        failures = 0

        async def finish() -> None:
            nonlocal failures
            left = checkpoint.asked_at + GIVE_UP_AFTER - self._now()
            try:
                await asyncio.wait_for(
                    self._arm.finish(
                        checkpoint.change, checkpoint.workspace, handle.operation.target, token
                    ),
                    max(1.0, left.total_seconds()),
                )
            except asyncio.TimeoutError:
                raise _given_up() from None
            except (NotFound, Forbidden, AddressNotFollowed):
                # The status document is gone, hidden or elsewhere: the instance's own state tells.
                return
            except TRANSIENT:
                failures += 1
                if failures < STATUS_FAILURES:
                    raise

        await self._patiently(handle, checkpoint, finish, TRANSIENT)
        self._changed()
        return await self._save(handle, checkpoint, phase="settling")

    async def _settle(self, handle: OperationHandle, checkpoint: Checkpoint) -> str:
        """Wait until the instance's state stays, and judge it by what was asked."""
        while True:
            instance = await self._seen(handle, checkpoint)
            if instance is None:
                if checkpoint.change == "delete":
                    return "Deleted"
                raise InstanceNotFound(f"{handle.operation.target} is gone.")
            if instance.state not in TRANSITIONS:
                return _judged(instance, checkpoint)
            await handle.report(instance.state)
            self._changed()
            self._check_age(checkpoint)
            await self._sleep(self._poll_seconds)

    async def _seen(self, handle: OperationHandle, checkpoint: Checkpoint) -> Instance | None:
        """The instance as Azure has it now, None where it is gone; waits until Azure can say."""

        async def look() -> Instance | None:
            try:
                instance, _ = await self._arm.instance(
                    checkpoint.workspace, handle.operation.target, None
                )
            except NotFound:
                return None
            except Forbidden as error:
                raise WorkLost(f"Azure no longer lets it be followed: {error.message}") from error
            return instance

        return await self._patiently(handle, checkpoint, look, (CiManagerError,))

    async def _patiently(
        self,
        handle: OperationHandle,
        checkpoint: Checkpoint,
        step: Callable[[], Awaitable[T]],
        repeated_for: tuple[type[CiManagerError], ...],
    ) -> T:
        """Repeat a step that only looks until Azure can be reached: no fault loses an operation."""
        wait = self._poll_seconds
        while True:
            try:
                return await step()
            except repeated_for as error:
                await handle.report(f"Waiting for Azure: {error.message}")
                self._check_age(checkpoint)
                await self._sleep(max(wait, error.retry_after_seconds or 0))
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    def _check_age(self, checkpoint: Checkpoint) -> None:
        if self._now() - checkpoint.asked_at > GIVE_UP_AFTER:
            raise _given_up()

    async def _save(
        self, handle: OperationHandle, checkpoint: Checkpoint, **changes: object
    ) -> Checkpoint:
        checkpoint = msgspec.structs.replace(checkpoint, **changes)
        await handle.save(checkpoint.encoded())
        return checkpoint


def _with_field(error: CiManagerError, checkpoint: Checkpoint) -> CiManagerError:
    """What Azure refuses, at once or in the end, comes back on the field that it is about."""
    if checkpoint.spec is None or isinstance(error, TRANSIENT):
        return error
    field = field_of_refusal(error)
    return error if field is None else error.about(field)


def _given_up() -> WorkLost:
    return WorkLost("Azure has not finished after two hours; it is no longer followed.")


def _shows_trace(instance: Instance | None, checkpoint: Checkpoint) -> bool:
    """Whether Azure has begun the change, by what the instance was like before it was asked for."""
    change = checkpoint.change
    if change == "delete":
        return instance is None or instance.state == "Deleting"
    if instance is None:
        return False
    if change == "create" or instance.state == UNDER_WAY[change]:
        return True
    if change == "resize" and _has_wanted_size(instance, checkpoint):
        return True
    last = instance.last_operation
    if last is None or last.name != AZURE_OPERATION_NAMES[change]:
        return False
    return last.time is not None and last.time != checkpoint.last_operation_at


def _judged(instance: Instance, checkpoint: Checkpoint) -> str:
    if instance.state in GOALS[checkpoint.change]:
        if checkpoint.change == "resize":
            _check_size(instance, checkpoint)
        return instance.state
    for error in instance.errors:
        if speaks_of_full_disk(error.message):
            raise InstanceDiskFull(error.message)
    last = instance.last_operation
    reasons = [f"{error.code}: {error.message}" for error in instance.errors]
    if last is not None and last.status.endswith("Failed"):
        reasons.insert(0, f"Azure reports {last.status}")
    raise ChangeFailed(
        f"After {checkpoint.change} the instance is {instance.state}."
        + (f" {' · '.join(reasons)}" if reasons else ""),
        code=instance.errors[0].code if instance.errors else None,
    )


def _has_wanted_size(instance: Instance, checkpoint: Checkpoint) -> bool:
    wanted = checkpoint.spec.vm_size if checkpoint.spec is not None else ""
    return instance.vm_size.lower() == wanted.lower()


def _check_size(instance: Instance, checkpoint: Checkpoint) -> None:
    if not _has_wanted_size(instance, checkpoint):
        raise ChangeFailed(
            f"Azure has finished, but {instance.name} still is a {instance.vm_size}.",
            hint="There may be too little capacity in the region now. Try again, or another size.",
        )
