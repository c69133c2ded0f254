"""The logs of setup scripts in the share: what they are called, and what is said in them.

That they are in ``Logs/<instance>/`` of the notebooks' share: "Customize the compute instance with
a script" (learn.microsoft.com). What the files are called and how Azure says in them how a script
ended is not documented: [assumed]. Knows no processes.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from jupyter_ci_manager.emulator.arm.computes.scripts import Phase, ScriptRun
from jupyter_ci_manager.emulator.files.errors import FileServiceError
from jupyter_ci_manager.emulator.files.share import Entry, FileShare

LOGS = "Logs"
MARK = "[emulator]"
"""Begins the lines that the emulator writes, not a script."""
WENT_AWAY = "Script was ended: the instance went away"

NO_SUCH_SCRIPT = (
    "User specified setup script file not found. Details - SetupScriptsError: User specified "
    "setup script file not found. : "
    "/mnt/batch/tasks/shared/LS_root/mounts/clusters/{instance}/code/{path}"
)
"""Azure/azure-cli#31838."""


def log_path(instance: str, phase: Phase, at: datetime) -> str:
    """Where a script that begins then writes: ``Logs/<instance>/creationScript_<time>.log``."""
    milliseconds = at.microsecond // 1000
    return f"{LOGS}/{instance}/{phase}Script_{at:%Y%m%dT%H%M%S}{milliseconds:03d}Z.log"


def beginning(run: ScriptRun, how: str, at: datetime) -> bytes:
    """The first lines of a log."""
    script = run.script
    source = "inline" if script.script_source == "inline" else script.script_data
    arguments = f", arguments: {script.script_arguments}" if script.script_arguments else ""
    return _lines(
        how,
        f"{run.phase} script of {run.instance}: {source}{arguments}, time-out {run.timeout}",
        f"began at {at:%Y-%m-%dT%H:%M:%SZ}",
    )


def ending(status: int | None, why: str | None, at: datetime) -> bytes:
    """The last lines: why it ended other than by itself, and its exit status where it has one."""
    said = [] if why is None else [why]
    said += [] if status is None else [f"Script exited with code {status}"]
    return _lines(*said, f"ended at {at:%Y-%m-%dT%H:%M:%SZ}")


def written(share: FileShare, path: str, text: bytes) -> Entry | str:
    """Append to a log: the log, or why that cannot be, in words for the instance's error."""
    try:
        return share.append(path, text)
    except (FileServiceError, OSError) as error:
        return f"The log {path} cannot be written: {error}"


def on_new_line(path: Path, text: bytes) -> bytes:
    """``text`` after a line feed, unless the log ends with one."""
    with path.open("rb") as log:
        size = log.seek(0, 2)
        log.seek(max(0, size - 1))
        return text if log.read(1) in (b"", b"\n") else b"\n" + text


def exited(status: int) -> str:
    """How the service words a script that failed: Azure/azure-sdk-for-go#18017."""
    return f"Script exited with code {status}. Please see the setup logs for details."


def timed_out(timeout: str) -> str:
    """How it words one that took too long: [assumed]."""
    return f"Script timed out after {timeout}. Please see the setup logs for details."


def no_such_script(run: ScriptRun) -> str:
    """How it words one that is not there."""
    return NO_SUCH_SCRIPT.format(instance=run.instance, path=run.script.script_data)


def _lines(*texts: str) -> bytes:
    # A path or an argument may hold what is no text.
    return "".join(f"{MARK} {text}\n" for text in texts).encode(errors="backslashreplace")
