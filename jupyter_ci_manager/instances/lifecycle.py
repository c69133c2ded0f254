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
    AzureConnectionLost,
    AzureThrottled,
    AzureTimeout,
    AzureUnavailable,
    CiManagerError,
    InstanceNotFound,
    NotFound,
    SignInRequired,
)
from ..models import Instance, InstanceSpec, OperationKind, Workspace
from ..operations import OperationHandle, WorkLost
from .arm import ArmClient
from .arm import Change as ArmChange
from .states import GOALS, TRANSITIONS

T = TypeVar("T")

KINDS: tuple[OperationKind, ...] = get_args(OperationKind)

INTENT_EXPIRES = timedelta(minutes=10)
"""A request that was never sent is not sent by a server that starts much later."""
GIVE_UP_AFTER = timedelta(hours=2)
CLOCK_SKEW = timedelta(minutes=2)
UNCERTAIN_LOOKS = 5
"""How often to look for a trace of a request whose answer was lost."""
TRANSIENT = (AzureUnavailable, AzureThrottled, AzureTimeout, SignInRequired)
MAY_HAVE_ARRIVED = (AzureConnectionLost, AzureTimeout)

AZURE_OPERATION_NAMES = {
    "create": "Create",
    "start": "Start",
    "stop": "Stop",
    "restart": "Restart",
    "delete": "Delete",
}


class Checkpoint(msgspec.Struct, frozen=True):
    """How far an operation has come."""

    change: ArmChange
    workspace: Workspace
    asked_at: datetime
    phase: Literal["intent", "sending", "sent", "settling"] = "intent"
    spec: InstanceSpec | None = None
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
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        poll_seconds: float = 5.0,
        changed: Callable[[], None],
    ) -> None:
        self._arm = arm
        self._now = now
        self._sleep = sleep
        self._poll_seconds = poll_seconds
        self._changed = changed

    async def perform(self, handle: OperationHandle) -> str:
        """Do, or go on with, what the checkpoint says; returns the closing message."""
        checkpoint = msgspec.json.decode(handle.checkpoint, type=Checkpoint)
        try:
            return await self._perform(handle, checkpoint)
        finally:
            self._changed()

    async def _perform(self, handle: OperationHandle, checkpoint: Checkpoint) -> str:
        if checkpoint.phase == "intent":
            checkpoint = await self._send(handle, checkpoint)
        elif checkpoint.phase == "sending":
            checkpoint = await self._find_trace(handle, checkpoint)
        if checkpoint.phase == "sent":
            checkpoint = await self._follow(handle, checkpoint)
        return await self._settle(handle, checkpoint)

    async def _send(self, handle: OperationHandle, checkpoint: Checkpoint) -> Checkpoint:
        if self._now() - checkpoint.asked_at > INTENT_EXPIRES:
            raise WorkLost("It was never sent to Azure, and is too old to be sent now.")
        checkpoint = await self._save(handle, checkpoint, phase="sending")
        try:
            token = await self._arm.begin(
                checkpoint.change,
                checkpoint.workspace,
                handle.operation.target,
                checkpoint.spec,
            )
        except MAY_HAVE_ARRIVED:
            return await self._find_trace(handle, checkpoint)
        except NotFound:
            if checkpoint.change == "delete":
                return await self._save(handle, checkpoint, phase="settling")
            raise
        self._changed()
        return await self._save(handle, checkpoint, phase="sent", token=token)

    async def _find_trace(self, handle: OperationHandle, checkpoint: Checkpoint) -> Checkpoint:
        """Whether a request whose answer is lost has arrived. Never sends it again."""
        await handle.report("The answer was lost; looking what Azure made of it")
        for _ in range(UNCERTAIN_LOOKS):
            instance = await self._patiently(handle, checkpoint, self._look)
            if _shows_trace(instance, checkpoint):
                return await self._save(handle, checkpoint, phase="settling")
            await self._sleep(self._poll_seconds)
        raise WorkLost(
            f"The answer to {checkpoint.change} was lost, and Azure shows no trace of it. "
            "Nothing was sent again: look at the state, and ask once more if it is needed."
        )

    async def _follow(self, handle: OperationHandle, checkpoint: Checkpoint) -> Checkpoint:
        """Wait for Azure's own long-running operation."""
        token = checkpoint.token or ""

        async def finish(handle: OperationHandle, checkpoint: Checkpoint) -> None:
            try:
                await self._arm.finish(
                    checkpoint.change, checkpoint.workspace, handle.operation.target, token
                )
            except NotFound:
                # The status document is gone, or the instance is: its state tells which.
                return

        await self._patiently(handle, checkpoint, finish)
        self._changed()
        return await self._save(handle, checkpoint, phase="settling")

    async def _settle(self, handle: OperationHandle, checkpoint: Checkpoint) -> str:
        """Wait until the instance's state stays, and judge it by what was asked."""
        while True:
            instance = await self._patiently(handle, checkpoint, self._look)
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

    async def _look(self, handle: OperationHandle, checkpoint: Checkpoint) -> Instance | None:
        try:
            instance, _ = await self._arm.instance(
                checkpoint.workspace, handle.operation.target, None
            )
        except NotFound:
            return None
        return instance

    async def _patiently(
        self,
        handle: OperationHandle,
        checkpoint: Checkpoint,
        step: Callable[[OperationHandle, Checkpoint], Awaitable[T]],
    ) -> T:
        """Repeat a step that only looks until Azure can be reached: no fault loses an operation."""
        wait = self._poll_seconds
        while True:
            try:
                return await step(handle, checkpoint)
            except TRANSIENT as error:
                await handle.report(f"Waiting for Azure: {error.message}")
                self._check_age(checkpoint)
                await self._sleep(max(wait, error.retry_after_seconds or 0))
                wait = min(wait * 2, 60.0)

    def _check_age(self, checkpoint: Checkpoint) -> None:
        if self._now() - checkpoint.asked_at > GIVE_UP_AFTER:
            raise WorkLost("Azure has not finished after two hours; it is no longer followed.")

    async def _save(
        self, handle: OperationHandle, checkpoint: Checkpoint, **changes: object
    ) -> Checkpoint:
        checkpoint = msgspec.structs.replace(checkpoint, **changes)
        await handle.save(checkpoint.encoded())
        return checkpoint


def _shows_trace(instance: Instance | None, checkpoint: Checkpoint) -> bool:
    change = checkpoint.change
    if change == "delete":
        return instance is None or instance.state == "Deleting"
    if instance is None:
        return False
    if change == "create":
        return True
    last = instance.last_operation
    if last is not None and last.name == AZURE_OPERATION_NAMES[change] and last.time is not None:
        return last.time >= checkpoint.asked_at - CLOCK_SKEW
    return instance.in_transition


def _judged(instance: Instance, checkpoint: Checkpoint) -> str:
    if instance.state in GOALS[checkpoint.change]:
        return instance.state
    last = instance.last_operation
    reasons = [f"{error.code}: {error.message}" for error in instance.errors]
    if last is not None and last.status.endswith("Failed"):
        reasons.insert(0, f"Azure reports {last.status}")
    raise ChangeFailed(
        f"After {checkpoint.change} the instance is {instance.state}."
        + (f" {' · '.join(reasons)}" if reasons else ""),
        code=instance.errors[0].code if instance.errors else None,
    )


class ChangeFailed(CiManagerError):
    """Azure finished, but the instance is not in the state that was asked for."""

    code = "ChangeFailed"
    status = 409
    hint = "Look at the instance's errors and setup-script logs, then try again or delete it."
