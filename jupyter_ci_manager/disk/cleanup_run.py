"""Carries out steps of a plan one after the other, and keeps account of how each ended.

It must not know how the plan was made.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import shlex
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, json

from ..errors import CiManagerError, CleanupFailed
from ..models import CleanupReport, CleanupStepResult, ErrorBody
from ..operation_handle import OperationHandle
from .amounts import counted, in_words
from .cleanup_step import NotAsPlanned, Run, Step
from .identity import available_bytes
from .threads import on_thread

STATFS_SECONDS = 5.0
REPORT_SECONDS = 0.5
SHOWN_FAILURES = 20

State = Literal["succeeded", "failed", "skipped", "cancelled"]


class Checkpoint(Struct, frozen=True):
    """What the next process can say of a cleanup whose process is gone."""

    job: str
    parts: list[str]
    """In words, in order."""
    begun: int = 0
    """How many parts had been begun: all but the last of them ended."""

    def encoded(self) -> bytes:
        """For the journal."""
        return json.encode(self)

    def told(self) -> str:
        """What is known, for a person."""
        ended, unknown = self.parts[: max(0, self.begun - 1)], self.parts[max(0, self.begun - 1) :]
        if self.begun == 0:
            return "The server stopped before anything was cleaned up."
        told = (
            f"The server stopped during “{unknown[0]}”: it may be done, in part or not at all, or "
            "still be at work."
        )
        if ended:
            told += f" Before, these ended: {', '.join(ended)}."
        if unknown[1:]:
            told += f" Not begun: {', '.join(unknown[1:])}."
        return told


class CleanupRun:
    """One run of chosen steps, in the order of their plan."""

    def __init__(
        self, steps: Sequence[Step], *, dry_run: bool, report_seconds: float = REPORT_SECONDS
    ) -> None:
        self._steps = list(steps)
        self._dry_run = dry_run
        self._operation_id = ""
        self._results: list[CleanupStepResult] = []
        self._run = Run()
        self._report_seconds = report_seconds

    @property
    def report(self) -> CleanupReport:
        """How it went so far."""
        freed = sum(result.bytes_freed for result in self._results)
        return CleanupReport(self._operation_id, self._dry_run, list(self._results), freed)

    def checkpoint(self, job: str) -> Checkpoint:
        """What is written before it begins."""
        return Checkpoint(job, [_named(part) for part in _parts(self._steps)])

    async def carry_out(self, handle: OperationHandle, log: logging.Logger) -> str:
        """Do it, and say how it went. Raises CleanupFailed where a step failed.

        A step that fails keeps none of the others from being done.
        """
        self._operation_id = handle.operation.id
        self._run.on_output = handle.log
        checkpoint = json.decode(handle.checkpoint, type=Checkpoint)
        try:
            for number, part in enumerate(_parts(self._steps), 1):
                if not self._dry_run:
                    await handle.save(
                        Checkpoint(checkpoint.job, checkpoint.parts, number).encoded()
                    )
                await self._carry_out_part(part, handle, log)
        except asyncio.CancelledError:
            self._cancel_rest()
            raise
        return self._summary()

    async def _carry_out_part(
        self, part: list[Step], handle: OperationHandle, log: logging.Logger
    ) -> None:
        before = len(self._results)
        loop = asyncio.get_running_loop()
        await handle.report(f"{_named(part)}…", self._progress)
        reported = loop.time()
        for step in part:
            await handle.log(_begun(step))
            result = await self._result(step, log)
            self._results.append(result)
            await handle.log(_ended(result))
            if loop.time() - reported > self._report_seconds:
                reported = loop.time()
                done = len(self._results) - before
                await handle.report(f"{_named(part)}: {done} done", self._progress, transient=True)
        for text in _told(self._results[before:]):
            await handle.report(text, self._progress)

    @property
    def _progress(self) -> float:
        return len(self._results) / len(self._steps)

    async def _result(self, step: Step, log: logging.Logger) -> CleanupStepResult:
        if self._dry_run:
            message = f"Would be done: {shlex.join(step.wire.command)}"
            return CleanupStepResult(step.wire.id, step.wire.title, "skipped", 0, message)
        # What is moved within a disk frees nothing; whatever changed meanwhile was not our doing.
        measured = step.wire.kind != "move_to_trash"
        before = await _available(step.disk) if measured else None
        try:
            state, message, error = await self._outcome(step, log)
        except asyncio.CancelledError:
            message = "It was ended in the middle: part of it may be done."
            freed = await _gained(step.disk, before)
            self._results.append(_result(step, "cancelled", freed or 0, message, None))
            raise
        freed = await _gained(step.disk, before)
        if state == "succeeded" and measured and freed is None:
            message += " How much that freed could not be measured."
        return _result(step, state, freed or 0, message, error)

    async def _outcome(
        self, step: Step, log: logging.Logger
    ) -> tuple[State, str, ErrorBody | None]:
        try:
            return "succeeded", await step.carry_out(self._run), None
        except NotAsPlanned as changed:
            return "skipped", str(changed), None
        except CiManagerError as failure:
            return "failed", failure.message, failure.body
        except Exception as defect:
            # The defect is ours: the log has the trace, and the other steps are still done.
            log.exception("The step %s of a cleanup broke", step.wire.id)
            message = f"An unexpected {type(defect).__name__} ended it."
            hint = "The server's log has the details. Please report it."
            return "failed", message, ErrorBody("InternalError", message, hint)

    def _cancel_rest(self) -> None:
        self._results += [
            _result(step, "cancelled", 0, "It was not begun.", None)
            for step in self._steps[len(self._results) :]
        ]

    def _summary(self) -> str:
        report = self.report
        if self._dry_run:
            looked_at = counted(len(report.results), "step")
            return f"Nothing was removed: that was a dry run of {looked_at}."
        failed = [result for result in report.results if result.state == "failed"]
        freed = f"{in_words(report.bytes_freed)} were freed"
        if failed:
            of = f"{len(failed)} of {counted(len(report.results), 'step')} failed"
            raise CleanupFailed(
                f"{of}; {freed}. {failed[0].message}",
                hint=failed[0].error.hint if len(failed) == 1 and failed[0].error else None,
            )
        skipped = sum(result.state == "skipped" for result in report.results)
        remark = f"; skipped, as things had changed: {counted(skipped, 'step')}" if skipped else ""
        return f"{freed}{remark}."


def _parts(steps: Sequence[Step]) -> list[list[Step]]:
    """Steps that are told of together: a thousand moves are one thing to a person."""
    groups = itertools.groupby(enumerate(steps), _group)
    return [[step for _, step in group] for _, group in groups]


def _group(numbered: tuple[int, Step]) -> int:
    number, step = numbered
    return -1 if step.wire.kind == "move_to_trash" else number


def _named(part: Sequence[Step]) -> str:
    return part[0].wire.title if len(part) == 1 else f"Moving {len(part)} files to the trash"


def _told(results: Sequence[CleanupStepResult]) -> list[str]:
    """The lines of the history about one part."""
    if len(results) == 1:
        freed = f" ({in_words(results[0].bytes_freed)} freed)" if results[0].bytes_freed else ""
        return [f"{results[0].message}{freed}"]
    troubles = [result for result in results if result.state != "succeeded"]
    shown = [f"{result.title}: {result.message}" for result in troubles[:SHOWN_FAILURES]]
    return [*shown, f"{len(results) - len(troubles)} of {len(results)} moved to the trash."]


def _begun(step: Step) -> bytes:
    """What is done, for the log."""
    command = step.wire.command
    # What we do ourselves has words for people there.
    shown = f"$ {shlex.join(command)}\n" if command[0].startswith("/") else ""
    return f"# {step.wire.title}\n{shown}".encode(errors="replace")


def _ended(result: CleanupStepResult) -> bytes:
    """How it went, for the log."""
    freed = f", {in_words(result.bytes_freed)} freed" if result.bytes_freed else ""
    return f"# {result.state}{freed}: {result.message}\n\n".encode(errors="replace")


def _result(
    step: Step, state: State, freed: int, message: str, error: ErrorBody | None
) -> CleanupStepResult:
    return CleanupStepResult(step.wire.id, step.wire.title, state, freed, message, error)


async def _gained(path: bytes, before: int | None) -> int | None:
    """By how much more is available than before; None where nobody knows."""
    after = await _available(path) if before is not None else None
    return max(0, after - before) if before is not None and after is not None else None


async def _available(path: bytes) -> int | None:
    """None where the file system does not answer."""

    def look() -> int:
        # What is to be cleaned may not be there yet, or not any more: its disk is.
        place = path
        while not os.path.lexists(place) and place != b"/":
            place = os.path.dirname(place)
        return available_bytes(place)

    try:
        return await on_thread(lambda _: look(), timeout_seconds=STATFS_SECONDS)
    except (OSError, asyncio.TimeoutError):
        return None
