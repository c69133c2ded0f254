"""The asyncio management client pointed at an emulator, as docs/emulator.md tells people to."""

from __future__ import annotations

import time
from typing import Any, final

from azure.core.credentials import AccessToken
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.machinelearningservices.aio import MachineLearningServicesMgmtClient

from jupyter_ci_manager.emulator import Emulator


@final
class Token:
    """A credential that has a token, whoever asks."""

    async def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        return AccessToken("any-token-will-do", int(time.time()) + 3600)

    async def close(self) -> None:
        pass

    async def __aenter__(self) -> Token:
        return self

    async def __aexit__(self, *args: object) -> None:
        pass


class AllowPlainHttp(SansIOHTTPPolicy[Any, Any]):
    """Lets the bearer token go over HTTP: the emulator listens on this machine only."""

    def on_request(self, request: PipelineRequest[Any]) -> None:
        request.context.options.setdefault("enforce_https", False)


def management_client(emulator: Emulator, **options: Any) -> MachineLearningServicesMgmtClient:
    options.setdefault("per_call_policies", [AllowPlainHttp()])
    return MachineLearningServicesMgmtClient(
        Token(),
        emulator.state.subscription_id,
        base_url=emulator.url,
        credential_scopes=["https://management.azure.com/.default"],
        **options,
    )
