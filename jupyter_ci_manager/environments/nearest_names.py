"""Names of packages that somebody may have meant. It imports nothing but the standard library.

It must not know where names are from: an engine's channels, or what a Conda has of them in a cache.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable

NEAREST = 3
"""Guesses for each name."""

_ALIKE = 0.7
_NAME = re.compile(r"[A-Za-z0-9_.-]+")


def name_in(spec: str) -> str:
    """The name of the package that a specification is about, in lower case; empty without one."""
    match = _NAME.match(spec.rpartition("::")[2].strip())
    return match.group().lower() if match else ""


def nearest_names(missing: Iterable[str], known: Collection[str]) -> list[str]:
    """Known names that look like the missing ones, the likest first, each once."""
    ordered = sorted(known)
    found = (difflib.get_close_matches(name, ordered, NEAREST, _ALIKE) for name in missing)
    return list(dict.fromkeys(guess for each in found for guess in each))


def did_you_mean(guesses: list[str]) -> str:
    """The question, with a blank before it; nothing without a guess."""
    *first, last = guesses or [""]
    named = f"{', '.join(first)} or {last}" if first else last
    return f" Did you mean {named}?" if named else ""
