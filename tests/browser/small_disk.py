"""A disk that a test can fill: a small one of its own where it may mount one, else a stand-in."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MB = 1_000_000
SIZE_BYTES = 400 * MB
LOW_BYTES = 150 * MB
CRITICAL_BYTES = 50 * MB


@dataclass(frozen=True)
class SmallDisk:
    """A folder, and from how few available bytes on its disk is low, and critically low."""

    path: Path
    kind: str
    """What it is, for the report: "tmpfs", or the stand-in."""
    low_bytes: int
    critical_bytes: int

    @property
    def available_bytes(self) -> int:
        """What can still be written."""
        return shutil.disk_usage(self.path).free

    @property
    def arguments(self) -> list[str]:
        """The options of the server that take it for the OS disk."""
        return [
            f"--CiManagerApp.os_disk={self.path}",
            f"--CiManagerApp.disk_warn_bytes={self.low_bytes}",
            f"--CiManagerApp.disk_critical_bytes={self.critical_bytes}",
        ]

    def environment(self, instance: str) -> dict[str, str]:
        """That of a server which runs on ``instance``, with all that is a person's on this disk."""
        return {
            "CI_NAME": instance,
            "HOME": str(self.path),
            "XDG_DATA_HOME": str(self.path / "share"),
            "XDG_CACHE_HOME": str(self.path / "cache"),
            "PIP_CACHE_DIR": str(self.path / "cache" / "pip"),
        }

    def fill(self, file: Path, *, until_available: int) -> None:
        """Write a file of real blocks until only so much is left."""
        with file.open("wb") as out:
            for _ in range(max(0, self.available_bytes - until_available) // MB):
                out.write(b"\1" * MB)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A tmpfs of 400 MB at ``folder``, where this user may mount one.

    The stand-in elsewhere is the disk that ``folder`` is on, with thresholds just below what it has
    left: files on it are as real, but there is no end to it, and others may write to it, too.
    """
    folder.mkdir()
    mounted = _mount(folder)
    try:
        if mounted:
            yield SmallDisk(folder, "tmpfs", LOW_BYTES, CRITICAL_BYTES)
        else:
            limit = shutil.disk_usage(folder).free - SIZE_BYTES
            yield SmallDisk(folder, "stand-in", limit + LOW_BYTES, limit + CRITICAL_BYTES)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)


def _mount(folder: Path) -> bool:
    if shutil.which("mount") is None:
        return False
    options = f"size={SIZE_BYTES},mode=700"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
