"""VM sizes, usages and quotas on the wire."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from jupyter_ci_manager.emulator.arm.errors import NoRegisteredProviderFound
from jupyter_ci_manager.emulator.arm.wire import NEWEST_VERSION, OLDEST_VERSION, MlHandler

LISTED_AS_VALUE_SINCE = "2020-08-01"


class LocationHandler(MlHandler):
    """Base of the routes below a location."""

    def check_location(self, subscription: str, location: str) -> None:
        """Raise SubscriptionNotFound or NoRegisteredProviderFound.

        Display names ("West Europe") are taken for locations, as Azure does.
        """
        self.state.check_subscription(subscription)
        region = self.state.region.name
        if location.replace(" ", "").lower() != region.lower():
            offered = f"{OLDEST_VERSION}, {NEWEST_VERSION}"
            raise NoRegisteredProviderFound(location, self.api_version, offered, region)


class VmSizeList(LocationHandler):
    """``locations/{location}/vmSizes``.

    Versions before 2020-08-01 called the list ``amlCompute`` (``VirtualMachineSizeListResult`` of
    Azure/azure-rest-api-specs stable/2020-03-01); those get it under both names, because clients
    of that age read either.
    """

    async def get(self, subscription: str, location: str) -> None:
        self.check_location(subscription, location)
        sizes = [size.document() for size in self.state.region.sizes.all()]
        document = {"value": sizes}
        if self.api_version < LISTED_AS_VALUE_SINCE:
            document["amlCompute"] = sizes
        self.write_json(document)


class UsageList(LocationHandler):
    """``locations/{location}/usages``."""

    async def get(self, subscription: str, location: str) -> None:
        self.check_location(subscription, location)
        self.write_json({"value": self.state.region.quotas.usages()})


class QuotaList(LocationHandler):
    """``locations/{location}/quotas``."""

    async def get(self, subscription: str, location: str) -> None:
        self.check_location(subscription, location)
        workspaces = [(each.id, each.location) for each in self.state.workspaces()]
        self.write_json({"value": self.state.region.quotas.quotas(workspaces)})
