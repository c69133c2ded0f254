"""Work on environments as a server does it, with a home of its own and without a web server."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jupyter_ci_manager.environments.engines import Engines
from jupyter_ci_manager.environments.unfinished import MARKER
from jupyter_ci_manager.environments.work import EnvironmentWork
from jupyter_ci_manager.environments.work_folder import WorkFolder
from jupyter_ci_manager.errors import EnvironmentNotFound
from jupyter_ci_manager.models import (
    ChangePackages,
    CreateEnvironment,
    Environment,
    Operation,
)
from jupyter_ci_manager.operations import OperationRegistry

LOG = logging.getLogger(__name__)
PATIENCE_SECONDS = 60.0


def identifier(prefix: Path) -> str:
    return hashlib.sha256(str(prefix).encode()).hexdigest()[:16]


class Folders:
    """The environments in a folder: what the server reads from records, here by their folder."""

    def __init__(self, envs: Path) -> None:
        self._envs = envs

    async def find(self, environment_id: str) -> Environment:
        for prefix in self._envs.iterdir():
            if identifier(prefix) == environment_id:
                return Environment(
                    environment_id,
                    prefix.name,
                    str(prefix),
                    "ok",
                    writable=os.access(prefix, os.W_OK),
                )
        raise EnvironmentNotFound(environment_id)


def work_of(
    home: Path, operations: OperationRegistry, allowed_kernels: Collection[str] = ()
) -> EnvironmentWork:
    """Work on the environments of a user who has no Conda."""
    data = home / "data"
    return EnvironmentWork(
        operations,
        Folders(home / ".conda" / "envs"),
        Engines(os.environ, home, everywhere=()),
        folder=data / "environment-work",
        logs=data / "operation-logs",
        root=home,
        home=home,
        environ=os.environ,
        log=LOG,
        allowed_kernels=lambda: allowed_kernels,
    )


@dataclass
class Home:
    """A user's home, with a Conda configuration and no Conda."""

    path: Path
    monkeypatch: pytest.MonkeyPatch
    servers: list[OperationRegistry] = field(default_factory=list)

    @property
    def envs(self) -> Path:
        return self.path / ".conda" / "envs"

    @property
    def cache(self) -> Path:
        return self.path / ".cache" / "jupyter-ci-manager" / "conda"

    @property
    def data(self) -> Path:
        return self.path / "data"

    def configure(self, *channels: str, more: str = "") -> None:
        """Write ``.condarc`` and let every process that is started find it."""
        self.envs.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(exist_ok=True)
        lines = "".join(f"  - {channel}\n" for channel in channels)
        (self.path / ".condarc").write_text(f"channels:\n{lines}{more}")
        for name in list(os.environ):
            if name.startswith(("CONDA", "MAMBA")):
                self.monkeypatch.delenv(name)
        self.monkeypatch.setenv("HOME", str(self.path))
        self.monkeypatch.setenv("XDG_CACHE_HOME", str(self.path / ".cache"))
        self.monkeypatch.setenv("JUPYTER_DATA_DIR", str(self.path / "jupyter"))

    def server(self, journal: str = "operations.sqlite", **settings: Any) -> Server:
        """One server of this user; several may be there at once."""
        operations = OperationRegistry(self.data / journal, log=LOG, **settings)
        self.servers.append(operations)
        work = work_of(self.path, operations)
        return Server(self, operations, work)

    def log_of(self, operation: Operation) -> str:
        return (self.data / "operation-logs" / f"{operation.id}.log").read_text()

    def folder_of(self, operation: Operation) -> WorkFolder:
        return WorkFolder(self.data / "environment-work" / operation.id)

    def left_over(self) -> list[str]:
        """What is in the folder of environments that is no finished environment."""
        return [
            each.name
            for each in self.envs.iterdir()
            if not (each / "conda-meta" / "history").is_file() or (each / MARKER).exists()
        ]

    def half_unpacked(self) -> list[str]:
        """What of packages lies half unpacked in the cache."""
        return [each.name for each in (self.cache / "pkgs").glob(".*-*") if each.is_dir()]

    async def close(self) -> None:
        for operations in self.servers:
            await operations.close()


@dataclass
class Server:
    home: Home
    operations: OperationRegistry
    work: EnvironmentWork

    async def create(self, name: str = "new", *specs: str, **request: Any) -> Operation:
        """Begin to create an environment."""
        return await self.work.create(CreateEnvironment(name=name, specs=list(specs), **request))

    async def made(self, name: str = "new", *specs: str, **request: Any) -> Path:
        """An environment that has been created."""
        ended = await self.ended(await self.create(name, *specs, **request))
        assert ended.state == "succeeded", ended.message
        return self.home.envs / name

    async def changed(self, prefix: Path, **request: Any) -> Operation:
        """A change that has come to its end."""
        operation = await self.work.change(identifier(prefix), ChangePackages(**request))
        return await self.ended(operation)

    async def ended(self, operation: Operation) -> Operation:
        """The operation when it has come to its end."""
        return await self.operations.wait(operation.id, timeout_seconds=PATIENCE_SECONDS)

    async def now(self, operation: Operation) -> Operation:
        return (await self.operations.get(operation.id)).operation


def packages_in(prefix: Path) -> dict[str, str]:
    """Versions by name, by the records."""
    names = (file.stem.rsplit("-", 2) for file in (prefix / "conda-meta").glob("*.json"))
    return {name: version for name, version, _ in names}


def waited(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait for what another process does, where there is no event loop."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to be in time"
        time.sleep(0.01)
