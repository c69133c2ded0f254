"""The folder of one piece of work, which the server and the worker process share.

It knows what lies in it and nothing of what is done. Everything here blocks.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field

from ..models import (
    Engine,
    EnvironmentPhase,
    EnvironmentPlan,
    ErrorBody,
    KernelRequest,
    OperationKind,
    OperationState,
)
from .engine import Wanted
from .kernel_specs import KernelPlaces

LARGEST_LINE = 64 * 1024


class Network(Struct, frozen=True):
    """How the channels are reached. Proxies may have passwords in them."""

    environ: dict[str, str] = field(default_factory=dict)
    ssl_verify: bool = True
    offline: bool = False
    client_certificate: bool = False
    """Whether Conda is configured to present one, which only a real Conda can."""


class WorkRequest(Struct, frozen=True):
    """What a worker is to do. It may hold secrets, and is removed when that is done."""

    operation_id: str
    kind: OperationKind
    engine: Engine
    wanted: Wanted
    new: bool = True
    """Of a plan: whether it is of a new environment."""
    pip: list[str] = field(default_factory=list)
    """Lines of a requirements file."""
    pip_without_dependencies: bool = False
    pip_remove: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    """That activation sets."""
    kernel: KernelRequest | None = None
    kernel_places: KernelPlaces | None = None
    remove_kernels: bool = False
    network: Network = Network()
    cache: str = ""
    """Of the embedded engine."""
    condarc: list[str] = field(default_factory=list)
    """The configuration files of a real Conda."""
    package_caches: list[str] = field(default_factory=list)
    """Its caches."""
    home: str = ""
    logs: str = ""
    """The folder of the logs of operations."""
    secrets: list[str] = field(default_factory=list)
    """To be hidden wherever they turn up."""
    warnings: list[str] = field(default_factory=list)
    """To be told with a plan, and in the log."""


class Made(Struct):
    """What a worker has made so far. Who finds it without a worker removes that."""

    prefix: str | None = None
    """Of an environment that was not there before."""
    folders: list[str] = field(default_factory=list)
    """That were made for it to lie in, the innermost first."""
    marked: bool = False
    """Whether the marker of unfinished ones is in it: without it, it is finished."""
    changing: str | None = None
    """An environment that is being changed, and how it was is kept."""
    removed: str | None = None
    """Where a removed environment was moved to."""
    kernels: list[str] = field(default_factory=list)
    """Folders of its kernels, which go with it."""


class WorkResult(Struct, frozen=True):
    """How it ended."""

    state: OperationState
    message: str
    error: ErrorBody | None = None
    plan: EnvironmentPlan | None = None


class ProgressLine(Struct, frozen=True):
    """How far it is."""

    phase: EnvironmentPhase
    phases: list[EnvironmentPhase]
    message: str
    item: str | None = None
    done: int | None = None
    total: int | None = None
    fraction: float | None = None
    kept: bool = False
    """Whether the message belongs into the history of the operation."""


_Document = Literal["request.json", "made.json", "result.json"]


class WorkFolder:
    """One piece of work on disk, only for the eyes of its user."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.alive = path / "alive.lock"
        """Held by the worker, and by the guards of its children, until all of them have ended."""
        self.progress = path / "progress.ndjson"
        self.complaints = path / "worker.err"
        """What the worker itself writes to stderr: a trace, where it breaks."""

    def make(self, request: WorkRequest) -> None:
        """Make it. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.mkdir(mode=0o700)
        self._write("request.json", request)

    def request(self) -> WorkRequest:
        """What is to be done. Raises OSError or msgspec's errors."""
        return msgspec.json.decode((self.path / "request.json").read_bytes(), type=WorkRequest)

    def made(self) -> Made | None:
        """What was made, where anything was begun."""
        content = self._read("made.json")
        return msgspec.json.decode(content, type=Made) if content else None

    def save_made(self, made: Made) -> None:
        """Write down what is made, before it is."""
        self._write("made.json", made)

    def result(self) -> WorkResult | None:
        """How it ended; None before."""
        content = self._read("result.json")
        return msgspec.json.decode(content, type=WorkResult) if content else None

    def finish(self, result: WorkResult) -> None:
        """Tell how it ended, and forget what nobody needs any more, the secrets above all."""
        self._write("result.json", result)
        (self.path / "made.json").unlink(missing_ok=True)
        self.forget_secrets()

    def forget_secrets(self) -> None:
        """Remove what was asked for: nobody will do it any more."""
        (self.path / "request.json").unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def worker_pid(self) -> int | None:
        """The worker, while it holds the lock: afterwards the number may be another's."""
        with contextlib.suppress(OSError, ValueError):
            return int(self.alive.read_bytes())
        return None

    def _read(self, name: _Document) -> bytes | None:
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, name: _Document, document: Struct) -> None:
        """The whole document or none of it, also after a power cut."""
        partial = self.path / f"{name}.partial"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
                file.write(msgspec.json.encode(document))
                file.flush()
                os.fsync(descriptor)
            partial.replace(self.path / name)
        except OSError:
            partial.unlink(missing_ok=True)
            raise


class ProgressReader:
    """Reads what a worker has told since the last time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._lines = msgspec.json.Decoder(ProgressLine)

    def new(self) -> list[ProgressLine]:
        """The whole lines that have come."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                content = file.read()
        except FileNotFoundError:
            return []
        whole = content[: content.rfind(b"\n") + 1]
        self._offset += len(whole)
        lines = []
        for line in whole.splitlines():
            # A disk that was full for a while leaves halves.
            with contextlib.suppress(msgspec.MsgspecError):
                lines.append(self._lines.decode(line))
        return lines
