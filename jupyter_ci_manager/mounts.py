"""What is mounted where: the one reader of the kernel's mount table.

It reads that table and touches no mounted file system, so that nothing here waits for one that
hangs. It must not know what a file system is used for. Systems other than Linux have no such table:
there it is empty. Source: "/proc/[pid]/mountinfo", proc(5).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MOUNTINFO = Path("/proc/self/mountinfo")

NETWORK_TYPES = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs"}
)
"""File systems that several machines may have mounted, or whose memory maps are not shared."""

_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")
"""How the kernel writes a space, a tab, a line feed and a backslash."""


@dataclass(frozen=True)
class Mount:
    """One file system, or a part of it, at one place.

    ``point``, ``device`` and ``root`` hold bytes that are no text as ``os.fsdecode`` does.
    """

    id: int
    parent: int
    device_number: str
    """As in ``8:1``; the same for every mount of one file system (btrfs subvolumes differ)."""
    root: str
    """Which folder of the file system is mounted: not ``/`` for a bind mount."""
    point: str
    type: str
    """Such as ``ext4`` or ``fuse.blobfuse2``."""
    device: str
    """What is mounted, such as ``/dev/sda1`` or ``//account.file.core.windows.net/share``."""
    read_only: bool

    @property
    def family(self) -> str:
        """The type, with all of FUSE's many as ``fuse``."""
        return self.type.split(".")[0]

    @property
    def network(self) -> bool:
        """Whether another machine may have to answer before this file system does."""
        return self.family in NETWORK_TYPES


class MountTable:
    """The mounts that a path can lead to.

    What lies under another mount, and so is reached by no path, is left out.
    """

    def __init__(self, mounts: Iterable[Mount] = ()) -> None:
        by_id = {mount.id: mount for mount in mounts}
        self._at = {mount.point: mount for mount in _reachable(by_id)}

    @classmethod
    def read(cls, source: Path = MOUNTINFO) -> MountTable:
        """The table as it is now; empty where there is none."""
        try:
            text = source.read_bytes()
        except OSError:
            return cls()
        # Not by splitlines(): a mount point may hold what that takes for the end of a line.
        return cls(mount for line in text.split(b"\n") if (mount := _mount(line)) is not None)

    def at(self, point: str) -> Mount | None:
        """What is mounted exactly there."""
        return self._at.get(point)

    def holding(self, path: str) -> Mount | None:
        """The mount that an absolute path without symbolic links lies on."""
        found = (self._at.get(folder) for folder in reversed(_folders_down_to(path)))
        return next((mount for mount in found if mount is not None), None)

    def below(self, root: str) -> list[str]:
        """The mount points inside a folder, itself not among them, as ``os.fsdecode`` has them.

        ``root`` is absolute and without symbolic links. Bind mounts are among them, also those of
        the same file system, which no device number tells from a folder.
        """
        inside = root.rstrip("/") + "/"
        return [point for point in self._at if point.startswith(inside) and point != inside]


def mounted_below(root: str, source: Path = MOUNTINFO) -> list[str]:
    """The mount points inside a folder as they are now; see ``MountTable.below``."""
    return MountTable.read(source).below(root)


def _mount(line: bytes) -> Mount | None:
    before, separator, after = line.partition(b" - ")
    fields, described = before.split(b" "), after.split(b" ")
    if not separator or len(fields) < 6 or len(described) < 3:
        return None
    if not (fields[0].isdigit() and fields[1].isdigit()):
        return None
    options = {*fields[5].split(b","), *described[2].split(b",")}
    return Mount(
        id=int(fields[0]),
        parent=int(fields[1]),
        device_number=os.fsdecode(fields[2]),
        root=_unescaped(fields[3]),
        point=_unescaped(fields[4]),
        type=os.fsdecode(described[0]),
        device=_unescaped(described[1]),
        read_only=b"ro" in options,
    )


def _unescaped(text: bytes) -> str:
    return os.fsdecode(_OCTAL.sub(lambda match: bytes([int(match[1], 8)]), text))


def _reachable(mounts: dict[int, Mount]) -> Iterator[Mount]:
    """The mounts that the kernel arrives at when it walks down to their mount points.

    Two mounts on one point are parent and child, and one that is hidden by a mount above it has a
    parent that no path leads through.
    """
    children: dict[tuple[int | None, str], Mount] = {}
    for mount in mounts.values():
        topmost = mount.parent not in mounts or mount.parent == mount.id
        children[None if topmost else mount.parent, mount.point] = mount
    for mount in mounts.values():
        current: Mount | None = None
        for folder in _folders_down_to(mount.point):
            while (child := children.get((current.id if current else None, folder))) is not None:
                current = child
        if current is mount:
            yield mount


def _folders_down_to(path: str) -> list[str]:
    """``/``, ``/a`` and ``/a/b`` for ``/a/b``."""
    names = [name for name in path.split("/") if name]
    return ["/", *("/" + "/".join(names[: end + 1]) for end in range(len(names)))]
