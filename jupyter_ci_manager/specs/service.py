"""A spec before it is sent: what is wrong with it, what it costs, how else it can be said.

Panel, magics and command line call it; it knows no HTTP and no wire key of Azure's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from ..errors import (
    CiManagerError,
    Forbidden,
    InstanceExists,
    NameTaken,
    QuotaExceeded,
    ScriptNotFound,
    UnknownVmSize,
)
from ..instances.names import name_problem
from ..instances.service import InstanceService
from ..instances.sizes import SizeService
from ..instances.workspace import WorkspaceService
from ..models import (
    CostEstimate,
    InstanceSchedule,
    InstanceSpec,
    SchedulePreview,
    SpecCheck,
    SpecCode,
    SpecDefaults,
    SpecProblem,
    SpecTemplate,
    TimeZones,
    VmSize,
)
from .checks import spec_problems
from .costs import cost_estimate
from .languages import in_all_languages
from .locks import Locks
from .recurrences import next_firings
from .refusals import problem_of
from .schedules import schedule_problems
from .templates import template_from_text, templates_in
from .time_zones import local_time_zone, time_zone_names

WORKSPACE_PATIENCE_SECONDS = 5.0
"""How long somebody waits to see a spec in another language."""


class SpecService:
    """Specs of compute instances of the current workspace. Methods raise ``errors``."""

    def __init__(
        self,
        workspace: WorkspaceService,
        instances: InstanceService,
        sizes: SizeService,
        *,
        now: Callable[[], datetime],
        locks: Locks,
        templates: Path | None,
        log: logging.Logger,
    ) -> None:
        self._workspace = workspace
        self._instances = instances
        self._sizes = sizes
        self._now = now
        self._locks = locks
        self._templates = templates
        self._log = log

    async def check(self, spec: InstanceSpec) -> SpecCheck:
        """All that is wrong with a spec at once, and what it would cost.

        Where Azure cannot be asked, that is a warning, and what can be checked here is checked.
        """
        permitted, named, (vm_size, sized), scripted, ruled = await asyncio.gather(
            self._permission(),
            self._name(spec.name),
            self._size(spec.vm_size),
            self._scripts(spec),
            self._rules(spec),
        )
        firings, cost = await asyncio.to_thread(_previewed, spec, vm_size, self._now())
        return SpecCheck(
            problems=_each_once([*permitted, *named, *sized, *ruled, *scripted]),
            vm_size=vm_size,
            cost=cost,
            firings=firings,
        )

    async def _permission(self) -> list[SpecProblem]:
        try:
            await self._workspace.current()
            await self._workspace.require("create")
        except Forbidden as error:
            return [problem_of(error, "")]
        except CiManagerError as error:
            return [_not_asked(error)]
        return []

    async def _name(self, name: str) -> list[SpecProblem]:
        """Whether the name is free; that it breaks no rule is among the rules."""
        if name_problem(name) is not None:
            return []
        try:
            check = await self._instances.check_name(name)
        except Forbidden:
            # Asking is a permission of its own: without it, creating finds out.
            return []
        except CiManagerError as error:
            return [_not_asked(error)]
        if check.available:
            return []
        kind = InstanceExists if check.existing else NameTaken
        free = f" {check.suggestion} is free." if check.suggestion else ""
        hint = f"{kind.hint}{free}"
        return [problem_of(kind(check.message or f"{name} is in use.", hint=hint), "name")]

    async def _size(self, name: str) -> tuple[VmSize | None, list[SpecProblem]]:
        if not name.strip():
            return None, []
        try:
            sizes = (await self._sizes.sizes()).items
        except Forbidden:
            return None, []
        except CiManagerError as error:
            return None, [_not_asked(error)]
        size = next((each for each in sizes if each.name.lower() == name.lower()), None)
        if size is None:
            unknown = UnknownVmSize(f"{name[:128]!r} is not a VM size for compute instances here.")
            return None, [problem_of(unknown, "vm_size")]
        if not size.creatable:
            full = QuotaExceeded(size.reason or f"There is no quota left for {name}.")
            return size, [problem_of(full, "vm_size")]
        return size, []

    async def _scripts(self, spec: InstanceSpec) -> list[SpecProblem]:
        try:
            await self._instances.check_scripts(spec)
        except ScriptNotFound as error:
            return [problem_of(error, error.field or "setup_scripts")]
        except CiManagerError:
            # The share decides nothing: it may be closed from here and open to the instance.
            return []
        return []

    async def _rules(self, spec: InstanceSpec) -> list[SpecProblem]:
        try:
            return await self._instances.problems(spec)
        except CiManagerError as error:
            own = await asyncio.to_thread(spec_problems, spec, self._now())
            return [_not_asked(error), *own]

    async def code(self, spec: InstanceSpec) -> SpecCode:
        """The same request in all languages, also where no workspace can be asked about.

        Raises InvalidInstanceSpec for what cannot be written down.
        """
        # Without Azure its region is not known, and perhaps not even its name.
        with contextlib.suppress(CiManagerError, asyncio.TimeoutError):
            await asyncio.wait_for(self._workspace.current(), WORKSPACE_PATIENCE_SECONDS)
        workspace = self._workspace.chosen
        return await asyncio.to_thread(in_all_languages, spec, workspace)

    def template(self, text: str) -> SpecTemplate:
        """The content of a template file. Raises InvalidTemplate."""
        return template_from_text(text)

    async def defaults(self) -> SpecDefaults:
        """What a new spec begins with."""
        templates: list[SpecTemplate] = []
        if self._templates is not None:
            templates = await asyncio.to_thread(templates_in, self._templates, log=self._log)
        return SpecDefaults(
            spec=self._locks.defaults, locked=list(self._locks.fields), templates=templates
        )

    async def preview(self, schedules: Sequence[InstanceSchedule]) -> SchedulePreview:
        """When schedules fire next, and what is wrong with them."""
        now = self._now()
        return await asyncio.to_thread(
            lambda: SchedulePreview(
                firings=[next_firings(schedule, now) for schedule in schedules],
                problems=schedule_problems(schedules, now),
            )
        )

    async def time_zones(self) -> TimeZones:
        """The time zones that schedules can be in."""
        return await asyncio.to_thread(
            lambda: TimeZones(items=time_zone_names(), local=local_time_zone())
        )


def _previewed(
    spec: InstanceSpec, vm_size: VmSize | None, now: datetime
) -> tuple[list[list[datetime]], CostEstimate | None]:
    price = vm_size.price if vm_size is not None else None
    return (
        [next_firings(schedule, now) for schedule in spec.schedules],
        cost_estimate(price, spec.schedules, now) if price is not None else None,
    )


def _not_asked(error: CiManagerError) -> SpecProblem:
    return SpecProblem(
        field="",
        code=error.body.code,
        message=f"Azure could not be asked whether all of this is possible: {error.message}",
        hint=error.body.hint,
        severity="warning",
    )


def _each_once(problems: Sequence[SpecProblem]) -> list[SpecProblem]:
    return list(dict.fromkeys(problems))
