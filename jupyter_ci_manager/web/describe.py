"""What a handler method takes and answers, said once beside it and read by ``openapi.py``.

It knows nothing of Jupyter, Azure or any service.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from msgspec import Struct

Method = TypeVar("Method", bound=Callable[..., object])

_ATTRIBUTE = "__ci_manager_endpoint__"


@dataclass(frozen=True)
class Bytes:
    """An answer that is no JSON, and the headers that say more of it, each with what it says."""

    headers: tuple[tuple[str, str], ...] = ()


Answer = type[Struct] | Bytes | None
"""None: without content, or JSON of another kind."""


@dataclass(frozen=True)
class Endpoint:
    """The contract of one method of one route."""

    summary: str
    answers: dict[int, Answer]
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    errors: tuple[int, ...] = ()


def endpoint(
    summary: str,
    *,
    answers: dict[int, Answer],
    query: type[Struct] | None = None,
    body: type[Struct] | None = None,
    errors: tuple[int, ...] = (),
) -> Callable[[Method], Method]:
    """Attach the contract to a handler method without changing what it does."""
    contract = Endpoint(summary, answers, query, body, errors)

    def attach(method: Method) -> Method:
        setattr(method, _ATTRIBUTE, contract)
        return method

    return attach


def endpoint_of(method: object) -> Endpoint | None:
    """The contract of a handler method; None where it has none."""
    found = getattr(method, _ATTRIBUTE, None)
    return found if isinstance(found, Endpoint) else None
