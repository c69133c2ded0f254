"""VM sizes, usages and quotas on the wire."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from jupyter_ci_manager.emulator.arm.computes.collection import Region
from jupyter_ci_manager.emulator.arm.errors import NoRegisteredProviderFound
from jupyter_ci_manager.emulator.arm.wire import NEWEST_VERSION, OLDEST_VERSION, MlHandler

LISTED_AS_VALUE_SINCE = "2020-08-01"


class LocationHandler(MlHandler):
    """Base of the routes below a location."""

    def region(self, subscription: str, location: str) -> Region:
        """Raise SubscriptionNotFound or NoRegisteredProviderFound."""
        self.state.check_subscription(subscription)
        region = self.state.find_region(location)
        if region is None:
            offered = f"{OLDEST_VERSION}, {NEWEST_VERSION}"
            locations = ", ".join(each.name for each in self.state.regions())
            raise NoRegisteredProviderFound(location, self.api_version, offered, locations)
        return region


class VmSizeList(LocationHandler):
    """``locations/{location}/vmSizes``.

    Versions before 2020-08-01 called the list ``amlCompute`` (``VirtualMachineSizeListResult`` of
    Azure/azure-rest-api-specs stable/2020-03-01); those get it under both names, because clients
    of that age read either.
    """

    async def get(self, subscription: str, location: str) -> None:
        region = self.region(subscription, location)
        sizes = [size.document() for size in region.sizes.all()]
        document = {"value": sizes}
        if self.api_version < LISTED_AS_VALUE_SINCE:
            document["amlCompute"] = sizes
        self.write_json(document)


class UsageList(LocationHandler):
    """``locations/{location}/usages``."""

    async def get(self, subscription: str, location: str) -> None:
        region = self.region(subscription, location)
        self.write_json({"value": region.quotas.usages()})


class QuotaList(LocationHandler):
    """``locations/{location}/quotas``."""

    async def get(self, subscription: str, location: str) -> None:
        region = self.region(subscription, location)
        workspaces = [
            (each.id, each.location)
            for each in self.state.workspaces()
            if each.location == region.name
        ]
        self.write_json({"value": region.quotas.quotas(workspaces)})
