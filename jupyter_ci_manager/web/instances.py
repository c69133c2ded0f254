"""Routes of compute instances."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import (
    CreateInstance,
    InstanceDetails,
    InstanceList,
    Operation,
    OperationList,
    ResizeInstance,
    UpdateInstance,
)
from .base import CiManagerHandler, authorized_to_execute
from .describe import endpoint
from .queries import AnywayQuery, InstanceQuery

AZURE_ERRORS = (404, 409, 429, 502, 503, 504)
"""What a question to Azure about something in the workspace can end in."""


class InstancesHandler(CiManagerHandler):
    """All instances of the workspace."""

    @endpoint(
        "List compute instances",
        query=InstanceQuery,
        answers={200: InstanceList},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def get(self) -> None:
        query = self.query(InstanceQuery)
        await self.send(
            await self.services.instances.page(
                mine=query.mine,
                text=query.q,
                sort=query.sort,
                limit=query.limit,
                cursor=query.cursor,
                refresh=query.refresh,
            )
        )

    @endpoint(
        "Create a compute instance, or use the one of that name",
        body=CreateInstance,
        answers={200: Operation, 202: Operation},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def post(self) -> None:
        body = self.body(CreateInstance)
        operation = await self.services.instances.create(body.spec, if_exists=body.if_exists)
        await self.send(operation, 200 if operation.state == "succeeded" else 202)


class StopMineHandler(CiManagerHandler):
    """Stop everything that costs me money."""

    @endpoint(
        "Stop all my running instances",
        answers={202: OperationList},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized_to_execute
    async def post(self) -> None:
        await self.send(await self.services.instances.stop_mine(), 202)


class InstanceHandler(CiManagerHandler):
    """One instance."""

    @endpoint(
        "One compute instance with all that Azure says of it",
        answers={200: InstanceDetails},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        await self.send(await self.services.instances.details(name))

    @endpoint(
        "Change what can be changed of an instance that exists",
        body=UpdateInstance,
        answers={200: InstanceDetails},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def patch(self, name: str) -> None:
        await self.send(await self.services.instances.update(name, self.body(UpdateInstance)))

    @endpoint(
        "Delete a compute instance and its OS disk",
        answers={202: Operation},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def delete(self, name: str) -> None:
        await self.send(await self.services.instances.request("delete", name), 202)


class ResizeHandler(CiManagerHandler):
    """Another VM size for one instance."""

    @endpoint(
        "Give a stopped compute instance another VM size",
        body=ResizeInstance,
        answers={202: Operation},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def post(self, name: str) -> None:
        body = self.body(ResizeInstance)
        await self.send(await self.services.instances.resize(name, body.vm_size), 202)


class StartHandler(CiManagerHandler):
    """Start one instance."""

    @endpoint(
        "Start a compute instance",
        answers={202: Operation},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized_to_execute
    async def post(self, name: str) -> None:
        await self.send(await self.services.instances.request("start", name), 202)


class StopHandler(CiManagerHandler):
    """Stop one instance."""

    @endpoint(
        "Stop a compute instance",
        query=AnywayQuery,
        answers={202: Operation},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized_to_execute
    async def post(self, name: str) -> None:
        anyway = self.query(AnywayQuery).anyway
        await self.send(await self.services.instances.request("stop", name, anyway=anyway), 202)


class RestartHandler(CiManagerHandler):
    """Restart one instance."""

    @endpoint(
        "Restart a compute instance",
        query=AnywayQuery,
        answers={202: Operation},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized_to_execute
    async def post(self, name: str) -> None:
        anyway = self.query(AnywayQuery).anyway
        await self.send(await self.services.instances.request("restart", name, anyway=anyway), 202)
