"""The VM sizes of a region. Knows no HTTP and no quotas.

Documents and ``family`` strings: Azure/azure-powershell Get-AzMLServiceVMSize.Recording.json
(2025-11-04, api-version 2024-04-01). Figures: "Sizes for virtual machines in Azure"
(learn.microsoft.com). Prices are illustrative US dollars per hour, near the pay-as-you-go prices of
late 2025; a few sizes have none, as in Azure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class VmSize:
    """One size: cores, memory in GB, temporary disk in MB, Linux price per hour or none."""

    name: str
    family: str
    vcpus: int
    memory_gb: float
    disk_mb: int
    gpus: int = 0
    price: float | None = None
    premium_io: bool = True
    low_priority: bool = True
    compute_types: tuple[str, ...] = ("AmlCompute", "ComputeInstance")

    def document(self) -> dict[str, Any]:
        """``VirtualMachineSize``; ``estimatedVMPrices`` is left out when there is no price."""
        document: dict[str, Any] = {
            "name": self.name,
            "family": self.family,
            "vCPUs": self.vcpus,
            "gpus": self.gpus,
            "osVhdSizeMB": 1047552,
            "maxResourceVolumeMB": self.disk_mb,
            "memoryGB": self.memory_gb,
            "lowPriorityCapable": self.low_priority,
            "premiumIO": self.premium_io,
            "supportedComputeTypes": list(self.compute_types),
            "generation": "gen1",
            "supportsIB": False,
        }
        if self.price is not None:
            document["estimatedVMPrices"] = {
                "billingCurrency": "USD",
                "unitOfMeasure": "OneHour",
                "values": self._prices(self.price),
            }
        return document

    def _prices(self, price: float) -> list[dict[str, Any]]:
        factors = (
            ("Windows", "Standard", 1.7),
            ("Linux", "LowPriority", 0.2),
            ("Linux", "Standard", 1.0),
            ("Windows", "LowPriority", 0.68),
        )
        return [
            {"retailPrice": round(price * factor, 4), "osType": os_type, "vmTier": tier}
            for os_type, tier, factor in factors
        ]


_MANAGED_ENDPOINTS = ("AmlCompute", "ComputeInstance", "MIR")

SIZES: tuple[VmSize, ...] = (
    VmSize("Standard_D2_v2", "standardDv2Family", 2, 7, 102400, price=0.146, premium_io=False),
    VmSize("Standard_D13_v2", "standardDv2Family", 8, 56, 409600, price=0.741, premium_io=False),
    VmSize("Standard_DS1_v2", "standardDSv2Family", 1, 3.5, 7168, price=0.07),
    VmSize(
        "Standard_DS2_v2",
        "standardDSv2Family",
        2,
        7,
        14336,
        0,
        0.15,
        compute_types=_MANAGED_ENDPOINTS,
    ),
    VmSize(
        "Standard_DS3_v2",
        "standardDSv2Family",
        4,
        14,
        28672,
        0,
        0.29,
        compute_types=_MANAGED_ENDPOINTS,
    ),
    VmSize(
        "Standard_DS4_v2",
        "standardDSv2Family",
        8,
        28,
        57344,
        0,
        0.58,
        compute_types=_MANAGED_ENDPOINTS,
    ),
    VmSize("Standard_DS5_v2", "standardDSv2Family", 16, 56, 114688, price=1.17),
    VmSize("Standard_DS11_v2", "standardDSv2Family", 2, 14, 28672, price=0.18),
    VmSize("Standard_DS12_v2", "standardDSv2Family", 4, 28, 57344, price=0.37),
    VmSize("Standard_DS13_v2", "standardDSv2Family", 8, 56, 114688, price=0.74),
    VmSize("Standard_DS14_v2", "standardDSv2Family", 16, 112, 229376, price=1.48),
    VmSize("Standard_D4s_v3", "standardDSv3Family", 4, 16, 32768, price=0.24),
    VmSize("Standard_D8s_v3", "standardDSv3Family", 8, 32, 65536, price=0.48),
    VmSize("Standard_D4ds_v4", "standardDDSv4Family", 4, 16, 153600, price=0.27),
    VmSize("Standard_D4as_v4", "standardDASv4Family", 4, 16, 32768, price=0.23),
    VmSize("Standard_E4ds_v4", "standardEDSv4Family", 4, 32, 153600, price=0.36),
    VmSize("Standard_E8s_v3", "standardESv3Family", 8, 64, 131072, price=0.64),
    VmSize("Standard_E16s_v3", "standardESv3Family", 16, 128, 262144, price=1.28),
    VmSize("Standard_F4s_v2", "standardFSv2Family", 4, 8, 32768, price=0.194),
    VmSize("Standard_F16s_v2", "standardFSv2Family", 16, 32, 131072, price=0.776),
    VmSize("Standard_F32s_v2", "standardFSv2Family", 32, 64, 262144),
    VmSize("Standard_M64s", "standardMSFamily", 64, 1024, 2048000, compute_types=("AmlCompute",)),
    VmSize(
        "Standard_NC6",
        "standardNCFamily",
        6,
        56,
        389120,
        1,
        0.9,
        premium_io=False,
    ),
    VmSize("Standard_NC6s_v3", "standardNCSv3Family", 6, 112, 344064, 1, 3.82),
    VmSize("Standard_NC12s_v3", "standardNCSv3Family", 12, 224, 688128, 2, 7.65),
    VmSize("Standard_NC4as_T4_v3", "Standard NCASv3_T4 Family", 4, 28, 180224, 1, 0.66),
    VmSize("Standard_NC24ads_A100_v4", "standardNCADSA100v4Family", 24, 220, 65536, 1, 4.78),
    VmSize("Standard_ND40rs_v2", "standardNDSv2Family", 40, 672, 2900000, 8),
    VmSize("Standard_NV6", "standardNVFamily", 6, 56, 389120, 1, 1.37, premium_io=False),
)


class VmSizes:
    """The sizes of the region, by name in any case."""

    def __init__(self, sizes: tuple[VmSize, ...] = SIZES) -> None:
        self._sizes = {size.name.lower(): size for size in sizes}

    def supporting(self, compute_type: str) -> list[VmSize]:
        """The sizes that a kind of compute may have."""
        return [size for size in self._sizes.values() if compute_type in size.compute_types]

    def find(self, name: str) -> VmSize | None:
        """The size of this name, or None."""
        return self._sizes.get(name.lower())

    def all(self) -> list[VmSize]:
        """Every size."""
        return list(self._sizes.values())
