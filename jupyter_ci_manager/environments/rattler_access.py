"""What lets the embedded engine into channels, apart from their addresses.

What is in an address gets into the records of an environment, which anybody may read and which are
exported. It reads no file. Source of the format: ``rattler_networking``'s ``FileStorage`` and
``Authentication``; the key is a host without its port.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from .masking import without_secrets

Credential = dict[str, str | dict[str, str]]

_TOKEN = re.compile(r"/t/([^/]+)")


def access(addresses: Iterable[str]) -> dict[str, Credential]:
    """By host, what its channels are asked with; nothing of a host that wants two."""
    found: dict[str, Credential] = {}
    doubtful: set[str] = set()
    for address in addresses:
        host, credential = _credential(address)
        if credential is None:
            continue
        if found.setdefault(host, credential) != credential:
            doubtful.add(host)
    return {host: each for host, each in found.items() if host not in doubtful}


def without_access(address: str, known: dict[str, Credential]) -> str:
    """The address as rattler is told it: clean where it can have what it needs otherwise."""
    host, credential = _credential(address)
    return without_secrets(address) if credential and known.get(host) == credential else address


def _credential(address: str) -> tuple[str, Credential | None]:
    try:
        parts = urlsplit(address)
        host, user, password = parts.hostname or "", parts.username, parts.password
    except ValueError:
        return "", None
    token = _TOKEN.match(parts.path)
    if user is not None and not token:
        basic = {"username": unquote(user), "password": unquote(password or "")}
        return host, {"BasicHTTP": basic}
    # Rattler puts a token before the whole path: elsewhere it must stay where it is.
    if token and user is None:
        return host, {"CondaToken": token[1]}
    return host, None
