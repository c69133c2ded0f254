"""How full the disks of this machine are, and how soon they will be full.

It asks the file systems themselves and never waits for one that hangs. It knows no instance but the
one that this machine is, and nothing of how a stop is held back.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..hang_guard import HangGuard, NoAnswer
from ..models import DiskStatus, Filesystem, FilesystemRole, Machine
from ..mounts import MOUNTINFO, MountTable
from .filesystems import Found, Places, found, found_without_table, is_container
from .growth import GrowthWatch
from .history import DAY_SECONDS, SLOT_SECONDS, full_in_seconds
from .levels import DiskThresholds, Limits, Room, holds_back, is_standard_os_disk, judged, worst
from .paths import name_of

ANSWER_SECONDS = 1.0
"""For how long a file system is waited for, once."""
FRESH_SECONDS = 10.0
USABLE_SECONDS = 300.0
"""Figures of a network mount may be so old: nothing is held back because of them, and its server
may take a while to answer."""
LOOK_SECONDS = 2.0
"""What is mounted hardly ever changes: an answer does not wait for it to be looked up again."""
FIRST_SAMPLE_SECONDS = 5.0
AHEAD_SECONDS = 2 * DAY_SECONDS
"""Whoever must not find the disk full is warned when it will be, so early."""


@dataclass(frozen=True)
class Figures:
    """What a file system says of itself."""

    total_bytes: int
    used_bytes: int
    room: Room
    read_only: bool


@dataclass(frozen=True)
class _Around:
    """What this machine is."""

    instance: str | None = None
    container: bool = False
    table: MountTable | None = None

    @property
    def machine(self) -> Machine:
        if self.instance is not None:
            return "compute_instance"
        return "container" if self.container else "other"


def figures_of(path: str) -> Figures:
    """Ask the file system that holds ``path``. Raises OSError. It may hang."""
    if sys.platform == "win32":
        usage = shutil.disk_usage(path)
        return Figures(usage.total, usage.used, Room(usage.free, None, None), read_only=False)
    told = os.statvfs(path)
    block = told.f_frsize or told.f_bsize
    inodes = told.f_files or None
    return Figures(
        total_bytes=told.f_blocks * block,
        # As df counts: what is reserved for root is neither used nor available.
        used_bytes=(told.f_blocks - told.f_bfree) * block,
        room=Room(told.f_bavail * block, told.f_favail if inodes else None, inodes),
        read_only=bool(told.f_flag & os.ST_RDONLY),
    )


class DiskUsage:
    """Figures of the file systems that matter on a compute instance.

    ``this_instance`` says which one this machine is; it may block. ``schedules_at_risk`` says
    what a full disk would make fail, in words for a person and from what is known already: it is
    asked when a disk is, or soon will be, too full. ``figures`` is what asks a file system.
    """

    def __init__(
        self,
        places: Places,
        thresholds: DiskThresholds,
        growth: GrowthWatch,
        *,
        this_instance: Callable[[], str | None],
        now: Callable[[], datetime],
        log: logging.Logger,
        schedules_at_risk: Callable[[], Awaitable[list[str]]] | None = None,
        figures: Callable[[str], Figures] = figures_of,
        mounts: Path = MOUNTINFO,
        answer_seconds: float = ANSWER_SECONDS,
        first_sample_seconds: float = FIRST_SAMPLE_SECONDS,
        guard_clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._places = places
        self._thresholds = thresholds
        self._growth = growth
        self._this_instance = this_instance
        self._now = now
        self._log = log
        self._figures = figures
        self._mounts = mounts
        self._guard = HangGuard(answer_seconds, clock=guard_clock)
        self._first_sample_seconds = first_sample_seconds
        self._around = _Around()
        self._resolved: dict[Path, str] = {}
        self._watching: asyncio.Task[None] | None = None
        self.schedules_at_risk = schedules_at_risk

    async def open(self) -> None:
        """Begin to watch how fast the disks fill."""
        if self._watching is None:
            self._watching = asyncio.ensure_future(self._watch())

    async def close(self) -> None:
        """Stop watching. A file system that hangs keeps nobody."""
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self) -> None:
        await asyncio.sleep(self._first_sample_seconds)
        while True:
            await self.sample()
            await asyncio.sleep(SLOT_SECONDS)

    async def sample(self) -> None:
        """Note how full the disks are now, so that it can be told how fast they fill."""
        filesystems = await self._filesystems(await self._looked_around())
        await self._growth.note(each for each in filesystems if each.roles != ["share"])

    # --- asking -------------------------------------------------------------------------------

    async def status(self) -> DiskStatus:
        """The figures as they are now; those of a network mount may be minutes old."""
        around = await self._looked_around()
        filesystems = await self._filesystems(around)
        promised = [each for each in filesystems if each.hold_back_below_bytes is not None]
        os_disk = next((each for each in filesystems if "os" in each.roles), None)
        return DiskStatus(
            machine=around.machine,
            instance=around.instance,
            level=worst([each.level for each in promised]),
            filesystems=filesystems,
            standard_os_disk=is_standard_os_disk(os_disk.total_bytes if os_disk else None),
            measured_at=self._now(),
            at_risk=await self._at_risk(promised),
        )

    async def blocking(self) -> list[Filesystem]:
        """The file systems that hold a stop or restart of this machine back.

        ``reason`` says why, ``hold_back_below_bytes`` is the threshold. One that does not answer
        holds nothing back: nobody knows whether it is full.
        """
        filesystems = await self._filesystems(await self._looked_around())
        return [each for each in filesystems if _blocks(each)]

    async def _at_risk(self, promised: list[Filesystem]) -> list[str]:
        endangered = any(_blocks(each) or _soon_full(each) for each in promised)
        if self.schedules_at_risk is None or not endangered:
            return []
        return await self.schedules_at_risk()

    async def _looked_around(self) -> _Around:
        def look() -> _Around:
            table = MountTable.read(self._mounts)
            return _Around(self._this_instance(), is_container(table), table)

        try:
            self._around = await self._guard.call_lately(
                "around", look, fresh_seconds=LOOK_SECONDS, usable_seconds=USABLE_SECONDS
            )
        except NoAnswer as silent:
            self._log.debug("The machine could not be looked at: %s", silent)
        return self._around

    async def _filesystems(self, around: _Around) -> list[Filesystem]:
        places = self._places
        home, root = await asyncio.gather(self._real(places.home), self._real(places.root))
        entries = found(around.table or MountTable(), places, home, root)
        known = {role for each in entries for role in each.roles}
        if not known >= {"os", "home"}:
            # No mount table, or one that begins below the root, as in a chroot.
            entries = [*found_without_table(await self._devices(known)), *entries]
        return list(await asyncio.gather(*map(self._filesystem, entries)))

    async def _real(self, path: Path) -> str:
        """The path without symbolic links; as it is where it leads into a mount that hangs."""
        if path not in self._resolved:
            try:
                self._resolved[path] = await self._guard.call(
                    f"path {path}", lambda: os.path.realpath(path)
                )
            except NoAnswer:
                return str(path)
        return self._resolved[path]

    async def _devices(
        self, known: Collection[FilesystemRole]
    ) -> dict[FilesystemRole, tuple[str, int]]:
        places = self._places
        wanted: dict[FilesystemRole, Path] = {
            "os": Path(places.os_disk if os.name == "posix" else places.home.anchor),
            "home": places.home,
        }
        devices: dict[FilesystemRole, tuple[str, int]] = {}
        for role, path in wanted.items():
            if role in known:
                continue
            try:
                status = await self._guard.call(f"device {path}", path.stat)
            except (OSError, NoAnswer) as error:
                self._log.debug("%s cannot be looked at: %s", path, error)
            else:
                devices[role] = (str(path), status.st_dev)
        return devices

    async def _filesystem(self, entry: Found) -> Filesystem:
        limits = self._thresholds.limits(entry.roles)
        try:
            figures = await self._asked(entry)
        except NoAnswer as silent:
            seconds = round(silent.seconds)
            waited = f"{seconds} seconds" if seconds > 1 else "a second"
            gone = "its server" if entry.network else "the disk"
            error = f"It has not answered for {waited}: {gone} may be gone."
            return _unknown(entry, limits, error)
        except OSError as failed:
            return _unknown(entry, limits, f"It cannot be asked: {failed.strerror or failed}.")
        if figures.total_bytes == 0:
            return _unknown(entry, limits, "It does not say how large it is.")
        return self._told(entry, limits, figures)

    async def _asked(self, entry: Found) -> Figures:
        key = f"figures {entry.path}"

        def ask() -> Figures:
            return self._figures(entry.path)

        if not entry.network:
            return await self._guard.call(key, ask)
        return await self._guard.call_lately(
            key, ask, fresh_seconds=FRESH_SECONDS, usable_seconds=USABLE_SECONDS
        )

    def _told(self, entry: Found, limits: Limits, figures: Figures) -> Filesystem:
        read_only = entry.read_only or figures.read_only
        # What cannot be written to cannot become full either, and is full by nature, as squashfs.
        level, reason = ("ok", None) if read_only else judged(figures.room, limits)
        mount_point = _for_people(entry.path)
        growth = None if read_only else self._growth.bytes_per_day(mount_point)
        room = figures.room
        return Filesystem(
            mount_point=mount_point,
            roles=list(entry.roles),
            device=_for_people(entry.device),
            type=_for_people(entry.type),
            level=level,
            read_only=read_only,
            total_bytes=figures.total_bytes,
            used_bytes=figures.used_bytes,
            available_bytes=room.available_bytes,
            total_inodes=room.total_inodes,
            available_inodes=room.available_inodes,
            warn_below_bytes=limits.warn_below_bytes,
            critical_below_bytes=limits.critical_below_bytes,
            hold_back_below_bytes=limits.hold_back_below_bytes,
            growth_bytes_per_day=growth,
            full_in_seconds=full_in_seconds(room.available_bytes, growth),
            reason=reason,
        )


def _unknown(entry: Found, limits: Limits, error: str) -> Filesystem:
    return Filesystem(
        mount_point=_for_people(entry.path),
        roles=list(entry.roles),
        device=_for_people(entry.device),
        type=_for_people(entry.type),
        level="unknown",
        read_only=entry.read_only,
        warn_below_bytes=limits.warn_below_bytes,
        critical_below_bytes=limits.critical_below_bytes,
        hold_back_below_bytes=limits.hold_back_below_bytes,
        error=error,
    )


def _for_people(text: str) -> str:
    return name_of(os.fsencode(text))


def _blocks(each: Filesystem) -> bool:
    if each.available_bytes is None or each.read_only:
        return False
    room = Room(each.available_bytes, each.available_inodes, each.total_inodes)
    return holds_back(room, Limits(hold_back_below_bytes=each.hold_back_below_bytes))


def _soon_full(each: Filesystem) -> bool:
    return each.full_in_seconds is not None and each.full_in_seconds < AHEAD_SECONDS
