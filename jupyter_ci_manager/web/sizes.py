"""Routes of what a new instance may be: VM sizes, quota and names."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import NameCheck, QuotaList, VmSizeList
from .base import CiManagerHandler
from .describe import endpoint
from .instances import AZURE_ERRORS
from .queries import Refresh


class SizesHandler(CiManagerHandler):
    """VM sizes with price and quota."""

    @endpoint(
        "The VM sizes that compute instances can have",
        query=Refresh,
        answers={200: VmSizeList},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def get(self) -> None:
        query = self.query(Refresh)
        await self.send(await self.services.sizes.sizes(refresh=query.refresh))


class QuotaHandler(CiManagerHandler):
    """Core quota of the region."""

    @endpoint(
        "Core quota of the workspace's region",
        query=Refresh,
        answers={200: QuotaList},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def get(self) -> None:
        query = self.query(Refresh)
        await self.send(await self.services.sizes.quota(refresh=query.refresh))


class NameHandler(CiManagerHandler):
    """Whether a name is free."""

    @endpoint(
        "Whether a name can be given to a new compute instance",
        answers={200: NameCheck},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        await self.send(await self.services.instances.check_name(name))
