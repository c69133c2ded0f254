"""Errors of logs and setup scripts."""

from __future__ import annotations

from .base import BadRequest, CiManagerError, Conflict, Forbidden, NotFound


class InvalidLogName(BadRequest):
    """A name of a log or a script that leads elsewhere, or cannot be one."""

    code = "InvalidLogName"
    hint = "Take the id of a log from the list of the instance's logs."


class InvalidOffset(BadRequest):
    """A place in a log that no log has."""

    code = "InvalidOffset"
    hint = "Offsets are bytes from the beginning, 0 or more."


class LogNotFound(NotFound):
    """No log of that name, or it has gone."""

    code = "LogNotFound"
    hint = "List the logs again. A log appears some minutes after its script has begun."


class ScriptNotFound(NotFound):
    """No script of that path in the notebook share."""

    code = "ScriptNotFound"
    hint = "Check the path, which begins at the root of the notebook share: Users/amy/setup.sh."


class ScriptExists(Conflict):
    """A file of that path is already in the notebook share."""

    code = "ScriptExists"
    hint = "Choose another name, or say that the file is to be overwritten."


class InvalidSetupScript(BadRequest):
    """A setup script that no instance could run."""

    code = "InvalidSetupScript"
    hint = (
        "Give its text, or its path from the root of the notebook share: Users/amy/setup.sh. "
        "Arguments are one line."
    )


class CannotRunScripts(Conflict):
    """This machine lacks what setup scripts are run with."""

    code = "CannotRunScripts"
    hint = "Setup scripts are tried on Linux and macOS, with bash: this machine has none."


class DryRunFailed(Conflict):
    """A setup script that was tried on this machine failed, took too long or printed too much."""

    code = "DryRunFailed"
    hint = "Its log says why."


class StorageForbidden(Forbidden):
    """The workspace's storage refuses: no rights, no keys, or a network that is not let in."""

    code = "StorageForbidden"
    hint = (
        "Ask an owner for the role Storage File Data Privileged Reader on the storage account; "
        "behind a virtual network, read the log on the instance itself."
    )


class LogUnreachable(CiManagerError):
    """Where the log is kept does not answer."""

    code = "LogUnreachable"
    status = 503
    hint = "It is probably a network share whose server is gone. Try again in a while."
