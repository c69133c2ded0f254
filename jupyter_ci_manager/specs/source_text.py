"""Values as source text of JSON, YAML and Python. No value ends the literal that it is in. No I/O.

What does not show, such as characters that turn the direction of text around, is escaped in all
three, so that what somebody reads is what a program reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

_INDENT = 4
_PLAIN = re.compile(r"\$?[a-z]{3,}(?:_[a-z]+)*")
_NOT_PLAIN = frozenset({"false", "null", "off", "true", "yes"})
"""Words that one version of YAML or another takes for something else than text."""


@dataclass(frozen=True)
class Call:
    """A call with named arguments, such as one that makes an object."""

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


def json_text(value: Any) -> str:
    """JSON over several lines, in ASCII and what shows."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return "".join(c if c == "\n" or c.isprintable() else _json_escape(c) for c in text)


def _json_escape(character: str) -> str:
    return json.dumps(character, ensure_ascii=True)[1:-1] if ord(character) > 127 else "\\u007f"


class _Dumper(yaml.SafeDumper):
    """Quotes every text that is no plain word: versions of YAML differ in what they make of it."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    plain = _PLAIN.fullmatch(text) is not None and text not in _NOT_PLAIN
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _represent_text)


def yaml_text(value: Mapping[str, Any]) -> str:
    """A YAML document, which means the same in YAML 1.1 and 1.2."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=_shows(value),
        default_flow_style=False,
        sort_keys=False,
        width=2**31,
    )


def _shows(value: Any) -> bool:
    if isinstance(value, str):
        return value.replace("\n", "").isprintable()
    if isinstance(value, Mapping):
        return all(_shows(key) and _shows(each) for key, each in value.items())
    return not isinstance(value, Sequence) or all(map(_shows, value))


def python_text(value: Any, depth: int = 0) -> str:
    """An expression; what is made of parts goes over several lines."""
    if isinstance(value, Call):
        parts = [f"{key}={python_text(each, depth + 1)}" for key, each in value.arguments.items()]
        return _bracketed(f"{value.function}(", parts, ")", depth)
    if isinstance(value, dict):
        parts = [f"{key!r}: {python_text(each, depth + 1)}" for key, each in value.items()]
        return _bracketed("{", parts, "}", depth)
    if isinstance(value, list) and any(isinstance(each, (Call, dict, list)) for each in value):
        return _bracketed("[", [python_text(each, depth + 1) for each in value], "]", depth)
    return repr(value)


def _bracketed(opening: str, parts: Sequence[str], closing: str, depth: int) -> str:
    if not parts:
        return opening + closing
    indent = " " * _INDENT * (depth + 1)
    lines = "".join(f"{indent}{part},\n" for part in parts)
    return f"{opening}\n{lines}{' ' * _INDENT * depth}{closing}"
