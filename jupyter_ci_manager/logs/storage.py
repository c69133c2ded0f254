"""The way into the workspace's file share: which account, which share, and what opens it.

First the identity's own rights; only where they are refused the account key, which stays in memory
(docs/decisions/0095). It knows no path in the share. ``azure.*`` is imported on first use.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import AzureError, Forbidden, NotFound, ServerStopping, StorageForbidden
from ..instances.arm import ArmClient
from ..instances.arm_pipeline import CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS
from ..instances.credentials import AzureCredential
from ..instances.sdk import RETRY_BACKOFF_SECONDS, import_off_loop, one_address_policy
from ..instances.wire.datastore import FileShare, ShareSecret
from ..models import Mode, Workspace
from .storage_errors import Refused, storage_errors

if TYPE_CHECKING:
    from azure.storage.fileshare.aio import ShareClient

T = TypeVar("T")

Work = Callable[["ShareClient"], Awaitable[T]]

CALL_SECONDS = 20.0
"""A piece of a log is a megabyte; whoever looks for logs waits no longer."""
RETRIES = 2


class ShareAccess:
    """Does work with the share of a workspace, with whatever opens it.

    ``through_proxy`` heeds ``HTTPS_PROXY`` and its like.
    """

    def __init__(
        self,
        arm: ArmClient,
        credential: AzureCredential,
        *,
        mode: Mode,
        retry_backoff_seconds: float = RETRY_BACKOFF_SECONDS,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._arm = arm
        self._credential = credential
        self._mode = mode
        self._retry_backoff_seconds = retry_backoff_seconds
        self._call_seconds = call_seconds
        self._opened: dict[str, _Opened] = {}
        self._finding = asyncio.Lock()
        self._closed = False

    async def close(self) -> None:
        """Close all connections and forget all keys."""
        self._closed = True
        opened, self._opened = list(self._opened.values()), {}
        for each in opened:
            await each.close()

    async def share(self, workspace: Workspace) -> FileShare:
        """Which share it is. Raises StorageForbidden, LogUnreachable and what Azure answers."""
        return (await self._find(workspace)).share

    async def perform(self, workspace: Workspace, work: Work[T]) -> T:
        """What ``work`` makes of the share's client.

        It is begun anew with the account key where the identity's rights are refused. Raises
        NotFound, ScriptExists, StorageForbidden, LogUnreachable and what Azure answers.
        """
        opened = await self._find(workspace)
        used = opened.client
        try:
            return await self._tried(used, work)
        except Refused as refused:
            if refused.reason == "network":
                raise refused.as_error(opened.share.account) from refused
            async with opened.lock:
                if opened.client is used:
                    other = await self._other_client(workspace, opened, refused)
                    await opened.give_up(used, other)
        by_key = opened.client
        try:
            return await self._tried(by_key, work)
        except Refused as refused:
            await opened.give_up(by_key, opened.by_token)
            raise refused.as_error(opened.share.account) from refused

    async def _tried(self, client: ShareClient, work: Work[T]) -> T:
        with storage_errors():
            return await asyncio.wait_for(work(client), self._call_seconds)

    async def _other_client(
        self, workspace: Workspace, opened: _Opened, refused: Refused
    ) -> ShareClient:
        """One with the account key, asked for anew also where a key was refused: it may be new."""
        try:
            secret = await self._arm.file_share_secret(workspace)
        except (Forbidden, NotFound) as error:
            raise StorageForbidden(
                f"The storage account {opened.share.account} does not let the signed-in identity "
                f"in ({refused.message}), and its key is not to be had: {error.message}",
                details={"reason": "rights"},
                request_id=error.body.request_id,
            ) from error
        if secret is None:
            raise refused.as_error(opened.share.account)
        return await self._made(opened.share, _secret_credential(opened.share, secret))

    async def _find(self, workspace: Workspace) -> _Opened:
        key = workspace.id.lower()
        # Many who come at once ask once.
        async with self._finding:
            if key not in self._opened:
                share = await self._arm.file_share(workspace)
                self._opened[key] = _Opened(share, await self._made(share, self._credential))
            return self._opened[key]

    async def _made(self, share: FileShare, credential: Any) -> ShareClient:
        sdk = await import_off_loop("azure.storage.fileshare.aio")
        # The SDK's transport imports it when the client is made, which happens on the event loop.
        await import_off_loop("aiohttp")
        if self._closed:
            raise ServerStopping("The Jupyter server is stopping.")
        address = self._account_url(share)
        policies = [one_address_policy(address)]
        if credential is self._credential:
            policies += credential.policies()
        # It takes a token for https alone, also where that is the emulator on this machine.
        secure = address.startswith("https:")

        def before_signing(request: Any) -> None:
            if not secure:
                http = request.http_request
                http.url = http.url.replace("https://", "http://", 1)
            for policy in policies:
                policy.on_request(request)

        client: ShareClient = sdk.ShareClient(
            address if secure else address.replace("http:", "https:", 1),
            share.name,
            credential=credential,
            # The one place before its own sign-in where this SDK lets others look at a request.
            raw_request_hook=before_signing,
            retry_total=RETRIES,
            initial_backoff=self._retry_backoff_seconds,
            increment_base=1,
            random_jitter_range=0,
            connection_timeout=CONNECT_TIMEOUT_SECONDS,
            read_timeout=READ_TIMEOUT_SECONDS,
            use_env_settings=self._mode == "azure",
            user_agent="jupyter-ci-manager",
            # The identity's role for the data counts, and not who may open which file over SMB.
            token_intent="backup",  # noqa: S106
        )
        return client

    def _account_url(self, share: FileShare) -> str:
        if self._mode == "emulator":
            return f"{self._arm.endpoint}/files/{share.account}"
        return share.account_url


class _Opened:
    """A share, and the client that it was last opened with."""

    def __init__(self, share: FileShare, by_token: ShareClient) -> None:
        self.share = share
        self.by_token = by_token
        self.client = by_token
        self.lock = asyncio.Lock()

    async def give_up(self, refused: ShareClient, other: ShareClient) -> None:
        """Work with another one from now on: a key that is refused is refused to everybody."""
        self.client = other
        if refused is not self.by_token:
            await refused.close()

    async def close(self) -> None:
        """Close all connections."""
        for client in {self.by_token, self.client}:
            await client.close()


def _secret_credential(share: FileShare, secret: ShareSecret) -> Any:
    from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential

    if secret.key:
        return AzureNamedKeyCredential(share.account, secret.key)
    if secret.sas:
        return AzureSasCredential(secret.sas)
    raise AzureError("Azure gave neither a key nor a signature for the file share.")
