"""Setup scripts on the wire: ``setupScripts`` of a compute instance.

Source: Azure Machine Learning REST API 2025-12-01, SetupScripts and ScriptReference; "Customize the
compute instance with a script", Azure Machine Learning.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import Any

import msgspec

from ...models import SetupScript, SetupScripts
from .base import Arm

_TIMEOUT = re.compile(r"(\d{1,9})([smhd])")
_MINUTES = {"s": 1 / 60, "m": 1, "h": 60, "d": 24 * 60}


class _Reference(Arm, frozen=True):
    script_source: str | None = None
    script_data: str | None = None
    script_arguments: str | None = None
    timeout: str | None = None


class _Scripts(Arm, frozen=True):
    creation_script: _Reference | None = None
    startup_script: _Reference | None = None


class _SetupScripts(Arm, frozen=True):
    scripts: _Scripts | None = None


def setup_scripts_to_arm(scripts: SetupScripts) -> dict[str, Any] | None:
    """The value of ``setupScripts``; None where there are none."""
    named = {"creationScript": scripts.creation, "startupScript": scripts.startup}
    references = {name: _reference(script) for name, script in named.items() if script is not None}
    return {"scripts": references} if references else None


def _reference(script: SetupScript) -> dict[str, Any]:
    data = script.data
    if script.source == "inline":
        data = base64.b64encode(data.encode()).decode()
    reference: dict[str, Any] = {"scriptSource": script.source, "scriptData": data}
    if script.arguments:
        reference["scriptArguments"] = script.arguments
    if script.timeout_minutes is not None:
        reference["timeout"] = f"{script.timeout_minutes}m"
    return reference


def setup_scripts_from_arm(raw: msgspec.Raw) -> SetupScripts | None:
    """The scripts of an instance; None where it has none, or none that can be understood."""
    try:
        found = msgspec.json.decode(raw, type=_SetupScripts | None)
    except msgspec.ValidationError:
        return None
    if found is None or found.scripts is None:
        return None
    scripts = SetupScripts(
        _script(found.scripts.creation_script), _script(found.scripts.startup_script)
    )
    return None if scripts == SetupScripts() else scripts


def _script(reference: _Reference | None) -> SetupScript | None:
    if reference is None or not reference.script_data:
        return None
    # Azure writes the source now one way, now another.
    inline = (reference.script_source or "").lower() == "inline"
    return SetupScript(
        source="inline" if inline else "workspaceStorage",
        data=_text(reference.script_data) if inline else reference.script_data,
        arguments=reference.script_arguments or None,
        timeout_minutes=_minutes(reference.timeout),
    )


def _text(data: str) -> str:
    """What is not base64 is shown as it is; what is no text shows where it is none."""
    try:
        return base64.b64decode(data, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        return data


def _minutes(timeout: str | None) -> int | None:
    match = _TIMEOUT.fullmatch((timeout or "").strip().lower())
    return max(1, math.ceil(int(match[1]) * _MINUTES[match[2]])) if match else None
