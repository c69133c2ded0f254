"""What there is to choose from for a new instance: networks, identities and keys.

Panel, magics and command line call it; it knows no HTTP and no wire key of Azure's.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from ..errors import CiManagerError, SignInRequired
from ..instances.arm import ArmClient
from ..instances.workspace import WorkspaceService
from ..models import (
    ManagedIdentityList,
    SshKey,
    SshKeyList,
    VirtualNetworkList,
)
from .ssh_key_files import make_key_pair, public_keys


class ChoiceService:
    """Choices for a new instance of the current workspace. Methods raise ``errors``.

    ``ssh_folder`` is where the user whom the server runs as has SSH keys.
    """

    def __init__(self, arm: ArmClient, workspace: WorkspaceService, *, ssh_folder: Path) -> None:
        self._arm = arm
        self._workspace = workspace
        self._ssh_folder = ssh_folder
        self._making = asyncio.Lock()

    async def virtual_networks(self) -> VirtualNetworkList:
        """The virtual networks of the workspace's region, by resource group and name.

        Where they may not be listed the list says why: their ids can be used all the same.
        """
        workspace = await self._workspace.current()
        try:
            networks = await self._arm.virtual_networks(workspace.subscription_id)
        except SignInRequired:
            raise
        except CiManagerError as error:
            return VirtualNetworkList(items=[], error=error.body)
        here = _region(workspace.location or "")
        near = [each for each in networks if not here or _region(each.location) == here]
        near.sort(key=lambda each: (each.resource_group.lower(), each.name.lower()))
        return VirtualNetworkList(items=near)

    async def managed_identities(self) -> ManagedIdentityList:
        """The user-assigned managed identities of the subscription, by name.

        Where they may not be listed the list says why: their ids can be used all the same.
        """
        workspace = await self._workspace.current()
        try:
            identities = await self._arm.managed_identities(workspace.subscription_id)
        except SignInRequired:
            raise
        except CiManagerError as error:
            return ManagedIdentityList(items=[], error=error.body)
        identities.sort(key=lambda each: (each.name.lower(), each.resource_group.lower()))
        return ManagedIdentityList(items=identities)

    async def ssh_keys(self) -> SshKeyList:
        """The public keys of the user whom the server runs as. Raises SshKeysUnusable."""
        keys = await asyncio.to_thread(public_keys, self._ssh_folder)
        return SshKeyList(items=keys, folder=str(self._ssh_folder))

    async def make_ssh_key(self, name: str) -> SshKey:
        """Make a key pair, whose private part nobody is told.

        Raises InvalidSshKeyName, SshKeyExists or SshKeysUnusable; then nothing has changed.
        """
        async with self._making:
            return await asyncio.to_thread(make_key_pair, self._ssh_folder, name)


def _region(location: str) -> str:
    """A location's name, as which Azure takes its display name too: West Europe."""
    return location.replace(" ", "").lower()
