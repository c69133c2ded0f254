"""Jupyter kernels: which there are, which environment each belongs to, registering and removing."""

from __future__ import annotations

from ..models import Kernel, KernelList, Operation, RegisterKernel


class KernelService:
    """The kernelspecs of this machine."""

    async def list(self) -> KernelList:
        """All that Jupyter finds, and the stale ones."""
        raise NotImplementedError

    async def register(self, request: RegisterKernel) -> Operation:
        """Make a kernel of an environment. Raises EnvironmentNotFound or InvalidKernel."""
        raise NotImplementedError

    async def rename(self, name: str, display_name: str) -> Kernel:
        """Give a kernel another display name. Raises KernelNotFound or KernelProtected."""
        raise NotImplementedError

    async def remove(self, name: str) -> None:
        """Remove a kernelspec. Raises KernelNotFound or KernelProtected."""
        raise NotImplementedError

    async def check(self, name: str) -> Operation:
        """Start a kernel, run ``1+1``, shut it down. Raises KernelNotFound."""
        raise NotImplementedError
