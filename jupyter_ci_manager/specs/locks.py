"""Fields of a spec that an administrator has fixed. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import inspect

from ..errors import FieldLocked
from ..models import InstanceSpec, SpecProblem

_NEVER = frozenset({"name"})
"""Names are unique within a region: fixed, it would be good for one instance."""


@dataclass(frozen=True)
class Locks:
    """Paths of fields, and the spec that says what each of them has to hold."""

    defaults: InstanceSpec = field(default_factory=InstanceSpec)
    fields: tuple[str, ...] = ()

    def problems(self, spec: InstanceSpec) -> list[SpecProblem]:
        """A problem for each fixed field that holds something else."""
        if not self.fields:
            return []
        wanted, given = msgspec.to_builtins(self.defaults), msgspec.to_builtins(spec)
        return [
            SpecProblem(
                path,
                FieldLocked.code,
                f"The administrator has fixed {path}: {_words(part(wanted, path))}.",
                FieldLocked.hint,
            )
            for path in self.fields
            if not _same(path, part(wanted, path), part(given, path))
        ]


def part(value: Any, path: str) -> Any:
    """What is at a path; None where there is nothing. Names of tags may have dots in them."""
    if not path:
        return value
    if isinstance(value, dict) and path in value:
        return value[path]
    key, _, rest = path.partition(".")
    if isinstance(value, dict):
        return part(value.get(key), rest)
    if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
        return part(value[int(key)], rest)
    return None


def _same(path: str, wanted: Any, given: Any) -> bool:
    if path == "vm_size":
        # Azure does not tell sizes apart by capitals.
        return str(wanted).lower() == str(given).lower()
    return bool(wanted == given)


def _words(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "it is left out"
    if isinstance(value, (dict, list)):
        return "see GET ci-manager/specs/defaults"
    return f"it is {value}"


def path_problem(path: str) -> str | None:
    """Why no field of a spec is at a path; None where one is, or can be."""
    if path in _NEVER:
        return f"{path} cannot be fixed."
    kinds = [inspect.type_info(InstanceSpec)]
    for key in path.split("."):
        kinds = [inner for kind in kinds for inner in _within(kind, key)]
        if not kinds:
            return f"A spec has no field {path!r}: there is no {key!r}."
    return None


def _within(kind: inspect.Type, key: str) -> Iterator[inspect.Type]:
    """What may be at a key of a type; a name in an object of names may be anything."""
    if isinstance(kind, inspect.Metadata):
        yield from _within(kind.type, key)
    elif isinstance(kind, inspect.UnionType):
        for each in kind.types:
            yield from _within(each, key)
    elif isinstance(kind, inspect.StructType):
        yield from (each.type for each in kind.fields if each.encode_name == key)
    elif isinstance(kind, inspect.ListType) and key.isdecimal():
        yield kind.item_type
    elif isinstance(kind, inspect.DictType) and key:
        yield kind.value_type
        yield kind
