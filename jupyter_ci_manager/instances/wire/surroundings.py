"""Virtual networks and user-assigned identities on Azure's wire.

Sources: Microsoft.Network ``VirtualNetworks_ListAll``, API version 2023-09-01;
Microsoft.ManagedIdentity ``UserAssignedIdentities_ListBySubscription``, API version 2023-01-31.
"""

from __future__ import annotations

import re

import msgspec

from ...models import ManagedIdentity, Subnet, VirtualNetwork
from .base import Arm

_GROUP = re.compile(r"/subscriptions/[^/]+/resourceGroups/([^/]+)/", re.IGNORECASE)


class _SubnetProperties(Arm, frozen=True):
    address_prefix: str | None = None
    address_prefixes: list[str] | None = None


class _Subnet(Arm, frozen=True):
    id: str
    name: str
    properties: _SubnetProperties = _SubnetProperties()


class _NetworkProperties(Arm, frozen=True):
    subnets: list[_Subnet] | None = None


class _Network(Arm, frozen=True):
    id: str
    name: str
    location: str
    properties: _NetworkProperties = _NetworkProperties()


class _IdentityProperties(Arm, frozen=True):
    client_id: str | None = None


class _Identity(Arm, frozen=True):
    id: str
    name: str
    properties: _IdentityProperties = _IdentityProperties()


def virtual_network_from_arm(raw: bytes | msgspec.Raw) -> VirtualNetwork:
    """A virtual network with its subnets, by name."""
    network = msgspec.json.decode(raw, type=_Network)
    subnets = [_subnet(each) for each in network.properties.subnets or []]
    return VirtualNetwork(
        id=network.id,
        name=network.name,
        resource_group=_resource_group(network.id),
        location=network.location,
        subnets=sorted(subnets, key=lambda subnet: subnet.name.lower()),
    )


def managed_identity_from_arm(raw: bytes | msgspec.Raw) -> ManagedIdentity:
    """A user-assigned identity."""
    identity = msgspec.json.decode(raw, type=_Identity)
    return ManagedIdentity(
        id=identity.id,
        name=identity.name,
        resource_group=_resource_group(identity.id),
        client_id=identity.properties.client_id,
    )


def _subnet(subnet: _Subnet) -> Subnet:
    prefixes = subnet.properties.address_prefixes or [subnet.properties.address_prefix or ""]
    return Subnet(subnet.id, subnet.name, ", ".join(prefixes) or None)


def _resource_group(resource_id: str) -> str:
    match = _GROUP.match(resource_id)
    return match[1] if match else ""
