"""The HTTP side that all endpoint families share: log, faults, bodies. Knows no Azure documents."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from typing import Any

import msgspec
from tornado import httputil, web
from tornado.http1connection import HTTP1Connection

from jupyter_ci_manager.emulator.clock import Timeline
from jupyter_ci_manager.emulator.faults import Fault, Faults
from jupyter_ci_manager.emulator.request_log import LoggedRequest, RequestLog

LOOPBACK_NAMES = ("127.0.0.1", "localhost")
_SLASHES = re.compile(r"/{2,}")
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class EmulatorApplication(web.Application):
    """A tornado application that takes paths as leniently as Azure does."""

    def __init__(
        self, routes: list[Any], *, log: RequestLog, faults: Faults, timeline: Timeline
    ) -> None:
        super().__init__(routes)
        self.log = log
        self.faults = faults
        self.timeline = timeline

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        """Refuse web pages; take double slashes as one: azure-mgmt-authorization sends them."""
        if _is_of_a_web_page(request):
            return self.get_handler_delegate(request, web.ErrorHandler, {"status_code": 403})
        request.path = _SLASHES.sub("/", request.path)
        return super().find_handler(request, **kwargs)

    def log_request(self, handler: web.RequestHandler) -> None:
        """Stay silent: requests are kept in ``log``."""


def _is_of_a_web_page(request: httputil.HTTPServerRequest) -> bool:
    """Whether a page of somewhere else had a browser send it.

    Anybody may ask the emulator anything, even to run scripts, and any page may send a request to
    a loopback port: under a name of its own that leads here, or with its own address as origin.
    """
    name = request.host.partition(":")[0].lower()
    if name not in LOOPBACK_NAMES:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.protocol}://{request.host}"


class EmulatorHandler(web.RequestHandler):
    """Catches up with the clock, writes the request down, and lets faults happen."""

    application: EmulatorApplication
    logged: LoggedRequest
    fault: Fault | None = None

    def __init__(
        self,
        application: EmulatorApplication,
        request: httputil.HTTPServerRequest,
        **arguments: Any,
    ) -> None:
        # Before anything in the request is read: that may fail already.
        self.logged = LoggedRequest(
            method=request.method or "",
            path=request.path,
            query=request.query,
            time=application.timeline.clock.now(),
        )
        application.log.add(self.logged)
        super().__init__(application, request, **arguments)

    async def prepare(self) -> None:
        """Do what has fallen due, and suffer a fault."""
        self.application.timeline.catch_up()
        self.fault = self.application.faults.take(self.logged.method, self.logged.path)
        if self.fault is not None:
            await self._suffer(self.fault)

    async def _suffer(self, fault: Fault) -> None:
        if fault.delay_seconds:
            await asyncio.sleep(fault.delay_seconds)
            self.application.timeline.catch_up()
        if not fault.after:
            if fault.reset:
                self._reset_connection()
            elif fault.location is not None:
                self.redirect(fault.location)
            elif fault.size_bytes is not None:
                self.finish(b" " * fault.size_bytes)
            elif fault.status is not None:
                self._write_fault(fault, fault.status)
                self.finish()

    def finish(self, chunk: str | bytes | dict[str, Any] | None = None) -> asyncio.Future[None]:
        """Send the answer, or lose it when a fault strikes after the work was done."""
        fault = self.fault
        if fault is None or not fault.after:
            return super().finish(chunk)
        self.fault = None
        if fault.reset:
            self._reset_connection()
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done
        if fault.status is not None:
            self.clear()
            self._write_buffer = []
            self._write_fault(fault, fault.status)
            return super().finish()
        return super().finish(chunk)

    def error_document(self, code: str, message: str) -> Any:
        """The error document of the family that the route belongs to."""
        raise NotImplementedError

    def _write_fault(self, fault: Fault, status: int) -> None:
        if fault.retry_after is not None:
            self.set_header("Retry-After", str(fault.retry_after))
        self.write_error_document(fault.code, fault.message, status)

    def write_error_document(self, code: str, message: str, status: int) -> None:
        """Answer with the family's error document."""
        self.write_json(self.error_document(code, message), status)

    def on_finish(self) -> None:
        """Note how it ended."""
        self.logged.status = self.get_status()

    def write_json(self, document: Any, status: int = 200) -> None:
        """Answer with ``document``."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.write(msgspec.json.encode(document))

    def _reset_connection(self) -> None:
        """Close with a TCP reset, so that the client sees the connection break."""
        connection = self.request.connection
        if not isinstance(connection, HTTP1Connection):
            raise TypeError("only an HTTP/1.1 connection can be reset")
        stream = connection.detach()
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        stream.close()
        self._finished = True
