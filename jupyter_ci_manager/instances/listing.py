"""Which instances of a list are shown, in which order, and a page at a time. No I/O."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from ..errors import BadRequest
from ..models import Instance


def contains(item: Instance, text: str) -> bool:
    """Whether name, state, size or a person of the instance contains the text, in any case."""
    if not text:
        return True
    people = [person.name for person in (item.created_by, item.assigned_to) if person]
    values = [item.name, item.state, item.vm_size, *people]
    return any(text.lower() in value.lower() for value in values if value)


def order(items: list[Instance], sort: str) -> list[Instance]:
    """The items by a key; equal ones stay in the order of names, unknown values come last."""
    descending = sort.startswith("-")
    key = _KEYS[sort.removeprefix("-")]
    by_name = sorted(items, key=lambda item: item.name.lower())
    known = [item for item in by_name if key(item) is not None]
    unknown = [item for item in by_name if key(item) is None]
    return [*sorted(known, key=key, reverse=descending), *unknown]


def _owner(item: Instance) -> str | None:
    owner = item.assigned_to or item.created_by
    return owner.name.lower() if owner and owner.name else None


_KEYS: dict[str, Callable[[Instance], Any]] = {
    "name": lambda item: item.name.lower(),
    "state": lambda item: item.state.lower(),
    "vm_size": lambda item: item.vm_size.lower() or None,
    "owner": _owner,
    "created_at": lambda item: item.created_at,
    "state_since": lambda item: item.state_since,
}


def cursor_at(offset: int) -> str:
    """What a client passes back to go on at ``offset``."""
    return base64.urlsafe_b64encode(f"from:{offset}".encode()).decode()


def offset_of(cursor: str) -> int:
    """Where a page begins. Raises BadRequest for what no server of ours gave."""
    if not cursor:
        return 0
    try:
        kind, _, number = base64.urlsafe_b64decode(cursor).decode().partition(":")
        offset = int(number)
    except (ValueError, binascii.Error, UnicodeDecodeError):
        kind, offset = "", -1
    if kind != "from" or offset < 0:
        raise BadRequest("The cursor is not one that this server gave.")
    return offset
