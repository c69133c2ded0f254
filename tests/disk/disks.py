"""What tests of the figures are made of: a machine by its mount table, and what its disks say."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_ci_manager.disk.filesystems import Places
from jupyter_ci_manager.disk.growth import GrowthWatch
from jupyter_ci_manager.disk.history_file import HistoryFile
from jupyter_ci_manager.disk.levels import GB, DiskThresholds, Room
from jupyter_ci_manager.disk.usage import DiskUsage, Figures
from tests.builders import Steps

LOG = logging.getLogger(__name__)
INODES = 15_000_000


def figures(
    available: int = 60 * GB,
    total: int = 124 * GB,
    *,
    inodes: int | None = INODES,
    read_only: bool = False,
) -> Figures:
    """As ``statvfs`` would say; nothing is reserved for root."""
    room = Room(available, inodes, None if inodes is None else INODES)
    return Figures(total, total - available, room, read_only)


class Disks:
    """Answers instead of ``statvfs``, by mount point; the one thing that is not the machine's."""

    def __init__(self) -> None:
        self.told: dict[str, Figures | OSError] = {}
        self.asked: list[str] = []
        self._hanging: dict[str, threading.Event] = {}

    def hang(self, path: str) -> Callable[[], None]:
        """Let questions about ``path`` wait for a server that is gone; call it to bring it back."""
        event = self._hanging[path] = threading.Event()
        return event.set

    def __call__(self, path: str) -> Figures:
        self.asked.append(path)
        if (gone := self._hanging.get(path)) is not None:
            gone.wait(60)
        told = self.told.get(path, figures())
        if isinstance(told, OSError):
            raise told
        return told


def machine(
    folder: Path,
    mounts: str,
    disks: Callable[[str], Figures],
    *,
    instance: str | None = None,
    home: str = "/home/azureuser",
    root: str = "/home/azureuser/cloudfiles/code",
    thresholds: DiskThresholds | None = None,
    clock: Steps | None = None,
    **settings: Any,
) -> DiskUsage:
    """A machine with this mount table. Its folders need not exist here."""
    table = folder / "mountinfo"
    table.write_text(mounts, encoding="utf-8", errors="surrogateescape")
    now = (clock or Steps()).now
    file = HistoryFile(folder / "data" / "disk-history.sqlite", keep_free_bytes=0)
    return DiskUsage(
        Places(home=Path(home), root=Path(root)),
        thresholds or DiskThresholds(),
        GrowthWatch(file, now=now, log=LOG, host="here"),
        this_instance=lambda: instance,
        now=now,
        log=LOG,
        figures=disks,
        mounts=table,
        **settings,
    )
