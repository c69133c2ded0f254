"""What backend tests are made of: an emulator that works at once, and services that talk to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from jupyter_ci_manager.configuration import Configuration, Pace
from jupyter_ci_manager.emulator import Emulator, ScaledClock
from jupyter_ci_manager.instances.credentials import EmulatorCredential
from jupyter_ci_manager.models import Instance, InstanceSpec, Operation, Workspace
from jupyter_ci_manager.services import Services

SIZE = "Standard_DS3_v2"
PACE = Pace(fast=0.05, slow=30.0)
CHANGES = r"/computes/[^/]+(/\w+)?$"


def spec(name: str = "new-ci", **changes: Any) -> InstanceSpec:
    return InstanceSpec(**({"name": name, "vm_size": SIZE} | changes))


def changes_asked_of(azure: Emulator) -> int:
    """How many requests that change an instance have reached Azure."""
    return sum(azure.requests.count(method, CHANGES) for method in ("PUT", "POST", "DELETE"))


class QuickClock(ScaledClock):
    """Azure's minutes in milliseconds, without the ``Retry-After`` that goes with a speed."""

    def __init__(self) -> None:
        super().__init__(6000)

    @property
    def speed(self) -> float:
        return 0.0


class JupyterToken(EmulatorCredential):
    """Gives the token that a Jupyter server wants, in place of Azure's proxy before it."""

    def __init__(self, token: str) -> None:
        super().__init__("oid", "tid", "amy@contoso.com")
        self._token = token

    async def get_token(self, *scopes: str, **options: Any) -> Any:
        return (await super().get_token(*scopes, **options))._replace(token=self._token)


class Steps:
    """A clock for code under test: stands still until it is moved."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)) -> None:
        self._start = start
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.seconds)


@contextmanager
def running(emulator: Emulator, loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    loop.run_until_complete(emulator.start())
    try:
        yield emulator
    finally:
        loop.run_until_complete(emulator.stop())


def quick_emulator(**settings: Any) -> Emulator:
    return Emulator(clock=QuickClock(), **settings)


def configuration(folder: Path, emulator: Emulator | None = None, **changes: Any) -> Configuration:
    """For a server rooted in ``folder/root``, in the emulator's workspace."""
    root = folder / "root"
    root.mkdir(exist_ok=True)
    settings: dict[str, Any] = {
        "root": root,
        "data": folder / "data",
        "settings": folder / "settings",
        "version": "1.2.3",
        "pace": PACE,
        "retry_backoff_seconds": 0.01,
        # Requests that nobody asked for are for tests of their own.
        "check_script_logs": False,
    }
    if emulator is not None:
        settings |= {"endpoint": emulator.url, "workspace": emulator.workspace_id}
    return Configuration(**(settings | changes))


async def until(condition: Callable[[], object], timeout_seconds: float = 20) -> None:
    """Wait for what another task or process does."""
    deadline = asyncio.get_running_loop().time() + timeout_seconds
    while not condition():  # nothing tells: it is looked for
        assert asyncio.get_running_loop().time() < deadline, "it did not come to be in time"
        await asyncio.sleep(0.005)


async def ended(services: Services, operation: Operation, timeout_seconds: float = 20) -> Operation:
    """The operation when it has come to its end."""
    return await services.operations.wait(operation.id, timeout_seconds=timeout_seconds)


def workspace(name: str = "ml-workspace", location: str | None = "westeurope") -> Workspace:
    subscription = "11111111-2222-3333-4444-555555555555"
    return Workspace(
        id=f"/subscriptions/{subscription}/resourceGroups/ml-team"
        f"/providers/Microsoft.MachineLearningServices/workspaces/{name}",
        name=name,
        resource_group="ml-team",
        subscription_id=subscription,
        location=location,
    )


def instance(name: str, state: str = "Running", **changes: Any) -> Instance:
    fields: dict[str, Any] = {
        "name": name,
        "id": f"{workspace().id}/computes/{name}",
        "location": "westeurope",
        "state": state,
        "provisioning_state": "Succeeded",
        "vm_size": SIZE,
    }
    return Instance(**(fields | changes))
