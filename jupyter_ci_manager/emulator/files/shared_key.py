"""Signatures with the key of a storage account: "Authorize with Shared Key" (learn.microsoft.com).

Knows no HTTP handlers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from .errors import AuthenticationFailed

SIGNED_HEADERS = (
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-MD5",
    "Content-Type",
    "Date",
    "If-Modified-Since",
    "If-Match",
    "If-None-Match",
    "If-Unmodified-Since",
    "Range",
)
ACCEPTED_SKEW_SECONDS = 15 * 60


def string_to_sign(
    method: str, path: str, query: str, headers: Mapping[str, str], account: str
) -> str:
    """What is signed; ``path`` and ``query`` as they came, percent signs included.

    The order of the ``x-ms-`` headers is the service's, in which a hyphen counts only between
    names that are the same without: ``_storage_header_sort`` of azure-storage-file-share.
    """
    standard = [headers.get(name, "") for name in SIGNED_HEADERS]
    if standard[2] == "0":
        standard[2] = ""
    own = sorted(
        ((name.lower(), value.strip()) for name, value in headers.items() if _is_own(name)),
        key=lambda header: (header[0].replace("-", ""), header[0]),
    )
    parameters: dict[str, list[str]] = {}
    for each in filter(None, query.split("&")):
        name, _, value = each.partition("=")
        parameters.setdefault(unquote(name).lower(), []).append(unquote(value))
    resource = f"/{account}{path}" + "".join(
        f"\n{name}:{','.join(sorted(values))}" for name, values in sorted(parameters.items())
    )
    canonical = "".join(f"{name}:{value}\n" for name, value in own)
    return "\n".join([method, *standard]) + f"\n{canonical}{resource}"


def signature(key: str, text: str) -> str:
    """HMAC-SHA256 with a key in base64."""
    signed = hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256)
    return base64.b64encode(signed.digest()).decode()


def check(authorization: str, signed: str, *, account: str, key: str) -> None:
    """Raises AuthenticationFailed unless what follows ``SharedKey`` is the account's signature."""
    name, _, given = authorization.partition(":")
    if name != account:
        raise AuthenticationFailed(f"The account {name!r} is not {account!r}.")
    if not hmac.compare_digest(given.encode(), signature(key, signed).encode()):
        raise AuthenticationFailed(
            f"The MAC signature found in the HTTP request '{given}' is not the same as any "
            f"computed signature. Server used following string to sign: {signed!r}."
        )


def check_date(headers: Mapping[str, str], now: float) -> None:
    """Raises AuthenticationFailed for a date that is missing or more than 15 minutes off."""
    date = headers.get("x-ms-date") or headers.get("Date") or ""
    try:
        sent = parsedate_to_datetime(date).timestamp()
    except ValueError as error:
        raise AuthenticationFailed("The Date header in the request is incorrect.") from error
    if abs(now - sent) > ACCEPTED_SKEW_SECONDS:
        raise AuthenticationFailed(f"Request date header too old: '{date}'")


def _is_own(name: str) -> bool:
    return name.lower().startswith("x-ms-")
