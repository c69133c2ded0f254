"""Role permissions on Azure's wire: ``Permissions_ListForResource``, API version 2022-04-01."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from .base import Arm


class PermissionEntry(Arm, frozen=True):
    """What one role assignment grants and takes away."""

    actions: list[str] | None = None
    not_actions: list[str] | None = None


def permission_from_arm(raw: bytes | msgspec.Raw) -> PermissionEntry:
    """One item of the list of permissions."""
    return msgspec.json.decode(raw, type=PermissionEntry)


def allows(entries: Iterable[PermissionEntry], action: str) -> bool:
    """Whether some entry grants the action without taking it away again."""
    return any(
        _any_matches(entry.actions or [], action)
        and not _any_matches(entry.not_actions or [], action)
        for entry in entries
    )


def _any_matches(patterns: list[str], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    # The Data Scientist role denies `computes/*/write` and means `computes/write` too.
    text = re.escape(pattern).replace(r"/\*/", "/(?:.*/)?").replace(r"\*", ".*")
    return re.compile(text, re.IGNORECASE)
