"""What runs on the Jupyter servers of the instances: terminals, and perhaps this extension.

Knows no HTTP. Only an instance that is on has a server; when it goes off its terminals are gone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jupyter_ci_manager.emulator.arm.caller import Caller
from jupyter_ci_manager.emulator.arm.computes.disks import Disk
from jupyter_ci_manager.emulator.arm.computes.instance import ComputeInstance
from jupyter_ci_manager.emulator.arm.roles import COMPUTES
from jupyter_ci_manager.emulator.arm.state import ArmState

from .shell import Shell

SERVED_IN = frozenset({"Running", "JobRunning"})
GB = 1_000_000_000
THRESHOLDS: dict[str, tuple[int | None, int]] = {"/": (5 * GB, GB), "/mnt": (None, GB)}
"""Bytes below which the extension there says ``warn`` and ``critical``."""
ROLES = {"/": "os", "/mnt": "temporary"}


@dataclass
class Terminal:
    """A terminal with a shell of its own."""

    name: str
    shell: Shell
    last_activity: datetime
    watchers: list[Callable[[], None]] = field(default_factory=list)
    """Called once when it ends."""

    def end(self) -> None:
        """Tell everybody who looks at it."""
        watchers, self.watchers = self.watchers, []
        for watcher in watchers:
            watcher()


@dataclass
class JupyterServer:
    """The Jupyter server of one instance.

    Attributes:
        extension: whether this extension is installed there.
        silent: terminals open and never print anything.
        output: what every program prints instead of its own output, when it is not None.
        kernels: how many run there; with one the instance is not idle.
    """

    instance: ComputeInstance
    extension: bool = True
    silent: bool = False
    output: str | None = None
    kernels: int = 0
    terminals: dict[str, Terminal] = field(default_factory=dict)
    _work: int = 0

    def went_through(self) -> None:
        """Lose the terminals when the machine has been stopped or restarted in between."""
        if self._work != self.instance.work:
            self._work = self.instance.work
            self.kernels = 0
            for name in list(self.terminals):
                self.close_terminal(name)

    def open_terminal(self, at: datetime) -> Terminal:
        """A new terminal; raises OSError on a full disk (microsoft/vscode-tools-for-ai#2605)."""
        if self.instance.disks.is_full:
            raise OSError(28, "No space left on device")
        name = next(name for n in itertools.count(1) if (name := str(n)) not in self.terminals)
        shell = Shell(self.instance.name, self.instance.disks.all(), self.output, self.silent)
        self.terminals[name] = Terminal(name, shell, at)
        return self.terminals[name]

    def close_terminal(self, name: str) -> None:
        """End a terminal, if it is there."""
        terminal = self.terminals.pop(name, None)
        if terminal is not None:
            terminal.end()

    def disk_status(self, at: datetime) -> dict[str, Any]:
        """What the extension answers to ``GET ci-manager/disk`` there."""
        filesystems = [_filesystem(disk) for disk in self.instance.disks.all()]
        levels = [each["level"] for each in filesystems]
        return {
            "machine": "compute_instance",
            "instance": self.instance.name,
            "level": next((level for level in ("critical", "warn") if level in levels), "ok"),
            "filesystems": filesystems,
            "standard_os_disk": True,
            "measured_at": at,
            "at_risk": [],
        }


class JupyterServers:
    """The Jupyter servers of all instances."""

    def __init__(self, arm: ArmState) -> None:
        self._arm = arm
        self._servers: dict[str, JupyterServer] = {}
        arm.works_at = self._is_in_use

    def of(self, name: str) -> JupyterServer | None:
        """The server of an instance, whether it is on or not; None when there is no instance."""
        instance = self._arm.instance(name)
        if instance is None:
            return None
        server = self._servers.get(instance.id)
        if server is None or server.instance is not instance:
            server = self._servers[instance.id] = JupyterServer(instance)
        server.went_through()
        return server

    def _is_in_use(self, instance: ComputeInstance) -> bool:
        server = self._servers.get(instance.id)
        if server is None or server.instance is not instance:
            return False
        server.went_through()
        return bool(server.kernels or server.terminals)

    def may_open(self, instance: ComputeInstance, caller: Caller) -> bool:
        """Whether it is their own, and a role grants what it takes to open its applications."""
        granted = self._arm.roles.allow(caller, f"{COMPUTES}/applicationaccess/action")
        return granted and is_owner(instance, caller)

    def now(self) -> datetime:
        """The emulator's time."""
        return self._arm.clock.now()


def is_owner(instance: ComputeInstance, caller: Caller) -> bool:
    """Whether it is their own: made by or assigned to them (MicrosoftDocs/azure-docs#52934)."""
    personal = instance.requested.personal_compute_instance_settings
    assigned = personal.assigned_user if personal is not None else None
    allowed = assigned.object_id if assigned is not None else instance.created_by.object_id
    return caller.object_id.lower() == allowed.lower()


def _filesystem(disk: Disk) -> dict[str, Any]:
    warn, critical = THRESHOLDS[disk.mount_point]
    available = disk.available_bytes
    hold_back = warn or critical
    level = "critical" if available < critical else "warn" if available < hold_back else "ok"
    return {
        "mount_point": disk.mount_point,
        "roles": [ROLES[disk.mount_point]],
        "device": disk.device,
        "type": "ext4",
        "level": level,
        "total_bytes": disk.total_bytes,
        "used_bytes": disk.used_bytes,
        "available_bytes": available,
        "warn_below_bytes": warn,
        "critical_below_bytes": critical,
        "hold_back_below_bytes": hold_back,
    }
