"""Azure's objects that have fields here, and keys that have none. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


def merged(more: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Both together; of a key that both have, the value of ``own``, object by object."""
    return {**more, **{key: _one(more.get(key), value) for key, value in own.items()}}


def _one(more: Any, own: Any) -> Any:
    both_objects = isinstance(more, dict) and isinstance(own, dict)
    return merged(more, own) if both_objects else own


def without(given: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """What is left of an object, without what it says nothing with."""
    return {key: value for key, value in given.items() if key not in keys and value is not None}
