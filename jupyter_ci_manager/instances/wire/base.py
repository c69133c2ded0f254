"""What all of Azure's JSON has in common: camel case, pages, times."""

from __future__ import annotations

from datetime import datetime, timezone

import msgspec
from msgspec import Struct


class Arm(Struct, rename="camel", frozen=True):
    """Base of what Azure sends: camel case, unknown keys ignored."""


class Page(Struct, frozen=True):
    """A page of any list, its items still undecoded."""

    value: list[msgspec.Raw] = []
    next_link: str | None = msgspec.field(default=None, name="nextLink")


def parse_time(text: str | None) -> datetime | None:
    """A time of Azure's, with up to seven digits after the second, as aware UTC, or None."""
    if not text:
        return None
    try:
        time = msgspec.convert(text, datetime)
        return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
    except (msgspec.ValidationError, OverflowError):
        return None
