"""Faults that tests put in the way of requests. Knows no Azure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Optional

import msgspec


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """What happens to the next ``times`` requests that match ``method`` and ``path``.

    With ``status``, that status and an error document are the answer; with ``reset``, the
    connection is cut without one; with ``delay_seconds`` alone, the answer comes later. A
    ``path`` is a regular expression that is searched for in the request's path.
    """

    path: str = ""
    method: str = "*"
    times: int = 1
    status: Optional[int] = None
    code: str = "InternalServerError"
    message: str = "A fault of the emulator."
    delay_seconds: float = 0.0
    reset: bool = False
    after: bool = False
    retry_after: Optional[int] = None

    def __post_init__(self) -> None:
        re.compile(self.path)
        if self.times < 1:
            raise ValueError("times must be at least 1")
        if self.delay_seconds < 0:
            raise ValueError("delay_seconds must not be negative")
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError("status must be an error, 400 to 599")

    def matches(self, method: str, path: str) -> bool:
        return self.method.upper() in ("*", method) and bool(re.search(self.path, path))


@dataclass
class Faults:
    """Faults that wait for their request, first come first served."""

    pending: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.pending.append(fault)

    def clear(self) -> None:
        self.pending.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, counted down; None when it may pass."""
        for index, fault in enumerate(self.pending):
            if fault.matches(method, path):
                if fault.times == 1:
                    self.pending.pop(index)
                else:
                    fault.times -= 1
                return fault
        return None
