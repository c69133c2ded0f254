"""Every path of the instances' Jupyter servers that the emulator serves."""

from __future__ import annotations

from typing import Any

from tornado.routing import URLSpec

from .state import JupyterServers
from .wire import (
    Application,
    ExtensionDisk,
    InstanceHandler,
    TerminalItem,
    Terminals,
    TerminalSocket,
)

BASE = "/jupyter"
"""Below it each instance has a server under its name."""


class NotServed(InstanceHandler):
    """Whatever no other route takes."""

    async def prepare(self) -> None:
        """Say that there is nothing here."""
        await super().prepare()
        if not self._finished:
            self.send_error(404)


def routes(servers: JupyterServers) -> list[URLSpec]:
    """The routes of all instances."""
    options: dict[str, Any] = {"servers": servers}
    instance = f"{BASE}/([^/]+)"
    table: list[tuple[str, Any]] = [
        (f"{instance}/ci-manager/disk", ExtensionDisk),
        (f"{instance}/api/terminals", Terminals),
        (f"{instance}/api/terminals/([^/]+)", TerminalItem),
        (f"{instance}/terminals/websocket/([^/]+)", TerminalSocket),
        (f"{instance}/(tree/?|lab/?|apps/[^/]+/?)", Application),
        (f"{instance}/.*", NotServed),
    ]
    return [URLSpec(f"{path}$", handler, options) for path, handler in table]
