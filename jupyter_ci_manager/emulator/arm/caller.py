"""Who acts: the claims of a bearer token. Signatures are not checked, there is nobody to trust."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import msgspec

from .errors import AuthenticationFailed, InvalidAuthenticationToken

TENANT_ID = "72f0c1de-3a4e-4b7a-9a64-6d1d5a2f0c11"


@dataclass(frozen=True)
class Caller:
    """A user or an application, as Microsoft Entra ID names it."""

    object_id: str
    tenant_id: str
    user_name: str
    is_application: bool = False


DEFAULT_CALLER = Caller(
    object_id="5d3a8c1e-7b5f-4f0e-8a55-0c7c7b1f1a01",
    tenant_id=TENANT_ID,
    user_name="amy@contoso.com",
)


def caller_of(authorization: str | None) -> Caller:
    """Read an ``Authorization`` header.

    A token that is a JWT says who acts with the claims ``oid``, ``tid`` and ``upn``,
    ``preferred_username``, ``unique_name`` or ``name`` ("Access token claims reference",
    learn.microsoft.com); any other token is the default user's.

    Raises:
        AuthenticationFailed: there is no bearer token.
        InvalidAuthenticationToken: it looks like a JWT and cannot be read.
    """
    scheme, _, token = (authorization or "").strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise AuthenticationFailed
    if token.count(".") != 2:
        return DEFAULT_CALLER
    claims = _claims(token)
    object_id = claims.get("oid")
    if object_id is None:
        return DEFAULT_CALLER
    names = (claims.get(key) for key in ("upn", "preferred_username", "unique_name", "name"))
    name = next((str(value) for value in names if value), str(claims.get("appid", object_id)))
    return Caller(
        object_id=str(object_id),
        tenant_id=str(claims.get("tid", TENANT_ID)),
        user_name=name,
        is_application=claims.get("idtyp") == "app",
    )


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    try:
        padded = payload + "=" * (-len(payload) % 4)
        claims = msgspec.json.decode(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError) as error:
        raise InvalidAuthenticationToken from error
    if not isinstance(claims, dict):
        raise InvalidAuthenticationToken
    return claims
