"""Faults that tests put in the way of requests. Knows no Azure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import msgspec


class OperationError(msgspec.Struct, forbid_unknown_fields=True):
    """How an operation that was accepted fails in the end."""

    code: str
    message: str


class Fault(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What happens to the next ``times`` requests that match ``method`` and ``path``.

    ``status``: that status with an error document (and ``retry_after``) is the answer.
    ``location``: a redirect to there is the answer.
    ``size_bytes``: so many bytes that say nothing are the answer.
    ``reset``: the connection is cut without an answer.
    ``after``: the work is done first, and then its answer is replaced or lost.
    ``delay_seconds``: real seconds before anything happens.
    ``operation_error``: the request is accepted, and the operation it begins fails with this.

    ``path`` is a regular expression that is searched for in the request's path, in any case.
    Raises ValueError for values that make no sense.
    """

    path: str = ""
    method: str = "*"
    times: int = 1
    status: int | None = None
    code: str = "InternalServerError"
    message: str = "A fault that the emulator was told to have."
    location: str | None = None
    size_bytes: int | None = None
    delay_seconds: float = 0.0
    reset: bool = False
    after: bool = False
    retry_after: int | None = None
    operation_error: OperationError | None = None

    def __post_init__(self) -> None:
        """Refuse what could never happen."""
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"path is not a regular expression: {error}") from error
        if self.times < 1:
            raise ValueError("times must be at least 1")
        if self.delay_seconds < 0:
            raise ValueError("delay_seconds must not be negative")
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError("status must be an error, 400 to 599")

    def matches(self, method: str, path: str) -> bool:
        """Whether this fault is meant for a request."""
        named = self.method.upper() in ("*", method)
        return named and re.search(self.path, path, re.IGNORECASE) is not None


@dataclass
class Faults:
    """Faults that wait for their request, first come first served."""

    pending: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Let ``fault`` wait for its request."""
        self.pending.append(fault)

    def clear(self) -> None:
        """Forget every fault."""
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
