"""Every path of Azure Resource Manager that the emulator serves."""

from __future__ import annotations

from typing import Any

from tornado.routing import URLSpec

from .computes import actions_wire as actions
from .computes import wire as computes
from .datastores import wire as datastores
from .errors import InvalidResourceType, MissingSubscription
from .identities import wire as identities
from .locations import wire as locations
from .networks import wire as networks
from .operations import wire as operations
from .state import ArmState
from .subscriptions import metadata
from .subscriptions import wire as subscriptions
from .wire import ArmHandler
from .workspaces import wire as workspaces

SUBSCRIPTION = "/subscriptions/([^/]+)"
GROUP = f"{SUBSCRIPTION}/resourceGroups/([^/]+)"
PROVIDER = "/providers/Microsoft.MachineLearningServices"
NETWORKS = "/providers/Microsoft.Network/virtualNetworks"
IDENTITIES = "/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
LOCATION = f"{SUBSCRIPTION}{PROVIDER}/locations/([^/]+)"
WORKSPACE = f"{GROUP}{PROVIDER}/workspaces/([^/]+)"
COMPUTE = f"{WORKSPACE}/computes/([^/]+)"
DATASTORE = f"{WORKSPACE}/datastores/([^/]+)"
KEYS = "(listKeys|listNotebookKeys|listNotebookAccessToken|listStorageAccountKeys)"


class NotServed(ArmHandler):
    """Whatever no other route takes."""

    async def prepare(self) -> None:
        """Say that there is nothing here."""
        await super().prepare()
        if not self._finished:
            if not self.request.path.lower().startswith("/subscriptions/"):
                raise MissingSubscription
            raise InvalidResourceType(self.request.path, self.api_version)


def routes(state: ArmState) -> list[URLSpec]:
    """The routes; segments match in any case, as Azure's do."""
    arm: dict[str, Any] = {"state": state}
    table: list[tuple[str, Any, dict[str, Any]]] = [
        ("/metadata/endpoints", metadata.MetadataEndpoints, arm),
        ("/subscriptions", subscriptions.SubscriptionList, arm),
        (SUBSCRIPTION, subscriptions.SubscriptionItem, arm),
        (f"{SUBSCRIPTION}/resourceGroups", subscriptions.ResourceGroupList, arm),
        (GROUP, subscriptions.ResourceGroupItem, arm),
        (f"{SUBSCRIPTION}{PROVIDER}/workspaces", workspaces.WorkspaceList, arm),
        (f"{GROUP}{PROVIDER}/workspaces", workspaces.WorkspaceList, arm),
        (WORKSPACE, workspaces.WorkspaceItem, arm),
        (f"{WORKSPACE}/{KEYS}", workspaces.WorkspaceKeys, arm),
        (
            f"{WORKSPACE}/providers/Microsoft.Authorization/permissions",
            workspaces.WorkspacePermissions,
            arm,
        ),
        (
            f"{WORKSPACE}/checkComputeNameAvailability",
            computes.CheckComputeNameAvailability,
            arm,
        ),
        (f"{WORKSPACE}/computes", computes.ComputeList, arm),
        (COMPUTE, computes.ComputeItem, arm),
        (f"{COMPUTE}/(start|stop|restart)", actions.ComputeAction, arm),
        (f"{COMPUTE}/resize", actions.ComputeResize, arm),
        (f"{COMPUTE}/updateIdleShutdownSetting", actions.ComputeIdleShutdown, arm),
        (f"{COMPUTE}/updateSchedules", actions.ComputeUpdateSchedules, arm),
        (f"{COMPUTE}/customServices", actions.ComputeCustomServices, arm),
        (f"{COMPUTE}/updateDataMounts", actions.ComputeDataMounts, arm),
        (f"{COMPUTE}/enableSso", actions.ComputeEnableSso, arm),
        (f"{COMPUTE}/listKeys", actions.ComputeListKeys, arm),
        (f"{COMPUTE}/listNodes", actions.ComputeListNodes, arm),
        (f"{WORKSPACE}/datastores", datastores.DatastoreList, arm),
        (DATASTORE, datastores.DatastoreItem, arm),
        (f"{DATASTORE}/listSecrets", datastores.DatastoreSecrets, arm),
        (f"{LOCATION}/vmSizes", locations.VmSizeList, arm),
        (f"{LOCATION}/usages", locations.UsageList, arm),
        (f"{LOCATION}/quotas", locations.QuotaList, arm),
        (f"{LOCATION}/computeOperationsStatus/([^/]+)", operations.OperationStatus, arm),
        (f"{LOCATION}/computeOperationResults/([^/]+)", operations.OperationResult, arm),
        (f"{SUBSCRIPTION}{NETWORKS}", networks.VirtualNetworkList, arm),
        (f"{GROUP}{NETWORKS}", networks.VirtualNetworkList, arm),
        (f"{GROUP}{NETWORKS}/([^/]+)", networks.VirtualNetworkItem, arm),
        (f"{GROUP}{NETWORKS}/([^/]+)/subnets", networks.SubnetList, arm),
        (f"{GROUP}{NETWORKS}/([^/]+)/subnets/([^/]+)", networks.SubnetItem, arm),
        (f"{SUBSCRIPTION}{IDENTITIES}", identities.IdentityList, arm),
        (f"{GROUP}{IDENTITIES}", identities.IdentityList, arm),
        (f"{GROUP}{IDENTITIES}/([^/]+)", identities.IdentityItem, arm),
        ("/.*", NotServed, arm),
    ]
    return [URLSpec(f"(?i:{path})/?$", handler, options) for path, handler, options in table]
