"""What every ARM route shares on the wire: sign-in, versions, bodies, headers, error documents."""

from __future__ import annotations

import logging
import re
from typing import Any

import msgspec
from tornado import web

from ..faults import Fault
from ..server import EmulatorHandler
from .caller import Caller, caller_of
from .computes.instance import timestamp
from .errors import (
    ArmError,
    InternalServerError,
    InvalidApiVersionParameter,
    InvalidRequestContent,
    MachineLearningError,
    MethodNotAllowed,
    MissingApiVersionParameter,
    RequestEntityTooLarge,
)
from .operations.state import Operation
from .state import ArmState

MAX_BODY_BYTES = 4 * 1024 * 1024
API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z.]+)?", re.IGNORECASE)
LOCATION_STYLE_SINCE = "2025-01-01"
DEFAULT_POLLING_SECONDS = 30

_logger = logging.getLogger(__name__)


class ArmHandler(EmulatorHandler):
    """Base of every handler under ``management.azure.com``."""

    state: ArmState
    caller: Caller

    def initialize(self, state: ArmState) -> None:
        self.state = state

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Pragma", "no-cache")
        self.set_header("Expires", "-1")
        self.set_header("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        self.set_header("X-Content-Type-Options", "nosniff")

    async def prepare(self) -> None:
        self.request_id = str(self.state.new_id())
        self._set_request_id()
        await super().prepare()
        if self._finished:
            return
        self.caller = caller_of(self.request.headers.get("Authorization"))
        if self._logged is not None:
            self._logged.user = self.caller.user_name
        self.api_version = self._read_api_version()
        if len(self.request.body) > MAX_BODY_BYTES:
            raise RequestEntityTooLarge(MAX_BODY_BYTES)
        if self.request.method not in self.allowed_methods():
            raise MethodNotAllowed(self.request.method or "")

    def _set_request_id(self) -> None:
        for header in ("x-ms-request-id", "x-ms-correlation-request-id"):
            self.set_header(header, self.request_id)

    def compute_etag(self) -> None:
        """No ETag: Azure Resource Manager sends none with these resources."""

    def allowed_methods(self) -> set[str]:
        """The methods that this handler has."""
        return {
            method
            for method in self.SUPPORTED_METHODS
            if getattr(type(self), method.lower()) is not getattr(
                web.RequestHandler, method.lower()
            )
        }

    def _read_api_version(self) -> str:
        version = self.get_query_argument("api-version", "")
        if not version:
            raise MissingApiVersionParameter
        if not API_VERSION.fullmatch(version):
            raise InvalidApiVersionParameter(version)
        return version

    def body(self) -> Any:
        """The request's JSON; raises InvalidRequestContent."""
        try:
            return msgspec.json.decode(self.request.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidRequestContent(str(error)) from error

    def body_object(self) -> dict[str, Any]:
        """The request's JSON object; raises InvalidRequestContent."""
        body = self.body()
        if not isinstance(body, dict):
            raise InvalidRequestContent(f"Expected a JSON object, got {type(body).__name__}")
        return body

    def url(self, path: str, **query: str) -> str:
        """An absolute URL on this emulator, with the request's api-version."""
        rest = "".join(f"&{key}={value}" for key, value in query.items())
        host = f"{self.request.protocol}://{self.request.host}"
        return f"{host}{path}?api-version={self.api_version}{rest}"

    def accept(self, operation: Operation, status: int = 202, *, location: bool) -> None:
        """Answer that ``operation`` has begun.

        ``Azure-AsyncOperation`` is what the recorded service sends (api-version 2024-04-01);
        ``Location`` goes with it where the 2025 and later examples show one.
        """
        self.set_status(status)
        base = (
            f"/subscriptions/{self.state.subscription_id}/providers/"
            f"Microsoft.MachineLearningServices/locations/{self.state.region.name}"
        )
        self.set_header(
            "Azure-AsyncOperation",
            self.url(f"{base}/computeOperationsStatus/{operation.id}", service="new"),
        )
        if location:
            self.set_header(
                "Location",
                self.url(f"{base}/computeOperationResults/{operation.id}", service="new"),
            )
        self.pace()

    def pace(self) -> None:
        """Tell clients to poll faster when time runs faster.

        The recorded service sends no ``Retry-After`` with these answers, and clients then wait
        30 seconds. At speed 1 so do we; at a higher speed that wait shrinks with everything else
        (docs/decisions/0012-retry-after-follows-the-clock.md).
        """
        speed = self.state.clock.speed
        if speed > 1:
            self.set_header("Retry-After", str(max(1, round(DEFAULT_POLLING_SECONDS / speed))))

    def refuse(self, fault: Fault) -> None:
        raise ArmError(fault.message, code=fault.code, status=fault.status)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Every failure is an ARM error document."""
        raised = kwargs.get("exc_info", (None, None, None))[1]
        error = _as_arm_error(raised, status_code, self.request.method or "")
        self._set_request_id()
        for name, value in error.headers().items():
            self.set_header(name, value)
        self.set_header("x-ms-failure-cause", _cause(error))
        document = error.document()
        if isinstance(error, MachineLearningError):
            document["details"] = document.get("details", [])
            document["additionalInfo"] = self._additional_info(error)
        self.write_json({"error": document}, error.status_code)
        self.finish()

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

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if not isinstance(value, (ArmError, web.HTTPError)):
            _logger.error("Failed to answer %s %s", self.request.method, self.request.path,
                          exc_info=(typ, value, tb))


def _as_arm_error(raised: Any, status: int, method: str) -> ArmError:
    if isinstance(raised, ArmError):
        return raised
    if isinstance(raised, web.HTTPError):
        if status == 405:
            return MethodNotAllowed(method)
        if status < 500:
            return InvalidRequestContent(raised.log_message or raised.reason or "Bad request")
    return InternalServerError("Encountered internal server error.")


def _cause(error: ArmError) -> str:
    return "service" if isinstance(error, MachineLearningError) else "gateway"
