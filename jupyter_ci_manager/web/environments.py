"""Routes of Conda environments and Jupyter kernels."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import (
    ChangePackages,
    CreateEnvironment,
    EnvironmentDetails,
    EnvironmentExport,
    EnvironmentList,
    EnvironmentPlan,
    Kernel,
    KernelList,
    Operation,
    PackageSearch,
    PlanEnvironment,
    RegisterKernel,
    RenameKernel,
    SearchPackages,
)
from .base import CiManagerHandler, authorized_to_execute, authorized_to_read
from .describe import endpoint
from .queries import ExportQuery, Refresh, RemoveEnvironmentQuery

MAX_BODY_WITH_FILE_BYTES = 8 * 1024 * 1024
"""A lock file of four megabytes in JSON, where each end of a line takes two."""


class EnvironmentsHandler(CiManagerHandler):
    """All environments."""

    max_body_bytes = MAX_BODY_WITH_FILE_BYTES

    @endpoint("List environments", query=Refresh, answers={200: EnvironmentList}, errors=(409, 503))
    @web.authenticated
    @authorized
    async def get(self) -> None:
        refresh = self.query(Refresh).refresh
        await self.send(await self.services.environments.list(refresh=refresh))

    @endpoint(
        "Create an environment", body=CreateEnvironment, answers={202: Operation}, errors=(404, 409)
    )
    @web.authenticated
    @authorized_to_execute
    async def post(self) -> None:
        request = self.body(CreateEnvironment)
        await self.send(await self.services.environment_work.create(request), 202)


class EnvironmentHandler(CiManagerHandler):
    """One environment."""

    @endpoint("Show an environment", answers={200: EnvironmentDetails}, errors=(404, 409, 503))
    @web.authenticated
    @authorized
    async def get(self, environment_id: str) -> None:
        await self.send(await self.services.environments.details(environment_id))

    @endpoint(
        "Remove an environment",
        query=RemoveEnvironmentQuery,
        answers={202: Operation},
        errors=(404, 409),
    )
    @web.authenticated
    @authorized_to_execute
    async def delete(self, environment_id: str) -> None:
        kernels = self.query(RemoveEnvironmentQuery).kernels
        work = self.services.environment_work
        await self.send(await work.remove(environment_id, kernels=kernels), 202)


class EnvironmentPackagesHandler(CiManagerHandler):
    """The packages of one environment."""

    @endpoint(
        "Install, update and remove packages",
        body=ChangePackages,
        answers={202: Operation},
        errors=(404, 409),
    )
    @web.authenticated
    @authorized_to_execute
    async def post(self, environment_id: str) -> None:
        request = self.body(ChangePackages)
        await self.send(await self.services.environment_work.change(environment_id, request), 202)


class EnvironmentExportHandler(CiManagerHandler):
    """One environment as a file."""

    @endpoint(
        "Export an environment",
        query=ExportQuery,
        answers={200: EnvironmentExport},
        errors=(404, 409, 503),
    )
    @web.authenticated
    @authorized
    async def get(self, environment_id: str) -> None:
        format_ = self.query(ExportQuery).format
        await self.send(await self.services.environments.export(environment_id, format_))


class EnvironmentPlansHandler(CiManagerHandler):
    """Working out what creating or changing comes to."""

    max_body_bytes = MAX_BODY_WITH_FILE_BYTES

    @endpoint(
        "Plan an environment; nothing is changed",
        body=PlanEnvironment,
        answers={202: Operation},
        errors=(404, 409),
    )
    @web.authenticated
    @authorized_to_execute
    async def post(self) -> None:
        request = self.body(PlanEnvironment)
        await self.send(await self.services.environment_work.plan(request), 202)


class EnvironmentPlanHandler(CiManagerHandler):
    """What was worked out."""

    @endpoint("Show what was planned", answers={200: EnvironmentPlan}, errors=(404,))
    @web.authenticated
    @authorized
    async def get(self, operation_id: str) -> None:
        await self.send(await self.services.environment_work.planned(operation_id))


class PackageSearchHandler(CiManagerHandler):
    """The packages of the channels."""

    @endpoint("Search packages", body=SearchPackages, answers={200: PackageSearch}, errors=(409,))
    @web.authenticated
    @authorized_to_read
    async def post(self) -> None:
        wanted = self.body(SearchPackages)
        await self.send(await self.services.package_search.search(wanted.text, wanted.channels))


class KernelsHandler(CiManagerHandler):
    """All kernels."""

    @endpoint("List kernels", answers={200: KernelList})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.kernels.list())

    @endpoint("Register a kernel", body=RegisterKernel, answers={202: Operation}, errors=(404, 409))
    @web.authenticated
    @authorized_to_execute
    async def post(self) -> None:
        await self.send(await self.services.kernels.register(self.body(RegisterKernel)), 202)


class KernelHandler(CiManagerHandler):
    """One kernel."""

    @endpoint("Rename a kernel", body=RenameKernel, answers={200: Kernel}, errors=(404, 409))
    @web.authenticated
    @authorized
    async def put(self, name: str) -> None:
        display_name = self.body(RenameKernel).display_name
        await self.send(await self.services.kernels.rename(name, display_name))

    @endpoint("Remove a kernel", answers={204: None}, errors=(404, 409))
    @web.authenticated
    @authorized
    async def delete(self, name: str) -> None:
        await self.services.kernels.remove(name)
        self.set_status(204)
        await self.finish()


class KernelCheckHandler(CiManagerHandler):
    """Trying a kernel."""

    @endpoint("Check a kernel", answers={202: Operation}, errors=(404, 409))
    @web.authenticated
    @authorized_to_execute
    async def post(self, name: str) -> None:
        await self.send(await self.services.kernels.check(name), 202)
