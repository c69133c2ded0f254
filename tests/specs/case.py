"""Values that people and programs put into the fields of a spec, and what becomes of each.

For each field at least: empty, at the boundary, over-long, of the wrong type, hostile, and together
with what it does not go with. ``code`` is the problem's; UNREADABLE: the request cannot be decoded;
None: the value is taken as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

UNREADABLE = "BadRequest"
HOSTILE = ("$(reboot)", "'; DROP TABLE x; --", "\x00", "a\nb", "\u202e", "{{7*7}}", "../../etc")


@dataclass(frozen=True)
class Case:
    """Changes to a sound spec, the field that they are about, and what is said of it."""

    field: str
    changes: dict[str, Any]
    code: str | None = None
    severity: str = "error"

    @property
    def section(self) -> str:
        return self.field.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.field}={str(self.changes)[:40]!r}→{self.code}"


def of(field: str, code: str | None, *values: Any, severity: str = "error") -> list[Case]:
    """Each of the values in a field of the top level."""
    return [Case(field, {field: value}, code, severity) for value in values]


def deep(field: str, code: str | None, *values: Any, **kept: Any) -> list[Case]:
    """Each of the values in a field of an object, beside what the object needs."""
    top, _, part = field.partition(".")
    return [Case(field, {top: {**kept, part: value}}, code) for value in values]


def nested(depth: int) -> dict[str, Any]:
    """An object in an object in an object."""
    value: dict[str, Any] = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value
