"""Core quotas per VM family and what uses them. Knows no HTTP.

A stopped instance keeps its quota ("Manage and increase quotas and limits for resources with
Azure Machine Learning", learn.microsoft.com). Documents, types and ids: Azure/azure-powershell
Get-AzMLServiceUsage.Recording.json and Get-AzMLServiceQuota.Recording.json (2025-11-04,
api-version 2024-04-01).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from jupyter_ci_manager.emulator.arm.locations.sizes import VmSize
from jupyter_ci_manager.emulator.arm.provider_errors import QuotaExceeded

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

_PROVIDER = "Microsoft.MachineLearningServices"


class Quotas:
    """Limits of a region; what is in use is asked of ``sizes_in_use`` each time.

    Args:
        subscription_id: stands in the ids of the documents.
        sizes_in_use: the size of every instance there is, stopped ones too.
        clusters_in_use: how many computes there are.
    """

    def __init__(
        self,
        subscription_id: str,
        sizes_in_use: Callable[[], Iterable[VmSize]],
        clusters_in_use: Callable[[], int],
    ) -> None:
        self._scope = f"/subscriptions/{subscription_id}"
        self._sizes_in_use = sizes_in_use
        self._clusters_in_use = clusters_in_use
        self.limits = dict(LIMITS)
        self.total_cores = TOTAL_DEDICATED_CORES

    def cores_in_use(self) -> dict[str, int]:
        """Dedicated cores per family."""
        cores: dict[str, int] = {}
        for size in self._sizes_in_use():
            cores[size.family] = cores.get(size.family, 0) + size.vcpus
        return cores

    def reserve(self, size: VmSize, instead_of: VmSize | None = None) -> None:
        """Raise QuotaExceeded when an instance of ``size`` does not fit.

        ``instead_of`` is the size that an instance gives up for it.
        """
        used = self.cores_in_use()
        if instead_of is not None:
            used[instead_of.family] -= instead_of.vcpus
        limit = self.limits.get(size.family, 0)
        if limit != UNLIMITED and used.get(size.family, 0) + size.vcpus > limit:
            raise QuotaExceeded(f"{_label(size.family)} family", limit, size.vcpus)
        if sum(used.values()) + size.vcpus > self.total_cores:
            raise QuotaExceeded("total", self.total_cores, size.vcpus)

    def usages(self) -> list[dict[str, Any]]:
        """``Usage`` documents: totals first, then every family, dedicated and low priority."""
        used = self.cores_in_use()
        total = "Total Cluster {} Regional vCPUs"
        return [
            self._total("TotalClusters", "Total Clusters", self._clusters_in_use(), TOTAL_CLUSTERS),
            self._total(
                "TotalDedicatedCores",
                total.format("Dedicated"),
                sum(used.values()),
                self.total_cores,
            ),
            *(
                self._usage(family, "Dedicated", used.get(family, 0), limit)
                for family, limit in self.limits.items()
            ),
            self._total(
                "TotalLowPriorityCores",
                total.format("LowPriority"),
                0,
                TOTAL_LOW_PRIORITY_CORES,
            ),
            *(self._usage(family, "LowPriority", 0, UNLIMITED) for family in self.limits),
        ]

    def quotas(self, workspaces: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        """``ResourceQuota`` documents: each family, and its share in each workspace.

        ``workspaces`` are ids and locations.
        """
        documents = []
        owners: list[tuple[str, str, str | None]] = [(self._scope, "vmFamily", None)]
        owners += [(owner, "workspaces", location) for owner, location in workspaces]
        for family, limit in self.limits.items():
            for scope, kind, location in owners:
                documents.append(
                    {
                        "unit": "Count",
                        "limit": limit,
                        "name": _name(family, "Dedicated"),
                        "type": f"{_PROVIDER}/{kind}/dedicatedCores/quotas",
                        "id": f"{scope}/quotas/{_segment(family)}",
                        "location": location,
                    }
                )
        return documents

    def _total(self, value: str, label: str, used: int, limit: int) -> dict[str, Any]:
        return {
            "unit": "Count",
            "currentValue": used,
            "limit": limit,
            "name": {"value": value, "localizedValue": label},
            "type": f"{_PROVIDER}/{value[0].lower()}{value[1:]}/usages",
            "id": self._scope,
        }

    def _usage(self, family: str, tier: str, used: int, limit: int) -> dict[str, Any]:
        return {
            "unit": "Count",
            "currentValue": used,
            "limit": limit,
            "name": _name(family, tier),
            "type": f"{_PROVIDER}/vmFamily/{tier[0].lower()}{tier[1:]}Cores/usages",
            "id": f"{self._scope}/usages/{_segment(family)}",
        }


def _label(family: str) -> str:
    """``standardDSv2Family`` is shown as ``Standard DSv2``."""
    match = re.fullmatch(r"standard(\w+)Family", family)
    return f"Standard {match[1]}" if match else family.removesuffix(" Family")


def _name(family: str, tier: str) -> dict[str, str]:
    return {"value": family, "localizedValue": f"{_label(family)} Family Cluster {tier} vCPUs"}


def _segment(family: str) -> str:
    return family.replace(" ", "_")
