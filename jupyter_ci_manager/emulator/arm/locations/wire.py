"""VM sizes, usages and quotas on the wire."""

from __future__ import annotations

from ..wire import ArmHandler


class VmSizeList(ArmHandler):
    """``.../vmSizes``: below a location, and below a workspace for azureml-core.

    Versions before 2020-06-01 called the list ``amlCompute`` (Azure/azure-rest-api-specs
    stable/2020-03-01 ``VirtualMachineSizeListResult``); it is sent under both names to those.
    """

    async def get(self, subscription: str, *_: str) -> None:
        self.state.check_subscription(subscription)
        sizes = [size.document() for size in self.state.region.sizes.all()]
        document = {"value": sizes}
        if self.api_version < "2020-08-01":
            document["amlCompute"] = sizes
        self.write_json(document)


class UsageList(ArmHandler):
    async def get(self, subscription: str, location: str) -> None:
        self.state.check_subscription(subscription)
        self.write_json({"value": self.state.region.quotas.usages()})


class QuotaList(ArmHandler):
    async def get(self, subscription: str, location: str) -> None:
        self.state.check_subscription(subscription)
        self.write_json({"value": self.state.region.quotas.quotas()})
