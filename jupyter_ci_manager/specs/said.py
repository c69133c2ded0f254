"""What a model says beyond its defaults, as plain data. No I/O."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import fields


def said(value: Any) -> Any:
    """JSON's own types; of an object only the fields that differ from their defaults."""
    if isinstance(value, msgspec.Struct):
        return {
            each.encode_name: said(getattr(value, each.name))
            for each in fields(value)
            if each.required or getattr(value, each.name) != _default(each)
        }
    if isinstance(value, list):
        return [said(each) for each in value]
    if isinstance(value, dict):
        return {key: said(each) for key, each in value.items()}
    return value


def _default(one: msgspec.structs.FieldInfo) -> Any:
    return one.default if one.default_factory is msgspec.NODEFAULT else one.default_factory()
