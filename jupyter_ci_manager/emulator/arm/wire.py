"""What every ARM route shares on the wire: sign-in, versions, bodies, headers, error documents."""

from __future__ import annotations

import logging
import re
from http.client import responses
from typing import Any, ClassVar, TypeVar

import msgspec
from tornado import web

from jupyter_ci_manager.emulator.arm.caller import Caller, caller_of
from jupyter_ci_manager.emulator.arm.computes.instance import timestamp
from jupyter_ci_manager.emulator.arm.errors import (
    ArmError,
    AuthorizationFailed,
    InternalServerError,
    InvalidApiVersionParameter,
    InvalidRequestContent,
    MethodNotAllowed,
    MissingApiVersionParameter,
    NoRegisteredProviderFound,
    RequestEntityTooLarge,
)
from jupyter_ci_manager.emulator.arm.operations.state import Operation
from jupyter_ci_manager.emulator.arm.provider_errors import (
    BadArgument,
    ComputeServiceError,
    MachineLearningError,
)
from jupyter_ci_manager.emulator.arm.state import ArmState
from jupyter_ci_manager.emulator.server import EmulatorHandler

MAX_BODY_BYTES = 4 * 1024 * 1024
API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z0-9.]+)?", re.IGNORECASE)
OLDEST_VERSION = "2018-03-01-preview"
NEWEST_VERSION = "2026-03-01"
DEFAULT_POLLING_SECONDS = 30
LOCATION_SINCE = "2025-01-01"
"""From here on the specs answer a started operation with ``Location`` and ``Retry-After``."""

_logger = logging.getLogger(__name__)

Shape = TypeVar("Shape")


class AnonymousArmHandler(EmulatorHandler):
    """Base of everything under ``management.azure.com``: headers and error documents."""

    state: ArmState
    request_id: str

    def initialize(self, state: ArmState) -> None:
        """Take what the route was made with."""
        self.state = state
        self.request_id = str(state.new_id())

    def set_default_headers(self) -> None:
        """Set the headers that Azure's answers carry whatever they say."""
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Pragma", "no-cache")
        self.set_header("Expires", "-1")
        self.set_header("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        self.set_header("X-Content-Type-Options", "nosniff")

    async def prepare(self) -> None:
        """Number the request."""
        self._set_request_id()
        await super().prepare()

    def compute_etag(self) -> None:
        """No ETag: Azure Resource Manager sends none with these resources."""

    def error_document(self, code: str, message: str) -> dict[str, Any]:
        """What a fault is answered with."""
        return {"error": {"code": code, "message": message}}

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write every failure as an ARM error document."""
        raised = kwargs.get("exc_info", (None, None, None))[1]
        error = _as_arm_error(raised, status_code, self.request.method or "")
        self._set_request_id()
        for name, value in error.headers().items():
            self.set_header(name, value)
        document = error.document()
        if isinstance(error, MachineLearningError):
            document["details"] = error.details
            document["additionalInfo"] = self._additional_info(error)
        self.write_json({"error": document}, error.status_code)
        self.finish()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Report defects only: what a client did wrong is in its answer."""
        if not isinstance(value, (ArmError, web.HTTPError)):
            _logger.error(
                "Failed to answer %s %s",
                self.request.method,
                self.request.path,
                exc_info=(typ, value, tb),
            )

    def _set_request_id(self) -> None:
        for header in ("x-ms-request-id", "x-ms-correlation-request-id"):
            self.set_header(header, self.request_id)

    def _additional_info(self, error: MachineLearningError) -> list[dict[str, Any]]:
        region = self.state.region.name
        correlation = {"operation": self.request_id.replace("-", ""), "request": self.request_id}
        values: list[tuple[str, Any]] = [
            ("ComponentName", "managementfrontend"),
            ("Correlation", correlation),
            ("Environment", region),
            ("Location", region),
            ("Time", timestamp(self.state.clock.now())),
            ("InnerError", {"code": error.error_code, "innerError": None}),
        ]
        return [{"type": name, "info": {"value": value}} for name, value in values]


class ArmHandler(AnonymousArmHandler):
    """Base of every route that wants to know who asks, and in which version."""

    caller: Caller
    api_version: str

    async def prepare(self) -> None:
        """Refuse what no route has to look at."""
        await super().prepare()
        if self._finished:
            return
        self.caller = caller_of(self.request.headers.get("Authorization"))
        self.logged.user = self.caller.user_name
        self.api_version = self._read_api_version()
        if len(self.request.body) > MAX_BODY_BYTES:
            raise RequestEntityTooLarge(MAX_BODY_BYTES)
        action = self.required_action()
        if action is not None and not self.state.roles.allow(self.caller, action):
            caller = self.caller
            raise AuthorizationFailed(caller.user_name, caller.object_id, action, self.request.path)

    def required_action(self) -> str | None:
        """What a role must grant; None: it is asked of nobody."""
        return None

    def body(self) -> Any:
        """The request's JSON; raises InvalidRequestContent."""
        try:
            return msgspec.json.decode(self.request.body)
        except (ValueError, RecursionError) as error:
            raise InvalidRequestContent(str(error)) from error

    def read(self, shape: type[Shape]) -> Shape:
        """The request's JSON as ``shape``; raises InvalidRequestContent or BadArgument."""
        body = self.body()
        try:
            return msgspec.convert(body, shape)
        except msgspec.ValidationError as error:
            raise BadArgument(f"The request body is invalid: {error}") from error

    def url(self, path: str, **query: str) -> str:
        """An absolute URL on this emulator, with the request's api-version."""
        rest = "".join(f"&{key}={value}" for key, value in query.items())
        host = f"{self.request.protocol}://{self.request.host}"
        return f"{host}{path}?api-version={self.api_version}{rest}"

    def write_serialized(self, document: bytes) -> None:
        """Answer with JSON that is JSON already."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.write(document)

    def accept(self, operation: Operation, *, location: bool) -> None:
        """Say where ``operation`` can be followed.

        ``Azure-AsyncOperation`` and its query are those of the recorded service
        (Azure/azure-powershell Stop-AzMLWorkspaceCompute.Recording.json), without the signature.
        """
        if self.fault is not None and self.fault.operation_error is not None:
            error = self.fault.operation_error
            operation.destined_error = ComputeServiceError(error.message, code=error.code)
        base = (
            f"/subscriptions/{self.state.subscription_id}/providers/"
            "Microsoft.MachineLearningServices/locations/"
            f"{self.state.location_of(operation.target)}"
        )
        status = f"{base}/computeOperationsStatus/{operation.id}"
        self.set_header("Azure-AsyncOperation", self.url(status, service="new"))
        if location:
            result = f"{base}/computeOperationResults/{operation.id}"
            self.set_header("Location", self.url(result, service="new"))
        self.pace()

    def pace(self) -> None:
        """Tell clients to poll faster when work is done faster.

        The service was recorded without ``Retry-After`` (api-version 2024-04-01), and clients then
        wait 30 seconds; newer specs have one. At a speed above 1 that wait shrinks with
        everything else, for every version; a clock that stands still has nothing to say
        (docs/decisions/0012).
        """
        speed = self.state.clock.speed
        if speed > 1 or (speed > 0 and self.api_version >= LOCATION_SINCE):
            self.set_header("Retry-After", str(max(1, round(DEFAULT_POLLING_SECONDS / speed))))

    def _read_api_version(self) -> str:
        version = self.get_query_argument("api-version", "")
        if not version:
            raise MissingApiVersionParameter
        if not API_VERSION.fullmatch(version):
            raise InvalidApiVersionParameter(version)
        return version.lower()


class ProviderHandler(ArmHandler):
    """Base of the routes of one resource provider, which has a first and a last version."""

    OLDEST_VERSION: ClassVar[str]
    NEWEST_VERSION: ClassVar[str]

    def write_page(self, documents: list[dict[str, Any]]) -> None:
        """One page of a list, with ``nextLink`` and ``$skiptoken`` while there is more."""
        token = self.get_query_argument("$skiptoken", "0")
        if not (token.isascii() and token.isdigit() and len(token) < 10):
            raise InvalidRequestContent(f"$skiptoken '{token}' is not a continuation token")
        first = int(token)
        following = first + self.state.page_size
        page: dict[str, Any] = {"value": documents[first:following]}
        if following < len(documents):
            page["nextLink"] = self.url(self.request.path, **{"$skiptoken": str(following)})
        self.write_json(page)

    def _read_api_version(self) -> str:
        version = super()._read_api_version()
        if not self.OLDEST_VERSION <= version <= self.NEWEST_VERSION:
            region = self.state.region.name
            offered = f"{self.OLDEST_VERSION}, {self.NEWEST_VERSION}"
            raise NoRegisteredProviderFound(region, version, offered, region)
        return version


class MlHandler(ProviderHandler):
    """Base of the routes of Microsoft.MachineLearningServices."""

    OLDEST_VERSION = OLDEST_VERSION
    NEWEST_VERSION = NEWEST_VERSION


def _as_arm_error(raised: Any, status: int, method: str) -> ArmError:
    if isinstance(raised, ArmError):
        return raised
    if isinstance(raised, web.HTTPError) and status == 405:
        return MethodNotAllowed(method)
    if isinstance(raised, web.HTTPError) and status < 500:
        return InvalidRequestContent(raised.reason or responses[status])
    return InternalServerError("Encountered internal server error.")
