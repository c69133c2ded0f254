"""VM sizes with their prices, and the quota of cores."""

from __future__ import annotations

from datetime import datetime

from .base import Wire


class Price(Wire, frozen=True):
    """An estimate of what the VM alone costs; disk, public IP and load balancer are not in it."""

    amount_per_hour: float
    currency: str
    source: str
    """Where the figure comes from, in words for a person."""
    as_of: datetime


class Quota(Wire, frozen=True):
    """Dedicated vCPUs of one VM family, or of the region as a whole."""

    name: str
    """Azure's own label, such as ``Standard DSv2 Family Cluster Dedicated vCPUs``."""
    used: int
    limit: int
    remaining: int


class QuotaList(Wire, frozen=True):
    """Core quota of the workspace's region."""

    location: str
    regional: Quota | None
    families: list[Quota]
    fetched_at: datetime


class VmSize(Wire, frozen=True):
    """A VM size that a compute instance can have."""

    name: str
    family: str
    vcpus: int
    gpus: int
    memory_gb: float
    temporary_disk_mb: int | None = None
    price: Price | None = None
    """None when Azure names no price: say "price unknown"."""
    quota: Quota | None = None
    """None when no quota entry could be matched to the family."""
    creatable: bool = True
    """False when the family's or the region's remaining quota is smaller than ``vcpus``."""
    reason: str | None = None
    """Why it is not creatable."""


class VmSizeList(Wire, frozen=True):
    """The VM sizes of the workspace's region that compute instances support."""

    location: str
    items: list[VmSize]
    fetched_at: datetime
