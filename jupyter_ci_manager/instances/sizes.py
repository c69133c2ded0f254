"""VM sizes with price and quota, and the quota of the region, each asked for once in a while.

It knows the rules of quota and no wire key.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from msgspec.structs import replace

from ..errors import CiManagerError, Forbidden, QuotaExceeded, UnknownVmSize
from ..models import Price, Quota, QuotaList, VmSize, VmSizeList, Workspace
from .arm import ArmClient
from .questions import Questions
from .wire.size import ArmUsage, family_key, quota_from_usage
from .workspace import WorkspaceService

T = TypeVar("T")

SIZES_LAST = timedelta(hours=1)
QUOTA_LASTS = timedelta(minutes=1)
FAILURE_LASTS = timedelta(seconds=10)
"""How long a failure is believed, so that a list that wants prices does not wait each time."""

PRICE_PATIENCE_SECONDS = 2.0


class Remembered(Generic[T]):
    """A value per region that is asked for again after ``lasts``, once for all who wait."""

    def __init__(
        self,
        ask: Callable[[Workspace], Awaitable[T]],
        lasts: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._ask = ask
        self._lasts = lasts
        self._now = now
        self._region = ""
        self._value: tuple[T, datetime] | None = None
        self._failure: tuple[CiManagerError, datetime] | None = None
        self._in_flight: asyncio.Task[tuple[T, datetime]] | None = None
        self._questions: Questions[tuple[T, datetime]] = Questions()

    async def close(self) -> None:
        """End what is being asked: nobody waits for it any more."""
        await self._questions.close()

    def expire(self) -> None:
        """What is known is no longer true: ask when somebody wants it."""
        self._value = None

    async def get(self, workspace: Workspace, *, refresh: bool = False) -> tuple[T, datetime]:
        """The value and when it was asked for. Raises what Azure answered."""
        region = f"{workspace.subscription_id}/{workspace.location}".lower()
        if region != self._region:
            self._region = region
            self._value = self._failure = self._in_flight = None
        if not refresh:
            if self._value is not None and self._now() - self._value[1] < self._lasts:
                return self._value
            if self._failure is not None and self._now() - self._failure[1] < FAILURE_LASTS:
                raise self._failure[0]
        if self._in_flight is None or self._in_flight.done():
            self._in_flight = self._questions.ask(self._asked(workspace, region))
        # One caller who goes away must not take the answer from the others.
        return await asyncio.shield(self._in_flight)

    async def _asked(self, workspace: Workspace, region: str) -> tuple[T, datetime]:
        try:
            fresh = (await self._ask(workspace), self._now())
        except CiManagerError as error:
            if region == self._region:
                self._failure = (error, self._now())
            raise
        if region == self._region:
            self._value, self._failure = fresh, None
        return fresh


class SizeService:
    """What a new instance may be. Methods raise ``errors.py``."""

    def __init__(
        self,
        arm: ArmClient,
        workspace: WorkspaceService,
        *,
        now: Callable[[], datetime],
        log: logging.Logger,
    ) -> None:
        self._workspace = workspace
        self._log = log
        self._sizes = Remembered[list[VmSize]](
            lambda at: arm.sizes(at.subscription_id, at.location or ""), SIZES_LAST, now
        )
        self._usages = Remembered[list[ArmUsage]](
            lambda at: arm.usages(at.subscription_id, at.location or ""), QUOTA_LASTS, now
        )

    async def close(self) -> None:
        """End what is being asked."""
        await self._sizes.close()
        await self._usages.close()

    def expire_quota(self) -> None:
        """Cores have been taken or given back."""
        self._usages.expire()

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
        (sizes, fetched_at), usages = await asyncio.gather(
            self._sizes.get(workspace, refresh=refresh),
            self._known_usages(workspace, refresh=refresh),
        )
        families, regional = _families(usages), _regional(usages)
        return VmSizeList(
            location=workspace.location or "",
            items=[
                _judged(size, families.get(family_key(size.family)), regional) for size in sizes
            ],
            fetched_at=fetched_at,
        )

    async def _known_usages(self, workspace: Workspace, *, refresh: bool) -> list[ArmUsage]:
        """The usages; none where Azure does not say: then it decides when it is asked to create.

        They belong to the subscription, and a role in the workspace alone does not read them.
        """
        try:
            usages, _ = await self._usages.get(workspace, refresh=refresh)
        except CiManagerError as error:
            self._log.info("Quota is not known: %s", error)
            return []
        return usages

    async def by_name(self) -> dict[str, VmSize]:
        """The sizes by lower-case name, without quota: what a list of instances needs."""
        sizes, _ = await self._sizes.get(await self._workspace.current())
        return {size.name.lower(): size for size in sizes}

    async def price(self, vm_size: str) -> Price | None:
        """What an hour of a size costs; None where Azure names no price, or not in time."""
        try:
            known = await asyncio.wait_for(self.by_name(), PRICE_PATIENCE_SECONDS)
        except (CiManagerError, asyncio.TimeoutError):
            return None
        size = known.get(vm_size.lower())
        return size.price if size else None

    async def checked(self, name: str) -> str:
        """The size's name as Azure spells it. Raises UnknownVmSize or QuotaExceeded.

        Where Azure does not let the identity read the sizes, the name is taken as it is.
        """
        try:
            size = await self._find(name, refresh=False)
            if size is not None and not size.creatable:
                # Something may have been deleted a moment ago to make room.
                size = await self._find(name, refresh=True)
        except Forbidden:
            return name
        if size is None:
            raise UnknownVmSize(f"{name[:128]!r} is not a VM size for compute instances here.")
        if not size.creatable:
            raise QuotaExceeded(size.reason or f"There is no quota left for {name}.")
        return size.name

    async def _find(self, name: str, *, refresh: bool) -> VmSize | None:
        sizes = (await self.sizes(refresh=refresh)).items
        return next((size for size in sizes if size.name.lower() == name.lower()), None)


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
