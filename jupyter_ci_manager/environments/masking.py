"""Hides tokens and passwords in what is told: addresses of channels, logs, messages of programs.

It knows how secrets look and nothing of where they are from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

HIDDEN = "<hidden>"
SHORTEST_SECRET = 6
"""Shorter ones are not looked for by themselves: they would hide half of every log."""

LONGEST_LINE = 65536
"""Bytes of a line that are held back at most, until it is known whether they end in a secret."""

_ADDRESS = re.compile(
    r"\b(?:https?|ftp|s3|socks5h?|git\+[a-z]+)://[^\s\"'<>\\^`{|}]+", re.IGNORECASE
)
_USER = re.compile(r"(?<=://)[^/?#]*@")
_TOKEN = re.compile(r"(?<=/t/)[^/?#]+")
_QUERY = re.compile(r"\?[^#]*")
_HEADER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}")
_LINE_END = re.compile(rb"[\r\n\0]")


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without users, passwords, tokens and queries in its addresses, and these secrets.

    A token is ``/t/TOKEN`` in the path, as Anaconda's servers and most mirrors take it. Source:
    "Configuration", section "Channel tokens", conda documentation.
    """
    text = _ADDRESS.sub(lambda match: _masked_address(match.group()), text)
    text = _HEADER.sub(rf"\1 {HIDDEN}", text)
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    return text


def _masked_address(address: str) -> str:
    address = _USER.sub(f"{HIDDEN}@", address, count=1)
    address = _TOKEN.sub(HIDDEN, address)
    return _QUERY.sub(f"?{HIDDEN}", address, count=1)


def without_secrets(address: str) -> str:
    """The address without user, password, token and query: it works for whoever has their own."""
    address = _USER.sub("", address, count=1)
    address = re.sub(r"/t/[^/?#]+", "", address)
    return _QUERY.sub("", address, count=1)


def secrets_of(addresses: Iterable[str]) -> frozenset[str]:
    """The tokens and passwords in addresses, as they are written there and as they are meant."""
    found: set[str] = set()
    for address in addresses:
        try:
            parts = urlsplit(address)
            user, password = parts.username, parts.password
        except ValueError:
            continue
        # In https://TOKEN@host the user is the secret; beside a password it is a name.
        secret = password or user
        found |= {secret, unquote(secret), quote(unquote(secret), safe="")} if secret else set()
        found |= set(_TOKEN.findall(parts.path))
    return frozenset(found)


class MaskedOutput:
    """Masks what a program prints, which comes in pieces: a secret may lie across two of them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = frozenset(secrets)
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """What can be told of all that has come so far: whole lines."""
        held = self._held + data
        ends = [match.end() for match in _LINE_END.finditer(held)]
        end = ends[-1] if ends else 0
        if len(held) - end > LONGEST_LINE:
            # Words are whole at a blank; a line without one is nothing that people read.
            end = max(end, held.rfind(b" ") + 1) or len(held)
        self._held = held[end:]
        return self._masked(held[:end])

    def end(self) -> bytes:
        """The rest."""
        held, self._held = self._held, b""
        return self._masked(held)

    def _masked(self, data: bytes) -> bytes:
        text = data.decode("utf-8", "surrogateescape")
        return masked(text, self._secrets).encode("utf-8", "surrogateescape")
