"""The errors that everything else is a kind of."""

from __future__ import annotations

from typing import ClassVar

from ..models import ErrorBody


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

    @property
    def field(self) -> str | None:
        """The field of what was asked for that it is about, where it is about one."""
        return (self._details or {}).get("field")

    def about(self, field: str, **details: str) -> CiManagerError:
        """The same error, which is about one field of what was asked for."""
        self._details = {**(self._details or {}), "field": field, **details}
        return self


class BadRequest(CiManagerError):
    """The request cannot be understood; nothing was changed."""

    code = "BadRequest"
    status = 400
    hint = "GET ci-manager/openapi.json describes what each route takes."


class BodyTooLarge(BadRequest):
    """A request body larger than any that makes sense here."""

    code = "BodyTooLarge"
    status = 413
    hint = "No request of this extension is that large."


class Forbidden(CiManagerError):
    """Azure's access control refuses."""

    code = "Forbidden"
    status = 403
    hint = "Ask an owner of the workspace for the missing role."


class NotFound(CiManagerError):
    """It does not exist."""

    code = "NotFound"
    status = 404
    hint = "Check the name; it may have been deleted meanwhile."


class Conflict(CiManagerError):
    """The state of things does not allow it."""

    code = "Conflict"
    status = 409
    hint = "Refresh to see the state, wait for changes to finish, then try again."


class OperationNotFound(NotFound):
    """No operation with that id."""

    code = "OperationNotFound"
    hint = "Finished operations are forgotten after a while."


class OperationInProgress(Conflict):
    """Another operation is still working on the same instance."""

    code = "OperationInProgress"
    hint = "Wait until it has finished."


class NotCancellable(Conflict):
    """Azure offers no way to cancel this."""

    code = "NotCancellable"
    hint = "Let it finish, then undo it: stop what was started, or delete what was created."


class ServerStopping(CiManagerError):
    """The services have been closed."""

    code = "ServerStopping"
    status = 503
    hint = "What Azure was asked goes on; the next server takes it up."
