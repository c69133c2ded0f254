"""``/emulator/...``: what tests and people do to the emulator itself, outside Azure's paths."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

import asyncio
import re
from typing import Any, Literal

import msgspec
from tornado import web
from tornado.routing import URLSpec

from .arm.computes.instance import ComputeInstance
from .arm.errors import ArmError
from .arm.roles import ROLES, Role
from .arm.state import ArmState
from .faults import Fault, Faults
from .files.errors import FileServiceError
from .files.share import Entry
from .files.state import StorageAccess, StorageAccount
from .jupyter.state import JupyterServers
from .request_log import RequestLog

REFUSALS = (ValueError, re.error, ArmError, FileServiceError)
"""What is the fault of who asks."""


NAME = re.compile(r"[\w.()-]{1,89}[\w()-]", re.ASCII)
"""Of a resource group, which a workspace's keeps, too."""
LOCATION = re.compile(r"[a-z0-9]{2,40}", re.IGNORECASE | re.ASCII)


class AdvanceClock(msgspec.Struct, forbid_unknown_fields=True):
    """By how many seconds."""

    seconds: float


class ForceState(msgspec.Struct, forbid_unknown_fields=True):
    """Which of Azure's states."""

    state: Literal[
        "Creating",
        "CreateFailed",
        "Deleting",
        "Running",
        "Restarting",
        "Resizing",
        "JobRunning",
        "SettingUp",
        "SetupFailed",
        "Starting",
        "Stopped",
        "Stopping",
        "UserSettingUp",
        "UserSetupFailed",
        "Unknown",
        "Unusable",
    ]


class LeaveOnDisk(msgspec.Struct, forbid_unknown_fields=True):
    """How many bytes are to be available; what is left out stays as it is."""

    os_available_bytes: int | None = None
    temporary_available_bytes: int | None = None


class JupyterSettings(msgspec.Struct, forbid_unknown_fields=True):
    """How an instance's Jupyter server behaves; see ``JupyterServer``."""

    extension: bool = True
    silent: bool = False
    output: str | None = None
    kernels: int = 0


class AssignRoles(msgspec.Struct, forbid_unknown_fields=True):
    """Roles by their names, or one of one's own."""

    roles: list[str] = []
    actions: list[str] = []
    not_actions: list[str] = []


class AddWorkspace(msgspec.Struct, forbid_unknown_fields=True):
    """Another workspace, which may be in another region."""

    resource_group: str
    name: str
    location: str | None = None


class ControlHandler(web.RequestHandler):
    """Base: JSON in, JSON out, and a plain error document."""

    def initialize(
        self,
        state: ArmState,
        jupyter: JupyterServers,
        storage: StorageAccount,
        faults: Faults,
        log: RequestLog,
    ) -> None:
        self.state = state
        self.jupyter = jupyter
        self.storage = storage
        self.faults = faults
        self.log = log

    def read(self, shape: Any) -> Any:
        return msgspec.json.decode(self.request.body, type=shape)

    def answer(self, document: Any) -> None:
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.write(msgspec.json.encode(document))

    def instance(self, name: str) -> ComputeInstance:
        """Raise HTTPError where there is none of that name."""
        self.state.timeline.catch_up()
        instance = self.state.instance(name)
        if instance is None:
            raise web.HTTPError(404, "there is no such instance")
        return instance

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Stay silent about what the answer says."""
        if not isinstance(value, (*REFUSALS, web.HTTPError)):
            super().log_exception(typ, value, tb)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, (ValueError, re.error)):
            status_code = 400
        elif isinstance(error, ArmError):
            status_code = error.status_code
        elif isinstance(error, FileServiceError):
            status_code = error.status
        self.set_status(status_code)
        self.answer({"error": {"code": "EmulatorControl", "message": str(error)}})
        self.finish()


class FaultsControl(ControlHandler):
    """GET what waits, POST one fault or a list, DELETE all."""

    async def get(self) -> None:
        self.answer({"value": self.faults.pending})

    async def post(self) -> None:
        faults = self.read(Fault | list[Fault])
        for fault in faults if isinstance(faults, list) else [faults]:
            self.faults.add(fault)
        await self.get()

    async def delete(self) -> None:
        self.faults.clear()
        self.set_status(204)


class RequestsControl(ControlHandler):
    """GET what was asked (``method``, ``path`` filter it), DELETE to forget it."""

    async def get(self) -> None:
        requests = self.log.matching(
            self.get_query_argument("method", "*"), self.get_query_argument("path", "")
        )
        self.answer({"count": len(requests), "value": requests})

    async def delete(self) -> None:
        self.log.clear()
        self.set_status(204)


class ClockControl(ControlHandler):
    """GET the time, POST ``{"seconds": n}`` to move it forward."""

    async def get(self) -> None:
        clock = self.state.clock
        self.answer({"now": clock.now(), "elapsed": clock.elapsed(), "speed": clock.speed})

    async def post(self) -> None:
        self.state.clock.advance(self.read(AdvanceClock).seconds)
        self.state.timeline.catch_up()
        await self.get()


class InstanceStateControl(ControlHandler):
    """POST ``{"state": "Unusable"}`` to put an instance into a state."""

    async def post(self, name: str) -> None:
        state = self.read(ForceState).state
        instance = self.instance(name)
        self.state.lifecycle.force(instance, state)
        self.answer(instance.document())


class InstanceDiskControl(ControlHandler):
    """PUT ``{"os_available_bytes": 0}`` to fill a disk; GET says how full both are."""

    async def get(self, name: str) -> None:
        disks = self.instance(name).disks
        self.answer({"os": disks.os, "temporary": disks.temporary})

    async def put(self, name: str) -> None:
        wanted = self.read(LeaveOnDisk)
        self.instance(name).disks.leave(
            os_bytes=wanted.os_available_bytes, temporary_bytes=wanted.temporary_available_bytes
        )
        await self.get(name)


class InstanceJupyterControl(ControlHandler):
    """PUT ``{"extension": false}`` to take this extension off an instance's Jupyter server."""

    async def put(self, name: str) -> None:
        wanted = self.read(JupyterSettings)
        server = self.jupyter.of(self.instance(name).name)
        if server is not None:
            server.extension = wanted.extension
            server.silent = wanted.silent
            if server.kernels and not wanted.kernels:
                server.instance.active_at = self.state.clock.now()
            server.output = wanted.output
            server.kernels = wanted.kernels
        self.answer(wanted)


class WorkspacesControl(ControlHandler):
    """POST another workspace; its instances' logs are in the one share that there is."""

    async def post(self) -> None:
        wanted = self.read(AddWorkspace)
        if not all(NAME.fullmatch(each) for each in (wanted.resource_group, wanted.name)):
            raise ValueError("that is no name")
        if wanted.location is not None and not LOCATION.fullmatch(wanted.location):
            raise ValueError("that is no location")
        workspace = self.state.add_workspace(wanted.resource_group, wanted.name, wanted.location)
        self.answer(workspace.document())


class RolesControl(ControlHandler):
    """PUT ``{"roles": ["Reader"]}``: what somebody may do; DELETE makes them an owner again."""

    async def put(self, object_id: str) -> None:
        wanted = self.read(AssignRoles)
        unknown = [name for name in wanted.roles if name not in ROLES]
        if unknown:
            raise ValueError(f"there is no role {unknown[0]!r}; there are {', '.join(ROLES)}")
        roles = [ROLES[name] for name in wanted.roles]
        if wanted.actions:
            roles.append(Role(tuple(wanted.actions), tuple(wanted.not_actions)))
        self.state.roles.assign(object_id, roles)
        self.answer({"value": [role.document() for role in roles]})

    async def delete(self, object_id: str) -> None:
        self.state.roles.forget(object_id)
        self.set_status(204)


class StorageControl(ControlHandler):
    """PUT ``{"network_allowed": false}`` to shut the storage account; the rest is as usual."""

    async def get(self) -> None:
        self.answer(self.storage.access)

    async def put(self) -> None:
        self.storage.let_in(self.read(StorageAccess))
        await self.get()


class ShareFileControl(ControlHandler):
    """POST appends the body to a file of the share, PUT puts another file there, DELETE none."""

    async def post(self, path: str) -> None:
        self._written(await asyncio.to_thread(self.storage.share.append, path, self.request.body))

    async def put(self, path: str) -> None:
        self._written(await asyncio.to_thread(self.storage.share.replace, path, self.request.body))

    async def delete(self, path: str) -> None:
        await asyncio.to_thread(self.storage.share.delete_file, path)
        self.set_status(204)

    def _written(self, entry: Entry) -> None:
        self.answer({"size": entry.size})


def routes(
    state: ArmState,
    jupyter: JupyterServers,
    storage: StorageAccount,
    faults: Faults,
    log: RequestLog,
) -> list[URLSpec]:
    """Every path of the control side."""
    options: dict[str, Any] = {
        "state": state,
        "jupyter": jupyter,
        "storage": storage,
        "faults": faults,
        "log": log,
    }
    return [
        URLSpec("/emulator/faults$", FaultsControl, options),
        URLSpec("/emulator/requests$", RequestsControl, options),
        URLSpec("/emulator/clock$", ClockControl, options),
        URLSpec("/emulator/instances/([^/]+)/state$", InstanceStateControl, options),
        URLSpec("/emulator/instances/([^/]+)/disk$", InstanceDiskControl, options),
        URLSpec("/emulator/instances/([^/]+)/jupyter$", InstanceJupyterControl, options),
        URLSpec("/emulator/roles/([^/]+)$", RolesControl, options),
        URLSpec("/emulator/workspaces$", WorkspacesControl, options),
        URLSpec("/emulator/storage$", StorageControl, options),
        URLSpec("/emulator/share/(.+)$", ShareFileControl, options),
    ]
