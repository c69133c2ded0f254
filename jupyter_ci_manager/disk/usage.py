"""How full the disks of this machine are, and how soon they will be full."""

from __future__ import annotations

from ..models import DiskStatus


class DiskUsage:
    """Figures of the file systems that matter on a compute instance."""

    async def status(self) -> DiskStatus:
        """The figures as they are now."""
        raise NotImplementedError

    async def close(self) -> None:
        """End what is being asked."""
