"""Routes of this machine's disks: figures, what fills them, cleaning up."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import (
    CleanupPlan,
    CleanupStatus,
    DiskStatus,
    Operation,
    PlanCleanup,
    RunCleanup,
    ScanStatus,
    StartScan,
)
from .base import CiManagerHandler, authorized_to_execute
from .describe import endpoint


class DiskHandler(CiManagerHandler):
    """How full the disks are."""

    @endpoint("Figures of this machine's disks", answers={200: DiskStatus})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.disk.status())


class ScanHandler(CiManagerHandler):
    """What fills the disk."""

    @endpoint("What fills the disk, by the newest scan", answers={200: ScanStatus})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.scans.status())

    @endpoint("Scan a disk", body=StartScan, answers={202: Operation}, errors=(409,))
    @web.authenticated
    @authorized_to_execute
    async def post(self) -> None:
        await self.send(await self.services.scans.start(self.body(StartScan)), 202)


class CleanupPlanHandler(CiManagerHandler):
    """What could be removed."""

    @endpoint("Plan a cleanup; nothing is removed", body=PlanCleanup, answers={200: CleanupPlan})
    @web.authenticated
    @authorized_to_execute
    async def post(self) -> None:
        await self.send(await self.services.cleanup.plan(self.body(PlanCleanup)))


class CleanupHandler(CiManagerHandler):
    """Removing it."""

    @endpoint("How the newest cleanup went", answers={200: CleanupStatus})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.cleanup.status())

    @endpoint(
        "Carry out chosen steps of a plan",
        body=RunCleanup,
        answers={202: Operation},
        errors=(409,),
    )
    @web.authenticated
    @authorized_to_execute
    async def post(self) -> None:
        await self.send(await self.services.cleanup.run(self.body(RunCleanup)), 202)
