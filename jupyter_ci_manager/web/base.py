"""What all handlers share: decoding requests, encoding answers, and errors in one shape.

It knows HTTP and the vocabulary, and no rule about instances.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http.client import responses
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from ..errors import AzureError, BadRequest, BodyTooLarge, CiManagerError
from ..models import ErrorBody, ErrorResponse
from .describe import endpoint_of
from .queries import NoQuery

if TYPE_CHECKING:
    from ..service_start import ServiceStart
    from ..services import Services

T = TypeVar("T", bound=msgspec.Struct)
_AT = re.compile(r"`\$\.(?:spec\.)?(?P<path>[^`]+)`")
"""Where msgspec's messages say what they are about; a form knows its fields without ``spec``."""

Method = TypeVar("Method", bound=Callable[..., Any])

MAX_BODY_BYTES = 1024 * 1024
"""Larger than any request of ours without a file; Jupyter's own 512 MiB are meant for uploads."""

SERVICES_KEY = "ci_manager_services"


def authorized_to_execute(method: Method) -> Method:
    """``authorized`` for what makes things run, as starting a kernel does in Jupyter."""
    decorate: Callable[[Method], Method] = authorized("execute")
    return decorate(method)


def authorized_to_read(method: Method) -> Method:
    """``authorized`` for what changes nothing, whatever the HTTP method."""
    decorate: Callable[[Method], Method] = authorized("read")
    return decorate(method)


class CiManagerHandler(APIHandler):
    """Base of every handler under ``/ci-manager/``."""

    auth_resource = "ci-manager"
    max_body_bytes = MAX_BODY_BYTES

    services: Services
    """Everything that a handler may call, once somebody who is signed in has asked."""

    async def prepare(self, **options: Any) -> None:
        """Refuse what no route has to look at, and have the services ready for all else."""
        # A panel that refreshes itself must not keep an idle server alive; a click may.
        self._track_activity = self.request.method not in ("GET", "HEAD")
        await super().prepare(**options)
        if len(self.request.body) > self.max_body_bytes:
            raise BodyTooLarge(f"The request body is larger than {self.max_body_bytes:,} bytes.")
        contract = endpoint_of(getattr(self, (self.request.method or "").lower(), None))
        if self.current_user:
            if contract is not None and contract.query is None:
                self.query(NoQuery)
            start = cast("ServiceStart", self.settings[SERVICES_KEY])
            self.services = await start.services()

    def body(self, model: type[T]) -> T:
        """The request body as a model.

        Raises BadRequest with the path of the offending field.
        """
        try:
            return msgspec.json.decode(self.request.body, type=model)
        except msgspec.ValidationError as error:
            raise BadRequest(
                f"The request body is not valid: {error}.", details=_field_of(error)
            ) from None
        except RecursionError:
            raise BadRequest("The request body is nested too deeply.") from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadRequest(f"The request body is not JSON: {error}.") from None

    def query(self, model: type[T]) -> T:
        """The query string as a model. Raises BadRequest for unknown or malformed parameters."""
        values = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        values.pop("token", None)
        values.pop("_xsrf", None)
        if values.get(CACHE_BUSTER, "").isdigit():
            values.pop(CACHE_BUSTER)
        try:
            return msgspec.convert(values, model, strict=False)
        except msgspec.ValidationError as error:
            raise BadRequest(f"The query is not valid: {error}.") from None

    async def send(self, answer: msgspec.Struct, status: int = 200) -> None:
        """Answer with a model."""
        self.set_status(status)
        await self.finish(msgspec.json.encode(answer))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with an ErrorResponse, never with a stack trace."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, CiManagerError):
            status_code, body = error.status, error.body
            if isinstance(error, AzureError) and error.retry_after_seconds is not None:
                self.set_header("Retry-After", str(max(1, round(error.retry_after_seconds))))
        else:
            body = _foreign_error(status_code, error)
        self.set_status(status_code)
        self.finish(msgspec.json.encode(ErrorResponse(body)))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Errors that are meant for a person are one line in the log; all others a stack trace."""
        if isinstance(value, CiManagerError):
            self.log.info("%s %s: %s", self.request.method, value.body.code, value.message)
        else:
            super().log_exception(typ, value, tb)


CACHE_BUSTER = "_"
"""JupyterLab may append it to defeat the browser's cache."""


_HINTS = {
    400: BadRequest.hint,
    403: "Sign in to Jupyter again, or ask its administrator for permission.",
    404: "GET ci-manager/openapi.json lists all routes.",
    405: "GET ci-manager/openapi.json lists the methods of each route.",
}


def _foreign_error(status_code: int, error: BaseException | None) -> ErrorBody:
    phrase = responses.get(status_code, "Error")
    if isinstance(error, web.HTTPError) and status_code < 500:
        message = error.reason or (error.log_message % error.args if error.log_message else phrase)
        return ErrorBody(
            code=phrase.replace(" ", ""), message=message, hint=_HINTS.get(status_code)
        )
    return ErrorBody(
        code="InternalError",
        message="The Jupyter server could not answer.",
        hint="The server's log has the details. Please report it.",
    )


def _field_of(error: msgspec.ValidationError) -> dict[str, str] | None:
    """The dotted path of the field that is wrong, as forms name it: ``schedules.0.cron``."""
    found = _AT.search(str(error))
    if found is None:
        return None
    path = found["path"].removesuffix("[...]")
    return {"field": path.replace("[", ".").replace("]", "")}
