"""Operations as rows of the journal's table, and back. It knows no database."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import datetime

import msgspec

from .models import ErrorBody, Operation, WorkProgress

COLUMNS = (
    "id, kind, target, workspace_id, state, message, created_at, progress, error, cancellable, "
    "started_at, ended_at, revision, detail"
)
_DOCUMENTS: dict[str, type[msgspec.Struct]] = {"error": ErrorBody, "detail": WorkProgress}
"""Columns that hold JSON."""


def row_of(operation: Operation) -> tuple[str | float | int | None, ...]:
    """Its values, in the order of the columns."""
    return (
        operation.id,
        operation.kind,
        operation.target,
        operation.workspace_id,
        operation.state,
        operation.message,
        operation.created_at.isoformat(),
        operation.progress,
        _json(operation.error),
        int(operation.cancellable),
        _iso(operation.started_at),
        _iso(operation.ended_at),
        operation.revision,
        _json(operation.detail),
    )


def operations_in(rows: Iterable[tuple[object, ...]]) -> list[Operation]:
    """The rows as models, without those of a kind or state that only a newer version knows.

    Two versions share the file while one server is still to be restarted after an upgrade.
    """
    found = []
    for row in rows:
        with contextlib.suppress(msgspec.ValidationError):
            found.append(_operation(row))
    return found


def _operation(row: tuple[object, ...]) -> Operation:
    names = [name.strip() for name in COLUMNS.split(",")]
    fields: dict[str, object] = dict(zip(names, row, strict=True))
    for name, type_ in _DOCUMENTS.items():
        text = fields[name]
        fields[name] = msgspec.json.decode(text, type=type_) if isinstance(text, str) else None
    fields["cancellable"] = bool(fields["cancellable"])
    return msgspec.convert(fields, Operation)


def _json(document: msgspec.Struct | None) -> str | None:
    return None if document is None else msgspec.json.encode(document).decode()


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
