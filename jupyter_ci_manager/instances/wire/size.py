"""VM sizes, prices and quota on Azure's wire: ``VirtualMachineSizes_List``, ``Usages_List``."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from ...models import Price, Quota, VmSize
from .base import Arm
from .compute import COMPUTE_INSTANCE


class _ArmPrice(Arm, frozen=True):
    retail_price: float
    os_type: str | None = None
    vm_tier: str | None = None


class _ArmPrices(Arm, frozen=True):
    billing_currency: str | None = None
    unit_of_measure: str | None = None
    values: list[_ArmPrice] | None = None


class _ArmSize(Struct, frozen=True):
    name: str
    family: str = ""
    v_cpus: int = msgspec.field(default=0, name="vCPUs")
    gpus: int = 0
    memory_gb: float = msgspec.field(default=0, name="memoryGB")
    disk_mb: int | None = msgspec.field(default=None, name="maxResourceVolumeMB")
    supported: list[str] | None = msgspec.field(default=None, name="supportedComputeTypes")
    prices: _ArmPrices | None = msgspec.field(default=None, name="estimatedVMPrices")


def size_from_arm(raw: bytes | msgspec.Raw, now: datetime) -> VmSize | None:
    """A VM size; None when compute instances cannot have it."""
    size = msgspec.json.decode(raw, type=_ArmSize)
    if size.supported is not None and COMPUTE_INSTANCE not in size.supported:
        return None
    return VmSize(
        name=size.name,
        family=size.family,
        vcpus=size.v_cpus,
        gpus=size.gpus,
        memory_gb=size.memory_gb,
        temporary_disk_mb=size.disk_mb,
        price=_price(size.prices, now),
    )


def _price(prices: _ArmPrices | None, now: datetime) -> Price | None:
    if prices is None or prices.unit_of_measure not in (None, "OneHour"):
        return None
    for price in prices.values or []:
        if price.os_type == "Linux" and price.vm_tier == "Standard":
            return Price(
                amount_per_hour=price.retail_price,
                currency=prices.billing_currency or "USD",
                source="Azure's list of VM sizes (retail estimate)",
                as_of=now,
            )
    return None


class _ArmUsageName(Arm, frozen=True):
    value: str | None = None
    localized_value: str | None = None


class ArmUsage(Arm, frozen=True):
    """An entry of ``Usages_List``: of the region, a family, a workspace or a cluster."""

    current_value: int
    limit: int | None = None
    type: str = ""
    name: _ArmUsageName = _ArmUsageName()

    @property
    def scope(self) -> Literal["region", "family"] | None:
        """What its dedicated cores are counted for; None for clusters, workspaces and the like.

        The spec's example has ``dedicatedCores`` and ``vmFamily``, the service itself
        ``totalDedicatedCores`` and ``vmFamily/dedicatedCores``.
        """
        kind = self.type.lower().removeprefix("microsoft.machinelearningservices/")
        if kind in ("dedicatedcores/usages", "totaldedicatedcores/usages"):
            return "region"
        if kind in ("vmfamily/usages", "vmfamily/dedicatedcores/usages"):
            return "family"
        return None


def usage_from_arm(raw: bytes | msgspec.Raw) -> ArmUsage:
    """One item of the list of usages."""
    return msgspec.json.decode(raw, type=ArmUsage)


def quota_from_usage(usage: ArmUsage) -> Quota | None:
    """The quota of a usage entry; None when it has no limit (-1 or absent)."""
    if usage.limit is None or usage.limit < 0:
        return None
    return Quota(
        name=usage.name.localized_value or usage.name.value or "",
        used=usage.current_value,
        limit=usage.limit,
        remaining=max(0, usage.limit - usage.current_value),
    )


def family_key(family: str) -> str:
    """A VM family's name in the one form that sizes and usages share.

    ``standardDSv2Family`` and ``Standard DSv2 Family Cluster Dedicated vCPUs`` both give ``dsv2``.
    """
    text = re.sub(r"cluster dedicated vcpus$", "", family.strip(), flags=re.IGNORECASE)
    text = re.sub(r"[^0-9a-z]", "", text.lower())
    return text.removeprefix("standard").removesuffix("family")
