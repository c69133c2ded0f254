"""The table of routes: the only place that knows which path leads to which handler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..errors import NotFound
from . import instances, operations, sizes, workspace
from .base import CiManagerHandler
from .describe import endpoint

NAMESPACE = "ci-manager"
SEGMENT = r"([^/]+)"


@dataclass(frozen=True)
class Route:
    """A path below the namespace, with the names of its parameters in braces."""

    path: str
    handler: type[CiManagerHandler]

    @property
    def pattern(self) -> str:
        """The path as a regular expression for tornado."""
        parts = [SEGMENT if part.startswith("{") else part for part in self.path.split("/")]
        return "/" + "/".join([NAMESPACE, *parts])


class OpenApiHandler(CiManagerHandler):
    """The contract."""

    @endpoint("This description, as OpenAPI 3.1", answers={200: None})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        from .openapi import document_json

        await self.finish(document_json())


class UnknownRouteHandler(CiManagerHandler):
    """Answers every other path below the namespace in the shape of our errors."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        raise NotFound("No such route.", hint="GET ci-manager/openapi.json lists all routes.")

    post = put = patch = delete = get


ROUTES: tuple[Route, ...] = (
    Route("workspace", workspace.WorkspaceHandler),
    Route("workspaces", workspace.WorkspacesHandler),
    Route("instances", instances.InstancesHandler),
    Route("instances/{name}", instances.InstanceHandler),
    Route("instances/{name}/start", instances.StartHandler),
    Route("instances/{name}/stop", instances.StopHandler),
    Route("instances/{name}/restart", instances.RestartHandler),
    Route("mine/stop", instances.StopMineHandler),
    Route("sizes", sizes.SizesHandler),
    Route("quota", sizes.QuotaHandler),
    Route("names/{name}", sizes.NameHandler),
    Route("operations", operations.OperationsHandler),
    Route("operations/{operation_id}", operations.OperationHandler),
    Route("openapi.json", OpenApiHandler),
)


def handlers() -> list[tuple[str, type[Any]]]:
    """The routes as tornado takes them; the application prepends the base URL."""
    known = [(route.pattern, route.handler) for route in ROUTES]
    return [*known, (rf"/{NAMESPACE}(?:/.*)?", UnknownRouteHandler)]
