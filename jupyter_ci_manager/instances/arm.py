"""The adapter to Azure Resource Manager: every call to Azure that the project makes, and no rule.

Reads are single requests through the SDK's pipeline (sign-in, retries, tracing) and are decoded by
``wire/``, so that fields newer than the SDK survive; changes are the SDK's own long-running
operations. ``azure.*`` is imported on first use, on a thread, because that takes half a second.
Source: docs/decisions/0021 and Azure Machine Learning REST API 2025-12-01.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import quote, urljoin

import msgspec

from ..errors import (
    AddressNotFollowed,
    AzureError,
    InstanceNotFound,
    InvalidEndpoint,
    NotFound,
    ServerStopping,
)
from ..journal import utc_now
from ..models import Identity, Instance, InstanceSpec, VmSize, Workspace
from .azure_errors import translated
from .credentials import AzureCredential
from .sdk import (
    RETRY_BACKOFF_SECONDS,
    bounded_retry_policy,
    import_off_loop,
    one_address_policy,
)
from .wire.base import Page
from .wire.compute import instance_from_arm, spec_to_arm
from .wire.datastore import FileShare, ShareSecret, file_share_from_arm, share_secret_from_arm
from .wire.permissions import PermissionEntry, permission_from_arm
from .wire.size import ArmUsage, size_from_arm, usage_from_arm
from .wire.workspace import subscription_from_arm, workspace_from_arm

if TYPE_CHECKING:
    from azure.core.polling import AsyncLROPoller
    from azure.mgmt.machinelearningservices.aio import MachineLearningServicesMgmtClient

T = TypeVar("T")

API_VERSION = "2025-12-01"
NAME_CHECK_API_VERSION = "2020-02-02"
PERMISSIONS_API_VERSION = "2022-04-01"
SUBSCRIPTIONS_API_VERSION = "2022-12-01"
NAME_CHECK_TYPE = "Microsoft.BatchAI/DataScienceInstance"
"""What azureml-core sends; the service calls compute instances so for historical reasons."""
NOTEBOOK_DATASTORE = "workspaceworkingdirectory"
"""The datastore of the notebook file share, in every workspace."""

CALL_TIMEOUT_SECONDS = 60.0
CONNECT_TIMEOUT_SECONDS = 10.0
READ_TIMEOUT_SECONDS = 30.0
MAX_PAGES = 1000
"""Ends a list whose ``nextLink`` never does."""

Change = Literal["create", "start", "stop", "restart", "delete"]


class NameAvailability(msgspec.Struct, frozen=True, rename="camel"):
    """Azure's answer to ``checkComputeNameAvailability``."""

    name_available: bool
    reason: str | None = None
    message: str | None = None


class ArmClient:
    """Azure Resource Manager at ``endpoint``, seen with one credential.

    ``polling_interval_seconds`` is used where Azure sends no ``Retry-After``, and
    ``retry_backoff_seconds`` grows with each repetition of a request that failed. ``through_proxy``
    heeds ``HTTPS_PROXY`` and its like, which lead nowhere where the endpoint is on this machine.
    ``problem`` says why there is no endpoint: each call then raises it as InvalidEndpoint. All
    methods raise the errors of ``errors.py``; none of them blocks the event loop.
    """

    def __init__(
        self,
        endpoint: str,
        credential: AzureCredential,
        *,
        polling_interval_seconds: float = 5.0,
        retry_backoff_seconds: float = RETRY_BACKOFF_SECONDS,
        through_proxy: bool = True,
        problem: str | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._credential = credential
        self._polling_interval_seconds = polling_interval_seconds
        self._retry_backoff_seconds = retry_backoff_seconds
        self._through_proxy = through_proxy
        self._problem = problem
        self._closed = False
        self._now = now
        self._scope = f"{self.endpoint}/.default"
        self._clients: dict[str, MachineLearningServicesMgmtClient] = {}

    async def close(self) -> None:
        """Close all connections; what is asked later raises ServerStopping."""
        self._closed = True
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.close()
        await self._credential.close()

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
        path = f"{workspace.id}/computes/{quote(name, safe='')}"
        content = await self._get(workspace.subscription_id, path)
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

    async def subscriptions(self) -> list[str]:
        """Ids of the subscriptions that the identity can see."""
        return await self._list(
            NO_SUBSCRIPTION, "/subscriptions", subscription_from_arm, SUBSCRIPTIONS_API_VERSION
        )

    async def workspaces(self, subscription_id: str) -> list[Workspace]:
        """The workspaces of a subscription."""
        path = (
            f"/subscriptions/{quote(subscription_id, safe='')}"
            "/providers/Microsoft.MachineLearningServices/workspaces"
        )
        return await self._list(subscription_id, path, workspace_from_arm)

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

    async def sign_in(self) -> None:
        """Make sure that there is a token, however long that takes. Raises SignInRequired."""
        await self._client(NO_SUBSCRIPTION)
        with translated():
            await self._credential.get_token(self._scope)

    async def begin(
        self, change: Change, workspace: Workspace, name: str, spec: InstanceSpec | None = None
    ) -> str | None:
        """Ask Azure once for a change; returns a token with which ``finish`` waits for its end.

        None where the SDK cannot make a token of Azure's answer.

        AzureUnavailable itself, and not one of its kinds, means that the request was never sent.
        """
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
            "delete": lambda: computes.begin_delete(
                *where, underlying_resource_action="Delete", **common
            ),
        }
        with translated():
            return await asyncio.wait_for(begins[change](), CALL_TIMEOUT_SECONDS)

    # --- requests -----------------------------------------------------------------------------

    async def _get(self, subscription_id: str, path: str, api_version: str = API_VERSION) -> bytes:
        return await self._request(subscription_id, "GET", self.endpoint + path, api_version)

    async def _list(
        self,
        subscription_id: str,
        path: str,
        decode: Callable[[msgspec.Raw], T | None],
        api_version: str = API_VERSION,
    ) -> list[T]:
        """What ``decode`` makes of each item of all pages, without those that it makes None."""
        url = self.endpoint + path
        version: str | None = api_version
        found: list[T] = []
        for _ in range(MAX_PAGES):
            content = await self._request(subscription_id, "GET", url, version)
            with translated():
                page = msgspec.json.decode(content, type=Page)
                found += [item for raw in page.value if (item := decode(raw)) is not None]
            if not page.next_link:
                return found
            url = self._absolute(page.next_link)
            # The link carries its own version.
            version = None
        raise AzureError("Azure's list does not end.")

    def _absolute(self, link: str) -> str:
        try:
            return urljoin(self.endpoint, link)
        except ValueError:
            raise AddressNotFollowed("Azure's list continues at what is no address.") from None

    async def _request(
        self,
        subscription_id: str,
        method: str,
        url: str,
        api_version: str | None,
        body: dict[str, Any] | None = None,
    ) -> bytes:
        client = await self._client(subscription_id)
        with translated():
            return await asyncio.wait_for(
                _send(client, method, url, api_version, body), CALL_TIMEOUT_SECONDS
            )

    async def _client(self, subscription_id: str) -> MachineLearningServicesMgmtClient:
        if self._problem is not None:
            raise InvalidEndpoint(self._problem)
        client = self._clients.get(subscription_id)
        if client is not None:
            return client
        sdk = await import_off_loop("azure.mgmt.machinelearningservices.aio")
        # The SDK's transport imports it when the client is made, which happens on the event loop.
        await import_off_loop("aiohttp")
        if self._closed:
            raise ServerStopping("The Jupyter server is stopping.")
        client = self._clients.get(subscription_id)
        if client is None:
            made: MachineLearningServicesMgmtClient = sdk.MachineLearningServicesMgmtClient(
                self._credential,
                subscription_id,
                base_url=self.endpoint,
                credential_scopes=[self._scope],
                polling_interval=self._polling_interval_seconds,
                per_call_policies=[
                    one_address_policy(self.endpoint),
                    *self._credential.policies(),
                ],
                connection_timeout=CONNECT_TIMEOUT_SECONDS,
                read_timeout=READ_TIMEOUT_SECONDS,
                use_env_settings=self._through_proxy,
                retry_policy=bounded_retry_policy(self._retry_backoff_seconds),
                user_agent="jupyter-ci-manager",
            )
            client = self._clients[subscription_id] = made
        return client


NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
"""The SDK's client wants a subscription; calls above subscriptions do not use it."""


async def _send(
    client: MachineLearningServicesMgmtClient,
    method: str,
    url: str,
    api_version: str | None,
    body: dict[str, Any] | None,
) -> bytes:
    from azure.core.rest import HttpRequest

    request = HttpRequest(
        method, url, params={"api-version": api_version} if api_version else None, json=body
    )
    # The SDK documents this method for requests that it has no method of its own for.
    response = await client._send_request(request)  # noqa: SLF001
    response.raise_for_status()
    content: bytes = response.content
    return content


def _no_model(*_: object) -> None:
    return None


def _location_path(subscription_id: str, location: str, what: str) -> str:
    return (
        f"/subscriptions/{quote(subscription_id, safe='')}"
        "/providers/Microsoft.MachineLearningServices"
        f"/locations/{quote(location, safe='')}/{what}"
    )
