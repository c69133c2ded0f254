"""The asyncio client of Azure Files pointed at an emulator's share."""

from __future__ import annotations

from typing import Any

from azure.core.credentials import AzureNamedKeyCredential
from azure.storage.fileshare.aio import ShareClient

from jupyter_ci_manager.emulator import Emulator
from tests.emulator.management_client import Token


def _send_over_plain_http(request: Any) -> None:
    """The client takes a token for an address with https only; the emulator is on this machine."""
    request.context.options.setdefault("enforce_https", False)
    request.http_request.url = request.http_request.url.replace("https://", "http://", 1)


def share_client(emulator: Emulator, *, key: str | None = None, **options: Any) -> ShareClient:
    """With a token, as somebody who has the rights, or with an account key."""
    account = emulator.storage.name
    url = f"{emulator.url}/files/{account}"
    if key is None:
        credential: Any = Token()
        url = url.replace("http://", "https://", 1)
        options.setdefault("token_intent", "backup")
        options["raw_request_hook"] = _send_over_plain_http
    else:
        credential = AzureNamedKeyCredential(account, key)
    return ShareClient(
        url,
        options.pop("share_name", emulator.storage.share_name),
        credential=credential,
        retry_total=0,
        **options,
    )
