"""The one exception tree. It knows nothing of HTTP servers, Azure's SDK or JSON.

    CiManagerError
    ├── BadRequest                 400  the request itself is wrong
    │   ├── InvalidName            400
    │   ├── InvalidWorkspaceId     400
    │   ├── UnknownVmSize          400
    │   ├── InvalidIdleShutdown    400
    │   ├── InvalidPath            400
    │   ├── ProtectedPath          400  a path that must never be removed
    │   ├── UnknownStep            400  of a cleanup
    │   ├── RefusedByAzure         400  well-formed for us, and not to Azure's liking
    │   └── BodyTooLarge           413
    ├── SignInRequired             403  no token for Azure, see below
    ├── Forbidden                  403
    │   └── ActionNotAllowed       403  the administrator's ``allowed_actions``
    ├── NotFound                   404
    │   ├── InstanceNotFound       404
    │   ├── OperationNotFound      404
    │   └── WorkspaceNotFound      404
    ├── Conflict                   409
    │   ├── InvalidEndpoint        409  the server's configuration has no usable address of Azure
    │   ├── NoWorkspace            409  none is configured or chosen
    │   ├── WorkspaceFixed         409
    │   ├── InstanceExists         409
    │   ├── NameTaken              409
    │   ├── WrongState             409
    │   ├── ChangeFailed           409  Azure finished, but not where it should have
    │   ├── OperationInProgress    409
    │   ├── NotCancellable         409
    │   ├── DiskNearlyFull         409  held back by us: Azure would refuse, and the bill run on
    │   ├── InstanceDiskFull       409  refused by Azure for that reason
    │   ├── PlanExpired            409  of a cleanup
    │   ├── CleanupFailed          409  one of its steps, or the whole of it
    │   ├── ScanFailed             409
    │   └── QuotaExceeded          409
    ├── ServerStopping             503  the Jupyter server is on its way out
    └── AzureError                 502  Azure answered with an error that is none of the above
        ├── AddressNotFollowed     502  Azure's answer leads to another address
        ├── AzureThrottled         429
        ├── AzureUnavailable       503  it could not be reached, nothing was sent
        │   ├── AzureServerError   503  5xx: the request may have been carried out
        │   └── AzureConnectionLost 503 so it may here
        └── AzureTimeout           504

A missing Azure sign-in is 403 with its own code: a 401 would make JupyterLab believe that the
Jupyter session itself had ended.
"""

from __future__ import annotations

from typing import ClassVar

from .models import ErrorBody


class CiManagerError(Exception):
    """Base of all errors that are meant for a person to read.

    Each class carries a stable ``code``, an HTTP ``status`` and a ``hint`` on what to do next.
    """

    code: ClassVar[str] = "Error"
    status: ClassVar[int] = 500
    hint: ClassVar[str | None] = None

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str | None = None,
        details: dict[str, str] | None = None,
        request_id: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_seconds = retry_after_seconds
        self._hint = hint
        self._code = code
        self._details = details
        self._request_id = request_id

    @property
    def body(self) -> ErrorBody:
        """The error as it goes over the wire."""
        return ErrorBody(
            code=self._code or type(self).code,
            message=self.message,
            hint=self._hint or type(self).hint,
            details=self._details,
            request_id=self._request_id,
        )


class BadRequest(CiManagerError):
    """The request cannot be understood; nothing was changed."""

    code = "BadRequest"
    status = 400
    hint = "GET ci-manager/openapi.json describes what each route takes."


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


class RefusedByAzure(BadRequest):
    """Azure does not take the request, for a reason that has no class of its own here."""

    code = "RefusedByAzure"
    hint = "The message is Azure's own. Change what it names, then try again."


class BodyTooLarge(BadRequest):
    """A request body larger than any that makes sense here."""

    code = "BodyTooLarge"
    status = 413
    hint = "No request of this extension is that large."


class SignInRequired(CiManagerError):
    """No credential gave a token for Azure."""

    code = "SignInRequired"
    status = 403
    hint = "Sign in, for example with `az login` in a terminal, then try again."


class Forbidden(CiManagerError):
    """Azure's access control refuses."""

    code = "Forbidden"
    status = 403
    hint = "Ask an owner of the workspace for the missing role."


class ActionNotAllowed(Forbidden):
    """The administrator of this server switched the action off."""

    code = "ActionNotAllowed"
    hint = "Ask the administrator of this Jupyter server (setting CiManagerApp.allowed_actions)."


class NotFound(CiManagerError):
    """It does not exist."""

    code = "NotFound"
    status = 404
    hint = "Check the name; it may have been deleted meanwhile."


class InstanceNotFound(NotFound):
    """No compute instance of that name in the workspace."""

    code = "InstanceNotFound"
    hint = "Refresh the list: it may have been deleted, or belong to another workspace."


class OperationNotFound(NotFound):
    """No operation with that id."""

    code = "OperationNotFound"
    hint = "Finished operations are forgotten after a while."


class WorkspaceNotFound(NotFound):
    """The workspace does not exist or is not visible to this identity."""

    code = "WorkspaceNotFound"
    hint = (
        "Check the workspace's name, resource group and subscription, "
        "and which account is signed in."
    )


class Conflict(CiManagerError):
    """The state of things does not allow it."""

    code = "Conflict"
    status = 409
    hint = "Refresh to see the state, wait for changes to finish, then try again."


class InvalidEndpoint(Conflict):
    """The configured endpoint cannot be used."""

    code = "InvalidEndpoint"
    hint = (
        "Correct CiManagerApp.endpoint or JUPYTER_CI_ENDPOINT, or take it away for Azure's public "
        "cloud, then restart the Jupyter server."
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


class OperationInProgress(Conflict):
    """Another operation is still working on the same instance."""

    code = "OperationInProgress"
    hint = "Wait until it has finished."


class NotCancellable(Conflict):
    """Azure offers no way to cancel this."""

    code = "NotCancellable"
    hint = "Let it finish, then undo it: stop what was started, or delete what was created."


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


class QuotaExceeded(Conflict):
    """The subscription's core quota does not allow it."""

    code = "QuotaExceeded"
    hint = (
        "Choose a smaller size or another family, delete an instance that is not needed "
        "(a stopped one keeps its quota), or request more quota in the Azure portal."
    )


class ServerStopping(CiManagerError):
    """The services have been closed."""

    code = "ServerStopping"
    status = 503
    hint = "What Azure was asked goes on; the next server takes it up."


class AzureError(CiManagerError):
    """Azure answered with an error of its own."""

    code = "AzureError"
    status = 502
    hint = "The message is Azure's own. Try again; if it stays, quote the request id to support."


class AddressNotFollowed(AzureError):
    """Azure's answer leads to another address, to which the token must not go."""

    code = "AddressNotFollowed"
    hint = "Check the endpoint in the server's configuration, and what proxy lies before it."


class AzureThrottled(AzureError):
    """Azure asks to slow down."""

    code = "AzureThrottled"
    status = 429
    hint = "Azure limits how often it can be asked. It is tried again by itself."


class AzureUnavailable(AzureError):
    """Azure could not be reached: nothing was sent."""

    code = "AzureUnavailable"
    status = 503
    hint = (
        "Check the network connection, proxy and Azure's status page. It is tried again by itself."
    )


class AzureServerError(AzureUnavailable):
    """Azure failed on its side, with a status of 500 or more."""

    code = "AzureServerError"
    hint = "Azure has trouble of its own: see its status page. It is tried again by itself."


class AzureConnectionLost(AzureUnavailable):
    """The connection broke after the request was sent."""

    code = "AzureConnectionLost"
    hint = "It may still have been carried out: refresh to see the state."


class AzureTimeout(AzureError):
    """Azure did not answer in time."""

    code = "AzureTimeout"
    status = 504
    hint = "It may still have been carried out: refresh to see the state."
