"""Subscriptions and resource groups on the wire. They are fixed: no state of their own."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from typing import Any

from jupyter_ci_manager.emulator.arm.wire import ArmHandler


class SubscriptionList(ArmHandler):
    """``/subscriptions``."""

    async def get(self) -> None:
        self.write_json({"value": [self.document()], "count": {"type": "Total", "value": 1}})

    def document(self) -> dict[str, Any]:
        """``Subscription``: Azure/azure-rest-api-specs Microsoft.Resources stable/2022-12-01."""
        return {
            "id": f"/subscriptions/{self.state.subscription_id}",
            "authorizationSource": "RoleBased",
            "managedByTenants": [],
            "subscriptionId": self.state.subscription_id,
            "tenantId": self.state.tenant_id,
            "displayName": "Emulated subscription",
            "state": "Enabled",
            "subscriptionPolicies": {
                "locationPlacementId": "Public_2014-09-01",
                "quotaId": "EnterpriseAgreement_2014-09-01",
                "spendingLimit": "Off",
            },
        }


class SubscriptionItem(SubscriptionList):
    """``/subscriptions/{id}``."""

    async def get(self, subscription: str) -> None:  # type: ignore[override]
        self.state.check_subscription(subscription)
        self.write_json(self.document())


class ResourceGroupList(ArmHandler):
    """``/subscriptions/{id}/resourceGroups``."""

    async def get(self, subscription: str) -> None:
        self.state.check_subscription(subscription)
        groups = self.state.resource_groups.values()
        self.write_json({"value": [self.document(group) for group in groups]})

    def document(self, group: str) -> dict[str, Any]:
        """``ResourceGroup``: Azure/azure-rest-api-specs Microsoft.Resources stable/2021-04-01."""
        return {
            "id": f"/subscriptions/{self.state.subscription_id}/resourceGroups/{group}",
            "name": group,
            "type": "Microsoft.Resources/resourceGroups",
            "location": self.state.region.name,
            "tags": {},
            "properties": {"provisioningState": "Succeeded"},
        }


class ResourceGroupItem(ResourceGroupList):
    """``/subscriptions/{id}/resourceGroups/{name}``; HEAD asks whether it exists."""

    async def get(self, subscription: str, group: str) -> None:  # type: ignore[override]
        self.state.check_subscription(subscription)
        self.write_json(self.document(self.state.resource_group(group)))

    async def head(self, subscription: str, group: str) -> None:
        self.state.check_subscription(subscription)
        self.state.resource_group(group)
        self.set_status(204)
