"""ISO 8601 durations as Azure writes them. No I/O."""

from __future__ import annotations

from datetime import timedelta

import msgspec


def duration_from_iso(text: str) -> timedelta | None:
    """A duration such as ``PT60M`` or ``P1DT2H``; None where the text is none."""
    try:
        return msgspec.convert(text, timedelta)
    except msgspec.ValidationError:
        return None
