"""A workspace and its documents. Knows no HTTP.

Keys and types: Azure/azure-rest-api-specs Microsoft.MachineLearningServices stable/2025-12-01
examples/Workspace/get.json and listNotebookKeys.json; Azure/azure-powershell
Get-AzMLWorkspace.Recording.json (2025-11-04) and Get-AzMLWorkspaceKey.Recording.json (2022-06-05,
which has ``userStorageArmId`` where the specs have ``userStorageResourceId``: both are sent).
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jupyter_ci_manager.emulator.arm.computes.collection import Computes
from jupyter_ci_manager.emulator.arm.computes.instance import timestamp

WORKSPACES_TYPE = "Microsoft.MachineLearningServices/workspaces"


@dataclass
class Workspace:
    """One workspace with its computes."""

    id: str
    name: str
    resource_group: str
    subscription_id: str
    tenant_id: str
    location: str
    created_on: datetime
    discovery_url: str
    computes: Computes

    def document(self) -> dict[str, Any]:
        """The ``Workspace`` resource."""
        group = f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
        slug = self._slug()
        identity = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{slug}uai"
        return {
            "id": self.id,
            "name": self.name,
            "type": WORKSPACES_TYPE,
            "location": self.location,
            "tags": {},
            "etag": None,
            "kind": "Default",
            "sku": {"name": "Basic", "tier": "Basic"},
            "systemData": {
                "createdAt": timestamp(self.created_on),
                "createdBy": "platform@contoso.com",
                "createdByType": "User",
                "lastModifiedAt": timestamp(self.created_on),
                "lastModifiedBy": "platform@contoso.com",
                "lastModifiedByType": "User",
            },
            "identity": {
                "type": "SystemAssigned,UserAssigned",
                "principalId": self._uuid("principal"),
                "tenantId": self.tenant_id,
                "userAssignedIdentities": {
                    identity: {
                        "clientId": self._uuid("client"),
                        "principalId": self._uuid("uai"),
                    }
                },
            },
            "properties": {
                "friendlyName": self.name,
                "description": "Seeded by the emulator",
                "workspaceId": self._uuid("workspace"),
                "provisioningState": "Succeeded",
                "creationTime": timestamp(self.created_on),
                "storageAccount": self._storage_account_id(),
                "keyVault": f"{group}/providers/Microsoft.KeyVault/vaults/{slug}kv",
                "applicationInsights": f"{group}/providers/microsoft.insights/components/{slug}ai",
                "containerRegistry": (
                    f"{group}/providers/Microsoft.ContainerRegistry/registries/{slug}acr"
                ),
                "hbiWorkspace": False,
                "imageBuildCompute": "",
                "discoveryUrl": self.discovery_url,
                "mlFlowTrackingUri": (
                    f"azureml://{self.location}.api.azureml.ms/mlflow/v1.0{self.id}"
                ),
                "serviceProvisionedResourceGroup": f"{self.name}_{self._uuid('managed')}",
                "privateLinkCount": 0,
                "allowPublicAccessWhenBehindVnet": False,
                "publicNetworkAccess": "Enabled",
                "v1LegacyMode": False,
                "tenantId": self.tenant_id,
                "managedNetwork": {
                    "isolationMode": "Disabled",
                    "networkId": self._uuid("network"),
                    "outboundRules": {},
                    "status": {"sparkReady": False, "status": "Inactive"},
                },
                "systemDatastoresAuthMode": "accesskey",
                "notebookInfo": {
                    "resourceId": self._secret("notebook")[:32],
                    "fqdn": self._notebook_host(),
                    "isPrivateLinkEnabled": False,
                    "notebookPreparationError": None,
                },
                "ipAllowlist": [],
            },
        }

    def keys(self) -> dict[str, Any]:
        """``ListWorkspaceKeysResult``: values that look real and open nothing."""
        return {
            "userStorageKey": self.storage_keys()["userStorageKey"],
            "userStorageArmId": self._storage_account_id(),
            "userStorageResourceId": self._storage_account_id(),
            "appInsightsInstrumentationKey": self._uuid("insights"),
            "containerRegistryCredentials": {
                "location": self.location,
                "username": f"{self.name}acr",
                "passwords": [
                    {"name": "password", "value": self._secret("acr")},
                    {"name": "password2", "value": self._secret("acr2")},
                ],
            },
            "notebookAccessKeys": self.notebook_keys(),
        }

    def notebook_keys(self) -> dict[str, Any]:
        """``ListNotebookKeysResult``: null while nobody prepared notebooks, as in the example."""
        return {"primaryAccessKey": None, "secondaryAccessKey": None}

    def notebook_access_token(self) -> dict[str, Any]:
        """``NotebookAccessTokenResult``."""
        return {
            "notebookResourceId": self._secret("notebook")[:32],
            "hostName": "Azure Machine Learning",
            "publicDns": self._notebook_host(),
            "accessToken": self._secret("token"),
            "tokenType": "Bearer",
            "expiresIn": 28800.0,
            "refreshToken": self._secret("refresh"),
            "scope": "aznb_identity",
        }

    def storage_keys(self) -> dict[str, Any]:
        """``ListStorageAccountKeysResult``."""
        return {"userStorageKey": self.storage_key}

    @property
    def storage_account(self) -> str:
        """The name of the workspace's storage account."""
        return f"{self._slug()}st"

    @property
    def storage_key(self) -> str:
        """A key of the storage account: 64 bytes in base64, as Azure's are."""
        return base64.b64encode(self._secret("storage").encode()).decode()

    @property
    def file_share(self) -> str:
        """The share that notebooks, scripts and logs are in."""
        return f"code-{self._uuid('code')}"

    def _storage_account_id(self) -> str:
        group = f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
        return f"{group}/providers/Microsoft.Storage/storageAccounts/{self.storage_account}"

    def _slug(self) -> str:
        return "".join(each for each in self.name.lower() if each.isascii() and each.isalnum())[:16]

    def _notebook_host(self) -> str:
        return f"ml-{self.name}-{self.location}.{self.location}.notebooks.azure.net".lower()

    def _secret(self, purpose: str) -> str:
        return hashlib.sha256(f"{self.id}/{purpose}".encode()).hexdigest()

    def _uuid(self, purpose: str) -> str:
        digits = self._secret(purpose)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))
