"""The query strings that routes accept, as models. It knows no HTTP beyond their names."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ..models import ExportFormat

SortKey = Literal[
    "name",
    "-name",
    "state",
    "-state",
    "vm_size",
    "-vm_size",
    "owner",
    "-owner",
    "created_at",
    "-created_at",
    "state_since",
    "-state_since",
]

MAX_PAGE = 5000


class Query(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all query strings: unknown parameters are errors, not surprises."""


class NoQuery(Query, frozen=True):
    """A route without parameters."""


class Refresh(Query, frozen=True):
    """Ask Azure again instead of the cache."""

    refresh: bool = False


class AnywayQuery(Query, frozen=True):
    """What was held back is done all the same."""

    anyway: bool = False
    """Do not check first whether the instance's disk has room."""


class InstanceQuery(Query, frozen=True):
    """Which instances, in which order, and how many at once."""

    mine: bool = False
    q: Annotated[str, Meta(max_length=256)] = ""
    """Text that the name, state, size or owner contains, in any case."""
    sort: SortKey = "name"
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 1000
    cursor: Annotated[str, Meta(max_length=256)] = ""
    refresh: bool = False


class OperationQuery(Query, frozen=True):
    """Which operations."""

    active: bool = False


class WaitQuery(Query, frozen=True):
    """Long poll: answer when the revision is larger than this one, or when time is up."""

    wait: Annotated[float, Meta(ge=0, le=60)] = 0
    """Seconds."""
    revision: Annotated[int, Meta(ge=-1)] = -1


class LogQuery(Query, frozen=True):
    """From where to read a log, and how long to wait for more."""

    offset: Annotated[int, Meta(ge=0, le=2**53)] = 0
    """Bytes from the beginning."""
    wait: Annotated[float, Meta(ge=0, le=60)] = 0
    """Seconds."""
    generation: Annotated[str, Meta(max_length=128)] = ""
    """As the answer before told it."""


class FolderQuery(Query, frozen=True):
    """Which folder of the notebook share."""

    folder: Annotated[str, Meta(max_length=1024)] = ""


class ExportQuery(Query, frozen=True):
    """As which kind of file."""

    format: ExportFormat = "yml"


class RemoveEnvironmentQuery(Query, frozen=True):
    """What goes with an environment."""

    kernels: bool = True
    """Remove the kernels that belong to it, too."""
