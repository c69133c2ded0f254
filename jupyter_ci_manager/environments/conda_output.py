"""Reads what ``conda … --json`` writes: objects of progress with a NUL after each, then the answer.

It must not know what was asked. Between the documents there may be text of anybody's: plugins,
scripts of packages, warnings (conda/conda#12231, #14569). Nothing is trusted to be there.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeGuard

from msgspec import Struct

from ..models import PlannedPackage

MOST_BYTES = 8 * 1024 * 1024
"""Of an answer: one with a thousand errors has 0.75 MB. What is beyond is left out."""

_NAME_WIDTH = 20
"""conda cuts the name and version of what it fetches to that: ``prompt-toolkit-3.0.5``."""
_SIZE = re.compile(r"(\d+(?:\.\d+)?) (B|KB|MB|GB|TB)\b")
_UNITS = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
_ANSWER_KEYS = frozenset({"success", "exception_name", "errors", "actions"})


class Fetched(Struct, frozen=True):
    """How far one download is."""

    name: str
    """Name and version, which may be cut."""
    bytes: int | None
    """Of all of it, to the precision of three digits."""
    fraction: float
    finished: bool


class CondaOutput:
    """Takes it apart as it comes. ``on_text`` gets the lines that are no JSON."""

    def __init__(self, on_text: Callable[[str], None]) -> None:
        self._on_text = on_text
        self._held = bytearray()

    def feed(self, data: bytes) -> list[Fetched]:
        """The progress in it."""
        self._held += data[: max(0, MOST_BYTES - len(self._held))]
        *parts, rest = self._held.split(b"\0")
        self._held = rest
        return [fetched for part in parts for fetched in self._progress(bytes(part))]

    def _progress(self, part: bytes) -> Iterator[Fetched]:
        for document in self._documents(part.decode("utf-8", "replace")):
            fetched = _fetched(document)
            if fetched is not None:
                yield fetched
            elif _is_answer(document):
                # Kept for the end: something has printed a NUL after it.
                self._held[:0] = json.dumps(document).encode() + b"\n"

    def end(self) -> list[dict[str, Any]]:
        """The answers; none where it ended without, as after an explicit list of packages."""
        text = self._held.decode("utf-8", "replace")
        self._held = bytearray()
        return [document for document in self._documents(text) if _is_answer(document)]

    def _documents(self, text: str) -> Iterator[dict[str, Any]]:
        decoder = json.JSONDecoder()
        end = 0
        position = text.find("{")
        while position >= 0:
            try:
                document, stop = decoder.raw_decode(text, position)
            except (ValueError, RecursionError):
                position = text.find("{", position + 1)
                continue
            if isinstance(document, dict):
                self._tell(text[end:position])
                yield document
                end = stop
            position = text.find("{", stop)
        self._tell(text[end:])

    def _tell(self, text: str) -> None:
        for line in text.splitlines():
            if line.strip():
                self._on_text(line.rstrip())


class Downloads:
    """Adds up how much of everything is there. Knows the exact sizes where there was a plan."""

    def __init__(self, planned: Iterable[PlannedPackage] | None) -> None:
        self._known: dict[str, tuple[str, int]] = {}
        self._total: int | None = None
        if planned is not None:
            wanted = [package for package in planned if package.download_bytes]
            self._total = sum(package.download_bytes or 0 for package in wanted)
            for package in wanted:
                whole = f"{package.name}-{package.version}"
                self._known[whole[:_NAME_WIDTH]] = (whole, package.download_bytes or 0)
        self._fractions: dict[str, tuple[float, int]] = {}
        self.unfinished: set[str] = set()
        """What has been begun and is not known to have ended, as it is cut."""

    def add(self, fetched: Fetched) -> tuple[str, int, int | None]:
        """Which package it is about, how many bytes are there of all, and of how many."""
        name, size = self._known.get(fetched.name, (fetched.name, fetched.bytes or 0))
        self._fractions[fetched.name] = (1.0 if fetched.finished else fetched.fraction, size)
        if fetched.finished:
            self.unfinished.discard(fetched.name)
        else:
            self.unfinished.add(fetched.name)
        done = sum(round(fraction * size) for fraction, size in self._fractions.values())
        return name, done if self._total is None else min(done, self._total), self._total

    @property
    def names(self) -> frozenset[str]:
        """Everything that a download was begun of, as it is cut."""
        return frozenset(self._fractions)


def _is_answer(document: dict[str, Any]) -> bool:
    # Of an answer that was cut off only inner objects can be read; none of them has such a key but
    # an error among several, which is one.
    return not _ANSWER_KEYS.isdisjoint(document)


def _fetched(document: dict[str, Any]) -> Fetched | None:
    """``{"fetch": "pip-26.3  | 1.6 MB  | ", "finished": false, "maxval": 1, "progress": 0.5}``."""
    described, progress = document.get("fetch"), document.get("progress")
    if not isinstance(described, str) or not _is_number(progress):
        return None
    name, _, size = described.partition("|")
    found = _SIZE.search(size)
    most = document.get("maxval")
    whole = float(most) if _is_number(most) and most > 0 else 1.0
    return Fetched(
        name.strip(),
        round(float(found.group(1)) * _UNITS[found.group(2)]) if found else None,
        min(max(float(progress) / whole, 0.0), 1.0),
        bool(document.get("finished")),
    )


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and math.isfinite(value)
