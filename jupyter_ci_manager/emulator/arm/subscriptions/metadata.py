"""The cloud's description of itself, from which clients learn where everything is."""

from __future__ import annotations

from ...server import EmulatorHandler
from ...faults import Fault


class MetadataEndpoints(EmulatorHandler):
    """``GET /metadata/endpoints``: no sign-in, as on management.azure.com.

    Versions from 2019-05-01 on answer with a list of clouds, 2015-01-01 with one object (recorded
    in Azure/azure-cli ``az cloud register --endpoint-resource-manager`` and read by azure-ai-ml's
    ``_azure_environments.py``).
    """

    async def get(self) -> None:
        base = f"{self.request.protocol}://{self.request.host}"
        cloud = {
            "name": "AzureEmulator",
            "portal": base,
            "resourceManager": f"{base}/",
            "authentication": {
                "loginEndpoint": f"{base}/",
                "audiences": [base, "https://management.azure.com/"],
                "tenant": "common",
                "identityProvider": "AAD",
            },
            "graph": base,
            "graphAudience": base,
            "gallery": base,
            "batch": base,
            "media": base,
            "sqlManagement": base,
            "vmImageAliasDoc": base,
            "activeDirectoryDataLake": base,
            "suffixes": {
                "storage": "core.windows.net",
                "keyVaultDns": "vault.azure.net",
                "acrLoginServer": "azurecr.io",
                "sqlServerHostname": "database.windows.net",
                "azureDataLakeStoreFileSystem": "azuredatalakestore.net",
                "azureDataLakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
            },
        }
        version = self.get_query_argument("api-version", "")
        self.write_json(cloud if version.startswith("2015") else [cloud])

    def refuse(self, fault: Fault) -> None:
        self.write_json({"error": {"code": fault.code, "message": fault.message}}, fault.status or 500)
        self.finish()
