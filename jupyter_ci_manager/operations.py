"""The one registry of long-running work: progress, history, waiting, resuming after a restart.

It knows nothing of what the work is: services register a performer per kind, and it runs a new
operation and one that an earlier process left behind. Raises the errors of ``errors.py``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from .errors import (
    CiManagerError,
    NotCancellable,
    OperationInProgress,
    OperationNotFound,
    ServerStopping,
)
from .journal import LEASE_SECONDS, AlreadyActive, Journal, OwnershipLost, utc_now
from .journal_thread import PROBE_SECONDS, JournalThread
from .models import (
    ACTIVE_OPERATION_STATES,
    ErrorBody,
    Operation,
    OperationDetails,
    OperationKind,
    OperationList,
    OperationState,
)
from .operation_handle import OperationHandle, Performer, WorkLost, WritesLog
from .operation_news import Listener, OperationNews
from .repeating import repeat

RENEW_SECONDS = LEASE_SECONDS / 3
WATCH_OTHERS_SECONDS = 2.0

_TROUBLE = "The journal of operations could not be looked after"


class OperationRegistry:
    """All operations of this user, journaled in ``path``.

    ``renew_seconds`` is how often leases are renewed and orphans looked for, ``watch_seconds`` how
    often it is looked for what other processes wrote, ``probe_seconds`` how often a journal that
    cannot be written is tried again, ``log_of`` what an operation of that id writes to.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime] = utc_now,
        log: logging.Logger,
        renew_seconds: float = RENEW_SECONDS,
        watch_seconds: float = WATCH_OTHERS_SECONDS,
        probe_seconds: float = PROBE_SECONDS,
        log_of: Callable[[str], WritesLog] | None = None,
    ) -> None:
        self._now = now
        self._log_of = log_of
        self._renew_seconds = renew_seconds
        self._watch_seconds = watch_seconds
        self._log = log
        self._journal = JournalThread(path, now, self._log, probe_seconds=probe_seconds)
        self._performers: dict[OperationKind, Performer] = {}
        self._cancellable: set[OperationKind] = set()
        self._cancelling: set[str] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._news = OperationNews(log)
        self._opening: asyncio.Task[None] | None = None
        self._closed = False
        self._background: list[asyncio.Task[None]] = []
        self._newest_change = 0

    def perform_with(
        self, kinds: Iterable[OperationKind], performer: Performer, *, cancellable: bool = False
    ) -> None:
        """Register who does the work of these kinds. Call it before ``open``."""
        for kind in kinds:
            self._performers[kind] = performer
            if cancellable:
                self._cancellable.add(kind)

    def listen(self, listener: Listener) -> None:
        """Call ``listener`` on the event loop with every operation that anybody changes."""
        self._news.listen(listener)

    @property
    def running(self) -> int:
        """How many operations this process works on."""
        return len(self._tasks)

    # --- life ---------------------------------------------------------------------------------

    async def open(self) -> None:
        """Open the journal and take up what a process that is gone left behind.

        All other methods do so when it has not been done. Raises ServerStopping after ``close``.
        """
        if self._closed:
            raise ServerStopping("The Jupyter server is stopping.")
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
        await asyncio.shield(self._opening)

    async def _open(self) -> None:
        await self._take_up_orphans()
        self._newest_change, _ = await self._journal.call(
            lambda journal: journal.changed_by_others(0)
        )
        self._background = [
            asyncio.ensure_future(
                repeat(self._renew_seconds, self._keep_leases, self._log, _TROUBLE)
            ),
            asyncio.ensure_future(
                repeat(self._watch_seconds, self._watch_others, self._log, _TROUBLE)
            ),
        ]

    async def close(self) -> None:
        """Stop following; the work itself goes on in Azure and the next process takes it up."""
        self._closed = True
        opening, self._opening = self._opening, None
        if opening is not None:
            await asyncio.gather(opening, return_exceptions=True)
        tasks = [*self._background, *self._tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._journal.close()

    # --- starting and doing -------------------------------------------------------------------

    async def start(
        self,
        kind: OperationKind,
        target: str,
        workspace_id: str,
        message: str,
        checkpoint: bytes,
        *,
        operation_id: str | None = None,
        cancellable: bool = True,
    ) -> Operation:
        """Journal an operation and begin the work in the background.

        ``operation_id`` is one of ``new_id``, where something had to be named after it before. One
        that is not ``cancellable`` is so though others of its kind are.
        Raises OperationInProgress while another operation works on the same target.
        """
        operation = self._new(
            kind, target, workspace_id, "queued", message, operation_id=operation_id
        )
        if not cancellable:
            operation = replace(operation, cancellable=False)
        await self._add(operation, checkpoint)
        self._run(operation, checkpoint)
        return operation

    async def record_finished(
        self, kind: OperationKind, target: str, workspace_id: str, message: str
    ) -> Operation:
        """Journal an operation that found its work already done."""
        operation = self._new(kind, target, workspace_id, "succeeded", message)
        await self._add(operation, b"")
        return operation

    async def record_failed(
        self, kind: OperationKind, target: str, workspace_id: str, error: CiManagerError
    ) -> Operation:
        """Journal an operation that could not even begin, so that it is seen among others."""
        operation = self._new(kind, target, workspace_id, "failed", error.message, error.body)
        await self._add(operation, b"")
        return operation

    @staticmethod
    def new_id() -> str:
        """An id that no operation has."""
        return secrets.token_hex(8)

    def _new(
        self,
        kind: OperationKind,
        target: str,
        workspace_id: str,
        state: OperationState,
        message: str,
        error: ErrorBody | None = None,
        *,
        operation_id: str | None = None,
    ) -> Operation:
        now = self._now()
        done = state not in ACTIVE_OPERATION_STATES
        return Operation(
            id=operation_id or self.new_id(),
            kind=kind,
            target=target,
            workspace_id=workspace_id,
            state=state,
            message=message,
            progress=1.0 if state == "succeeded" else None,
            error=error,
            cancellable=kind in self._cancellable,
            created_at=now,
            started_at=now if done else None,
            ended_at=now if done else None,
        )

    async def _add(self, operation: Operation, checkpoint: bytes) -> None:
        await self.open()
        try:
            await self._journal.call(lambda journal: journal.add(operation, checkpoint))
        except AlreadyActive as error:
            raise OperationInProgress(
                f"Another operation is still working on {operation.target}.",
                details={"operation_id": error.operation_id},
            ) from None
        await self._news.tell(operation)

    def _run(self, operation: Operation, checkpoint: bytes, *, resumed: bool = False) -> None:
        log = self._log_of(operation.id) if self._log_of is not None else None
        handle = OperationHandle(
            self.write,
            operation,
            checkpoint,
            resumed=resumed,
            log=log,
            is_cancelled=lambda: operation.id in self._cancelling,
        )
        task = asyncio.ensure_future(self._perform(handle))
        self._tasks[operation.id] = task
        task.add_done_callback(lambda _: self._forget(operation.id))

    def _forget(self, operation_id: str) -> None:
        self._tasks.pop(operation_id, None)
        self._cancelling.discard(operation_id)

    async def _perform(self, handle: OperationHandle) -> None:
        try:
            await self._perform_owned(handle)
        except OwnershipLost:
            self._log.info("Operation %s is followed by another process.", handle.operation.id)

    async def _perform_owned(self, handle: OperationHandle) -> None:
        operation = handle.operation
        performer = self._performers[operation.kind]
        started_at = operation.started_at or self._now()
        await self.write(handle, state="running", started_at=started_at)
        try:
            message = await performer(handle)
        except WorkLost as lost:
            await self._end(handle, "lost", str(lost), None)
        except CiManagerError as error:
            await self._end(handle, "failed", error.message, error.body)
        except OwnershipLost:
            raise
        except asyncio.CancelledError:
            if operation.id not in self._cancelling:
                raise
            await self._end(handle, "cancelled", "Cancelled", None)
        except Exception as error:  # noqa: BLE001
            # The defect is ours: the log has the trace, the person an end instead of a hang.
            self._log.exception("Operation %s on %s broke", operation.kind, operation.target)
            await self._end(
                handle,
                "failed",
                f"An unexpected error ended it: {type(error).__name__}.",
                ErrorBody(
                    code="InternalError",
                    message=f"{type(error).__name__} while working on {operation.target}.",
                    hint="The server's log has the details. Please report it.",
                ),
            )
        else:
            await self._end(handle, "succeeded", message, None)

    async def _end(
        self,
        handle: OperationHandle,
        state: OperationState,
        message: str,
        error: ErrorBody | None,
    ) -> None:
        await self.write(
            handle,
            state=state,
            message=message,
            error=error,
            detail=None,
            progress=1.0 if state == "succeeded" else handle.operation.progress,
            ended_at=self._now(),
        )

    async def write(
        self,
        handle: OperationHandle,
        *,
        checkpoint: bytes | None = None,
        transient: bool = False,
        **changes: object,
    ) -> None:
        """Journal changes of an operation that is ours and announce them. Raises OwnershipLost."""
        operation = replace(handle.operation, revision=handle.operation.revision + 1, **changes)
        await self._journal.call(lambda journal: journal.update(operation, checkpoint, transient))
        handle.operation = operation
        await self._news.tell(operation)

    # --- asking -------------------------------------------------------------------------------

    async def list(self, *, active: bool = False) -> OperationList:
        """Operations of this user, newest first."""
        await self.open()
        items = await self._journal.call(lambda journal: journal.listed(active=active))
        return OperationList(items, warning=self._journal.warning)

    async def get(self, operation_id: str) -> OperationDetails:
        """One operation with its history. Raises OperationNotFound."""
        await self.open()
        found = await self._journal.call(lambda journal: journal.get(operation_id))
        if found is None:
            raise OperationNotFound(f"There is no operation {operation_id!r}.")
        return OperationDetails(*found)

    async def follow(
        self, operation_id: str, *, after_revision: int, timeout_seconds: float
    ) -> OperationDetails:
        """The operation as soon as its revision is larger, or as it is when time is up."""
        deadline = asyncio.get_running_loop().time() + timeout_seconds
        while True:
            seen = self._news.count
            details = await self.get(operation_id)
            remaining = deadline - asyncio.get_running_loop().time()
            ended = details.operation.state not in ACTIVE_OPERATION_STATES
            if ended or details.operation.revision > after_revision or remaining <= 0:
                return details
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._news.after(seen), remaining)

    async def wait(
        self,
        operation_id: str,
        *,
        show_output: Callable[[str], None] | None = None,
        timeout_seconds: float | None = None,
    ) -> Operation:
        """Wait for the end, as ``wait_for_completion(show_output=True)`` of the Azure SDK does.

        ``show_output`` gets each line of the history once. Raises asyncio.TimeoutError; the
        operation itself goes on then.
        """

        async def until_ended() -> Operation:
            shown, revision = 0, -1
            while True:
                details = await self.follow(
                    operation_id, after_revision=revision, timeout_seconds=30
                )
                if show_output is not None:
                    for step in details.steps[shown:]:
                        show_output(step.message)
                shown, revision = len(details.steps), details.operation.revision
                if details.operation.state not in ACTIVE_OPERATION_STATES:
                    return details.operation

        return await asyncio.wait_for(until_ended(), timeout_seconds)

    async def cancel_or_dismiss(self, operation_id: str) -> None:
        """Ask an active operation to end, or take a finished one off the list.

        Raises OperationNotFound or NotCancellable.
        """
        operation = (await self.get(operation_id)).operation
        if await self._journal.call(lambda journal: journal.remove_finished(operation_id)):
            return
        if not operation.cancellable:
            raise _not_cancellable(operation)
        if operation_id in self._tasks:
            self._cancel(operation_id)
        else:
            await self._journal.call(lambda journal: journal.ask_to_cancel(operation_id))

    def _cancel(self, operation_id: str) -> None:
        task = self._tasks.get(operation_id)
        # Once: a second one would interrupt the work while it cleans up.
        if task is not None and operation_id not in self._cancelling:
            self._cancelling.add(operation_id)
            task.cancel()

    # --- looking after the journal --------------------------------------------------------------

    async def _keep_leases(self) -> None:
        if self._tasks:
            await self._journal.call(lambda journal: journal.renew())
        await self._take_up_orphans()

    async def _take_up_orphans(self) -> None:
        for operation, checkpoint in await self._journal.call(
            lambda journal: journal.claim_orphans(self._performers)
        ):
            self._log.info(
                "Taking up %s of %s where it was left.", operation.kind, operation.target
            )
            self._run(operation, checkpoint, resumed=True)

    async def _watch_others(self) -> None:
        self._newest_change, changed = await self._journal.call(
            partial(Journal.changed_by_others, since=self._newest_change)
        )
        for operation in changed:
            await self._news.tell(operation)
        if self._tasks:
            for operation_id in await self._journal.call(Journal.asked_to_cancel):
                self._cancel(operation_id)


def _not_cancellable(operation: Operation) -> NotCancellable:
    if operation.workspace_id:
        return NotCancellable(f"Azure cannot cancel “{operation.message}” once it has been asked.")
    return NotCancellable(
        f"“{operation.message}” cannot be cancelled once it has begun.",
        hint="Let it finish.",
    )
