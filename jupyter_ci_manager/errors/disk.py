"""Errors of this machine's disks, and of cleaning them up."""

from __future__ import annotations

from .base import BadRequest, Conflict


class InvalidPath(BadRequest):
    """A path that is not an absolute one of a folder or file on this machine."""

    code = "InvalidPath"
    hint = "Give the absolute path of something that exists on this machine."


class ProtectedPath(BadRequest):
    """A path that the machine or its owner cannot do without."""

    code = "ProtectedPath"
    hint = "Choose files of your own; what the system needs can only be removed by its own tools."


class UnknownStep(BadRequest):
    """A step that the plan of a cleanup has not got, or that is not available."""

    code = "UnknownStep"
    hint = "Make the plan anew and choose from its steps."


class DiskNearlyFull(Conflict):
    """A stop or restart held back because the instance's disk is almost full."""

    code = "DiskNearlyFull"
    hint = (
        "Azure refuses to stop an instance whose disk is full, and it goes on costing money. "
        "Clean up first, or do it anyway."
    )


class InstanceDiskFull(Conflict):
    """Azure refuses a stop or restart because the instance's disk is full."""

    code = "InstanceDiskFull"
    hint = "It goes on costing money until its disk has room: clean up there, then try again."


class PlanExpired(Conflict):
    """The plan of a cleanup is too old, or another one has taken its place."""

    code = "PlanExpired"
    hint = "Make the plan anew: what is on the disk may have changed."


class CleanupFailed(Conflict):
    """A step of a cleanup, or several of them, did not do what they should."""

    code = "CleanupFailed"
    hint = "What the other steps freed stays free. Make the plan anew to see what is left."


class ScanFailed(Conflict):
    """The process that scans the disk ended without a result."""

    code = "ScanFailed"
    hint = "The server's log has the details. Try again."
