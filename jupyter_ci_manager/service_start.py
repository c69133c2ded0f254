"""Makes the services of a server when they are first needed, not while the server starts.

Importing them takes longer than all the rest of the extension. It knows no HTTP.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from .configuration import Configuration
from .errors import ServerStopping

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpecManager

    from .events import EventEmitter
    from .services import Services


class ServiceStart:
    """The services of one server, made and opened once."""

    def __init__(
        self,
        configuration: Configuration,
        emitter: EventEmitter,
        *,
        kernel_specs: Callable[[], KernelSpecManager | None] | None = None,
        log: logging.Logger,
    ) -> None:
        self._configuration = configuration
        self._emitter = emitter
        self._kernel_specs = kernel_specs
        self._log = log
        self._opening: asyncio.Task[Services] | None = None
        self._closed = False

    def begin(self) -> None:
        """Make them as soon as there is nothing more urgent: operations are taken up again."""
        self._task()

    async def services(self) -> Services:
        """The services. Raises ServerStopping once they have been closed."""
        # Whoever no longer waits must not end it for the others.
        return await asyncio.shield(self._task())

    async def close(self) -> None:
        """Let go of operations and connections; Azure goes on with what it was asked."""
        self._closed = True
        opening, self._opening = self._opening, None
        if opening is not None:
            await asyncio.wait([opening])
            if not opening.cancelled() and opening.exception() is None:
                await opening.result().close()

    def _task(self) -> asyncio.Task[Services]:
        if self._closed:
            raise ServerStopping("The Jupyter server is stopping.")
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
            self._opening.add_done_callback(self._note_failure)
        return self._opening

    def _note_failure(self, opening: asyncio.Task[Services]) -> None:
        error = None if opening.cancelled() else opening.exception()
        if opening.cancelled() or error is not None:
            # The next question tries again.
            self._opening = None
        if error is not None:
            self._log.error("The services could not be started.", exc_info=error)

    async def _open(self) -> Services:
        build_services = await asyncio.to_thread(_load)
        services = build_services(
            self._configuration,
            on_operation=self._emitter.operation,
            on_instances=self._emitter.instances,
            kernel_specs=self._kernel_specs,
            log=self._log,
        )
        async with AsyncExitStack() as undo:
            # Each further question makes others: half-open ones must not pile up.
            undo.push_async_callback(services.close)
            await services.open()
            undo.pop_all()
        return services


def _load() -> Callable[..., Services]:
    from .services import build_services

    return build_services
