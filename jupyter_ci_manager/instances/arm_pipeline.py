"""Requests through the Azure SDK's pipeline: sign-in, retries, tracing. It knows no resource.

Reads are single requests whose answers are not decoded by the SDK's models, so that fields newer
than they are survive. ``azure.*`` is imported on first use, on a thread, because that takes half a
second. Source: docs/decisions/0021.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin

import msgspec

from ..errors import AddressNotFollowed, AzureError, InvalidEndpoint, ServerStopping
from ..journal import utc_now
from .azure_errors import translated
from .credentials import AzureCredential
from .sdk import (
    RETRY_BACKOFF_SECONDS,
    bounded_retry_policy,
    import_off_loop,
    one_address_policy,
)
from .wire.base import Page

if TYPE_CHECKING:
    from azure.mgmt.machinelearningservices.aio import MachineLearningServicesMgmtClient

T = TypeVar("T")

API_VERSION = "2025-12-01"

CALL_TIMEOUT_SECONDS = 60.0
CONNECT_TIMEOUT_SECONDS = 10.0
READ_TIMEOUT_SECONDS = 30.0
MAX_PAGES = 1000
"""Ends a list whose ``nextLink`` never does."""

NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
"""The SDK's client wants a subscription; calls above subscriptions do not use it."""


class ArmPipeline:
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

    async def sign_in(self) -> None:
        """Make sure that there is a token, however long that takes. Raises SignInRequired."""
        await self._client(NO_SUBSCRIPTION)
        with translated():
            await self._credential.get_token(self._scope)

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
        body: dict[str, Any] | list[Any] | None = None,
    ) -> bytes:
        client = await self._client(subscription_id)
        return await self._in_time(_send(client, method, url, api_version, body))

    async def _in_time(self, call: Awaitable[T]) -> T:
        """Await one call of the SDK's, not for ever; what it raises becomes ours."""
        with translated():
            return await asyncio.wait_for(call, CALL_TIMEOUT_SECONDS)

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


async def _send(
    client: MachineLearningServicesMgmtClient,
    method: str,
    url: str,
    api_version: str | None,
    body: dict[str, Any] | list[Any] | None,
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
