"""Which file systems of this machine matter, and what for: a view of the mount table.

It asks no file system: one that hangs could keep it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..models import FilesystemRole
from ..mounts import Mount, MountTable

_SHARES = re.compile(
    r"/(home/[^/]+/cloudfiles|mnt/batch/tasks/shared/LS_root/mounts/clusters/[^/]+)/code"
)
"""Where a compute instance has the workspace's file share. Source: "Access files on the compute
instance", and what ``mount`` says there."""

_CONTAINER_ROOTS = frozenset({"overlay", "aufs", "fuse.fuse-overlayfs"})
CONTAINER_MARKERS = (Path("/.dockerenv"), Path("/run/.containerenv"))
"""Files that Docker and Podman put into every container."""


@dataclass(frozen=True)
class Places:
    """Where this machine has what; all absolute."""

    home: Path
    root: Path
    """The folder that Jupyter serves."""
    os_disk: str = "/"
    temporary_disk: str = "/mnt"


@dataclass(frozen=True)
class Found:
    """A file system that matters."""

    path: str
    """Where it is mounted, or a folder on it where that is not known."""
    roles: tuple[FilesystemRole, ...]
    type: str
    device: str
    network: bool
    read_only: bool


def found(table: MountTable, places: Places, home: str, root: str) -> list[Found]:
    """The file systems that matter, the OS disk first, each with all that it is used for.

    ``home`` and ``root`` are those of ``places`` without symbolic links.
    """
    roles: dict[str, list[FilesystemRole]] = {}
    mounts: dict[str, Mount] = {}
    for role, mount in _used(table, places, home, root):
        # One file system is mounted several times where folders of it are bound elsewhere.
        mounts.setdefault(mount.device_number, mount)
        known = roles.setdefault(mount.device_number, [])
        if role not in known:
            known.append(role)
    return [
        Found(
            mount.point,
            tuple(roles[number]),
            mount.type,
            mount.device,
            mount.network,
            mount.read_only,
        )
        for number, mount in mounts.items()
    ]


def _used(
    table: MountTable, places: Places, home: str, root: str
) -> Iterable[tuple[FilesystemRole, Mount]]:
    if (os_disk := table.holding(places.os_disk)) is not None:
        yield "os", os_disk
    temporary = table.at(places.temporary_disk)
    if temporary is not None and not temporary.network:
        yield "temporary", temporary
    for point in sorted(table.below("/")):
        if _SHARES.fullmatch(point) and (share := table.at(point)) is not None and share.network:
            yield "share", share
    served = table.holding(root)
    if served is not None and served.network:
        yield "share", served
    if (mount := table.holding(home)) is not None:
        yield "home", mount


def found_without_table(devices: dict[FilesystemRole, tuple[str, int]]) -> list[Found]:
    """The same where the system has no mount table: by path and device number of each role."""
    roles: dict[int, list[FilesystemRole]] = {}
    paths: dict[int, str] = {}
    for role, (path, device) in devices.items():
        roles.setdefault(device, []).append(role)
        paths.setdefault(device, path)
    return [
        Found(path, tuple(roles[device]), "unknown", "", network=False, read_only=False)
        for device, path in paths.items()
    ]


def is_container(table: MountTable, markers: Iterable[Path] = CONTAINER_MARKERS) -> bool:
    """Whether this process sees a container's file system as ``/``."""
    root = table.at("/")
    layered = root is not None and root.type in _CONTAINER_ROOTS
    return layered or any(marker.exists() for marker in markers)
