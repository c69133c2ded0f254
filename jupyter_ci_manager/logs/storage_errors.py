"""What Azure Files answers when it does not do what it is asked, as errors of ours, once.

It tells a missing right from a network that is not let in, because only the one is mended by the
account key. ``azure.*`` is imported only when something has already failed there.
Source of the codes: "Common REST API error codes" and "Azure Files error codes", Azure Storage.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Mapping
from typing import Literal

from ..errors import (
    AzureError,
    CiManagerError,
    InvalidLogName,
    LogUnreachable,
    NotFound,
    ScriptExists,
    StorageForbidden,
)
from ..instances.azure_errors import translated

Reason = Literal["network", "rights", "key"]
"""Who refuses: the account's network rules, its access control, or its view of account keys."""

_NETWORK = frozenset(
    {"authorizationfailure", "ipauthorizationerror", "authorizationsourceipmismatch"}
)
"""``AuthorizationFailure`` is the one of the firewall: a missing role says
``AuthorizationPermissionMismatch``. Source: "Troubleshoot 403 errors", Azure Storage."""
_KEY = frozenset({"authenticationfailed", "keybasedauthenticationnotpermitted"})
_THERE = frozenset({"resourcealreadyexists"})
_NO_NAME = frozenset({"invalidresourcename", "invaliduri", "resourcetypemismatch"})

NETWORK_HINT = (
    "The storage account takes requests from selected networks only. Open this log on the compute "
    "instance itself or from a machine in the virtual network, or ask an owner of the storage "
    "account to let this network in."
)
KEY_HINT = (
    "The storage account accepts no account keys. Ask an owner for the role Storage File Data "
    "Privileged Contributor on it."
)


class Refused(Exception):
    """The share was not opened; another credential may do where the reason is no network."""

    def __init__(self, reason: Reason, message: str, request_id: str | None) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.message = message
        self.request_id = request_id

    def as_error(self, account: str) -> StorageForbidden:
        """For people, with what to do about it."""
        said = {
            "network": f"The storage account {account} does not let this network in",
            "rights": f"The storage account {account} does not let the signed-in identity in",
            "key": f"The storage account {account} does not take its account key",
        }[self.reason]
        hints = {"network": NETWORK_HINT, "key": KEY_HINT, "rights": None}
        return StorageForbidden(
            f"{said}: {self.message}",
            hint=hints[self.reason],
            details={"reason": self.reason},
            request_id=self.request_id,
        )


@contextlib.contextmanager
def storage_errors() -> Iterator[None]:
    """For what the SDK raises inside.

    Raises Refused, NotFound, ScriptExists, InvalidLogName or LogUnreachable.
    """
    try:
        with translated(), _answers():
            yield
    except AzureError as error:
        raise LogUnreachable(
            f"The workspace's file share cannot be read now: {error.message}",
            retry_after_seconds=error.retry_after_seconds,
        ) from error


@contextlib.contextmanager
def _answers() -> Iterator[None]:
    try:
        yield
    except (CiManagerError, asyncio.TimeoutError, asyncio.CancelledError):
        raise
    except Exception as error:
        mapped = _mapped(error)
        if mapped is None:
            raise
        raise mapped from error


def _mapped(error: Exception) -> Exception | None:
    from azure.core.exceptions import HttpResponseError, ServiceRequestError

    if isinstance(error, ServiceRequestError) and _is_name_unknown(error):
        # Azure Resource Manager has just named this host, so the network has names, but not this.
        return Refused("network", "its name is not known in this network.", None)
    if not isinstance(error, HttpResponseError) or error.response is None:
        return None
    headers: Mapping[str, str] = getattr(error.response, "headers", {})
    code = str(headers.get("x-ms-error-code") or getattr(error, "error_code", None) or "")
    message = _message(error, code)
    status = error.response.status_code
    if status in (401, 403):
        return Refused(_reason(code), message, headers.get("x-ms-request-id"))
    if status == 404:
        return NotFound(message, code=code or None)
    if code.lower() in _THERE:
        return ScriptExists("A file of that name is already there.")
    if code.lower() in _NO_NAME:
        return InvalidLogName(message)
    return None


def _reason(code: str) -> Reason:
    if code.lower() in _NETWORK:
        return "network"
    return "key" if code.lower() in _KEY else "rights"


def _message(error: Exception, code: str) -> str:
    # The SDK appends request id, time and code, each on a line of its own.
    text = str(getattr(error, "message", "") or error).strip()
    line = text.splitlines()[0][:300] if text else "no reason given"
    return f"{line} ({code})" if code and code not in line else line


def _is_name_unknown(error: object) -> bool:
    cause = getattr(error, "inner_exception", None)
    return isinstance(getattr(cause, "os_error", None), socket.gaierror)
