"""Who may do what: roles, as far as compute instances are concerned. Knows no HTTP.

Actions of the roles: "Azure built-in roles for AI + machine learning" (learn.microsoft.com). That
``computes/*/write`` denies ``computes/write``, too, is what the Data Scientist role is meant to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .caller import Caller

WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
COMPUTES = f"{WORKSPACES}/computes"


@dataclass(frozen=True)
class Role:
    """What a role grants, and what it takes away of that."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """Whether it grants an action."""
        return _matches(self.actions, action) and not _matches(self.not_actions, action)

    def document(self) -> dict[str, Any]:
        """``Permission``."""
        return {
            "actions": list(self.actions),
            "notActions": list(self.not_actions),
            "dataActions": [],
            "notDataActions": [],
        }


OWNER = Role(("*",))
ROLES = {
    "Owner": OWNER,
    "Reader": Role(("*/read",)),
    "AzureML Data Scientist": Role(
        tuple(f"{WORKSPACES}/*/{each}" for each in ("read", "action", "delete", "write")),
        (
            f"{WORKSPACES}/delete",
            f"{WORKSPACES}/write",
            f"{COMPUTES}/*/write",
            f"{COMPUTES}/*/delete",
            f"{COMPUTES}/listKeys/action",
            f"{WORKSPACES}/listKeys/action",
        ),
    ),
    "AzureML Compute Operator": Role(
        (f"{COMPUTES}/*", f"{WORKSPACES}/notebooks/vm/*", f"{WORKSPACES}/read")
    ),
}
"""By their names."""


class Roles:
    """The roles of everybody; who has none assigned is an owner."""

    def __init__(self) -> None:
        self._assigned: dict[str, list[Role]] = {}

    def assign(self, object_id: str, roles: list[Role]) -> None:
        """Give somebody these roles and no others; none at all is possible."""
        self._assigned[object_id.lower()] = roles

    def forget(self, object_id: str) -> None:
        """Make somebody an owner again."""
        self._assigned.pop(object_id.lower(), None)

    def of(self, caller: Caller) -> list[Role]:
        """The roles of who asks."""
        return self._assigned.get(caller.object_id.lower(), [OWNER])

    def allow(self, caller: Caller, action: str) -> bool:
        """Whether one of the caller's roles grants an action."""
        return any(role.allows(action) for role in self.of(caller))


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    text = ".*".join(re.escape(part) for part in pattern.split("*")).replace("/.*/", "/(?:.*/)?")
    return re.compile(text, re.IGNORECASE)
