"""The HTTP side that all endpoint families share: log, faults, bodies. Knows no Azure documents."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from typing import Any

import msgspec
from tornado import httputil, web

from .clock import Timeline
from .faults import Fault, Faults
from .request_log import LoggedRequest, RequestLog

SLASHES = re.compile(r"/{2,}")


class EmulatorApplication(web.Application):
    """A tornado application that takes paths as leniently as Azure does."""

    def __init__(
        self, routes: list[Any], *, log: RequestLog, faults: Faults, timeline: Timeline, **rest: Any
    ) -> None:
        super().__init__(routes, **rest)
        self.log = log
        self.faults = faults
        self.timeline = timeline

    def find_handler(
        self, request: httputil.HTTPServerRequest, **kwargs: Any
    ) -> httputil.HTTPMessageDelegate:
        """Double slashes count as one: azure-mgmt-authorization sends them."""
        request.path = SLASHES.sub("/", request.path)
        return super().find_handler(request, **kwargs)

    def log_request(self, handler: web.RequestHandler) -> None:
        """Requests are kept in ``log``; an access log on stderr would say them twice."""


class EmulatorHandler(web.RequestHandler):
    """Catches up with the clock, writes the request down, and lets faults happen."""

    application: EmulatorApplication
    _logged: LoggedRequest | None = None
    fault: Fault | None = None

    async def prepare(self) -> None:
        self.application.timeline.catch_up()
        self._logged = LoggedRequest(
            method=self.request.method or "",
            path=self.request.path,
            query=self.request.query,
            time=self.application.timeline.clock.now(),
        )
        self.application.log.add(self._logged)
        self.fault = self.application.faults.take(self._logged.method, self._logged.path)
        if self.fault is not None and not self.fault.after:
            await self.suffer(self.fault)

    async def suffer(self, fault: Fault) -> None:
        """Delay, cut or refuse this request."""
        if fault.delay_seconds:
            await asyncio.sleep(fault.delay_seconds)
            self.application.timeline.catch_up()
        if fault.reset:
            self._reset_connection()
        elif fault.status is not None:
            if fault.retry_after is not None:
                self.set_header("Retry-After", str(fault.retry_after))
            self.refuse(fault)

    def refuse(self, fault: Fault) -> None:
        """Answer with the fault's status in the family's error shape."""
        raise NotImplementedError

    def on_finish(self) -> None:
        if self._logged is not None:
            self._logged.status = self.get_status()

    def write_json(self, document: Any, status: int = 200) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.write(msgspec.json.encode(document))

    def _reset_connection(self) -> None:
        """Close with a TCP reset, so that the client sees the connection break."""
        self._finished = True
        stream = self.request.connection.detach()  # type: ignore[union-attr]
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()
