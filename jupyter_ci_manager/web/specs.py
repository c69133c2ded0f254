"""Routes of what a new instance is asked to be: checks, other languages, templates, schedules."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import (
    CheckSpec,
    PreviewSchedules,
    ReadTemplate,
    SchedulePreview,
    SpecCheck,
    SpecCode,
    SpecDefaults,
    SpecTemplate,
    TimeZones,
)
from .base import CiManagerHandler
from .describe import endpoint
from .instances import AZURE_ERRORS


class SpecCheckHandler(CiManagerHandler):
    """What is wrong with a spec, and what it would cost."""

    @endpoint(
        "All that is wrong with a spec, field by field, and what it would cost",
        body=CheckSpec,
        answers={200: SpecCheck},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def post(self) -> None:
        await self.send(await self.services.specs.check(self.body(CheckSpec).spec))


class SpecCodeHandler(CiManagerHandler):
    """The same request in other languages."""

    @endpoint(
        "A spec as ARM template, az ml, SDK and magic",
        body=CheckSpec,
        answers={200: SpecCode},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def post(self) -> None:
        await self.send(await self.services.specs.code(self.body(CheckSpec).spec))


class SpecTemplateHandler(CiManagerHandler):
    """A template file."""

    @endpoint(
        "Read a template file",
        body=ReadTemplate,
        answers={200: SpecTemplate},
    )
    @web.authenticated
    @authorized
    async def post(self) -> None:
        await self.send(self.services.specs.template(self.body(ReadTemplate).text))


class SpecDefaultsHandler(CiManagerHandler):
    """What a new spec begins with."""

    @endpoint("What the administrator begins with, fixes and offers", answers={200: SpecDefaults})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.specs.defaults())


class SchedulePreviewHandler(CiManagerHandler):
    """When schedules fire."""

    @endpoint(
        "The next five firings of schedules",
        body=PreviewSchedules,
        answers={200: SchedulePreview},
    )
    @web.authenticated
    @authorized
    async def post(self) -> None:
        schedules = self.body(PreviewSchedules).schedules
        await self.send(await self.services.specs.preview(schedules))


class TimeZonesHandler(CiManagerHandler):
    """The time zones of schedules."""

    @endpoint("The time zones that schedules can be in", answers={200: TimeZones})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.specs.time_zones())
