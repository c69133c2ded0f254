"""The datastores that every workspace has. Knows no HTTP.

Keys and types: Azure/azure-rest-api-specs Microsoft.MachineLearningServices stable/2023-04-01
examples/Datastore (get, list, AzureFileWAccountKey/createOrUpdate, listSecrets). Which there are,
and the name of the notebooks' share: "Prompt flow FAQ" (learn.microsoft.com).
"""

from __future__ import annotations

from typing import Any

from jupyter_ci_manager.emulator.arm.computes.instance import timestamp
from jupyter_ci_manager.emulator.arm.workspaces.state import Workspace

DATASTORES_TYPE = "Microsoft.MachineLearningServices/workspaces/datastores"
NOTEBOOKS = "workspaceworkingdirectory"


def datastores(workspace: Workspace) -> list[dict[str, Any]]:
    """All of a workspace, each a ``DatastoreResource``."""
    code = workspace.file_share.removeprefix("code-")
    blob = {"datastoreType": "AzureBlob"}
    files = {"datastoreType": "AzureFile"}
    return [
        _document(workspace, "workspaceartifactstore", {**blob, "containerName": "azureml"}),
        _document(
            workspace,
            "workspaceblobstore",
            {**blob, "containerName": f"azureml-blobstore-{code}"},
            default=True,
        ),
        _document(
            workspace, "workspacefilestore", {**files, "fileShareName": f"azureml-filestore-{code}"}
        ),
        _document(workspace, NOTEBOOKS, {**files, "fileShareName": workspace.file_share}),
    ]


def secrets(workspace: Workspace) -> dict[str, Any]:
    """``DatastoreSecrets``: all of them are in the workspace's own account."""
    return {"secretsType": "AccountKey", "key": workspace.storage_key}


def _document(
    workspace: Workspace, name: str, kind: dict[str, str], *, default: bool = False
) -> dict[str, Any]:
    created = timestamp(workspace.created_on)
    return {
        "id": f"{workspace.id}/datastores/{name}",
        "name": name,
        "type": DATASTORES_TYPE,
        "properties": {
            "description": None,
            "tags": {},
            "properties": None,
            "isDefault": default,
            "credentials": {"credentialsType": "AccountKey"},
            **kind,
            "accountName": workspace.storage_account,
            "endpoint": "core.windows.net",
            "protocol": "https",
            "serviceDataAccessAuthIdentity": "None",
            "subscriptionId": workspace.subscription_id,
            "resourceGroup": workspace.resource_group,
        },
        "systemData": {
            "createdAt": created,
            "createdBy": "platform@contoso.com",
            "createdByType": "User",
            "lastModifiedAt": created,
            "lastModifiedBy": "platform@contoso.com",
            "lastModifiedByType": "User",
        },
    }
