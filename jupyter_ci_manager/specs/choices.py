"""What there is to choose from for a new instance: networks, identities and keys."""

from __future__ import annotations

from ..models import ManagedIdentityList, SshKey, SshKeyList, VirtualNetworkList


class ChoiceService:
    """Choices for a new instance of the current workspace. Methods raise ``errors``."""

    async def virtual_networks(self) -> VirtualNetworkList:
        """The virtual networks of the workspace's region."""
        raise NotImplementedError

    async def managed_identities(self) -> ManagedIdentityList:
        """The user-assigned managed identities of the subscription."""
        raise NotImplementedError

    async def ssh_keys(self) -> SshKeyList:
        """The public keys of the user whom the server runs as."""
        raise NotImplementedError

    async def make_ssh_key(self, name: str) -> SshKey:
        """Make a key pair. Raises SshKeyExists."""
        raise NotImplementedError
