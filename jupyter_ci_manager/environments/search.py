"""Which packages the channels have."""

from __future__ import annotations

from ..models import PackageSearch


class PackageSearching:
    """Searches the channels' indexes."""

    async def search(self, text: str, channels: list[str]) -> PackageSearch:
        """Packages by a part of their name. Raises ChannelUnreachable or NoEngine."""
        raise NotImplementedError
