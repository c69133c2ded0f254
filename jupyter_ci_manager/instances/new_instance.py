"""What is asked for when an instance is created, checked before minutes of Azure's are spent.

It knows neither how an instance is created nor how a share is reached.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

from ..errors import InvalidIdleShutdown
from ..models import SetupScripts, Workspace
from .durations import duration_from_iso

IDLE_SHUTDOWN_RANGE = (timedelta(minutes=15), timedelta(days=3))
"""Source: "Configure idle shutdown", Azure Machine Learning, Microsoft Learn."""

SCRIPT_PATIENCE_SECONDS = 5.0

ScriptCheck = Callable[[Workspace, str], Awaitable[None]]
"""Raises ScriptNotFound for a path that the notebook share does not have."""


def check_idle_shutdown(text: str | None) -> None:
    """Raises InvalidIdleShutdown for what is no duration of those that Azure takes."""
    if text is None:
        return
    duration = duration_from_iso(text)
    shortest, longest = IDLE_SHUTDOWN_RANGE
    if duration is None or not shortest <= duration <= longest:
        raise InvalidIdleShutdown(f"{text[:32]!r} is not a duration from 15 minutes to 3 days.")


async def check_scripts_are_there(
    check: ScriptCheck, workspace: Workspace, scripts: SetupScripts
) -> None:
    """Raises ScriptNotFound. Azure would say so only when the instance has been made."""
    for script in (scripts.creation, scripts.startup):
        if script is not None and script.source == "workspaceStorage":
            # Who cannot be asked in time does not keep anybody from creating.
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(check(workspace, script.data), SCRIPT_PATIENCE_SECONDS)
