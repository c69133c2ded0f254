"""Errors of compute instances and workspaces."""

from __future__ import annotations

from .base import BadRequest, Conflict, Forbidden, NotFound


class InvalidName(BadRequest):
    """A name that breaks Azure's rules for compute instances."""

    code = "InvalidName"
    hint = (
        "Use 3 to 24 letters, digits and hyphens; start with a letter, "
        "and follow each hyphen with a letter or digit."
    )


class InvalidWorkspaceId(BadRequest):
    """Text that is not the ARM id of a workspace."""

    code = "InvalidWorkspaceId"
    hint = (
        "An ARM id looks like /subscriptions/…/resourceGroups/…/providers/"
        "Microsoft.MachineLearningServices/workspaces/…"
    )


class UnknownVmSize(BadRequest):
    """A VM size that the region does not offer for compute instances."""

    code = "UnknownVmSize"
    hint = "Pick one of the sizes in the list of VM sizes."


class InvalidIdleShutdown(BadRequest):
    """An idle time that is no ISO 8601 duration or is out of range."""

    code = "InvalidIdleShutdown"
    hint = "Use a duration from 15 minutes to 3 days, such as PT60M."


class InvalidInstanceSpec(BadRequest):
    """A spec that Azure would not take; each rule has a code of its own."""

    code = "InvalidInstanceSpec"
    hint = "POST ci-manager/specs/check names all that is wrong with it."


class ActionNotAllowed(Forbidden):
    """The administrator of this server switched the action off."""

    code = "ActionNotAllowed"
    hint = "Ask the administrator of this Jupyter server (setting CiManagerApp.allowed_actions)."


class InstanceNotFound(NotFound):
    """No compute instance of that name in the workspace."""

    code = "InstanceNotFound"
    hint = "Refresh the list: it may have been deleted, or belong to another workspace."


class WorkspaceNotFound(NotFound):
    """The workspace does not exist or is not visible to this identity."""

    code = "WorkspaceNotFound"
    hint = (
        "Check the workspace's name, resource group and subscription, "
        "and which account is signed in."
    )


class NoWorkspace(Conflict):
    """No workspace is configured or chosen yet."""

    code = "NoWorkspace"
    hint = "Choose a workspace in the panel, or set JUPYTER_CI_WORKSPACE to its ARM id."


class WorkspaceFixed(Conflict):
    """The workspace is fixed by configuration and cannot be switched."""

    code = "WorkspaceFixed"
    hint = "It is set by the administrator or by JUPYTER_CI_WORKSPACE."


class InstanceExists(Conflict):
    """An instance of that name is already in this workspace."""

    code = "InstanceExists"
    hint = "Choose another name, or use the existing instance."


class NameTaken(Conflict):
    """The name is in use elsewhere in the region."""

    code = "NameTaken"
    hint = "Names are unique within an Azure region: choose another one."


class WrongState(Conflict):
    """The instance's state does not allow the action."""

    code = "WrongState"
    hint = "Wait for the current change to finish, then refresh and try again."


class ChangeFailed(Conflict):
    """Azure finished, but the instance is not in the state that was asked for."""

    code = "ChangeFailed"
    hint = "Look at the instance's errors and setup-script logs, then try again or delete it."


class QuotaExceeded(Conflict):
    """The subscription's core quota does not allow it."""

    code = "QuotaExceeded"
    hint = (
        "Choose a smaller size or another family, delete an instance that is not needed "
        "(a stopped one keeps its quota), or request more quota in the Azure portal."
    )


class InvalidSshKeyName(BadRequest):
    """A name that the files of an SSH key cannot have."""

    code = "InvalidSshKeyName"
    hint = (
        "Use letters, digits, dots, hyphens and underscores, beginning with a letter or digit, and "
        "no name that SSH reads for something else."
    )


class SshKeyExists(Conflict):
    """A key that is never overwritten."""

    code = "SshKeyExists"
    hint = "Choose another name, or take the key that is there."


class SshKeysUnusable(Conflict):
    """The folder of SSH keys cannot be read or written."""

    code = "SshKeysUnusable"
    hint = "Check the rights of the folder, and that the disk is not full; or paste a public key."
