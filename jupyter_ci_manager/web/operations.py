"""Routes of operations: anything that takes longer than a moment."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import OperationDetails, OperationList
from .base import CiManagerHandler
from .describe import endpoint
from .queries import OperationQuery, WaitQuery


class OperationsHandler(CiManagerHandler):
    """All operations of this user, whichever server, kernel or command line started them."""

    @endpoint("List operations, newest first", query=OperationQuery, answers={200: OperationList})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        query = self.query(OperationQuery)
        await self.send(await self.services.operations.list(active=query.active))


class OperationHandler(CiManagerHandler):
    """One operation."""

    @endpoint(
        "Follow an operation",
        query=WaitQuery,
        answers={200: OperationDetails},
        errors=(404,),
    )
    @web.authenticated
    @authorized
    async def get(self, operation_id: str) -> None:
        query = self.query(WaitQuery)
        await self.send(
            await self.services.operations.follow(
                operation_id, after_revision=query.revision, timeout_seconds=query.wait
            )
        )

    @endpoint(
        "Cancel an operation, or remove a finished one from the list",
        answers={204: None},
        errors=(404, 409),
    )
    @web.authenticated
    @authorized
    async def delete(self, operation_id: str) -> None:
        await self.services.operations.cancel_or_dismiss(operation_id)
        self.set_status(204)
        await self.finish()
