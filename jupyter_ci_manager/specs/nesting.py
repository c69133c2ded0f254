"""Rules of what a spec carries along without knowing it. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..models import InstanceSpec, SpecProblem

MAX_DEPTH = 16
"""Nothing of Azure's is deeper, and what is far deeper cannot be written as JSON any more."""


def all_nesting_problems(spec: InstanceSpec) -> Iterator[SpecProblem]:
    """The same of everything in a spec that has such keys."""
    yield from nesting_problems("more", spec.more)
    for index, application in enumerate(spec.custom_applications):
        path = f"custom_applications.{index}"
        yield from nesting_problems(f"{path}.more", application.more)
        for number, volume in enumerate(application.volumes):
            yield from nesting_problems(f"{path}.volumes.{number}.more", volume.more)
    for index, mount in enumerate(spec.data_mounts):
        yield from nesting_problems(f"data_mounts.{index}.more", mount.more)


def nesting_problems(field: str, more: dict[str, Any]) -> Iterator[SpecProblem]:
    """Whether values of keys that have no field here are nested too deeply."""
    level: list[Any] = [more]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
    if level:
        yield SpecProblem(
            field,
            "NestedTooDeeply",
            f"What is nested deeper than {MAX_DEPTH} levels is nothing that Azure takes.",
        )


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
