"""What the Azure SDK may do: load off the event loop, repeat a few times, ask one address only.

It takes up to a second to load, so nothing here imports it before somebody needs it.
"""

from __future__ import annotations

import asyncio
import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..errors import AddressNotFollowed

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineRequest
    from azure.core.pipeline.policies import AsyncRetryPolicy, SansIOHTTPPolicy

RETRIES = 3
RETRY_BACKOFF_SECONDS = 0.4
"""One repetition at once, then after two and after four times this: people are waiting."""
LONGEST_RETRY_AFTER_SECONDS = 5.0
"""What Azure may ask for while somebody waits for the answer; longer waits the caller plans."""


async def import_off_loop(name: str) -> ModuleType:
    """Import a module on a thread, once; later calls cost nothing."""
    return await asyncio.to_thread(importlib.import_module, name)


def bounded_retry_policy(
    backoff_seconds: float = RETRY_BACKOFF_SECONDS,
) -> AsyncRetryPolicy[Any, Any]:
    """The SDK's own retries, but without sleeping as long as Azure's ``Retry-After`` likes.

    A page would hang for minutes, and a time-out would hide that Azure throttles.
    """
    from azure.core.pipeline.policies import AsyncRetryPolicy

    class BoundedRetryPolicy(AsyncRetryPolicy[Any, Any]):
        """Gives an answer back when it is not to be repeated soon."""

        def is_retry(self, settings: dict[str, Any], response: Any) -> bool:
            wait = self.get_retry_after(response)
            if wait is not None and wait > LONGEST_RETRY_AFTER_SECONDS:
                return False
            return bool(super().is_retry(settings, response))

    return BoundedRetryPolicy(retry_total=RETRIES, retry_backoff_factor=backoff_seconds)


def one_address_policy(endpoint: str) -> SansIOHTTPPolicy[Any, Any]:
    """Refuses each request that goes elsewhere than to ``endpoint``, with AddressNotFollowed.

    The SDK follows ``Azure-AsyncOperation``, ``Location`` and ``nextLink`` wherever they lead, and
    sends the bearer token along (azure-core 1.41, ``polling/async_base_polling.py``). Redirects it
    strips of the token itself.
    """
    from azure.core.pipeline.policies import SansIOHTTPPolicy

    own = _origin(endpoint)

    class OneAddressPolicy(SansIOHTTPPolicy[Any, Any]):
        """Compares scheme, host and port."""

        def on_request(self, request: PipelineRequest[Any]) -> None:
            if _origin(request.http_request.url) != own:
                raise AddressNotFollowed("Azure's answer leads to another address.")

    return OneAddressPolicy()


def _origin(url: str) -> tuple[str, str] | None:
    try:
        address = urlsplit(url.lower())
    except ValueError:
        return None
    return address.scheme, address.netloc
