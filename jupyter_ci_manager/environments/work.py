"""Work on environments, as operations that outlive this server.

It decides what may be asked and hands it to a worker process of its own. It must not know how an
engine works.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec import MsgspecError
from msgspec.structs import replace

from ..errors import (
    BadRequest,
    CiManagerError,
    EngineFailed,
    EnvironmentExists,
    EnvironmentProtected,
    NoEngine,
    NotEnoughRoom,
    OperationNotFound,
    PlanNotFound,
)
from ..hang_guard import NoAnswer, Turns
from ..models import (
    ACTIVE_OPERATION_STATES,
    ChangePackages,
    CreateEnvironment,
    Environment,
    EnvironmentPlan,
    ErrorBody,
    KernelRequest,
    Operation,
    OperationKind,
    PlanEnvironment,
    WorkProgress,
)
from ..operation_handle import OperationHandle, WorkLost
from ..operations import OperationRegistry
from .engines import Engines
from .room import KEEP_FREE_BYTES, available_bytes
from .unfinished import is_there
from .work_folder import ProgressLine, WorkFolder, WorkRequest, WorkResult
from .work_requests import RequestMaker
from .worker_process import WorkerGone, WorkerProcess

ANSWER_SECONDS = 30.0
REPORT_SECONDS = 0.25
"""Each report is written to the journal and told to every browser."""

KEEP_PLANS = 20
FORGOTTEN_SECONDS = 3600.0
KINDS: tuple[OperationKind, ...] = (
    "environment.plan",
    "environment.create",
    "environment.change",
    "environment.remove",
    "kernel.register",
)


T = TypeVar("T")


class KnowsEnvironments(Protocol):
    """Which environments there are."""

    async def find(self, environment_id: str) -> Environment:
        """One of them. Raises EnvironmentNotFound."""


class EnvironmentWork:
    """Starts, follows, cancels and takes up again what works on environments.

    ``folder`` is where each piece of work has its own, ``logs`` where operations write.
    """

    def __init__(
        self,
        operations: OperationRegistry,
        environments: KnowsEnvironments,
        engines: Engines,
        *,
        folder: Path,
        logs: Path,
        root: Path,
        home: Path,
        environ: Mapping[str, str],
        log: logging.Logger,
        allowed_kernels: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        """``allowed_kernels``: the only names that Jupyter shows; none means all. May block."""
        self._operations = operations
        self._environments = environments
        self._folder = folder
        self._log = log
        self._turns = Turns(ANSWER_SECONDS)
        self._make = RequestMaker(
            engines,
            logs=logs,
            root=root,
            home=home,
            environ=environ,
            allowed_kernels=allowed_kernels,
        )
        operations.perform_with(KINDS, self._perform, cancellable=True)

    # --- what can be asked ----------------------------------------------------------------------

    async def plan(self, request: PlanEnvironment) -> Operation:
        """Work out what creating or changing comes to. Raises as ``create`` and ``change``."""
        work = await self._planned_work(request)
        prefix = work.wanted.prefix
        work = replace(work, operation_id=self._operations.new_id())
        # Whoever changes their mind plans anew while the plan before is still worked out.
        target = f"{Path(prefix).name} (plan {work.operation_id[:6]})"
        return await self._start(work, target, f"Planning {Path(prefix).name}")

    async def _planned_work(self, request: PlanEnvironment) -> WorkRequest:
        of_new, of_change = request.create is not None, request.change is not None
        if of_new == of_change or of_change != (request.environment_id is not None):
            raise BadRequest("A plan is of a new environment, or of a change to one that there is.")
        if request.create is not None:
            source = await self._source(request.create)
            work = await self._make.create(request.create, source)
            await self._check_free(Path(work.wanted.prefix))
            return replace(work, kind="environment.plan", new=True)
        environment = await self._changeable(request.environment_id or "")
        work = await self._make.change(environment, request.change or ChangePackages())
        return replace(work, kind="environment.plan", new=False)

    async def planned(self, operation_id: str) -> EnvironmentPlan:
        """What an operation has worked out. Raises PlanNotFound."""
        folder = self._folder_of(operation_id)
        result: WorkResult | None = None
        with contextlib.suppress(OSError, MsgspecError, NoAnswer):
            if operation_id.isalnum():
                result = await self._turns.call(folder.result)
        if result is None or result.plan is None:
            raise PlanNotFound(f"The operation {operation_id[:40]!r} has worked nothing out.")
        return result.plan

    async def create(self, request: CreateEnvironment) -> Operation:
        """Make an environment. Raises EnvironmentExists, NotEnoughRoom or NoEngine."""
        source = await self._source(request)
        work = await self._make.create(request, source)
        prefix = Path(work.wanted.prefix)
        await self._check_free(prefix)
        await self._check_some_room(prefix)
        return await self._start(work, str(prefix), f"Creating {prefix.name}")

    async def change(self, environment_id: str, request: ChangePackages) -> Operation:
        """Change an environment. Raises EnvironmentNotFound or EnvironmentProtected."""
        environment = await self._changeable(environment_id)
        work = await self._make.change(environment, request)
        return await self._start(work, environment.prefix, f"Changing {_named(environment)}")

    async def remove(self, environment_id: str, *, kernels: bool) -> Operation:
        """Remove one, with its kernels where that is wanted. Raises as ``change``."""
        environment = await self._changeable(environment_id)
        if environment.is_base:
            raise EnvironmentProtected(
                f"{_named(environment)} is the environment that Conda itself lives in."
            )
        work = await self._make.remove(environment, kernels=kernels)
        return await self._start(work, environment.prefix, f"Removing {_named(environment)}")

    async def register_kernel(
        self, environment: Environment, kernel: KernelRequest, *, add: str | None
    ) -> Operation:
        """Make a kernel of it, after ``add``, a package that it lacks, has been installed."""
        if add is not None:
            _check_changeable(environment)
        work = await self._make.register(environment, kernel, add=add)
        message = f"Registering {kernel.display_name}"
        return await self._start(work, environment.prefix, message)

    # --- checks ---------------------------------------------------------------------------------

    async def _source(self, request: CreateEnvironment) -> Environment | None:
        if request.clone_of is None:
            return None
        return await self._environments.find(request.clone_of)

    async def _changeable(self, environment_id: str) -> Environment:
        environment = await self._environments.find(environment_id)
        _check_changeable(environment)
        return environment

    async def _check_free(self, prefix: Path) -> None:
        if await self._answer(lambda: is_there(prefix)):
            raise EnvironmentExists(
                f"There is something at {prefix} already.", details={"prefix": str(prefix)}
            )

    async def _check_some_room(self, prefix: Path) -> None:
        """What is needed is known when it is solved; on a full disk nothing need be solved."""
        free = await self._answer(lambda: available_bytes(prefix))
        if free is not None and free < KEEP_FREE_BYTES:
            raise NotEnoughRoom(f"{free / 1e6:,.0f} MB are free at {prefix.parent}.")

    async def _answer(self, question: Callable[[], T]) -> T:
        try:
            return await self._turns.call(question)
        except NoAnswer as error:
            raise EngineFailed(
                f"The file system does not answer: {error}.",
                hint="It is probably a network share whose server is gone.",
            ) from None

    # --- starting and following -----------------------------------------------------------------

    def _folder_of(self, operation_id: str) -> WorkFolder:
        return WorkFolder(self._folder / operation_id)

    async def _start(self, work: WorkRequest, target: str, message: str) -> Operation:
        if sys.platform == "win32":
            raise NoEngine("Environments cannot be worked on from here under Windows yet.")
        if not work.operation_id:
            work = replace(work, operation_id=self._operations.new_id())
        folder = self._folder_of(work.operation_id)
        try:
            await self._turns.call(lambda: folder.make(work))
        except (OSError, NoAnswer) as error:
            raise NotEnoughRoom(
                f"What is to be done cannot be written to {folder.path.parent}: {error}."
            ) from None
        try:
            operation = await self._operations.start(
                work.kind,
                target,
                "",
                message,
                b"",
                operation_id=work.operation_id,
                cancellable=_can_be_cancelled(work),
            )
        except BaseException:
            await self._turns.call(folder.remove)
            raise
        await self._forget_old()
        return operation

    async def _perform(self, handle: OperationHandle) -> str:
        folder = self._folder_of(handle.operation.id)
        worker = WorkerProcess(folder, log=self._log)
        starting = asyncio.ensure_future(_nothing() if handle.resumed else worker.start())
        try:
            # Shielded: one that is half started could not be told to end.
            await asyncio.shield(starting)
            result = await self._follow(handle, worker)
        except asyncio.CancelledError:
            await asyncio.wait([starting])
            if not handle.is_cancelled:
                # This server stops. The worker goes on, and the next server follows it.
                raise
            result = await self._cancelled(worker, folder)
        except WorkerGone:
            raise WorkLost(await self._account(folder)) from None
        except EngineFailed:
            await self._forget_secrets(folder)
            raise
        return _outcome(result)

    async def _cancelled(self, worker: WorkerProcess, folder: WorkFolder) -> WorkResult:
        try:
            return await worker.cancel()
        except WorkerGone:
            return WorkResult("lost", await self._account(folder))

    async def _follow(self, handle: OperationHandle, worker: WorkerProcess) -> WorkResult:
        told = 0.0
        loop = asyncio.get_running_loop()
        async with contextlib.aclosing(worker.follow()) as lines:
            async for line in lines:
                if isinstance(line, WorkResult):
                    return line
                if line.kept or loop.time() - told >= REPORT_SECONDS:
                    told = loop.time()
                    await _report(handle, line)
        raise WorkerGone

    async def _account(self, folder: WorkFolder) -> str:
        """What is known of work whose worker is gone without a word."""
        try:
            made = await self._turns.call(folder.made)
        except (OSError, MsgspecError, NoAnswer):
            made = None
        await self._forget_secrets(folder)
        if made is None:
            return "It ended before anything was begun; nothing was changed."
        places = [place for place in (made.prefix, made.changing, made.removed) if place]
        return (
            "The process that worked on it was killed, and what it left could not be removed: "
            f"{', '.join(places) or 'nothing that is known'}."
        )

    async def _forget_secrets(self, folder: WorkFolder) -> None:
        # Else they go with the folder, when the next piece of work begins.
        with contextlib.suppress(OSError, NoAnswer):
            await self._turns.call(folder.forget_secrets)

    async def _forget_old(self) -> None:
        """Remove the folders of what has ended, but those of the newest plans."""
        with contextlib.suppress(OSError, NoAnswer):
            ages = await self._turns.call(lambda: _ages(self._folder))
            plans = 0
            for name in sorted(ages, key=ages.__getitem__):
                operation = await self._known(name)
                if operation is None:
                    # Another server may be about to start it.
                    is_old = ages[name] > FORGOTTEN_SECONDS
                elif operation.kind == "environment.plan":
                    plans += 1
                    is_old = plans > KEEP_PLANS
                else:
                    is_old = True
                active = operation is not None and operation.state in ACTIVE_OPERATION_STATES
                if is_old and not active:
                    await self._turns.call(self._folder_of(name).remove)

    async def _known(self, operation_id: str) -> Operation | None:
        try:
            return (await self._operations.get(operation_id)).operation
        except OperationNotFound:
            return None


async def _nothing() -> None:
    """What is to be done to start a worker that an earlier server has started."""


def _ages(folder: Path) -> dict[str, float]:
    """How many seconds ago each piece of work was last written to."""
    now = time.time()
    return {each.name: now - each.stat().st_mtime for each in folder.iterdir()}


def _can_be_cancelled(work: WorkRequest) -> bool:
    """A Conda that removes an environment takes out one package after the other for good."""
    return work.kind != "environment.remove" or work.engine.name == "rattler"


def _check_changeable(environment: Environment) -> None:
    if environment.is_server:
        raise EnvironmentProtected(
            f"{_named(environment)} is the environment that this Jupyter server runs in."
        )
    if not environment.writable:
        raise EnvironmentProtected(f"{environment.prefix} cannot be written by you.")


def _named(environment: Environment) -> str:
    return environment.name or environment.prefix


async def _report(handle: OperationHandle, line: ProgressLine) -> None:
    detail = WorkProgress(line.phase, line.phases, line.item, line.done, line.total)
    await handle.report(line.message, line.fraction, transient=not line.kept, detail=detail)


def _outcome(result: WorkResult) -> str:
    """The closing message. Raises what it ended with."""
    if result.state == "succeeded":
        return result.message
    if result.state == "cancelled":
        raise asyncio.CancelledError
    if result.state == "lost" or result.error is None:
        raise WorkLost(result.message)
    raise _Ended(result.error)


class _Ended(CiManagerError):
    """The error that a worker has told, as it told it."""

    def __init__(self, body: ErrorBody) -> None:
        super().__init__(body.message, hint=body.hint, code=body.code, details=body.details)
