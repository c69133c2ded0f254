"""Rules of setup scripts: what can be asked for, and how one ended as far as Azure itself says.

It reads no log and does no I/O.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..errors import InvalidLogName, InvalidSetupScript
from ..models import (
    InstanceError,
    LastOperation,
    LogOutcome,
    ScriptOutcome,
    ScriptPhase,
    SetupScript,
    SetupScripts,
    SpecProblem,
)
from ..share_paths import script_path
from .states import RUNNING

FAILED = frozenset({"SetupFailed", "UserSetupFailed"})
UNDER_WAY = frozenset({"SettingUp", "UserSettingUp"})

MAX_INLINE_BYTES = 30 * 1024
"""Not documented: taken so that a request stays far below what Azure Resource Manager takes."""

_ERROR_CODE = "setupscript"
"""``SetupScriptsError``: Azure/azure-cli#31838, Azure/azure-sdk-for-go#18017."""
_EXIT = re.compile(r"exited with (?:code|status) (-?\d{1,3})")
_TIMED_OUT = re.compile(r"tim(?:ed ?|e-?)out|did not (?:finish|complete)|timed out", re.IGNORECASE)
_PHASES: dict[str, ScriptPhase] = {"Create": "creation", "Start": "startup", "Restart": "startup"}


def script_problems(scripts: SetupScripts | None) -> Iterator[SpecProblem]:
    """What is wrong with scripts that Azure would find out only after minutes."""
    if scripts is None:
        return
    for which, script in (("creation", scripts.creation), ("startup", scripts.startup)):
        if script is not None:
            yield from _problems(f"setup_scripts.{which}", which, script)


def _problems(path: str, which: str, script: SetupScript) -> Iterator[SpecProblem]:
    if script.arguments is not None and not script.arguments.isprintable():
        yield _problem(
            f"{path}.arguments", f"The arguments of the {which} script are more than one line."
        )
    data = f"{path}.data"
    if script.source == "inline":
        yield from _inline(data, which, script.data)
        return
    try:
        script_path(script.data)
    except InvalidLogName as error:
        yield _problem(
            data, f"The {which} script is to be taken from the notebook share: {error.message}"
        )
        return
    if not script.data.endswith(".sh"):
        yield SpecProblem(
            data,
            "NotNamedSh",
            f"The name of the {which} script does not end in .sh, as Azure wants it.",
            severity="warning",
        )


def _inline(field: str, which: str, text: str) -> Iterator[SpecProblem]:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        size = 0
    if not size or not text.strip() or "\0" in text:
        yield _problem(field, f"The text of the {which} script is no script.")
    elif size > MAX_INLINE_BYTES:
        yield SpecProblem(
            field,
            InvalidSetupScript.code,
            f"The {which} script has {size} bytes; inline it can have {MAX_INLINE_BYTES}.",
            "Save it to the notebook share and choose it there.",
        )


def _problem(field: str, message: str) -> SpecProblem:
    return SpecProblem(field, InvalidSetupScript.code, message, InvalidSetupScript.hint)


def outcome_by_azure(
    state: str,
    errors: Sequence[InstanceError],
    last: LastOperation | None,
    scripts: SetupScripts | None,
) -> ScriptOutcome | None:
    """How the newest script ended by state and errors alone; None where they say nothing of one."""
    phase = _phase(last, scripts)
    if state in UNDER_WAY:
        return ScriptOutcome(phase, "running") if scripts is not None else None
    if state in RUNNING and scripts is not None and not any(map(_blames_script, errors)):
        # It may have failed all the same.
        return ScriptOutcome(phase, "unknown")
    blamed = [each for each in errors if state in FAILED or _blames_script(each)]
    if state not in FAILED and not blamed:
        return None
    message = " ".join(each.message for each in blamed)
    exited = _EXIT.search(message)
    outcome: LogOutcome = "timed_out" if _TIMED_OUT.search(message) else "failed"
    return ScriptOutcome(
        phase,
        outcome,
        exit_status=int(exited[1]) if exited else None,
        ended_at=last.time if last else None,
    )


def _blames_script(error: InstanceError) -> bool:
    message = error.message.lower()
    return (
        _ERROR_CODE in error.code.lower() or "setup script" in message or "script setup" in message
    )


def _phase(last: LastOperation | None, scripts: SetupScripts | None) -> ScriptPhase | None:
    if scripts is not None and scripts.startup is None:
        return "creation"
    phase = _PHASES.get(last.name) if last is not None else None
    if phase == "creation" and scripts is not None and scripts.creation is None:
        return "startup"
    return phase
