"""What was asked of the emulator, so that tests can count it. Knows no Azure."""

from __future__ import annotations

import re
from collections import Counter, deque
from datetime import datetime

import msgspec

KEPT = 100_000


class LoggedRequest(msgspec.Struct):
    """One request and the status it got; None while it is under way or when it was cut."""

    method: str
    path: str
    query: str
    time: datetime
    user: str | None = None
    status: int | None = None


class RequestLog:
    """The latest requests in the order they came."""

    def __init__(self) -> None:
        self._requests: deque[LoggedRequest] = deque(maxlen=KEPT)

    def __len__(self) -> int:
        return len(self._requests)

    def add(self, request: LoggedRequest) -> None:
        """Note a request that has come in."""
        self._requests.append(request)

    def clear(self) -> None:
        """Forget what was asked so far."""
        self._requests.clear()

    def matching(self, method: str = "*", path: str = "") -> list[LoggedRequest]:
        """Requests by method and by a regular expression searched for in the path."""
        pattern = re.compile(path, re.IGNORECASE)
        return [
            request
            for request in self._requests
            if method.upper() in ("*", request.method) and pattern.search(request.path)
        ]

    def count(self, method: str = "*", path: str = "") -> int:
        """How many requests match."""
        return len(self.matching(method, path))

    def counts(self) -> dict[str, int]:
        """How often each ``METHOD path`` was asked for."""
        return dict(Counter(f"{each.method} {each.path}" for each in self._requests))
