"""The Jupyter server of a compute instance, seen with the user's own token. It knows no disks.

The token is one for Azure Resource Manager, as the example extension of microsoft/vscode-jupyter
sends it (``ms-ai-tools-test/src/serverPicker.ts``), so where it goes is decided here and nowhere
else: to the address that Azure gives the instance, over TLS, and never on to where that leads.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
from collections.abc import AsyncIterator
from urllib.parse import SplitResult, urlsplit

import msgspec
from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.httputil import HTTPInputError
from tornado.simple_httpclient import HTTPStreamClosedError, SimpleAsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, WebSocketError, websocket_connect

from ..models import Instance

AZURE_HOST = re.compile(r"([a-z][a-z0-9-]*)\.[a-z0-9-]+\.instances\.azureml\.(?:ms|net|us|cn)")
"""``<instance>.<region>.instances.azureml.ms`` and its like in other clouds.

Source: "Configure inbound and outbound network traffic" and "Use your workspace with a custom DNS
server", Azure Machine Learning, Microsoft Learn.
"""
PATH = re.compile(r"(?:/[A-Za-z0-9_-]+)*")
VIEWS = ("/tree", "/lab")
"""What the addresses of Jupyter and JupyterLab add to that of their server."""

THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})

MAX_ANSWER_BYTES = 256 * 1024
CLOSING_SECONDS = 2.0
TERMINAL_NAME = re.compile(r"\w{1,64}", re.ASCII)


class NoAnswer(Exception):
    """It gave no usable answer; the text says why, in words for a person."""


class Refused(NoAnswer):
    """It will not answer whatever it is asked: it lets nobody in, or is not there."""


class _Terminal(msgspec.Struct, frozen=True):
    name: str


def address_of(instance: Instance, emulator: str | None) -> str | None:
    """Where its Jupyter server is, without a trailing slash; None where a token must not go there.

    ``emulator`` is the address of the emulator where that is Azure: then no other will do.
    """
    for application in instance.applications:
        if not application.display_name.lower().startswith("jupyter"):
            continue
        try:
            address = urlsplit(application.endpoint_uri)
            port = address.port
        except ValueError:
            continue
        path = address.path.rstrip("/")
        for view in VIEWS:
            path = path.removesuffix(view)
        if address.query or address.fragment or not PATH.fullmatch(path):
            continue
        trusted = (
            _is_azures(address, port, instance.name)
            if emulator is None
            else _is_emulators(address, urlsplit(emulator))
        )
        if trusted:
            return f"{address.scheme}://{address.netloc}{path}"
    return None


def _is_azures(address: SplitResult, port: int | None, name: str) -> bool:
    host = AZURE_HOST.fullmatch(address.netloc.lower().removesuffix(":443"))
    return (
        address.scheme == "https"
        and port in (None, 443)
        and host is not None
        and host[1] == name.lower()
    )


def _is_emulators(address: SplitResult, emulator: SplitResult) -> bool:
    """It calls itself by its number, whatever name of this machine it was reached by."""
    return (
        "@" not in address.netloc
        and address.hostname in THIS_MACHINE
        and emulator.hostname in THIS_MACHINE
        and (address.scheme, address.port) == (emulator.scheme, emulator.port)
    )


class JupyterEndpoint:
    """One Jupyter server for the length of one errand. Methods raise NoAnswer."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        # Servers that want a token against cross-site requests compare the cookie with the header.
        unforgeable = secrets.token_hex(16)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Cookie": f"_xsrf={unforgeable}",
            "X-XSRFToken": unforgeable,
            "User-Agent": "jupyter-ci-manager",
        }
        # An instance of its own: the server's shared one takes any size, and may be curl's.
        self._client = SimpleAsyncHTTPClient(force_instance=True, max_body_size=MAX_ANSWER_BYTES)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    async def get(self, path: str, timeout_seconds: float) -> bytes | None:
        """The answer to GET; None where there is no such route."""
        response = await self._fetch("GET", path, timeout_seconds)
        if response.code == 404:
            return None
        if response.code != 200:
            raise NoAnswer(f"it answered with HTTP {response.code}")
        return response.body

    @contextlib.asynccontextmanager
    async def terminal(self, timeout_seconds: float) -> AsyncIterator[WebSocketClientConnection]:
        """A terminal, and the websocket to it; whatever happens, it is deleted in the end.

        An open terminal would keep the instance from its idle shutdown.
        """
        # It may come too late for whoever waits, and must still be known to be deleted.
        opening = asyncio.ensure_future(
            self._fetch("POST", "api/terminals", timeout_seconds + CLOSING_SECONDS, body=b"{}")
        )
        try:
            response = await asyncio.shield(opening)
        except asyncio.CancelledError:
            await self._close_late(opening)
            raise
        name = _terminal_of(response)
        try:
            socket = await self._connected(f"terminals/websocket/{name}", timeout_seconds)
            try:
                yield socket
            finally:
                socket.close()
        finally:
            await self._delete(name)

    async def _close_late(self, opening: asyncio.Future[HTTPResponse]) -> None:
        """Delete a terminal whose opening nobody waits for any more."""
        try:
            name = _terminal_of(await asyncio.wait_for(opening, CLOSING_SECONDS))
        except (NoAnswer, asyncio.TimeoutError):
            # As far as anybody can tell there is none.
            return
        await self._delete(name)

    async def _delete(self, name: str) -> None:
        # It may have ended by itself, and the connection may be what failed: then that is why.
        with contextlib.suppress(NoAnswer):
            await self._fetch("DELETE", f"api/terminals/{name}", CLOSING_SECONDS)

    async def _connected(self, path: str, timeout_seconds: float) -> WebSocketClientConnection:
        url = f"{self._address}/{path}".replace("http", "ws", 1)
        request = HTTPRequest(
            url,
            headers=self._headers,
            connect_timeout=timeout_seconds,
            request_timeout=timeout_seconds,
            follow_redirects=False,
        )
        connecting = asyncio.ensure_future(
            websocket_connect(request, max_message_size=MAX_ANSWER_BYTES)
        )
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            connecting.add_done_callback(_close_when_late)
            raise
        except (HTTPClientError, HTTPInputError, WebSocketError, OSError, ValueError) as error:
            raise NoAnswer(f"its terminal could not be reached ({_reason(error)})") from error

    async def _fetch(
        self, method: str, path: str, timeout_seconds: float, body: bytes | None = None
    ) -> HTTPResponse:
        request = HTTPRequest(
            f"{self._address}/{path}",
            method,
            headers=self._headers,
            body=body,
            connect_timeout=timeout_seconds,
            request_timeout=timeout_seconds,
            follow_redirects=False,
        )
        fetching = self._client.fetch(request, raise_error=False)
        try:
            response = await asyncio.shield(fetching)
        except asyncio.CancelledError:
            # It ends by its own time-out; how, nobody wants to know, and no log either.
            fetching.add_done_callback(_ignore)
            raise
        except HTTPStreamClosedError as error:
            raise NoAnswer(
                "the connection to its Jupyter server broke, or the answer was too large"
            ) from error
        except (HTTPClientError, HTTPInputError, OSError, ValueError) as error:
            raise NoAnswer(f"its Jupyter server did not answer ({_reason(error)})") from error
        if 300 <= response.code < 400:
            raise Refused(f"its Jupyter server leads elsewhere (HTTP {response.code})")
        if response.code in (401, 403):
            raise Refused(f"its Jupyter server does not let you in (HTTP {response.code})")
        return response


def _terminal_of(response: HTTPResponse) -> str:
    """The name of the terminal that was opened. Raises NoAnswer."""
    if response.code == 404:
        raise NoAnswer("its Jupyter server offers no terminals")
    if response.code not in (200, 201):
        raise NoAnswer(
            f"no terminal opens there (HTTP {response.code}), as happens when a disk is full"
        )
    try:
        name = msgspec.json.decode(response.body, type=_Terminal).name
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NoAnswer("its Jupyter server's answer could not be understood") from error
    if not TERMINAL_NAME.fullmatch(name):
        raise NoAnswer("its Jupyter server named a terminal that cannot be")
    return name


def _ignore(late: asyncio.Future[HTTPResponse]) -> None:
    if not late.cancelled():
        late.exception()


def _close_when_late(connecting: asyncio.Future[WebSocketClientConnection]) -> None:
    if not connecting.cancelled() and connecting.exception() is None:
        connecting.result().close()


def _reason(error: Exception) -> str:
    text = error.message if isinstance(error, HTTPClientError) else str(error)
    lines = (text or type(error).__name__).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
