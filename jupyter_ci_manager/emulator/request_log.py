"""What was asked of the emulator, so that tests can count it. Knows no Azure."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Optional

import msgspec


class LoggedRequest(msgspec.Struct):
    """One request and the status it got; None while it is under way or when it was cut."""

    method: str
    path: str
    query: str
    time: datetime
    user: Optional[str] = None
    status: Optional[int] = None


class RequestLog:
    """Requests in the order they came."""

    def __init__(self) -> None:
        self._requests: list[LoggedRequest] = []

    def __len__(self) -> int:
        return len(self._requests)

    def add(self, request: LoggedRequest) -> None:
        self._requests.append(request)

    def clear(self) -> None:
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
        return len(self.matching(method, path))

    def counts(self) -> dict[str, int]:
        """How often each ``METHOD path`` was asked for."""
        return dict(Counter(f"{each.method} {each.path}" for each in self._requests))
