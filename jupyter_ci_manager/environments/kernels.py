"""Jupyter kernels: which there are, which environment each belongs to, registering and removing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec.structs import replace

from ..errors import (
    CiManagerError,
    EnvironmentProtected,
    KernelFailed,
    KernelNotFound,
    KernelProtected,
    KernelsUnreachable,
)
from ..hang_guard import NoAnswer, Turns
from ..models import (
    Environment,
    EnvironmentList,
    Kernel,
    KernelCheck,
    KernelList,
    KernelRequest,
    Operation,
    RegisterKernel,
)
from ..operation_handle import OperationHandle, WorkLost
from ..operations import OperationRegistry
from .kernel_registration import (
    check_name_is_free,
    check_name_is_shown,
    remove_kernel,
    rename_kernel,
)
from .kernel_requests import check_display_name, check_kernel_request
from .kernel_specs import KernelPlaces
from .own_kernels import UnreadableSpec, missing_package

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpecManager

    from .kernel_check import KernelFigures, Patience

ANSWER_SECONDS = 10.0

T = TypeVar("T")


class KnowsEnvironments(Protocol):
    """Which environments there are."""

    async def list(self) -> EnvironmentList:
        """All that are known."""

    async def find(self, environment_id: str) -> Environment:
        """One of them. Raises EnvironmentNotFound."""


class RegistersKernels(Protocol):
    """Works on environments."""

    async def register_kernel(
        self, environment: Environment, kernel: KernelRequest, *, add: str | None
    ) -> Operation:
        """Make a kernel of it, after ``add``, a package that it lacks, has been installed."""


@dataclass(frozen=True)
class _Checked:
    of: Kernel
    """As it was then: what is known of it says nothing of another one of that name."""
    check: KernelCheck


def spec_manager(servers: Callable[[], KernelSpecManager | None] | None) -> KernelSpecManager:
    """What the server starts kernels with, where there is a server; else Jupyter's usual."""
    from jupyter_client.kernelspec import KernelSpecManager

    known = servers() if servers is not None else None
    return known or KernelSpecManager()


class KernelService:
    """The kernelspecs of this machine."""

    def __init__(
        self,
        operations: OperationRegistry,
        environments: KnowsEnvironments,
        work: RegistersKernels,
        *,
        places: Callable[[], KernelPlaces] = KernelPlaces.of_jupyter,
        specs: Callable[[], KernelSpecManager | None] | None = None,
        patience: Patience | None = None,
        now: Callable[[], datetime],
    ) -> None:
        """``specs``: what the server starts kernels with; without one, Jupyter's usual."""
        self._operations = operations
        self._environments = environments
        self._work = work
        self._places = places
        self._servers_specs = specs
        self._patience = patience
        self._now = now
        self._turns = Turns(ANSWER_SECONDS)
        self._checks: dict[str, _Checked] = {}
        operations.perform_with(["kernel.check"], self._perform_check, cancellable=True)

    async def list(self) -> KernelList:
        """All that Jupyter finds, and the stale ones. Raises KernelsUnreachable."""
        ids = await self._environment_ids()

        def read() -> list[Kernel]:
            from .kernel_listing import list_kernels

            return list_kernels(self._specs(), self._places(), _by_real_path(ids))

        return KernelList([self._with_check(kernel) for kernel in await self._on_disk(read)])

    async def register(self, request: RegisterKernel) -> Operation:
        """Make a kernel of an environment.

        Raises EnvironmentNotFound, InvalidKernel, KernelExists, EnvironmentProtected where it is
        not whole, or has to be changed first and may not be, or KernelProtected where Jupyter
        would not show it.
        """
        check_kernel_request(request.kernel)
        environment = await self._environments.find(request.environment_id)
        if environment.state != "ok":
            raise EnvironmentProtected(
                f"{environment.name or environment.prefix} is not whole: {environment.problem}",
                hint="Remove it, and create it again.",
            )
        name, language = request.kernel.name, request.kernel.language

        def look() -> str | None:
            check_name_is_shown(name, self._specs().allowed_kernelspecs)
            if name is not None:
                check_name_is_free(name, self._places())
            return missing_package(Path(environment.prefix), language)

        add = await self._on_disk(look)
        return await self._work.register_kernel(environment, request.kernel, add=add)

    async def rename(self, name: str, display_name: str) -> Kernel:
        """Give a kernel another display name.

        Raises InvalidKernel, KernelNotFound or KernelProtected.
        """
        shown = check_display_name(display_name)
        kernel = await self._changeable(name)

        def rename() -> None:
            try:
                rename_kernel(Path(kernel.resource_folder), shown)
            except UnreadableSpec as error:
                raise KernelProtected(f"{name} cannot be renamed: {error}.") from None

        await self._on_disk(rename)
        return replace(kernel, display_name=shown)

    async def remove(self, name: str) -> None:
        """Remove a kernelspec. Raises KernelNotFound or KernelProtected."""
        kernel = await self._changeable(name)
        await self._on_disk(lambda: remove_kernel(Path(kernel.resource_folder)))
        self._checks.pop(kernel.name, None)

    async def check(self, name: str) -> Operation:
        """Start a kernel, run ``1+1``, shut it down. Raises KernelNotFound."""
        kernel = await self._find(name)
        message = f"Checking {kernel.display_name}"
        return await self._operations.start("kernel.check", kernel.name, "", message, b"")

    # --- finding ------------------------------------------------------------------------------

    async def _find(self, name: str) -> Kernel:
        ids = await self._environment_ids()

        def read() -> Kernel | None:
            from .kernel_listing import find_kernel

            return find_kernel(name, self._specs(), self._places(), _by_real_path(ids))

        kernel = await self._on_disk(read)
        if kernel is None:
            raise KernelNotFound(f"There is no kernel {name[:200]!r}.")
        return self._with_check(kernel)

    def _specs(self) -> KernelSpecManager:
        return spec_manager(self._servers_specs)

    async def _changeable(self, name: str) -> Kernel:
        kernel = await self._find(name)

        def reason() -> str:
            from .kernel_listing import why_protected

            folder = Path(kernel.resource_folder)
            stale = kernel.state == "stale"
            return why_protected(folder, kernel.is_ours, stale, self._places())

        why = await self._on_disk(reason)
        if why:
            raise KernelProtected(f"The kernel {kernel.name} is not changed from here. {why}")
        return kernel

    async def _environment_ids(self) -> dict[str, str]:
        try:
            listed = await self._environments.list()
        except CiManagerError:
            # Whoever lists environments is told why; kernels are there nevertheless.
            return {}
        return {environment.prefix: environment.id for environment in listed.items}

    async def _on_disk(self, work: Callable[[], T]) -> T:
        """What blocks, beside the event loop: a home folder may be on a share that is gone."""
        try:
            return await self._turns.call(work)
        except NoAnswer as silence:
            raise KernelsUnreachable(
                f"Where Jupyter looks for kernels nothing answers for {silence.seconds:.0f} s."
            ) from None

    def _with_check(self, kernel: Kernel) -> Kernel:
        checked = self._checks.get(kernel.name)
        if checked is None or (checked.of.argv, checked.of.env) != (kernel.argv, kernel.env):
            return kernel
        return replace(kernel, check=checked.check)

    # --- checking -----------------------------------------------------------------------------

    async def _perform_check(self, handle: OperationHandle) -> str:
        if handle.resumed:
            raise WorkLost("The server that checked the kernel is gone, and the kernel with it.")
        kernel = await self._find(handle.operation.target)
        try:
            figures = await self._tried(kernel, handle)
        except KernelFailed as error:
            self._checks[kernel.name] = _Checked(
                kernel, KernelCheck(ok=False, checked_at=self._now(), message=error.message)
            )
            raise
        message = _in_words(figures)
        check = KernelCheck(
            ok=True,
            checked_at=self._now(),
            message=message,
            interpreter=figures.interpreter,
            version=figures.version,
            start_seconds=figures.start_seconds,
            execute_seconds=figures.execute_seconds,
        )
        self._checks[kernel.name] = _Checked(kernel, check)
        return message

    async def _tried(self, kernel: Kernel, handle: OperationHandle) -> KernelFigures:
        from .kernel_check import Patience, try_kernel

        await handle.log(f"$ {' '.join(kernel.argv)}\n".encode())
        if kernel.problem is not None:
            raise KernelFailed(kernel.problem, hint="Remove it, or register it again.")
        return await try_kernel(
            kernel.name,
            self._specs(),
            on_output=handle.log,
            on_step=handle.report,
            patience=self._patience or Patience(),
        )


def _in_words(figures: KernelFigures) -> str:
    what = f"{figures.language.title()} {figures.version or ''}".strip()
    started = f"{what} started in {figures.start_seconds:.1f} s"
    if figures.execute_seconds is None:
        return f"{started}; what to run in it is not known here"
    return f"{started} and worked out 1+1 in {figures.execute_seconds * 1000:.0f} ms"


def _by_real_path(ids: Mapping[str, str]) -> dict[str, str]:
    return {os.path.realpath(prefix): environment_id for prefix, environment_id in ids.items()}
