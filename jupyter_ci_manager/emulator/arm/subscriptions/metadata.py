"""The cloud's description of itself, from which clients learn where everything is."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from jupyter_ci_manager.emulator.arm.wire import AnonymousArmHandler

ONE_OBJECT_SINCE = "2022-09-01"


class MetadataEndpoints(AnonymousArmHandler):
    """``GET /metadata/endpoints``: no sign-in, as on management.azure.com.

    2019-05-01 answers with a list of clouds (azure-ai-ml's ``_azure_environments.py``, azure-cli's
    ``ARM_CLOUD_METADATA_URL``); 2015-01-01 and 2022-09-01 with one object (azure-cli's ``az cloud
    register --endpoint-resource-manager``).
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
        one = version.startswith("2015") or version >= ONE_OBJECT_SINCE
        self.write_json(cloud if one else [cloud])
