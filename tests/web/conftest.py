"""A real Jupyter server with the extension, in front of an emulator."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pytest
from jupyter_server.utils import url_path_join
from tornado.httpclient import HTTPResponse

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.models import ErrorBody
from tests.builders import quick_emulator, running

Fetch = Callable[..., Awaitable[HTTPResponse]]

JWT = b"eyJ"
"""How every token begins that the emulator is given: the base64 of `{"`."""


@pytest.fixture(autouse=True)
def no_token_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does: not even at DEBUG, and not by the SDK."""
    caplog.set_level(logging.DEBUG)
    yield
    assert JWT.decode() not in caplog.text


@pytest.fixture
def azure(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    with running(quick_emulator(), jp_asyncio_loop) as emulator:
        yield emulator


@pytest.fixture
def ci_manager_config() -> dict[str, Any]:
    """What a test adds to the extension's configuration."""
    return {}


@pytest.fixture
def jp_server_config(
    azure: Emulator, tmp_path: Path, ci_manager_config: dict[str, Any]
) -> dict[str, Any]:
    return {
        "ServerApp": {"jpserver_extensions": {"jupyter_ci_manager": True}},
        "CiManagerApp": {
            "endpoint": azure.url,
            "workspace": azure.workspace_id,
            "poll_seconds_in_transition": 0.1,
            "check_script_logs": False,
            "data_dir": str(tmp_path / "ci-manager"),
        }
        | ci_manager_config,
    }


@pytest.fixture(autouse=True)
def settings_of_a_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path / "lab-settings"))


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Any

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def error(self) -> ErrorBody:
        """The error; fails where the answer has another shape than all our errors have."""
        assert self.status >= 400, self.body
        assert self.headers["Content-Type"] == "application/json"
        document = self.json
        assert document.keys() == {"error"}
        error = msgspec.convert(document["error"], ErrorBody)
        assert error.code
        assert error.message
        assert "Traceback" not in self.body.decode()
        return error


class Ask(Protocol):
    async def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        encoded: bool = False,
        **options: Any,
    ) -> Answer: ...


@pytest.fixture
def ask(
    jp_fetch: Fetch,
    jp_serverapp: Any,
    http_server_client: Any,
    jp_auth_header: dict[str, str],
    jp_base_url: str,
) -> Ask:
    """Asks a route below ``ci-manager/``; an error status is an answer like any other.

    A path that is ``encoded`` already is sent as it is; another one is encoded on the way.
    """

    async def asked(
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        encoded: bool = False,
        **options: Any,
    ) -> Answer:
        content = raw if raw is not None else msgspec.json.encode(body) if body is not None else b""
        address = f"ci-manager/{path}"
        if encoded:
            address = url_path_join(jp_base_url, address)
            options["headers"] = jp_auth_header | options.get("headers", {})
        fetch = http_server_client.fetch if encoded else jp_fetch
        response = await fetch(
            address,
            method=method,
            body=content or None if method in ("GET", "DELETE") else content,
            allow_nonstandard_methods=True,
            raise_error=False,
            **options,
        )
        assert JWT not in response.body
        return Answer(response.code, response.body, response.headers)

    return asked


async def finished(ask: Ask, operation: dict[str, Any]) -> dict[str, Any]:
    """The details of an operation that has ended, by long polling as a client does."""
    revision = -1
    while True:
        answer = await ask(
            "GET",
            f"operations/{operation['id']}",
            params={"wait": "20", "revision": str(revision)},
        )
        details: dict[str, Any] = answer.json
        if details["operation"]["state"] not in ("queued", "running"):
            return details
        revision = details["operation"]["revision"]
