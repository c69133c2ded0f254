"""The text of a setup script, wherever it is kept."""

from __future__ import annotations

import base64

from jupyter_ci_manager.emulator.arm.computes.request import ScriptReference
from jupyter_ci_manager.emulator.files.errors import FileServiceError
from jupyter_ci_manager.emulator.files.share import FileShare

MAX_SCRIPT_BYTES = 4 * 1024 * 1024


def inline_text(script: ScriptReference) -> bytes:
    """Of a script that came with the request, which has been found to be base64."""
    return base64.b64decode(script.script_data or "")


def stored_path(script: ScriptReference) -> str:
    """Where in the share it is: a path that may begin with a slash or ``./``."""
    path = (script.script_data or "").strip().lstrip("/")
    return path.removeprefix("./")


def script_text(script: ScriptReference, share: FileShare) -> bytes | None:
    """What it says; None where the share has no such file."""
    if script.script_source == "inline":
        return inline_text(script)
    try:
        return share.read(stored_path(script), 0, MAX_SCRIPT_BYTES)
    except (FileServiceError, OSError):
        return None
