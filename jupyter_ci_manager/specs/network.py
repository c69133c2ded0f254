"""Rules of where an instance is in the network, and which combinations Azure rejects. No I/O.

Sources: "Secure an Azure Machine Learning training environment with virtual networks" and
"Workspace managed virtual network isolation", Azure Machine Learning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..models import InstanceNetwork, SpecProblem

_SUBNET = re.compile(
    r"/subscriptions/(?P<subscription>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"/resourceGroups/(?P<group>[\w.()-]{1,90})"
    r"/providers/Microsoft\.Network/virtualNetworks/(?P<network>[A-Za-z0-9][\w.-]{1,63})"
    r"/subnets/(?P<subnet>[A-Za-z0-9][\w.-]{0,79})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class WorkspaceNetwork:
    """How a workspace is isolated, as far as Azure says."""

    managed: bool
    """It has a managed virtual network, which its instances are in."""
    private_endpoint: bool


def network_problems(
    network: InstanceNetwork | None, subscription_id: str | None, around: WorkspaceNetwork | None
) -> Iterator[SpecProblem]:
    """``around`` is None where Azure would not say."""
    if network is None:
        return
    if network.subnet_id is not None:
        yield from _subnet(network.subnet_id, subscription_id)
        if around is not None and around.managed:
            yield SpecProblem(
                "network.subnet_id",
                "SubnetInManagedNetwork",
                "The workspace has a managed virtual network: its instances cannot be in another.",
                "Leave the subnet out: the instance is in the workspace's own network.",
            )
    elif not network.public_ip and around is not None and not around.managed:
        yield SpecProblem(
            "network.public_ip",
            "NoPublicIpNeedsNetwork",
            "Without a public IP address an instance needs a subnet, or a workspace with a managed "
            "virtual network, which this one does not have.",
            "Choose a subnet, or keep the public IP address.",
        )
    if network.public_ip or around is None or around.managed or around.private_endpoint:
        return
    if network.subnet_id is not None:
        yield SpecProblem(
            "network.public_ip",
            "NoPrivateEndpoint",
            "Azure documents that an instance without public IP address needs a private endpoint "
            "of the workspace; this workspace has none.",
            "Ask its owner for one, or keep the public IP address.",
            severity="warning",
        )


def _subnet(subnet_id: str, subscription_id: str | None) -> Iterator[SpecProblem]:
    field = "network.subnet_id"
    match = _SUBNET.fullmatch(subnet_id)
    if match is None:
        yield SpecProblem(
            field,
            "InvalidSubnet",
            f"{subnet_id[:80]!r} is not the ARM id of a subnet.",
            "It looks like /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/"
            "virtualNetworks/…/subnets/…",
        )
    elif subscription_id and match["subscription"].lower() != subscription_id.lower():
        yield SpecProblem(
            field,
            "OtherSubscription",
            "The subnet is in another subscription than the workspace.",
            "Azure takes it only where the networks' rights and region allow it.",
            severity="warning",
        )
