"""What a worker does with an environment, step by step, and how it undoes what is half done.

It knows engines by their protocol. It may block: the process has nothing else to do. What not all
work needs is imported where it is used: a person waits while it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ..child_guard import Guard
from ..errors import (
    CiManagerError,
    EnvironmentBusy,
    EnvironmentExists,
    EnvironmentNotFound,
    EnvironmentProtected,
    NotEnoughRoom,
)
from ..models import KernelRequest
from . import unfinished
from .engine import EnvironmentEngine, Wanted
from .kernel_registration import register_kernel, remove_kernels_of
from .kernel_specs import KernelPlaces, kernel_folders_of
from .locks import Busy, conda_lock, prefix_lock, waiting_for
from .pace import paces_beside, remember
from .rattler import RattlerEngine, cache_cleaner, cache_user
from .rattler_process import RattlerProcess
from .removal import Removal
from .room import shortage
from .work_folder import Made, WorkFolder, WorkRequest, WorkResult
from .worker_report import WorkerReport

HEAR_SECONDS = 0.05
"""A signal is heard when the loop comes to it."""


class Steps:
    """One piece of work."""

    def __init__(
        self,
        request: WorkRequest,
        folder: WorkFolder,
        report: WorkerReport,
        lock: int,
        ahead: list[RattlerProcess],
    ) -> None:
        self._request = request
        self._wanted = request.wanted
        self._prefix = Path(request.wanted.prefix)
        self._home = Path(request.home)
        self._places = request.kernel_places or KernelPlaces.of_jupyter()
        self._folder = folder
        self._report = report
        self._held = [lock]
        self._ahead = ahead
        self._made = Made()
        self._removal = Removal(self._prefix, self._home, folder)

    async def perform(self) -> WorkResult:
        """Do it. Raises errors of ours and CancelledError; nothing is left half-made then."""
        engine = self._request.engine
        what = f"{self._request.kind} {self._prefix}, {engine.name} {engine.version or ''}"
        self._report.log(f"{what.strip()}\n".encode())
        for warning in self._request.warnings:
            self._report.log(f"{warning}\n".encode())
        if self._request.kind == "environment.plan":
            return await self._plan()
        kernel = self._request.kernel
        if self._request.kind == "kernel.register" and kernel and not self._wanted.specs:
            # Nothing is written into the environment: it may be everybody's, and read only.
            return WorkResult("succeeded", self._register(kernel))
        try:
            self._prepare_place()
            async with self._alone():
                # From here on somebody looks after what is left, should this be killed.
                self._folder.save_made(self._made)
                try:
                    message = await self._change_something()
                except BaseException:
                    # Nobody interrupts it: a second signal is ignored.
                    await self._undo(self._folder.made() or self._made)
                    raise
        except BaseException:
            unfinished.remove_empty(map(Path, self._made.folders))
            raise
        return WorkResult("succeeded", message)

    async def _change_something(self) -> str:
        kind = self._request.kind
        if kind == "environment.create":
            return await self._create()
        if kind == "environment.remove":
            return await self._remove()
        return await self._change()

    async def sweep_after_death(self) -> WorkResult:
        """Undo what an earlier worker has made that was killed, and say so."""
        made = self._folder.made() or Made()
        died = "The process that worked on it was killed, or there was no memory left."
        async with self._alone():
            if made.prefix and made.marked and self._is_finished(Path(made.prefix)):
                return WorkResult("succeeded", f"{self._prefix.name} was finished")
            was_away = self._removal.is_away(made)
            told = await self._undo(made)
            if was_away:
                return WorkResult("succeeded", told)
            async with self._engine() as engine:
                await engine.sweep_cache()
        unfinished.remove_empty(map(Path, made.folders))
        return WorkResult("lost", f"{died} {told}".strip())

    # --- who works ------------------------------------------------------------------------------

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Nobody else works on the prefix, and with a real Conda on nothing else either."""
        lock = prefix_lock(self._prefix)
        try:
            lock.acquire()
        except Busy:
            raise EnvironmentBusy(f"Another program is working on {self._prefix}.") from None
        except OSError as error:
            raise EnvironmentProtected(
                f"Nothing can be written beside {self._prefix}: {error.strerror}."
            ) from None
        self._held.append(lock.descriptor)
        try:
            yield
        finally:
            lock.release(remove=True)

    @asynccontextmanager
    async def _engine(self) -> AsyncIterator[EnvironmentEngine]:
        if self._request.engine.name == "rattler":
            cache = Path(self._request.cache)
            user = cache_user(cache, self._request.operation_id)
            user.acquire()
            # Who cleans there may have looked for users before there was this one.
            async with waiting_for(cache_cleaner(cache), self._tell_of_cleaning):
                pass
            engine: EnvironmentEngine = self._rattler(user.descriptor)
            try:
                yield engine
            finally:
                user.release(remove=True)
                await engine.sweep_cache()
            return
        async with waiting_for(conda_lock(self._home), self._tell_of_waiting) as held:
            engine = self._conda(held)
            try:
                yield engine
            finally:
                await engine.sweep_cache()

    async def _tell_of_waiting(self) -> None:
        self._report.phase("solve", "Waiting for another Conda on this machine to finish")

    async def _tell_of_cleaning(self) -> None:
        self._report.phase("solve", "Waiting until the cache of packages is cleaned up")

    def _rattler(self, held: int) -> EnvironmentEngine:
        return RattlerEngine(
            self._folder.path,
            Path(self._request.cache),
            network=self._request.network,
            environ=os.environ,
            held=(*self._held, held),
            ahead=self._ahead,
        )

    def _conda(self, held: int) -> EnvironmentEngine:
        from .conda import CondaEngine

        return CondaEngine(
            self._request.engine,
            self._folder.path,
            environ=os.environ,
            condarc=map(Path, self._request.condarc),
            package_caches=map(Path, self._request.package_caches),
            secrets=self._request.secrets,
            guard=Guard((*self._held, held)),
        )

    # --- planning -------------------------------------------------------------------------------

    async def _plan(self) -> WorkResult:
        async with self._engine() as engine:
            solution = await engine.plan(self._wanted, self._report, new=self._request.new)
        from .planned_work import plan_of

        plan = plan_of(self._request, solution, paces_beside(self._folder.path.parent))
        return WorkResult("succeeded", f"{len(plan.packages)} packages would change", plan=plan)

    # --- creating -------------------------------------------------------------------------------

    def _prepare_place(self) -> None:
        parents = self._prefix.parents
        self._made.folders = [str(each) for each in parents if not unfinished.is_there(each)]
        try:
            self._prefix.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EnvironmentProtected(
                f"{self._prefix.parent} cannot be made: {error.strerror}.",
                hint="Choose a place that you can write to.",
            ) from None

    async def _create(self) -> str:
        prefix = self._prefix
        if unfinished.is_there(prefix):
            raise EnvironmentExists(f"There is something at {prefix} already.")
        self._made.prefix = str(prefix)
        self._folder.save_made(self._made)
        async with self._engine() as engine:
            await self._check_room(engine, new=True)
            self._claim()
            await engine.create(self._wanted, self._report)
            self._copy_untracked()
            if self._request.variables:
                self._write_variables()
            await self._add_to_it(engine)
        unfinished.register(prefix, self._home)
        unfinished.unmark(prefix)
        pace = self._report.pace(self._request.engine.name, self._count())
        remember(paces_beside(self._folder.path.parent), pace)
        return f"Created with {self._count()} packages"

    def _claim(self) -> None:
        """Take the prefix, so that nobody else can, and say that it is not finished."""
        try:
            self._prefix.mkdir()
        except FileExistsError:
            # The other one's is not to be removed.
            self._made.prefix = None
            self._folder.save_made(self._made)
            raise EnvironmentExists(f"There is something at {self._prefix} already.") from None
        except OSError as error:
            raise EnvironmentProtected(
                f"{self._prefix} cannot be made: {error.strerror}."
            ) from None
        unfinished.mark(self._prefix, self._request.operation_id)
        self._made.marked = True
        self._folder.save_made(self._made)

    async def _check_room(self, engine: EnvironmentEngine, *, new: bool) -> None:
        """Raises NotEnoughRoom before anything is written."""
        if engine.checks_room:
            return
        solution = await engine.plan(self._wanted, self._report, new=new)
        from .planned_work import need_of

        reason = shortage(need_of(self._request, solution))
        if reason is not None:
            raise NotEnoughRoom(reason)

    async def _add_to_it(self, engine: EnvironmentEngine) -> None:
        """What comes after the packages: pip's, and the kernel."""
        request = self._request
        if request.pip or request.pip_remove:
            await self._use_pip()
        if request.kernel is not None:
            from .own_kernels import missing_package

            lacking = missing_package(self._prefix, request.kernel.language)
            if lacking is not None:
                wanted = Wanted(str(self._prefix), self._wanted.channels, specs=[lacking])
                await engine.change(wanted, self._report)
            self._register(request.kernel)

    async def _use_pip(self) -> None:
        from .pip import Pip

        request = self._request
        pip = Pip(
            self._prefix,
            environ=os.environ | request.network.environ,
            folder=self._folder.path,
            guard=Guard(tuple(self._held)),
        )
        if request.pip_remove:
            self._report.phase("pip", "Removing with pip")
            await pip.remove(request.pip_remove, self._report)
        if request.pip:
            self._report.phase("pip", "Downloading and building with pip")
            await pip.install(
                request.pip,
                self._report,
                without_dependencies=request.pip_without_dependencies,
            )

    def _copy_untracked(self) -> None:
        source = self._wanted.clone_from
        # Of all real ones, conda alone does so by itself.
        if source is not None and self._request.engine.name != "conda":
            from .cloning import copy_untracked

            count = copy_untracked(Path(source), self._prefix)
            self._report.log(f"Copied {count} files that belong to no package\n".encode())

    def _register(self, kernel: KernelRequest) -> str:
        self._report.phase("kernel", f"Registering the kernel {kernel.display_name}")
        register_kernel(self._prefix, kernel, self._places)
        return f"{kernel.display_name} is registered"

    def _write_variables(self) -> None:
        """As ``conda env config vars set`` keeps them. Source: ``conda/core/prefix_data.py``."""
        state = self._prefix / "conda-meta" / "state"
        state.write_text(json.dumps({"version": 1, "env_vars": self._request.variables}))

    def _count(self) -> int:
        return len(list((self._prefix / "conda-meta").glob("*.json")))

    def _is_finished(self, prefix: Path) -> bool:
        return (prefix / "conda-meta").is_dir() and not unfinished.is_unfinished(prefix)

    # --- changing and removing ------------------------------------------------------------------

    async def _change(self) -> str:
        if not (self._prefix / "conda-meta").is_dir():
            raise EnvironmentNotFound(f"There is no environment at {self._prefix} any more.")
        wanted = self._wanted
        async with self._engine() as engine:
            if wanted.specs or wanted.update or wanted.update_all or wanted.remove:
                await self._change_packages(engine)
            await self._add_to_it(engine)
        if self._request.kernel is not None:
            return f"{self._request.kernel.display_name} is registered"
        return f"Changed; it has {self._count()} packages now"

    async def _change_packages(self, engine: EnvironmentEngine) -> None:
        await self._check_room(engine, new=False)
        self._made.changing = str(self._prefix)
        self._folder.save_made(self._made)
        try:
            unfinished.mark(self._prefix, self._request.operation_id)
        except OSError as error:
            raise EnvironmentProtected(
                f"{self._prefix} cannot be changed: {error.strerror}."
            ) from None
        await engine.change(self._wanted, self._report)
        unfinished.unmark(self._prefix)
        # From here on there is nothing to put back.
        self._made.changing = None
        self._folder.save_made(self._made)
        engine.forget_before()

    async def _remove(self) -> str:
        if not self._prefix.is_dir():
            raise EnvironmentNotFound(f"There is no environment at {self._prefix} any more.")
        self._report.phase("remove", f"Removing {self._prefix}")
        if self._request.remove_kernels:
            self._made.kernels = list(map(str, kernel_folders_of(self._prefix, self._places)))
        if self._request.engine.name == "rattler":
            # Whoever has cancelled by now is heard. From the renaming on it is gone.
            await asyncio.sleep(HEAR_SECONDS)
            self._removal.move_away(self._made, self._request.operation_id)
        else:
            async with self._engine() as engine:
                await engine.remove(self._prefix, self._report)
            if unfinished.is_there(self._prefix):
                self._removal.move_away(self._made, self._request.operation_id)
        return self._removal.finish(self._made)

    # --- undoing --------------------------------------------------------------------------------

    async def _undo(self, made: Made) -> str:
        """Undo what is half-made; what that was, for a person."""
        told: list[str] = []
        if made.prefix is not None:
            told.append(self._remove_unfinished(Path(made.prefix), made))
        if made.removed is not None:
            is_away = self._removal.is_away(made)
            told.append(self._removal.finish(made) if is_away else "Nothing was removed.")
        if made.changing is not None:
            told.append(await self._restore(Path(made.changing)))
        return " ".join(each for each in told if each)

    def _remove_unfinished(self, prefix: Path, made: Made) -> str:
        ours = unfinished.is_marked_by(prefix, self._request.operation_id)
        if not unfinished.is_there(prefix):
            return "Nothing of it is left."
        if not ours and not made.marked:
            # Nothing of ours is in it, unless it was killed right between two steps.
            with contextlib.suppress(OSError):
                prefix.rmdir()
                return "Nothing of it is left."
            return f"{prefix} is not known to be ours and was left alone."
        self._report.log(f"Removing the unfinished {prefix}\n".encode())
        # By what they say of themselves: one may have been registered right before the end.
        _, problems = remove_kernels_of(prefix, self._places)
        unfinished.remove_folder(prefix)
        unfinished.unregister(prefix, self._home)
        return " ".join(["What it had made was removed.", *problems])

    async def _restore(self, prefix: Path) -> str:
        async with self._engine() as engine:
            if not engine.can_restore:
                unfinished.unmark(prefix)
                return "Nothing was changed."
            try:
                await engine.restore(self._wanted, self._report)
            except CiManagerError as error:
                told = f"What was there before could not be put back: {error.message}"
                self._report.log(f"{told}\n".encode())
                return f"{told} The environment is marked as incomplete."
            engine.forget_before()
        unfinished.unmark(prefix)
        return "What was there before was put back."
