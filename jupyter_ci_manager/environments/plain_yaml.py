"""YAML from somebody else, as nothing but texts, lists and mappings of texts.

``3.10`` stays a text and does not become 3.1. What grows when it is read (anchors that refer to
anchors), what would call code (tags) and what is nested without end is refused before it is built.
It knows nothing of what the text describes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import yaml

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
"""``null``, ``~`` and nothing at all are texts too: ``is_nothing`` tells them."""

MAX_DEPTH = 20
MAX_NODES = 400_000
"""Counted as often as they are referred to. A lock file for four platforms has some 100 000."""

# The parser in C is ten times as fast; it is in every wheel, but not in every build.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class NotPlain(Exception):
    """It is no YAML, or none that one can take; the message is a sentence without a period."""


def is_nothing(value: Plain) -> bool:
    """Whether the value says that there is none."""
    return value in ("", "~", "null", "Null", "NULL")


def read_plain(text: str) -> Plain:
    """What the text holds. Raises NotPlain.

    Event by event: composing all of it in one call of the C library would hold the interpreter's
    lock, and with it the event loop, for seconds.
    """
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.see(event)
    except yaml.MarkedYAMLError as error:
        raise NotPlain(_told(error)) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise NotPlain(f"it is not YAML: {str(error).splitlines()[0][:200]}") from None
    return builder.value


@dataclass
class _Open:
    """A list or mapping whose end has not been seen."""

    value: list[Plain] | dict[str, Plain]
    anchor: str | None
    nodes: int = 1
    key: str | None = None
    """Of a mapping: the key whose value comes next."""


@dataclass(frozen=True)
class _Anchored:
    value: Plain
    nodes: int


class _Builder:
    """Makes the value, and counts what it comes to."""

    def __init__(self) -> None:
        self.value: Plain = ""
        self._open: list[_Open] = []
        self._anchored: dict[str, _Anchored] = {}
        self._documents = 0

    def see(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            _check_tag(event)
            if self._is_key_next:
                self._key(event)
            else:
                self._add(event.value, 1, event.anchor)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = self._open.pop()
            self._add(closed.value, closed.nodes, closed.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._refer(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise NotPlain("it has more than one document in it")

    @property
    def _is_key_next(self) -> bool:
        return bool(self._open) and self._open[-1].key is None and not self._is_in_list

    @property
    def _is_in_list(self) -> bool:
        return isinstance(self._open[-1].value, list)

    def _key(self, event: yaml.ScalarEvent) -> None:
        above, key = self._open[-1], event.value
        if key in above.value:
            raise NotPlain(f"{_line(event)} has {key[:80]!r} for the second time")
        if key == "<<":
            raise NotPlain(f"{_line(event)} merges mappings, which is not taken here")
        above.key = key

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        _check_tag(event)
        if self._is_key_next:
            raise NotPlain(f"{_line(event)} has a key that is no text")
        if len(self._open) == MAX_DEPTH:
            raise NotPlain(f"{_line(event)} is nested more than {MAX_DEPTH} deep")
        begun: list[Plain] | dict[str, Plain] = (
            {} if isinstance(event, yaml.MappingStartEvent) else []
        )
        self._open.append(_Open(begun, event.anchor))

    def _refer(self, event: yaml.AliasEvent) -> None:
        anchored = self._anchored.get(event.anchor or "")
        if anchored is None:
            raise NotPlain(f"{_line(event)} refers to *{event.anchor}, which is not complete there")
        if self._is_key_next:
            raise NotPlain(f"{_line(event)} has a key that is no text")
        self._add(anchored.value, anchored.nodes, None)

    def _add(self, value: Plain, nodes: int, anchor: str | None) -> None:
        if anchor is not None:
            self._anchored[anchor] = _Anchored(value, nodes)
        if not self._open:
            self.value = value
            return
        above = self._open[-1]
        above.nodes += nodes
        if above.nodes > MAX_NODES:
            raise NotPlain("it becomes too large: its anchors multiply, or it is no such file")
        if isinstance(above.value, list):
            above.value.append(value)
        elif above.key is not None:
            above.value[above.key] = value
            above.key = None


def _check_tag(event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
    tag = event.tag
    if tag is not None and tag not in ("!", "tag:yaml.org,2002:str"):
        raise NotPlain(f"{_line(event)} has the tag {str(tag)[:80]!r}; tags are not taken here")


def _line(event: yaml.Event) -> str:
    return f"line {event.start_mark.line + 1}" if event.start_mark else "a line"


def _told(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    where = f"line {mark.line + 1}: " if mark is not None else ""
    return f"it is not YAML: {where}{error.problem or error.context}"
