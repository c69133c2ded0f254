"""Routes of what there is to choose from: networks, identities, keys and the share's folders."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import (
    MakeSshKey,
    ManagedIdentityList,
    ShareFolder,
    SshKey,
    SshKeyList,
    VirtualNetworkList,
)
from .base import CiManagerHandler, authorized_to_execute
from .describe import endpoint
from .instances import AZURE_ERRORS
from .queries import FolderQuery


class VirtualNetworksHandler(CiManagerHandler):
    """Virtual networks and their subnets."""

    @endpoint(
        "The virtual networks of the workspace's region",
        answers={200: VirtualNetworkList},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.choices.virtual_networks())


class ManagedIdentitiesHandler(CiManagerHandler):
    """User-assigned managed identities."""

    @endpoint(
        "The user-assigned managed identities of the subscription",
        answers={200: ManagedIdentityList},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.choices.managed_identities())


class SshKeysHandler(CiManagerHandler):
    """Public keys on this machine."""

    @endpoint(
        "The public keys of the user on this machine", answers={200: SshKeyList}, errors=(409,)
    )
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.choices.ssh_keys())

    @endpoint(
        "Make a key pair whose private part stays on this machine",
        body=MakeSshKey,
        answers={201: SshKey},
        errors=(409,),
    )
    @web.authenticated
    @authorized_to_execute
    async def post(self) -> None:
        await self.send(await self.services.choices.make_ssh_key(self.body(MakeSshKey).name), 201)


class ShareHandler(CiManagerHandler):
    """A folder of the notebook share."""

    @endpoint(
        "List a folder of the notebook share",
        query=FolderQuery,
        answers={200: ShareFolder},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(await self.services.logs.folder(self.query(FolderQuery).folder))
