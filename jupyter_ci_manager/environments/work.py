"""Work on environments, as operations that outlive this server."""

from __future__ import annotations

from ..models import (
    ChangePackages,
    CreateEnvironment,
    Environment,
    EnvironmentPlan,
    KernelRequest,
    Operation,
    PlanEnvironment,
)


class EnvironmentWork:
    """Starts, follows, cancels and takes up again what works on environments."""

    async def plan(self, request: PlanEnvironment) -> Operation:
        """Work out what creating or changing comes to."""
        raise NotImplementedError

    async def planned(self, operation_id: str) -> EnvironmentPlan:
        """What an operation has worked out. Raises PlanNotFound."""
        raise NotImplementedError

    async def create(self, request: CreateEnvironment) -> Operation:
        """Make an environment. Raises EnvironmentExists, NotEnoughRoom or NoEngine."""
        raise NotImplementedError

    async def change(self, environment_id: str, request: ChangePackages) -> Operation:
        """Change an environment. Raises EnvironmentNotFound or EnvironmentProtected."""
        raise NotImplementedError

    async def remove(self, environment_id: str, *, kernels: bool) -> Operation:
        """Remove one, with its kernels where that is wanted. Raises as ``change``."""
        raise NotImplementedError

    async def register_kernel(
        self, environment: Environment, kernel: KernelRequest, *, add: str | None
    ) -> Operation:
        """Make a kernel of an environment, as an operation ``kernel.register``.

        ``add`` is the package that it lacks, such as ipykernel: it is installed first, as by
        ``change``. The request has been checked; whatever ``register_kernel`` of
        ``kernel_registration`` raises fails the operation.
        """
        raise NotImplementedError
