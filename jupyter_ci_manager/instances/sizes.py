"""VM sizes with price and quota, and the quota of the region, each asked for once in a while.

It knows the rules of quota and no wire key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from msgspec.structs import replace

from ..errors import QuotaExceeded, UnknownVmSize
from ..models import Quota, QuotaList, VmSize, VmSizeList, Workspace
from .arm import ArmClient
from .wire.size import ArmUsage, family_key, quota_from_usage
from .workspace import WorkspaceService

T = TypeVar("T")

SIZES_LAST = timedelta(hours=1)
QUOTA_LASTS = timedelta(minutes=1)


class Remembered(Generic[T]):
    """A value per region that is asked for again after ``lasts``, by one caller for all."""

    def __init__(
        self,
        ask: Callable[[Workspace], Awaitable[T]],
        lasts: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._ask = ask
        self._lasts = lasts
        self._now = now
        self._lock = asyncio.Lock()
        self._key = ""
        self._value: tuple[T, datetime] | None = None

    async def get(self, workspace: Workspace, *, refresh: bool = False) -> tuple[T, datetime]:
        """The value and when it was asked for."""
        key = f"{workspace.subscription_id}/{workspace.location}"
        async with self._lock:
            if self._value is not None and key == self._key and not refresh:
                value, at = self._value
                if self._now() - at < self._lasts:
                    return value, at
            fresh = (await self._ask(workspace), self._now())
            self._key, self._value = key, fresh
            return fresh


class SizeService:
    """What a new instance may be. Methods raise ``errors.py``."""

    def __init__(
        self, arm: ArmClient, workspace: WorkspaceService, now: Callable[[], datetime]
    ) -> None:
        self._workspace = workspace
        self._sizes = Remembered[list[VmSize]](
            lambda at: arm.sizes(at.subscription_id, at.location or ""), SIZES_LAST, now
        )
        self._usages = Remembered[list[ArmUsage]](
            lambda at: arm.usages(at.subscription_id, at.location or ""), QUOTA_LASTS, now
        )

    async def quota(self, *, refresh: bool = False) -> QuotaList:
        """Core quota of the region and of each VM family."""
        workspace = await self._workspace.current()
        usages, fetched_at = await self._usages.get(workspace, refresh=refresh)
        return QuotaList(
            location=workspace.location or "",
            regional=_regional(usages),
            families=list(_families(usages).values()),
            fetched_at=fetched_at,
        )

    async def sizes(self, *, refresh: bool = False) -> VmSizeList:
        """The VM sizes that compute instances can have, with what is left of their quota."""
        workspace = await self._workspace.current()
        (sizes, fetched_at), (usages, _) = await asyncio.gather(
            self._sizes.get(workspace, refresh=refresh),
            self._usages.get(workspace, refresh=refresh),
        )
        families, regional = _families(usages), _regional(usages)
        return VmSizeList(
            location=workspace.location or "",
            items=[
                _judged(size, families.get(family_key(size.family)), regional) for size in sizes
            ],
            fetched_at=fetched_at,
        )

    async def by_name(self) -> dict[str, VmSize]:
        """The sizes by lower-case name, without quota: what a list of instances needs."""
        sizes, _ = await self._sizes.get(await self._workspace.current())
        return {size.name.lower(): size for size in sizes}

    async def checked(self, name: str) -> VmSize:
        """The size of that name. Raises UnknownVmSize or QuotaExceeded."""
        for size in (await self.sizes()).items:
            if size.name.lower() == name.lower():
                if not size.creatable:
                    raise QuotaExceeded(size.reason or f"There is no quota left for {name}.")
                return size
        raise UnknownVmSize(f"{name[:128]!r} is not a VM size for compute instances here.")


def _families(usages: list[ArmUsage]) -> dict[str, Quota]:
    found: dict[str, Quota] = {}
    for usage in usages:
        quota = quota_from_usage(usage)
        if quota is not None and usage.scope == "family":
            found[family_key(quota.name)] = quota
    return found


def _regional(usages: list[ArmUsage]) -> Quota | None:
    for usage in usages:
        if usage.scope == "region":
            return quota_from_usage(usage)
    return None


def _judged(size: VmSize, family: Quota | None, regional: Quota | None) -> VmSize:
    for quota in (family, regional):
        if quota is not None and quota.remaining < size.vcpus:
            reason = (
                f"It needs {size.vcpus} cores; {quota.remaining} of {quota.limit} are left of "
                f"“{quota.name}”."
            )
            return replace(size, quota=family, creatable=False, reason=reason)
    return replace(size, quota=family)
