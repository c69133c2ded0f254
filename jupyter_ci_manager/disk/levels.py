"""When a disk is too full: thresholds, and the levels and reasons that follow from figures.

It knows no file system and asks nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..models import DiskLevel, FilesystemRole
from .amounts import in_words

GB = 1_000_000_000

OS_DISK_BYTES = 120 * GB
"""What Azure documents for a compute instance ("What is an Azure Machine Learning compute
instance?"); on some it is a disk of 128 GiB."""
STANDARD_OS_DISK_BYTES = range(OS_DISK_BYTES - 10 * GB, OS_DISK_BYTES + 21 * GB)
"""Its file system: less than the disk by tables and partitions, or a disk of 128 GiB."""

WARN_INODES = 0.05
CRITICAL_INODES = 0.01
"""Fractions of a file system's inodes: without any no file can be made, whatever room there is."""


@dataclass(frozen=True)
class DiskThresholds:
    """Below how many available bytes a disk of a compute instance is too full.

    The defaults are Azure's: 5 GB free on the OS disk before a stop or restart (earlier 1 to 2 GB),
    1 000 000 000 bytes on the temporary disk. Source: "Manage an Azure Machine Learning compute
    instance", and the message of the refusal. 1 GB is 1 000 000 000 bytes.
    """

    warn_bytes: int = 5 * GB
    critical_bytes: int = GB
    temporary_critical_bytes: int = GB

    def limits(self, roles: Collection[FilesystemRole]) -> Limits:
        """What holds for a file system with these roles; the stricter where it has several."""
        warn, critical, hold_back = [], [], []
        if "os" in roles:
            warn.append(self.warn_bytes)
            critical.append(self.critical_bytes)
            hold_back += [self.warn_bytes, self.critical_bytes]
        if "temporary" in roles:
            critical.append(self.temporary_critical_bytes)
            hold_back.append(self.temporary_critical_bytes)
        return Limits(
            max(warn, default=None), max(critical, default=None), max(hold_back, default=None)
        )


@dataclass(frozen=True)
class Limits:
    """The thresholds of one file system; None where nothing is promised of it."""

    warn_below_bytes: int | None = None
    critical_below_bytes: int | None = None
    hold_back_below_bytes: int | None = None
    """A stop or restart of the machine is held back."""


@dataclass(frozen=True)
class Room:
    """What is left on a file system."""

    available_bytes: int
    available_inodes: int | None
    total_inodes: int | None

    @property
    def inode_fraction(self) -> float:
        """1 where there is no fixed number of them."""
        if self.available_inodes is None or not self.total_inodes:
            return 1.0
        return self.available_inodes / self.total_inodes


def judged(room: Room, limits: Limits) -> tuple[DiskLevel, str | None]:
    """The level, and why it is not ``ok``, in words for a person."""
    if limits.hold_back_below_bytes is None:
        # Nothing of Azure's depends on it: only a file system that is full is worth a word.
        if room.available_bytes > 0 and room.available_inodes != 0:
            return "ok", None
        return "warn", "Nothing more can be written to it."
    left = in_words(room.available_bytes)
    if room.available_bytes < (limits.critical_below_bytes or 0):
        least = in_words(limits.critical_below_bytes or 0)
        return "critical", f"Only {left} are left, less than {least}."
    if room.inode_fraction < CRITICAL_INODES:
        return "critical", _few_inodes(room)
    if room.available_bytes < (limits.warn_below_bytes or 0):
        least = in_words(limits.warn_below_bytes or 0)
        return "warn", f"Only {left} are left, less than {least}."
    if room.inode_fraction < WARN_INODES:
        return "warn", _few_inodes(room)
    return "ok", None


def holds_back(room: Room, limits: Limits) -> bool:
    """Whether a stop or restart must wait until there is more room."""
    if limits.hold_back_below_bytes is None:
        return False
    return (
        room.available_bytes < limits.hold_back_below_bytes or room.inode_fraction < CRITICAL_INODES
    )


def worst(levels: Collection[DiskLevel]) -> DiskLevel:
    """The level that most is to be done about; of nothing, nothing is known."""
    order: tuple[DiskLevel, ...] = ("critical", "warn", "unknown", "ok")
    return next((level for level in order if level in levels), "unknown")


def is_standard_os_disk(total_bytes: int | None) -> bool:
    """Whether an OS disk is about as large as a compute instance's."""
    return total_bytes is not None and total_bytes in STANDARD_OS_DISK_BYTES


def _few_inodes(room: Room) -> str:
    return (
        f"Only {room.available_inodes:,} more files can be made, of the {room.total_inodes:,} that "
        "the file system can hold."
    )
