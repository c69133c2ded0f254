"""Virtual networks and their subnets. Knows no HTTP, and nothing of who is in them.

Keys: Azure/azure-rest-api-specs Microsoft.Network stable/2023-09-01
examples/VirtualNetworkListAll.json and SubnetGet.json.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

NETWORKS_TYPE = "Microsoft.Network/virtualNetworks"
_SUBNET = re.compile(
    rf"/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/{NETWORKS_TYPE}/([^/]+)"
    r"/subnets/([^/]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Subnet:
    """A part of a virtual network."""

    id: str
    name: str
    address_prefix: str

    def document(self) -> dict[str, Any]:
        """The ``Subnet`` resource."""
        return {
            "id": self.id,
            "name": self.name,
            "type": f"{NETWORKS_TYPE}/subnets",
            "etag": _etag(self.id),
            "properties": {
                "addressPrefix": self.address_prefix,
                "delegations": [],
                "privateEndpointNetworkPolicies": "Disabled",
                "privateLinkServiceNetworkPolicies": "Enabled",
                "provisioningState": "Succeeded",
            },
        }


@dataclass(frozen=True)
class VirtualNetwork:
    """One virtual network."""

    id: str
    name: str
    resource_group: str
    location: str
    address_prefix: str
    subnets: tuple[Subnet, ...]

    def subnet(self, name: str) -> Subnet | None:
        """The subnet of a name in any case, or None."""
        return next((each for each in self.subnets if each.name.lower() == name.lower()), None)

    def document(self) -> dict[str, Any]:
        """The ``VirtualNetwork`` resource."""
        return {
            "id": self.id,
            "name": self.name,
            "type": NETWORKS_TYPE,
            "location": self.location,
            "etag": _etag(self.id),
            "properties": {
                "addressSpace": {"addressPrefixes": [self.address_prefix]},
                "subnets": [subnet.document() for subnet in self.subnets],
                "virtualNetworkPeerings": [],
                "enableDdosProtection": False,
                "provisioningState": "Succeeded",
            },
        }


class VirtualNetworks:
    """The virtual networks of a subscription, in all its regions."""

    def __init__(self, subscription_id: str) -> None:
        self._subscription_id = subscription_id
        self._networks: dict[tuple[str, str], VirtualNetwork] = {}

    def add(
        self,
        resource_group: str,
        name: str,
        location: str,
        *,
        address_prefix: str,
        subnets: dict[str, str],
    ) -> VirtualNetwork:
        """Put a network there; ``subnets`` are address prefixes by name."""
        network_id = (
            f"/subscriptions/{self._subscription_id}/resourceGroups/{resource_group}"
            f"/providers/{NETWORKS_TYPE}/{name}"
        )
        network = VirtualNetwork(
            id=network_id,
            name=name,
            resource_group=resource_group,
            location=location,
            address_prefix=address_prefix,
            subnets=tuple(
                Subnet(f"{network_id}/subnets/{subnet}", subnet, prefix)
                for subnet, prefix in subnets.items()
            ),
        )
        self._networks[resource_group.lower(), name.lower()] = network
        return network

    def all(self, resource_group: str | None = None) -> list[VirtualNetwork]:
        """All networks, or those of one group."""
        return [
            network
            for (group, _), network in self._networks.items()
            if resource_group is None or group == resource_group.lower()
        ]

    def find(self, resource_group: str, name: str) -> VirtualNetwork | None:
        """The network of a name in any case, or None."""
        return self._networks.get((resource_group.lower(), name.lower()))

    def problem(self, subnet_id: str, location: str) -> str | None:
        """Why an instance in ``location`` cannot be in a subnet; None when it can.

        What is no id of this subscription is not known here, and so is no problem: the specs' own
        examples have such ids. Texts: [assumed].
        """
        match = _SUBNET.fullmatch(subnet_id)
        if match is None or match[1].lower() != self._subscription_id.lower():
            return None
        network = self.find(match[2], match[3])
        if network is None or network.subnet(match[4]) is None:
            return f"The specified subnet {subnet_id} could not be found."
        if network.location != location:
            return (
                f"The specified subnet {subnet_id} is in region {network.location}; it must be in "
                f"the region of the workspace, {location}."
            )
        return None


def _etag(resource_id: str) -> str:
    digits = hashlib.sha256(resource_id.encode()).hexdigest()
    return f'W/"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}"'
