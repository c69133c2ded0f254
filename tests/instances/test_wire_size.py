from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from jupyter_ci_manager.instances.wire.permissions import permission_from_arm
from jupyter_ci_manager.instances.wire.size import (
    family_key,
    quota_from_usage,
    size_from_arm,
    usage_from_arm,
)
from jupyter_ci_manager.models import VmSize
from tests.instances.azure_examples import documents

NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)


def size(**changes: Any) -> VmSize | None:
    document = {
        "name": "Standard_DS3_v2",
        "family": "standardDSv2Family",
        "vCPUs": 4,
        "gpus": 0,
        "memoryGB": 14,
        "maxResourceVolumeMB": 28672,
        "supportedComputeTypes": ["AmlCompute", "ComputeInstance"],
        "estimatedVMPrices": {
            "billingCurrency": "EUR",
            "unitOfMeasure": "OneHour",
            "values": [
                {"retailPrice": 0.05, "osType": "Linux", "vmTier": "LowPriority"},
                {"retailPrice": 0.4, "osType": "Windows", "vmTier": "Standard"},
                {"retailPrice": 0.27, "osType": "Linux", "vmTier": "Standard"},
            ],
        },
    }
    return size_from_arm(json.dumps(document | changes).encode(), NOW)


def test_the_price_is_that_of_linux_at_the_standard_tier() -> None:
    found = size()

    assert found is not None
    assert found.price is not None
    assert (found.price.amount_per_hour, found.price.currency) == (0.27, "EUR")
    assert found.price.as_of == NOW


@pytest.mark.parametrize(
    "prices",
    [
        None,
        {"billingCurrency": "USD", "unitOfMeasure": "OneHour", "values": []},
        {"billingCurrency": "USD", "unitOfMeasure": "OneHour", "values": None},
        {"unitOfMeasure": "OneMonth", "values": [{"retailPrice": 1, "osType": "Linux"}]},
    ],
)
def test_a_price_that_azure_does_not_name_is_unknown(prices: Any) -> None:
    found = size(estimatedVMPrices=prices)

    assert found is not None
    assert found.price is None


def test_a_size_for_clusters_only_is_left_out() -> None:
    assert size(supportedComputeTypes=["AmlCompute"]) is None
    assert size(supportedComputeTypes=None) is not None


def test_azures_own_example_of_sizes_is_read() -> None:
    found = [
        size_from_arm(json.dumps(each).encode(), NOW) for each in documents("VirtualMachineSize")
    ]

    assert any(each is not None and each.vcpus > 0 for each in found)


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        ("Microsoft.MachineLearningServices/dedicatedCores/usages", "region"),
        ("Microsoft.MachineLearningServices/totalDedicatedCores/usages", "region"),
        ("Microsoft.MachineLearningServices/vmFamily/usages", "family"),
        ("Microsoft.MachineLearningServices/vmFamily/dedicatedCores/usages", "family"),
        ("Microsoft.MachineLearningServices/workspaces/usages", None),
        ("Microsoft.MachineLearningServices/clusters/usages", None),
        ("", None),
    ],
)
def test_what_a_usage_counts_is_told_by_its_type(kind: str, scope: str | None) -> None:
    usage = usage_from_arm(json.dumps({"currentValue": 1, "limit": 2, "type": kind}).encode())

    assert usage.scope == scope


@pytest.mark.parametrize("limit", [None, -1])
def test_a_usage_without_a_limit_is_no_quota(limit: int | None) -> None:
    document = {"currentValue": 1, "limit": limit, "name": {"value": "x", "localizedValue": None}}

    assert quota_from_usage(usage_from_arm(json.dumps(document).encode())) is None


def test_what_is_used_beyond_the_limit_leaves_nothing() -> None:
    usage = usage_from_arm(b'{"currentValue": 12, "limit": 10, "name": {"value": "x"}}')
    quota = quota_from_usage(usage)

    assert quota is not None
    assert (quota.name, quota.remaining) == ("x", 0)


@pytest.mark.parametrize(
    ("of_size", "of_usage"),
    [
        ("standardDSv2Family", "Standard DSv2 Family Cluster Dedicated vCPUs"),
        ("standardNCASv3_T4Family", "Standard NCASv3_T4 Family Cluster Dedicated vCPUs"),
        ("STANDARDFSV2FAMILY", "standardFSv2Family"),
    ],
)
def test_a_family_is_the_same_in_sizes_and_in_usages(of_size: str, of_usage: str) -> None:
    assert family_key(of_size) == family_key(of_usage)


def test_a_role_without_denials_is_read() -> None:
    entry = permission_from_arm(b'{"actions": ["*"], "notActions": null, "dataActions": []}')

    assert entry.actions == ["*"]
