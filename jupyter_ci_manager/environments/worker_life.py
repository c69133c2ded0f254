"""The life of a worker process: it works once, tells how it ended, and leaves nothing half-made.

It knows signals and the folder, and not how environments are made. Where an earlier worker of the
folder was killed, this one removes what that one had made, and tells so.
"""

from __future__ import annotations

import asyncio
import os
import signal
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from msgspec import MsgspecError

from ..errors import CiManagerError
from ..models import EnvironmentPhase, ErrorBody
from .masking import masked
from .rattler_process import RattlerProcess
from .work_folder import WorkFolder, WorkRequest, WorkResult
from .worker_report import WorkerReport
from .worker_steps import Steps

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PHASES: dict[str, list[EnvironmentPhase]] = {
    "environment.plan": ["solve"],
    "environment.create": ["solve", "download", "link"],
    "environment.change": ["solve", "download", "link"],
    "environment.remove": ["remove"],
    "kernel.register": [],
}


def live(path: str, lock: int, ahead: list[RattlerProcess]) -> None:
    """Do what lies in the folder, whose open lock file is ``lock``; end the process.

    ``ahead`` are processes that wait for what the embedded engine is asked.
    """
    folder = WorkFolder(Path(path))
    try:
        request = folder.request()
    except (OSError, MsgspecError) as error:
        folder.finish(WorkResult("lost", f"What was to be done cannot be read: {error}."))
    else:
        asyncio.run(_live(folder, request, lock, ahead))
    os._exit(0)


async def _live(
    folder: WorkFolder, request: WorkRequest, lock: int, ahead: list[RattlerProcess]
) -> None:
    report = WorkerReport(
        folder.progress,
        Path(request.logs),
        request.operation_id,
        phases_of(request),
        request.secrets,
    )
    steps = Steps(request, folder, report, lock, ahead)
    made = folder.made()
    if made is not None:
        # Sweeping is not interrupted: it is what an end would do anyway.
        _on_signal(lambda: None)
        result = await _told(steps.sweep_after_death, request, report)
    else:
        work = asyncio.ensure_future(_told(steps.perform, request, report))
        _cancel_once(work)
        result = await work
    report.log(f"{result.message}\n".encode())
    await report.close()
    folder.finish(result)


def phases_of(request: WorkRequest) -> list[EnvironmentPhase]:
    """What the work goes through, in order."""
    phases = list(_PHASES[request.kind])
    wanted = request.wanted
    if request.kind == "kernel.register" and wanted.specs:
        phases += ["solve", "download", "link"]
    conda = wanted.specs or wanted.update or wanted.update_all or wanted.remove
    if request.kind == "environment.change" and not conda:
        phases = []
    if request.kind != "environment.plan" and (request.pip or request.pip_remove):
        phases.append("pip")
    if request.kind != "environment.plan" and request.kernel is not None:
        phases.append("kernel")
    return phases or ["link"]


def _on_signal(action: Callable[[], object]) -> None:
    """Do that when somebody wants this to end. Its children still end as others do."""
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, action)
    # They were held back until now.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _cancel_once(work: asyncio.Future[WorkResult]) -> None:
    """A second signal must not interrupt what cleans up after the first."""
    asked = False

    def cancel() -> None:
        nonlocal asked
        if not asked:
            asked = True
            work.cancel()

    _on_signal(cancel)


async def _told(
    work: Callable[[], Awaitable[WorkResult]], request: WorkRequest, report: WorkerReport
) -> WorkResult:
    """How it ended, whatever happened, without secrets."""
    try:
        return await work()
    except asyncio.CancelledError:
        return WorkResult("cancelled", "Cancelled")
    except CiManagerError as error:
        body = error.body
        return _failed(
            ErrorBody(
                code=body.code,
                message=masked(body.message, request.secrets),
                hint=body.hint,
                details={
                    name: masked(value, request.secrets)
                    for name, value in (body.details or {}).items()
                }
                or None,
            )
        )
    except Exception as error:  # noqa: BLE001
        # The defect is ours, or the file system's: the log has the trace, the person an end.
        report.log(traceback.format_exc().encode())
        return _failed(
            ErrorBody(
                code="InternalError",
                message=masked(f"{type(error).__name__}: {error}", request.secrets),
                hint="The log of the operation has the details.",
            )
        )


def _failed(error: ErrorBody) -> WorkResult:
    return WorkResult("failed", error.message, error)
