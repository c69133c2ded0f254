"""Virtual networks and subnets on the wire, to be read."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from jupyter_ci_manager.emulator.arm.errors import NotFound, ResourceNotFound
from jupyter_ci_manager.emulator.arm.networks.state import NETWORKS_TYPE, VirtualNetwork
from jupyter_ci_manager.emulator.arm.wire import ProviderHandler


class NetworkHandler(ProviderHandler):
    """Base of the routes of Microsoft.Network."""

    OLDEST_VERSION = "2015-06-15"
    NEWEST_VERSION = "2025-05-01"

    def required_action(self) -> str | None:
        return "Microsoft.Network/virtualNetworks/read"

    def network(self, subscription: str, group: str, name: str) -> VirtualNetwork:
        """Raise SubscriptionNotFound, ResourceGroupNotFound or ResourceNotFound."""
        self.state.check_subscription(subscription)
        group = self.state.resource_group(group)
        network = self.state.networks.find(group, name)
        if network is None:
            raise ResourceNotFound(f"{NETWORKS_TYPE}/{name}", group)
        return network


class VirtualNetworkList(NetworkHandler):
    """All virtual networks of the subscription, or of a resource group, in pages."""

    async def get(self, subscription: str, group: str | None = None) -> None:
        self.state.check_subscription(subscription)
        if group is not None:
            group = self.state.resource_group(group)
        self.write_page([each.document() for each in self.state.networks.all(group)])


class VirtualNetworkItem(NetworkHandler):
    """``.../virtualNetworks/{name}``."""

    async def get(self, subscription: str, group: str, name: str) -> None:
        self.write_json(self.network(subscription, group, name).document())


class SubnetList(NetworkHandler):
    """``.../virtualNetworks/{name}/subnets``, in pages."""

    async def get(self, subscription: str, group: str, name: str) -> None:
        network = self.network(subscription, group, name)
        self.write_page([each.document() for each in network.subnets])


class SubnetItem(NetworkHandler):
    """``.../subnets/{name}``. The code of one that is not there: ``NotFound``, as people see it."""

    async def get(self, subscription: str, group: str, network: str, name: str) -> None:
        found = self.network(subscription, group, network)
        subnet = found.subnet(name)
        if subnet is None:
            raise NotFound(f"Resource {found.id}/subnets/{name} not found.")
        self.write_json(subnet.document())
