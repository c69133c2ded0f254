"""A problem of a spec as the error that refuses it. No I/O."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import (
    CiManagerError,
    FieldLocked,
    InvalidIdleShutdown,
    InvalidInstanceSpec,
    InvalidName,
    InvalidSetupScript,
    UnknownVmSize,
)
from ..models import SpecProblem

_CLASSES: dict[str, type[CiManagerError]] = {
    kind.code: kind
    for kind in (FieldLocked, InvalidIdleShutdown, InvalidName, InvalidSetupScript, UnknownVmSize)
}


def refuse(problems: Iterable[SpecProblem]) -> None:
    """Raises the first that is an error; its details name the field."""
    for problem in problems:
        if problem.severity == "error":
            kind = _CLASSES.get(problem.code, InvalidInstanceSpec)
            raise kind(problem.message, hint=problem.hint, code=problem.code).about(problem.field)


def problem_of(error: CiManagerError, field: str) -> SpecProblem:
    """An error as a problem of a field."""
    body = error.body
    return SpecProblem(field, body.code, body.message, body.hint)
