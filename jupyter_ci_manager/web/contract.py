"""Route of the contract itself."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from .base import CiManagerHandler
from .describe import endpoint
from .openapi import document_json
from .route import ROUTES_KEY


class OpenApiHandler(CiManagerHandler):
    """The contract."""

    @endpoint("This description, as OpenAPI 3.1", answers={200: None})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.finish(document_json(self.settings[ROUTES_KEY]))
