"""Core quotas per VM family and what uses them. Knows no HTTP.

A stopped instance keeps its quota ("Manage and increase quotas and limits for resources with
Azure Machine Learning", learn.microsoft.com). Documents: Azure/azure-powershell
Get-AzMLServiceUsage.Recording.json (2025-11-04, api-version 2024-04-01).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from ..errors import QuotaExceeded
from .sizes import VmSize

UNLIMITED = -1

LIMITS: dict[str, int] = {
    "standardDFamily": 24,
    "standardDv2Family": 24,
    "standardDSv2Family": 100,
    "standardDSv3Family": 48,
    "standardDDSv4Family": 24,
    "standardDASv4Family": 24,
    "standardEDSv4Family": 24,
    "standardESv3Family": 48,
    "standardFSv2Family": 16,
    "standardMSFamily": 0,
    "standardNCFamily": 24,
    "standardNCSv3Family": 12,
    "Standard NCASv3_T4 Family": 16,
    "standardNCADSA100v4Family": 0,
    "standardNDSv2Family": 0,
    "standardNVFamily": 6,
}
"""Dedicated cores per family in the seeded region."""

TOTAL_DEDICATED_CORES = 240
TOTAL_LOW_PRIORITY_CORES = 100
TOTAL_CLUSTERS = 200

_HINT = (
    "Talk to your Subscription Admin or refer to https://docs.microsoft.com/azure/"
    "machine-learning/how-to-manage-quotas#request-quota-increases to increase the {what} vCPU "
    "quota"
)


class Quotas:
    """Limits of a region; what is in use is asked of ``sizes_in_use`` each time."""

    def __init__(
        self,
        subscription_id: str,
        sizes_in_use: Callable[[], Iterable[VmSize]],
        limits: dict[str, int] | None = None,
        total_cores: int = TOTAL_DEDICATED_CORES,
    ) -> None:
        self._scope = f"/subscriptions/{subscription_id}"
        self._sizes_in_use = sizes_in_use
        self.limits = dict(LIMITS if limits is None else limits)
        self.total_cores = total_cores

    def cores_in_use(self) -> dict[str, int]:
        cores: dict[str, int] = {}
        for size in self._sizes_in_use():
            cores[size.family] = cores.get(size.family, 0) + size.vcpus
        return cores

    def reserve(self, size: VmSize) -> None:
        """Raises QuotaExceeded when an instance of ``size`` does not fit."""
        used = self.cores_in_use()
        self._check(size, used.get(size.family, 0), self.limits.get(size.family, 0), _family(size))
        self._check(size, sum(used.values()), self.total_cores, "total")

    def _check(self, size: VmSize, used: int, limit: int, what: str) -> None:
        if limit == UNLIMITED or used + size.vcpus <= limit:
            return
        available = max(0, limit - used)
        raise QuotaExceeded(
            f"The specified subscription has a {what} vCPU quota of {limit} and is less than the "
            f"requested compute instance's which maps to {size.vcpus} vCPUs"
            f"{'' if used == 0 else f' ({used} in use, {available} available)'}. "
            + _HINT.format(what=what),
        )

    def usages(self) -> list[dict[str, Any]]:
        """``Usage`` documents: totals first, then every family."""
        used = self.cores_in_use()
        documents = [
            self._total("totalClusters", "TotalClusters", "Total Clusters", 0, TOTAL_CLUSTERS),
            self._total(
                "totalDedicatedCores",
                "TotalDedicatedCores",
                "Total Cluster Dedicated Regional vCPUs",
                sum(used.values()),
                self.total_cores,
            ),
        ]
        for family, limit in self.limits.items():
            documents.append(
                {
                    "unit": "Count",
                    "currentValue": used.get(family, 0),
                    "limit": limit,
                    "name": _name(family, "Dedicated"),
                    "type": f"{_PROVIDER}/vmFamily/dedicatedCores/usages",
                    "id": f"{self._scope}/usages/{_segment(family)}",
                }
            )
        documents.append(
            self._total(
                "totalLowPriorityCores",
                "TotalLowPriorityCores",
                "Total Cluster LowPriority Regional vCPUs",
                0,
                TOTAL_LOW_PRIORITY_CORES,
            )
        )
        return documents

    def quotas(self) -> list[dict[str, Any]]:
        """``ResourceQuota`` documents: every family."""
        return [
            {
                "limit": limit,
                "unit": "Count",
                "name": _name(family, "Dedicated"),
                "type": f"{_PROVIDER}/vmFamily/dedicatedCores/quotas",
                "id": f"{self._scope}/quotas/{_segment(family)}",
            }
            for family, limit in self.limits.items()
        ]

    def _total(self, kind: str, value: str, label: str, used: int, limit: int) -> dict[str, Any]:
        return {
            "unit": "Count",
            "currentValue": used,
            "limit": limit,
            "name": {"value": value, "localizedValue": label},
            "type": f"{_PROVIDER}/{kind}/usages",
            "id": self._scope,
        }


_PROVIDER = "Microsoft.MachineLearningServices"


def _family_label(family: str) -> str:
    """``standardDSv2Family`` → ``Standard DSv2 Family``, as the portal shows it."""
    match = re.fullmatch(r"standard(\w+)Family", family)
    return f"Standard {match.group(1)} Family" if match else family


def _name(family: str, tier: str) -> dict[str, str]:
    return {"value": family, "localizedValue": f"{_family_label(family)} Cluster {tier} vCPUs"}


def _family(size: VmSize) -> str:
    return _family_label(size.family).replace(" Family", " family")


def _segment(family: str) -> str:
    return family.replace(" ", "_")
