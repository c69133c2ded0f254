"""The disks of one compute instance, as far as how full they are. Knows no HTTP and no files.

Sizes: "What is an Azure Machine Learning compute instance?" (learn.microsoft.com) speaks of an OS
disk of 120 GB on ``/``; people see 128 GB disks. The temporary disk on ``/mnt`` is as large as the
VM size's. What is used of a new one: [assumed].
"""

from __future__ import annotations

from dataclasses import dataclass, field

OS_DISK_BYTES = 128_000_000_000
OS_DISK_USED_BYTES = 58_000_000_000
TEMPORARY_DISK_BYTES = 64_000_000_000
TEMPORARY_DISK_USED_BYTES = 2_000_000_000
NEEDED_ON_MNT_BYTES = 1_000_000_000
"""With less on ``/mnt`` a stopped instance does not boot again: MicrosoftDocs/azure-docs#110040."""


@dataclass
class Disk:
    """A file system and what is left on it."""

    device: str
    mount_point: str
    total_bytes: int
    available_bytes: int

    @property
    def used_bytes(self) -> int:
        """What is taken."""
        return self.total_bytes - self.available_bytes

    def check(self, available_bytes: int) -> None:
        """Raises ValueError for what cannot be available."""
        if not 0 <= available_bytes <= self.total_bytes:
            raise ValueError(
                f"{self.mount_point} has {self.total_bytes} bytes: "
                f"{available_bytes} cannot be available"
            )


def _os_disk() -> Disk:
    return Disk("/dev/root", "/", OS_DISK_BYTES, OS_DISK_BYTES - OS_DISK_USED_BYTES)


def temporary_disk(total_bytes: int = TEMPORARY_DISK_BYTES) -> Disk:
    """A new temporary disk."""
    used = min(TEMPORARY_DISK_USED_BYTES, total_bytes // 2)
    return Disk("/dev/sdb1", "/mnt", total_bytes, total_bytes - used)


@dataclass
class InstanceDisks:
    """The two disks of an instance."""

    os: Disk = field(default_factory=_os_disk)
    temporary: Disk = field(default_factory=temporary_disk)

    @property
    def is_full(self) -> bool:
        """Whether Azure takes the OS disk for full. At which figure it does: [assumed], none left.

        It is documented that 5 GB should be free (earlier 1 to 2 GB), not what is counted.
        """
        return self.os.available_bytes == 0

    @property
    def boots(self) -> bool:
        """Whether the machine would come up again after it was off."""
        return self.temporary.available_bytes >= NEEDED_ON_MNT_BYTES

    def leave(self, *, os_bytes: int | None = None, temporary_bytes: int | None = None) -> None:
        """Fill or empty the disks until so much is available; None leaves one as it is.

        Raises ValueError for what a disk cannot hold; then nothing has changed.
        """
        wanted = ((self.os, os_bytes), (self.temporary, temporary_bytes))
        chosen = [(disk, available) for disk, available in wanted if available is not None]
        for disk, available in chosen:
            disk.check(available)
        for disk, available in chosen:
            disk.available_bytes = available

    def all(self) -> list[Disk]:
        """Both, the OS disk first."""
        return [self.os, self.temporary]
