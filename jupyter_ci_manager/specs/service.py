"""A spec before it is sent: what is wrong with it, what it costs, how else it can be said.

Panel, magics and command line call it; it knows no HTTP and no wire key of Azure's.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..models import (
    InstanceSchedule,
    InstanceSpec,
    SchedulePreview,
    SpecCheck,
    SpecCode,
    SpecDefaults,
    SpecTemplate,
    TimeZones,
)


class SpecService:
    """Specs of compute instances of the current workspace. Methods raise ``errors``."""

    async def check(self, spec: InstanceSpec) -> SpecCheck:
        """All that is wrong with a spec at once, and what it would cost."""
        raise NotImplementedError

    async def code(self, spec: InstanceSpec) -> SpecCode:
        """The same request in all languages."""
        raise NotImplementedError

    def template(self, text: str) -> SpecTemplate:
        """The content of a template file. Raises InvalidTemplate."""
        raise NotImplementedError

    async def defaults(self) -> SpecDefaults:
        """What a new spec begins with."""
        raise NotImplementedError

    def preview(self, schedules: Sequence[InstanceSchedule]) -> SchedulePreview:
        """When schedules fire next."""
        raise NotImplementedError

    def time_zones(self) -> TimeZones:
        """The time zones that schedules can be in."""
        raise NotImplementedError
