"""The Jupyter servers of the instances on the wire: who gets in, the extension, the terminals.

Sign-in: a bearer token of Azure Resource Manager, as microsoft/vscode-jupyter sends it (
src/test/datascience/extensionapi/exampleextension/ms-ai-tools-test/src/serverPicker.ts). Whom it is
refused: MicrosoftDocs/azure-docs#52934, with the 403 of microsoft/vscode-tools-for-ai#2077. That an
instance that is off answers 502, and no token 401: [assumed].
Terminals: ``rest-api.yml`` of jupyter-server/jupyter_server_terminals and the messages of
jupyter/terminado (``["stdout", text]``, ``["stdin", text]``, ``["disconnect", 1]``).
"""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import unquote

import msgspec
from tornado import web, websocket

from jupyter_ci_manager.emulator.arm.caller import DEFAULT_CALLER, Caller, caller_of
from jupyter_ci_manager.emulator.arm.errors import ArmError
from jupyter_ci_manager.emulator.server import EmulatorHandler

from .state import SERVED_IN, JupyterServer, JupyterServers, Terminal

APPLICATIONS = {"tree": "Jupyter", "lab": "JupyterLab"}


class InstanceHandler(EmulatorHandler):
    """Base: only its own people get in, and only while the instance is on."""

    server: JupyterServer

    def initialize(self, servers: JupyterServers) -> None:
        """Take what the route was made with."""
        self.servers = servers

    async def prepare(self) -> None:
        """Find the server and let the caller in; raises HTTPError."""
        await super().prepare()
        if self._finished:
            return
        server = self.servers.of(self.path_args[0])
        if server is None or server.instance.state not in SERVED_IN:
            raise web.HTTPError(502, reason="Bad Gateway")
        caller = self.caller()
        self.logged.user = caller.user_name
        if not self.servers.may_open(server.instance, caller):
            raise web.HTTPError(403, reason="Only the creator can access a compute instance.")
        self.server = server

    def caller(self) -> Caller:
        """Raise HTTPError for one without a token."""
        try:
            return caller_of(self.request.headers.get("Authorization"))
        except ArmError as error:
            raise web.HTTPError(401, reason="Unauthorized") from error

    def error_document(self, code: str, message: str) -> dict[str, Any]:
        """As Jupyter Server words it."""
        return {"message": message, "reason": None}

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        message = error.strerror if isinstance(error, OSError) else self._reason
        self.write_json(self.error_document("", message or self._reason), status_code)
        self.finish()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Stay silent about what the answer says."""
        if not isinstance(value, (OSError, web.HTTPError)):
            super().log_exception(typ, value, tb)

    def terminal(self, name: str) -> Terminal:
        """Raise HTTPError when there is none of that name."""
        terminal = self.server.terminals.get(name)
        if terminal is None:
            raise web.HTTPError(404, reason=f"Terminal not found: {name}")
        return terminal


class Application(InstanceHandler):
    """``GET tree``, ``lab`` or ``apps/{name}``: a page that says where one has come to.

    A browser that follows a link has no token: it is taken for the default user's, who has signed
    in to Azure there.
    """

    def caller(self) -> Caller:
        if self.request.headers.get("Authorization") is None:
            return DEFAULT_CALLER
        return super().caller()

    async def get(self, instance: str, path: str) -> None:
        machine = self.server.instance
        title = APPLICATIONS.get(path.strip("/"))
        if title is None:
            named = unquote(path.removeprefix("apps/").rstrip("/"))
            title = next((each for each in machine.custom_applications() if each == named), None)
        if title is None:
            raise web.HTTPError(404)
        self._write_page(200, f"{title} on {machine.name}", "The emulator shows no more of it.")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self._write_page(status_code, str(status_code), self._reason)
        self.finish()

    def _write_page(self, status: int, title: str, text: str) -> None:
        self.set_status(status, self._reason if status != 200 else None)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", "default-src 'none'")
        self.write(
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            f"<title>{escape(title)}</title><h1>{escape(title)}</h1><p>{escape(text)}</p></html>"
        )


class ExtensionDisk(InstanceHandler):
    """``GET ci-manager/disk``: 404 where the extension is not installed."""

    async def get(self, instance: str) -> None:
        if not self.server.extension:
            raise web.HTTPError(404)
        self.write_json(self.server.disk_status(self.servers.now()))


class Terminals(InstanceHandler):
    """``GET`` and ``POST api/terminals``."""

    async def get(self, instance: str) -> None:
        self.write_json([_model(each) for each in self.server.terminals.values()])

    async def post(self, instance: str) -> None:
        self.write_json(_model(self.server.open_terminal(self.servers.now())))


class TerminalItem(InstanceHandler):
    """``GET`` and ``DELETE api/terminals/{name}``."""

    async def get(self, instance: str, name: str) -> None:
        self.write_json(_model(self.terminal(name)))

    async def delete(self, instance: str, name: str) -> None:
        self.server.close_terminal(self.terminal(name).name)
        self.server.instance.active_at = self.servers.now()
        self.set_status(204)


class TerminalSocket(InstanceHandler, websocket.WebSocketHandler):
    """``terminals/websocket/{name}``: 404 where there is no terminal of that name."""

    name: str
    opened: Terminal

    async def get(self, instance: str, name: str) -> None:
        self.opened = self.terminal(name)
        await super().get(instance, name)

    async def open(self, *args: str, **kwargs: str) -> None:
        self.opened.watchers.append(self._ended)
        await self._send("setup", {})
        await self._print(self.opened.shell.start())

    async def on_message(self, message: str | bytes) -> None:
        try:
            kind, text = msgspec.json.decode(message, type=tuple[str, str])
        except msgspec.DecodeError:
            return
        if kind != "stdin":
            return
        self.opened.last_activity = self.servers.now()
        await self._print(self.opened.shell.type(text))
        if self.opened.shell.ended:
            self.server.close_terminal(self.opened.name)

    def _ended(self) -> None:
        self.write_message(msgspec.json.encode(["disconnect", 1]).decode())
        self.close()

    async def _print(self, text: str) -> None:
        if text:
            await self._send("stdout", text)

    async def _send(self, kind: str, content: Any) -> None:
        await self.write_message(msgspec.json.encode([kind, content]).decode())


def _model(terminal: Terminal) -> dict[str, Any]:
    return {"name": terminal.name, "last_activity": terminal.last_activity}
