"""What all models share, and how errors are told."""

from __future__ import annotations

from msgspec import Struct


class Wire(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything that crosses our HTTP API: frozen, and strict on unknown keys."""


class ErrorBody(Wire, frozen=True):
    """What went wrong, why, and what to do next. Shown to people as it is."""

    code: str
    """Stable, for programs: one of the codes of ``errors.py`` or Azure's own."""
    message: str
    hint: str | None = None
    details: dict[str, str] | None = None
    request_id: str | None = None
    """Azure's ``x-ms-request-id`` where a call to Azure failed."""


class ErrorResponse(Wire, frozen=True):
    """The body of every answer with a status of 400 or more."""

    error: ErrorBody
