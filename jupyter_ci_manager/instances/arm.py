"""The adapter to Azure Resource Manager: every call to Azure that the project makes, and no rule.

Answers are decoded by ``wire/``, so that fields newer than the SDK survive; changes that take long
are the SDK's own long-running operations. Source: Azure Machine Learning REST API 2025-12-01.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import msgspec

from ..errors import InstanceNotFound, NotFound
from ..models import (
    Identity,
    Instance,
    InstanceSpec,
    ManagedIdentity,
    VirtualNetwork,
    VmSize,
    Workspace,
)
from ..specs.network import WorkspaceNetwork
from .arm_pipeline import API_VERSION, NO_SUBSCRIPTION, ArmPipeline
from .azure_errors import translated
from .wire.compute import instance_from_arm
from .wire.datastore import FileShare, ShareSecret, file_share_from_arm, share_secret_from_arm
from .wire.permissions import PermissionEntry, permission_from_arm
from .wire.size import ArmUsage, size_from_arm, usage_from_arm
from .wire.spec import spec_to_arm
from .wire.surroundings import managed_identity_from_arm, virtual_network_from_arm
from .wire.workspace import (
    subscription_from_arm,
    workspace_from_arm,
    workspace_network_from_arm,
)

if TYPE_CHECKING:
    from azure.core.polling import AsyncLROPoller

NAME_CHECK_API_VERSION = "2020-02-02"
PERMISSIONS_API_VERSION = "2022-04-01"
SUBSCRIPTIONS_API_VERSION = "2022-12-01"
NETWORKS_API_VERSION = "2023-09-01"
IDENTITIES_API_VERSION = "2023-01-31"
NAME_CHECK_TYPE = "Microsoft.BatchAI/DataScienceInstance"
"""What azureml-core sends; the service calls compute instances so for historical reasons."""
NOTEBOOK_DATASTORE = "workspaceworkingdirectory"
"""The datastore of the notebook file share, in every workspace."""

RESIZE_API_VERSION = "2024-10-01-preview"
"""The first with ``resize``; the stable ones have not got it."""

Change = Literal["create", "start", "stop", "restart", "delete", "resize"]
Setting = Literal[
    "updateIdleShutdownSetting",
    "updateSchedules",
    "customServices",
    "updateDataMounts",
    "enableSso",
]
"""What can be changed of an instance that exists, at once and for good."""

_SETTING_API_VERSIONS: dict[Setting, str] = {
    "updateIdleShutdownSetting": API_VERSION,
    "updateSchedules": "2021-03-01-preview",
    "customServices": API_VERSION,
    "updateDataMounts": API_VERSION,
    "enableSso": "2024-04-01-preview",
}
"""Source: Azure/azure-rest-api-specs, Microsoft.MachineLearningServices: where each of them is."""


class NameAvailability(msgspec.Struct, frozen=True, rename="camel"):
    """Azure's answer to ``checkComputeNameAvailability``."""

    name_available: bool
    reason: str | None = None
    message: str | None = None


class ArmClient(ArmPipeline):
    """Everything that the project asks of Azure Resource Manager, and no rule."""

    # --- reading ------------------------------------------------------------------------------

    async def instances(self, workspace: Workspace, who: Identity | None) -> list[Instance]:
        """All compute instances of the workspace, whatever their number."""
        return await self._list(
            workspace.subscription_id,
            f"{workspace.id}/computes",
            lambda raw: instance_from_arm(raw, who),
        )

    async def instance(
        self, workspace: Workspace, name: str, who: Identity | None
    ) -> tuple[Instance, dict[str, Any]]:
        """One instance, as a model and as Azure sent it. Raises InstanceNotFound."""
        content = await self._get(workspace.subscription_id, _compute_path(workspace, name))
        with translated():
            instance = instance_from_arm(content, who)
            resource: dict[str, Any] = msgspec.json.decode(content, type=dict[str, Any])
        if instance is None:
            raise InstanceNotFound(
                f"{name} is a compute of this workspace, but not a compute instance."
            )
        return instance, resource

    async def workspace(self, workspace: Workspace) -> Workspace:
        """The workspace with its location. Raises WorkspaceNotFound."""
        content = await self._get(workspace.subscription_id, workspace.id)
        with translated():
            return workspace_from_arm(content) or workspace

    async def workspace_network(self, workspace: Workspace) -> WorkspaceNetwork:
        """How the workspace is isolated."""
        content = await self._get(workspace.subscription_id, workspace.id)
        with translated():
            return workspace_network_from_arm(content)

    async def subscriptions(self) -> list[str]:
        """Ids of the subscriptions that the identity can see."""
        return await self._list(
            NO_SUBSCRIPTION, "/subscriptions", subscription_from_arm, SUBSCRIPTIONS_API_VERSION
        )

    async def workspaces(self, subscription_id: str) -> list[Workspace]:
        """The workspaces of a subscription."""
        path = (
            f"{_subscription_path(subscription_id)}"
            "/providers/Microsoft.MachineLearningServices/workspaces"
        )
        return await self._list(subscription_id, path, workspace_from_arm)

    async def virtual_networks(self, subscription_id: str) -> list[VirtualNetwork]:
        """The virtual networks of a subscription, in all regions."""
        path = f"{_subscription_path(subscription_id)}/providers/Microsoft.Network/virtualNetworks"
        return await self._list(
            subscription_id, path, virtual_network_from_arm, NETWORKS_API_VERSION
        )

    async def managed_identities(self, subscription_id: str) -> list[ManagedIdentity]:
        """The user-assigned identities of a subscription."""
        path = (
            f"{_subscription_path(subscription_id)}"
            "/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
        )
        return await self._list(
            subscription_id, path, managed_identity_from_arm, IDENTITIES_API_VERSION
        )

    async def permissions(self, workspace: Workspace) -> list[PermissionEntry]:
        """What the identity may do in the workspace, as role definitions say it."""
        path = f"{workspace.id}/providers/Microsoft.Authorization/permissions"
        return await self._list(
            workspace.subscription_id, path, permission_from_arm, PERMISSIONS_API_VERSION
        )

    async def sizes(self, subscription_id: str, location: str) -> list[VmSize]:
        """The VM sizes of a region that compute instances can have."""
        now = self._now()
        path = _location_path(subscription_id, location, "vmSizes")
        return await self._list(subscription_id, path, lambda raw: size_from_arm(raw, now))

    async def usages(self, subscription_id: str, location: str) -> list[ArmUsage]:
        """Used and allowed cores of a region."""
        path = _location_path(subscription_id, location, "usages")
        return await self._list(subscription_id, path, usage_from_arm)

    async def check_name(self, workspace: Workspace, name: str) -> NameAvailability:
        """Whether a name is free in the workspace's region."""
        content = await self._request(
            workspace.subscription_id,
            "POST",
            f"{self.endpoint}{workspace.id}/checkComputeNameAvailability",
            NAME_CHECK_API_VERSION,
            {"Name": name, "Type": NAME_CHECK_TYPE},
        )
        with translated():
            return msgspec.json.decode(content, type=NameAvailability)

    async def file_share(self, workspace: Workspace) -> FileShare:
        """Where the workspace keeps notebooks and logs. Raises NotFound where it has no share."""
        path = f"{workspace.id}/datastores/{NOTEBOOK_DATASTORE}"
        content = await self._get(workspace.subscription_id, path)
        with translated():
            return file_share_from_arm(content)

    async def file_share_secret(self, workspace: Workspace) -> ShareSecret | None:
        """What opens the notebook file share where the identity's own rights do not."""
        content = await self._request(
            workspace.subscription_id,
            "POST",
            f"{self.endpoint}{workspace.id}/datastores/{NOTEBOOK_DATASTORE}/listSecrets",
            API_VERSION,
            {},
        )
        with translated():
            return share_secret_from_arm(content)

    # --- changing -----------------------------------------------------------------------------

    async def begin(
        self, change: Change, workspace: Workspace, name: str, spec: InstanceSpec | None = None
    ) -> str | None:
        """Ask Azure once for a change; returns a token with which ``finish`` waits for its end.

        None where the SDK cannot make a token of Azure's answer.

        AzureUnavailable itself, and not one of its kinds, means that the request was never sent.
        """
        if change == "resize":
            poller = await self._resize_poller(workspace, name, spec.vm_size if spec else "")
        else:
            body = b"{}"
            if spec is not None:
                body = msgspec.json.encode(spec_to_arm(spec, workspace.location or ""))
            poller = await self._poller(change, workspace, name, body=body)
        try:
            return poller.continuation_token()
        except (TypeError, ValueError):
            return None

    async def finish(self, change: Change, workspace: Workspace, name: str, token: str) -> None:
        """Wait until Azure has finished; raises what Azure says went wrong.

        NotFound also means that the token says nothing to this version of the SDK. Cancel it to
        stop waiting: Azure goes on.
        """
        try:
            poller = await self._poller(change, workspace, name, continuation_token=token)
        except (TypeError, ValueError) as error:
            raise NotFound("Azure's long-running operation cannot be found again.") from error
        with translated():
            await poller.result()

    async def _poller(
        self,
        change: Change,
        workspace: Workspace,
        name: str,
        *,
        body: bytes = b"{}",
        continuation_token: str | None = None,
    ) -> AsyncLROPoller[Any]:
        client = await self._client(workspace.subscription_id)
        where = (workspace.resource_group, workspace.name, name)
        common: dict[str, Any] = {
            "api_version": API_VERSION,
            "continuation_token": continuation_token,
            # The answers are newer than the SDK's models, and nobody needs them as models.
            "cls": _no_model,
        }
        if continuation_token is None:
            # The SDK repeats what was carried out and whose answer was lost: not so a change.
            common["retry_total"] = 0
        computes = client.compute
        begins: dict[Change, Callable[[], Awaitable[AsyncLROPoller[Any]]]] = {
            "create": lambda: computes.begin_create_or_update(
                *where, io.BytesIO(body), content_type="application/json", **common
            ),
            "start": lambda: computes.begin_start(*where, **common),
            "stop": lambda: computes.begin_stop(*where, **common),
            "restart": lambda: computes.begin_restart(*where, **common),
            # The SDK has no method of its own for it: what follows is the same for all of them.
            "resize": lambda: computes.begin_start(*where, **common),
            "delete": lambda: computes.begin_delete(
                *where, underlying_resource_action="Delete", **common
            ),
        }
        return await self._in_time(begins[change]())

    async def _resize_poller(
        self, workspace: Workspace, name: str, vm_size: str
    ) -> AsyncLROPoller[Any]:
        from azure.core.polling import AsyncLROPoller
        from azure.core.rest import HttpRequest
        from azure.mgmt.core.polling.async_arm_polling import AsyncARMPolling

        client = await self._client(workspace.subscription_id)
        request = HttpRequest(
            "POST",
            f"{self.endpoint}{_compute_path(workspace, name)}/resize",
            params={"api-version": RESIZE_API_VERSION},
            json={"targetVMSize": vm_size},
        )
        # The same call as the SDK's own begin_… methods make; a change is not repeated.
        answered: Any = await self._in_time(
            client._send_request(  # noqa: SLF001
                request, _return_pipeline_response=True, retry_total=0
            )
        )
        with translated():
            answered.http_response.raise_for_status()
            return AsyncLROPoller(
                client._client,  # noqa: SLF001
                answered,
                _no_model,
                AsyncARMPolling(self._polling_interval_seconds),
            )

    async def change_setting(
        self,
        workspace: Workspace,
        name: str,
        setting: Setting,
        body: dict[str, Any] | list[dict[str, Any]],
    ) -> None:
        """Change one setting of an instance. Raises what Azure says against it."""
        await self._request(
            workspace.subscription_id,
            "POST",
            f"{self.endpoint}{_compute_path(workspace, name)}/{setting}",
            _SETTING_API_VERSIONS[setting],
            body,
        )


def _subscription_path(subscription_id: str) -> str:
    return f"/subscriptions/{quote(subscription_id, safe='')}"


def _compute_path(workspace: Workspace, name: str) -> str:
    return f"{workspace.id}/computes/{quote(name, safe='')}"


def _no_model(*_: object) -> None:
    return None


def _location_path(subscription_id: str, location: str, what: str) -> str:
    return (
        f"{_subscription_path(subscription_id)}/providers/Microsoft.MachineLearningServices"
        f"/locations/{quote(location, safe='')}/{what}"
    )
