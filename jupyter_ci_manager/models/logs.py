"""Logs of setup scripts, and the scripts that wrote them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from .base import ErrorBody, Wire

ScriptPhase = Literal["creation", "startup"]
"""When a setup script runs: once when the instance is created, or at each start."""

LogSource = Literal["mounted_share", "azure_files", "operation"]
"""Where a log is read: the notebook share as it is mounted here, the same share in Azure, here."""

LogOutcome = Literal["running", "succeeded", "failed", "timed_out", "unknown"]
"""How what wrote the log ended, as far as the log and the instance's state say."""


class LogFile(Wire, frozen=True):
    """A log that can be read."""

    id: str
    """Its path below the instance's folder of logs, as the routes take it."""
    name: str
    """The same for people: what cannot be shown is escaped."""
    size_bytes: int
    modified_at: datetime | None = None
    phase: ScriptPhase | None = None
    """Which script wrote it, where its name says so."""
    outcome: LogOutcome = "unknown"
    exit_status: int | None = None


class LogList(Wire, frozen=True):
    """The logs of one instance, newest first."""

    source: LogSource
    place: str
    """Where they are looked for, for people: a folder, or a share and a folder in it."""
    items: list[LogFile] = field(default_factory=list)
    truncated: bool = False
    """There are more than are listed."""
    error: ErrorBody | None = None
    """Why they cannot be listed; None with no items: there is no log yet."""


class LogHint(Wire, frozen=True):
    """What probably went wrong, and what to do about it."""

    code: str
    title: str
    text: str
    line: int
    """The line that says so, counted from 1."""
    offset: int
    """Where that line begins, in bytes."""


class LogDiagnosis(Wire, frozen=True):
    """What a log comes to."""

    outcome: LogOutcome
    exit_status: int | None
    size_bytes: int
    """How far it was read."""
    first_error_line: int | None = None
    """The first line that looks like an error, counted from 1."""
    first_error_offset: int | None = None
    hints: list[LogHint] = field(default_factory=list)


ScriptSource = Literal["inline", "workspaceStorage"]


class SetupScript(Wire, frozen=True):
    """A setup script as it is asked for, and as an instance has it. It runs as root."""

    source: ScriptSource
    data: Annotated[str, Meta(min_length=1, max_length=256 * 1024)]
    """The text of an inline script; else its path in the notebook share, ``Users/amy/setup.sh``."""
    arguments: Annotated[str, Meta(max_length=4096)] | None = None
    timeout_minutes: Annotated[int, Meta(ge=1, le=1440)] | None = None
    """None: Azure's own, 15 minutes."""


class SetupScripts(Wire, frozen=True):
    """The scripts of an instance."""

    creation: SetupScript | None = None
    startup: SetupScript | None = None


class ScriptFile(Wire, frozen=True):
    """A script in the notebook share."""

    path: str
    """In the share, such as ``Users/amy/setup.sh``."""
    text: str
    size_bytes: int
    modified_at: datetime | None = None


class SaveScript(Wire, frozen=True):
    """Body of ``PUT scripts/{path}``."""

    text: Annotated[str, Meta(min_length=1, max_length=512 * 1024)]
    overwrite: bool = False
    """Without it an existing file is left as it is: 409 ``ScriptExists``."""


class ScriptOutcome(Wire, frozen=True):
    """How the newest setup script of an instance ended."""

    phase: ScriptPhase | None
    outcome: LogOutcome
    exit_status: int | None = None
    log: str | None = None
    """The id of its log, where there is one."""
    line: int | None = None
    """The line of the log that looks like the error, counted from 1."""
    ended_at: datetime | None = None
