"""Exceptions of the Azure SDK to the errors of ``errors.py``, once, for all that calls Azure.

``azure.*`` is imported only when something has already failed there.
Source of the codes: Azure Machine Learning REST API and the threads named in docs/emulator.md.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Mapping

import msgspec

from ..errors import (
    AzureConnectionLost,
    AzureError,
    AzureServerError,
    AzureThrottled,
    AzureTimeout,
    AzureUnavailable,
    CiManagerError,
    Conflict,
    Forbidden,
    InstanceDiskFull,
    InstanceNotFound,
    NameTaken,
    NotFound,
    QuotaExceeded,
    RefusedByAzure,
    SignInRequired,
    WorkspaceNotFound,
    WrongState,
)
from .wire.base import Arm

_BY_CODE: dict[str, type[CiManagerError]] = {
    "computenotfound": InstanceNotFound,
    "resourcenotfound": WorkspaceNotFound,
    "workspacenotfound": WorkspaceNotFound,
    "resourcegroupnotfound": WorkspaceNotFound,
    "subscriptionnotfound": WorkspaceNotFound,
    "authorizationfailed": Forbidden,
    "linkedauthorizationfailed": Forbidden,
}
_BY_FRAGMENT: tuple[tuple[str, type[CiManagerError]], ...] = (
    ("quota", QuotaExceeded),
    ("allowedin", WrongState),
    ("inuse", NameTaken),
    ("nameconflict", NameTaken),
    ("alreadyexists", NameTaken),
    ("nameunavailable", NameTaken),
)
_DISK_IS_FULL = "computeinstance disk is full"
"""The one thing that is known of that refusal besides its 400 (microsoft/vscode-tools-for-ai#2605).

Its code is not, and the message may come inside another one's."""
_BY_STATUS: dict[int, type[CiManagerError]] = {
    400: RefusedByAzure,
    401: SignInRequired,
    403: Forbidden,
    404: NotFound,
    408: AzureTimeout,
    409: Conflict,
    429: AzureThrottled,
    504: AzureTimeout,
}


class _Detail(Arm, frozen=True):
    code: str | None = None
    message: str | None = None
    target: str | None = None
    details: list[_Detail] | None = None


class _Envelope(Arm, frozen=True):
    error: _Detail


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn whatever the Azure SDK raises inside into an error that a person can read."""
    try:
        yield
    except CiManagerError:
        raise
    except asyncio.TimeoutError:
        raise AzureTimeout("Azure did not answer in time.") from None
    except Exception as error:
        mapped = _from_sdk(error)
        if mapped is None:
            raise
        raise mapped from error


def _from_sdk(error: Exception) -> CiManagerError | None:
    from azure.core import exceptions as azure

    if isinstance(error, azure.HttpResponseError) and error.response is not None:
        return _from_response(error)
    if isinstance(error, azure.ClientAuthenticationError):
        return SignInRequired(f"Azure gave no token: {_first_line(error)}")
    if isinstance(error, azure.ServiceRequestTimeoutError):
        return AzureUnavailable(f"Azure could not be reached in time: {_first_line(error)}")
    if isinstance(error, azure.ServiceResponseTimeoutError):
        return AzureTimeout(f"Azure did not answer in time: {_first_line(error)}")
    if isinstance(error, azure.ServiceRequestError) and _was_never_sent(error):
        return AzureUnavailable(f"Azure could not be reached: {_first_line(error)}")
    if isinstance(
        error, (azure.ServiceRequestError, azure.ServiceResponseError, azure.IncompleteReadError)
    ):
        return AzureConnectionLost(f"The connection to Azure broke: {_first_line(error)}")
    if isinstance(error, (azure.AzureError, msgspec.DecodeError, UnicodeDecodeError)):
        return AzureError(f"Azure's answer could not be understood: {_first_line(error)}")
    return None


def _was_never_sent(error: object) -> bool:
    """Whether there was no connection yet.

    The SDK's asyncio transport raises ServiceRequestError ("safe to retry") also for a connection
    that breaks after the request went out (azure-core 1.41, ``transport/_aiohttp.py``).
    """
    from aiohttp.client_exceptions import ClientConnectorError, InvalidURL

    cause = getattr(error, "inner_exception", None)
    return isinstance(cause, (ClientConnectorError, InvalidURL))


def _from_response(error: object) -> CiManagerError:
    response = getattr(error, "response", None)
    status = int(getattr(error, "status_code", 0) or 0)
    headers: Mapping[str, str] = getattr(response, "headers", {})
    detail = _detail(response)
    code = detail.code or str(getattr(getattr(error, "error", None), "code", "") or "")
    message = detail.message or str(getattr(error, "message", "") or f"HTTP {status}")
    code, message = _innermost(code, message)
    kind = _kind(code, status, message)
    return kind(
        _first_line(message),
        # Azure's code says nothing there, and ours is what clients go by.
        code=None if kind is InstanceDiskFull else code or None,
        request_id=headers.get("x-ms-request-id"),
        retry_after_seconds=_seconds(headers.get("Retry-After")),
        details={"status": str(status), **({"target": detail.target} if detail.target else {})},
    )


def speaks_of_full_disk(message: str) -> bool:
    """Whether Azure refuses, or failed, because an instance's disk is full."""
    return _DISK_IS_FULL in message.lower()


def _kind(code: str, status: int, message: str) -> type[CiManagerError]:
    if speaks_of_full_disk(message):
        return InstanceDiskFull
    known = _BY_CODE.get(code.lower())
    if known is not None:
        return known
    for fragment, kind in _BY_FRAGMENT:
        if fragment in code.lower():
            return kind
    if status >= 500 and status != 504:
        return AzureServerError
    return _BY_STATUS.get(status, AzureError)


def _detail(response: object) -> _Detail:
    try:
        body = getattr(response, "body", None)
        content = body() if callable(body) else getattr(response, "content", b"")
        error = msgspec.json.decode(content or b"", type=_Envelope).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RuntimeError):
        # No JSON, as from a proxy, or a body that was never read: status and phrase must do.
        return _Detail()
    # UserError and its like say what happened only in their first detail.
    if error.code in (None, "UserError", "BadArgument") and error.details:
        inner = error.details[0]
        return _Detail(
            code=inner.code or error.code,
            message=inner.message or error.message,
            target=inner.target or error.target,
        )
    return error


def _innermost(code: str, message: str) -> tuple[str, str]:
    """Code and words of an error whose message is a whole document, as a failed script's is.

    Source: Azure/azure-sdk-for-go#18017.
    """
    if not message.lstrip().startswith("{"):
        return code, message
    try:
        inner = msgspec.json.decode(message, type=_Envelope).error
    except msgspec.MsgspecError:
        return code, message
    return inner.code or code, inner.message or message


def _first_line(text: object) -> str:
    line = str(text).strip().splitlines()[0] if str(text).strip() else "no reason given"
    return line[:500]


def _seconds(text: str | None) -> float | None:
    try:
        return None if text is None else max(0.0, float(text))
    except ValueError:
        return None
