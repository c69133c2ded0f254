"""The emulator as a library: in the running event loop, or in a thread of its own.

::

    async with Emulator(speed=600) as emulator:
        client = MachineLearningServicesMgmtClient(..., base_url=emulator.url)
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from dataclasses import dataclass
from random import Random
from types import TracebackType
from typing import Any, final

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from . import control, seed
from .arm.computes.lifecycle import Durations
from .arm.routes import routes as arm_routes
from .arm.state import ArmState
from .clock import Clock, ScaledClock
from .faults import Fault, Faults
from .request_log import RequestLog
from .server import EmulatorApplication

DEFAULT_SUBSCRIPTION = "a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d"
DEFAULT_RESOURCE_GROUP = "ml-team"
DEFAULT_WORKSPACE = "ml-workspace"
DEFAULT_LOCATION = "westeurope"
DEFAULT_PAGE_SIZE = 100
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Settings:
    """What an emulator is made of."""

    speed: float = 60.0
    instances: int | None = None
    port: int = 0
    page_size: int = DEFAULT_PAGE_SIZE
    subscription_id: str = DEFAULT_SUBSCRIPTION
    resource_group: str = DEFAULT_RESOURCE_GROUP
    workspace: str = DEFAULT_WORKSPACE
    location: str = DEFAULT_LOCATION
    random_seed: int = 0


@final
class Emulator:
    """An emulator on a free loopback port.

    Args:
        speed: how many times faster than Azure work is done.
        instances: how many instances to begin with; None for a small team's, 0 for none.
        clock: takes the place of ``speed``.
        durations: how long Azure's work takes, in seconds.
        ssl_context: serve HTTPS.
        rest: see ``Settings``.
    """

    def __init__(
        self,
        *,
        speed: float = 60.0,
        instances: int | None = None,
        clock: Clock | None = None,
        durations: Durations | None = None,
        ssl_context: ssl.SSLContext | None = None,
        **rest: Any,
    ) -> None:
        self.settings = Settings(speed=speed, instances=instances, **rest)
        self.clock: Clock = clock or ScaledClock(speed)
        self.faults = Faults()
        self.requests = RequestLog()
        self.state = ArmState(
            self.clock,
            subscription_id=self.settings.subscription_id,
            location=self.settings.location,
            random=Random(self.settings.random_seed),  # noqa: S311  Ids, not secrets.
            page_size=self.settings.page_size,
            durations=durations,
        )
        self.workspace = self.state.add_workspace(
            self.settings.resource_group, self.settings.workspace
        )
        if instances is None:
            seed.seed_team(self.state, self.workspace)
        else:
            seed.seed_many(self.state, self.workspace, instances)
        self._ssl_context = ssl_context
        self._server: HTTPServer | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""
        scheme = "http" if self._ssl_context is None else "https"
        return f"{scheme}://{LOOPBACK}:{self.port}"

    @property
    def workspace_id(self) -> str:
        """The ARM id of the seeded workspace."""
        return self.workspace.id

    def add_fault(self, **fault: Any) -> None:
        """Put a ``Fault`` in the way of requests."""
        self.faults.add(Fault(**fault))

    def advance(self, seconds: float) -> None:
        """Move time forward and do what has fallen due."""
        self.clock.advance(seconds)
        self.state.timeline.catch_up()

    async def start(self) -> None:
        """Listen, in the running event loop."""
        application = EmulatorApplication(
            [
                *control.routes(self.state, self.faults, self.requests),
                *arm_routes(self.state),
            ],
            log=self.requests,
            faults=self.faults,
            timeline=self.state.timeline,
        )
        sockets = bind_sockets(self.settings.port, LOOPBACK, family=socket.AF_INET)
        self.port = sockets[0].getsockname()[1]
        self._server = HTTPServer(application, ssl_options=self._ssl_context)
        self._server.add_sockets(sockets)

    async def stop(self) -> None:
        """Stop listening and close every connection."""
        if self._server is not None:
            self._server.stop()
            await self._server.close_all_connections()
            self._server = None

    async def __aenter__(self) -> Emulator:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()


@final
class EmulatorThread:
    """An emulator with an event loop and a thread of its own, for code that is not async.

    Takes the arguments of ``Emulator``, which is at ``emulator``; reading its state from another
    thread is safe between requests, changing it goes through ``call``.
    """

    START_TIMEOUT_SECONDS = 30.0

    def __init__(self, **settings: Any) -> None:
        self.emulator = Emulator(**settings)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""
        return self.emulator.url

    @property
    def workspace_id(self) -> str:
        """The ARM id of the seeded workspace."""
        return self.emulator.workspace_id

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Call ``function`` in the emulator's thread and return what it returns."""

        async def called() -> Any:
            return function(*args, **kwargs)

        return self._await(called())

    def __enter__(self) -> EmulatorThread:
        self._thread.start()
        self._await(self.emulator.start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._await(self.emulator.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(self.START_TIMEOUT_SECONDS)
        self._loop.close()

    def _await(self, coroutine: Any) -> Any:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return future.result(self.START_TIMEOUT_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
