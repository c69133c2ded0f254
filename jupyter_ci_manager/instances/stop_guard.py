"""Whether a stop or restart should be held back because the instance's disk is nearly full.

It decides and words that; it knows neither how figures are found nor how operations are done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from ..errors import DiskNearlyFull, InstanceDiskFull
from ..models import Filesystem, Instance, Price, Workspace
from .disk_check import MOUNT_POINTS, DiskUnknown, Shortage
from .sizes import SizeService
from .workspace import WorkspaceService

HERE_SECONDS = 5.0
"""Figures of this machine come at once, unless a file system hangs."""

DOING = {"stop": "stopping", "restart": "restarting"}
DONE = {"stop": "stopped", "restart": "restarted"}
RESTART_HINT = (
    "An instance whose disk is full may not come up again. Clean up first, or do it anyway."
)
TEMPORARY_HINT = (
    "With so little room on its temporary disk an instance may not start again. Clean up first, "
    "or do it anyway."
)
"""Source: MicrosoftDocs/azure-docs#110040."""


class OtherDisks(Protocol):
    """What finds out about disks of other instances."""

    async def shortages(self, instance: Instance) -> list[Shortage]:
        """The file systems that are too full. Raises DiskUnknown."""


TooFullHere = Callable[[], Awaitable[list[Filesystem]]]
"""This machine's file systems that hold a stop back."""
Report = Callable[[str], Awaitable[None]]


class StopGuard:
    """Holds a stop or restart back. ``there`` is None where the administrator does not want it."""

    def __init__(
        self,
        workspace: WorkspaceService,
        sizes: SizeService,
        *,
        here: TooFullHere,
        there: OtherDisks | None,
    ) -> None:
        self._workspace = workspace
        self._sizes = sizes
        self._here = here
        self._there = there

    async def check_here(self, instance: Instance, change: str, workspace: Workspace) -> None:
        """Raises DiskNearlyFull where the instance is this machine, and that is too full."""
        if not await self._is_here(instance, workspace):
            return
        try:
            shortages = await self._shortages_here()
        except DiskUnknown:
            # The operation looks again, and reports it among its steps.
            return
        await self._hold_back(instance, change, shortages)

    async def check(
        self, instance: Instance, change: str, workspace: Workspace, report: Report
    ) -> None:
        """Look at the disk wherever it is. Raises DiskNearlyFull; what is unknown is reported."""
        try:
            if await self._is_here(instance, workspace):
                shortages = await self._shortages_here()
            else:
                shortages = await self._shortages_there(instance, report)
        except DiskUnknown as unknown:
            await report(f"Disk could not be checked: {unknown}; {DOING[change]} all the same")
            return
        await self._hold_back(instance, change, shortages)

    async def refused(self, error: InstanceDiskFull, instance: Instance) -> InstanceDiskFull:
        """Azure's refusal with what it means for this instance."""
        body = error.body
        return InstanceDiskFull(
            f"Azure does not stop {instance.name}: {error.message}",
            details={**(body.details or {}), **await self._bill(instance)},
            request_id=body.request_id,
        )

    async def _is_here(self, instance: Instance, workspace: Workspace) -> bool:
        return await self._workspace.is_this_machine(instance.name, workspace)

    async def _shortages_here(self) -> list[Shortage]:
        try:
            found = await asyncio.wait_for(self._here(), HERE_SECONDS)
        except asyncio.TimeoutError:
            raise DiskUnknown("this machine's file systems do not answer") from None
        return [
            Shortage(
                each.mount_point,
                each.available_bytes or 0,
                each.hold_back_below_bytes or 0,
                each.reason,
            )
            for each in found
        ]

    async def _shortages_there(self, instance: Instance, report: Report) -> list[Shortage]:
        if self._there is None:
            raise DiskUnknown("the administrator of this server has switched that off")
        await report(f"Checking the disk of {instance.name}")
        return await self._there.shortages(instance)

    async def _hold_back(self, instance: Instance, change: str, shortages: list[Shortage]) -> None:
        if not shortages:
            return
        tightest = min(shortages, key=lambda each: each.available_bytes - each.threshold_bytes)
        bill = await self._bill(instance)
        raise DiskNearlyFull(
            _words(instance, change, tightest),
            hint=_hint(change, tightest),
            details={
                "mount_point": tightest.mount_point,
                "available_bytes": str(tightest.available_bytes),
                "threshold_bytes": str(tightest.threshold_bytes),
                **bill,
            },
        )

    async def _bill(self, instance: Instance) -> dict[str, str]:
        price = await self._sizes.price(instance.vm_size)
        return {"instance": instance.name, **(_priced(price) if price else {})}


def _priced(price: Price) -> dict[str, str]:
    return {"price_per_hour": f"{price.amount_per_hour:g}", "currency": price.currency}


def _words(instance: Instance, change: str, shortage: Shortage) -> str:
    reason = shortage.reason or (
        f"Only {_amount(shortage.available_bytes)} are left, "
        f"less than {_amount(shortage.threshold_bytes)}."
    )
    return f"{instance.name} is not {DONE[change]}: {shortage.mount_point} is too full. {reason}"


def _hint(change: str, shortage: Shortage) -> str | None:
    """What follows, where that is not what the error says by itself."""
    if shortage.mount_point == MOUNT_POINTS["temporary"]:
        return TEMPORARY_HINT
    return RESTART_HINT if change == "restart" else None


def _amount(size_bytes: int) -> str:
    if size_bytes < 1_000_000_000:
        return f"{size_bytes / 1_000_000:.0f} MB"
    return f"{size_bytes / 1_000_000_000:.1f} GB"
