"""The emulator as a library: in the running event loop, or in a thread of its own.

::

    async with Emulator(speed=600) as emulator:
        client = MachineLearningServicesMgmtClient(..., base_url=emulator.url)
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, TypeVar, final

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from jupyter_ci_manager.emulator import control, seed, seed_share
from jupyter_ci_manager.emulator.arm.computes.lifecycle import Durations
from jupyter_ci_manager.emulator.arm.routes import routes as arm_routes
from jupyter_ci_manager.emulator.arm.state import ArmState
from jupyter_ci_manager.emulator.clock import Clock, ScaledClock
from jupyter_ci_manager.emulator.faults import Fault, Faults
from jupyter_ci_manager.emulator.files.routes import routes as files_routes
from jupyter_ci_manager.emulator.files.state import StorageAccount
from jupyter_ci_manager.emulator.jupyter.routes import BASE as JUPYTER_BASE
from jupyter_ci_manager.emulator.jupyter.routes import routes as jupyter_routes
from jupyter_ci_manager.emulator.jupyter.state import JupyterServers
from jupyter_ci_manager.emulator.request_log import RequestLog
from jupyter_ci_manager.emulator.scripts.pretended import PretendedScripts
from jupyter_ci_manager.emulator.scripts.processes import ScriptProcesses
from jupyter_ci_manager.emulator.server import EmulatorApplication

LOOPBACK = "127.0.0.1"
DEFAULT_SPEED = 60.0
DEFAULT_PAGE_SIZE = 100
PACE_SECONDS = 0.05

_T = TypeVar("_T")


@final
class Emulator:
    """An emulator of one subscription with one workspace, on a loopback port.

    Args:
        speed: how many times faster than Azure work is done.
        instances: how many instances to begin with; None for a small team's, 0 for none.
        port: 0 takes a free one.
        page_size: computes on one page of a list.
        clock: takes the place of ``speed``.
        durations: how long Azure's work takes, in seconds.
        random_seed: ids and addresses follow from it.
        ssl_context: serve HTTPS with it.
        run_scripts: run setup scripts as child processes, as whoever runs the emulator.
        share: a directory that is the workspace's file share; None: one that is gone at the end.
        subscription_id: the subscription's.
        resource_group: the workspace's.
        workspace: its name.
        location: the region of everything.

    Attributes:
        state: what there is, to read and to arrange.
        storage: the workspace's storage account, and whom it lets in.
        jupyter: what runs on the instances' own Jupyter servers.
        faults: what will go wrong.
        requests: what was asked.
    """

    def __init__(
        self,
        *,
        speed: float = DEFAULT_SPEED,
        instances: int | None = None,
        port: int = 0,
        page_size: int = DEFAULT_PAGE_SIZE,
        clock: Clock | None = None,
        durations: Durations | None = None,
        random_seed: int = 0,
        ssl_context: ssl.SSLContext | None = None,
        run_scripts: bool = False,
        share: Path | None = None,
        subscription_id: str = "a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d",
        resource_group: str = "ml-team",
        workspace: str = "ml-workspace",
        location: str = "westeurope",
    ) -> None:
        self.port = port
        self.clock: Clock = clock or ScaledClock(speed)
        self.faults = Faults()
        self.requests = RequestLog()
        self.state = ArmState(
            self.clock,
            subscription_id=subscription_id,
            location=location,
            random=Random(random_seed),  # noqa: S311  Ids, not secrets.
            page_size=page_size,
            durations=durations,
        )
        self.jupyter = JupyterServers(self.state)
        self.workspace = self.state.add_workspace(resource_group, workspace)
        seed.seed_surroundings(self.state, self.workspace)
        self._begins_with_team = instances is None
        if instances is None:
            seed.seed_team(self.state, self.workspace)
        else:
            seed.seed_many(self.state, self.workspace, instances)
        self.storage = StorageAccount(
            self.workspace.storage_account, self.workspace.storage_key, self.workspace.file_share
        )
        self._processes: ScriptProcesses | None = None
        if run_scripts:
            self._processes = ScriptProcesses(self.state.timeline, lambda: self.storage.share)
        self.state.lifecycle.scripts = self._processes or PretendedScripts(
            self.state.timeline,
            lambda: self.storage.share,
            self.state.lifecycle.durations.script,
        )
        self._pace: asyncio.Task[None] | None = None
        self._own_share = share
        self._temporary_share: tempfile.TemporaryDirectory[str] | None = None
        self._ssl_context = ssl_context
        self._server: HTTPServer | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""
        scheme = "http" if self._ssl_context is None else "https"
        return f"{scheme}://{LOOPBACK}:{self.port}"

    @property
    def workspace_id(self) -> str:
        """The ARM id of the workspace."""
        return self.workspace.id

    @property
    def share(self) -> Path:
        """The directory that is the workspace's file share. Raises RuntimeError when stopped."""
        return self.storage.share.directory

    def home(self, name: str) -> Path:
        """The home that scripts of an instance find azureuser to have; it goes with the emulator.

        Raises RuntimeError where scripts do not run.
        """
        if self._processes is None:
            raise RuntimeError("This emulator runs no scripts.")
        return self._processes.surroundings(name).home

    def add_fault(self, **fault: Any) -> None:
        """Put a ``Fault`` in the way of requests; takes its fields."""
        self.faults.add(Fault(**fault))

    def advance(self, seconds: float) -> None:
        """Move time forward and do what has fallen due."""
        self.clock.advance(seconds)
        self.state.timeline.catch_up()

    def leave_on_disk(
        self, name: str, *, os_bytes: int | None = None, temporary_bytes: int | None = None
    ) -> None:
        """Fill or empty the disks of an instance until so much is available there.

        Raises KeyError where there is no such instance, and ValueError for more than a disk holds.
        """
        instance = self.state.instance(name)
        if instance is None:
            raise KeyError(name)
        instance.disks.leave(os_bytes=os_bytes, temporary_bytes=temporary_bytes)

    async def start(self) -> None:
        """Listen, in the running event loop; raises OSError when the port is taken."""
        application = EmulatorApplication(
            [
                *control.routes(self.state, self.jupyter, self.storage, self.faults, self.requests),
                *jupyter_routes(self.jupyter),
                *files_routes(self.storage),
                *arm_routes(self.state),
            ],
            log=self.requests,
            faults=self.faults,
            timeline=self.state.timeline,
        )
        sockets = bind_sockets(self.port, LOOPBACK, family=socket.AF_INET)
        self.port = sockets[0].getsockname()[1]
        self._open_share()
        self.state.serve_jupyter_at(self.url + JUPYTER_BASE)
        self._server = HTTPServer(application, ssl_options=self._ssl_context)
        self._server.add_sockets(sockets)
        if self._processes is not None:
            self._pace = asyncio.create_task(self._keep_pace())

    async def stop(self) -> None:
        """End the scripts that run, stop listening and close every connection."""
        if self._pace is not None:
            self._pace.cancel()
            await asyncio.wait({self._pace})
            self._pace = None
        if self._processes is not None:
            await self._processes.close()
        if self._server is not None:
            self._server.stop()
            await self._server.close_all_connections()
            self._server = None
        self.storage.directory = None
        if self._temporary_share is not None:
            self._temporary_share.cleanup()
            self._temporary_share = None

    async def _keep_pace(self) -> None:
        """Do what falls due while nobody asks: scripts begin and time out by themselves."""
        while True:
            self.state.timeline.catch_up()
            await asyncio.sleep(PACE_SECONDS)

    def _open_share(self) -> None:
        directory = self._own_share
        if directory is None:
            self._temporary_share = tempfile.TemporaryDirectory(
                prefix="jupyter-ci-emulator-share-", ignore_cleanup_errors=True
            )
            directory = Path(self._temporary_share.name)
        for name in ("Users", "Logs"):
            (directory / name).mkdir(parents=True, exist_ok=True)
        self.storage.directory = directory.resolve()
        if self._begins_with_team:
            seed_share.seed_share(self.storage.share, self.state)

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

    Takes the arguments of ``Emulator``, which is its ``emulator``. What changes that emulator's
    state from another thread goes through ``call``.
    """

    TIMEOUT_SECONDS = 30.0

    def __init__(self, **arguments: Any) -> None:
        self.emulator = Emulator(**arguments)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""
        return self.emulator.url

    @property
    def workspace_id(self) -> str:
        """The ARM id of the workspace."""
        return self.emulator.workspace_id

    def call(self, function: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Call ``function`` in the emulator's thread and return what it returns."""

        async def called() -> _T:
            return function(*args, **kwargs)

        return self._wait_for(called())

    def __enter__(self) -> EmulatorThread:
        self._thread.start()
        self._wait_for(self.emulator.start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._wait_for(self.emulator.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(self.TIMEOUT_SECONDS)
        self._loop.close()

    def _wait_for(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return future.result(self.TIMEOUT_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
