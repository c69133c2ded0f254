"""A bare HTTP client for Azure Resource Manager: what is sent and answered, nothing in between."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httputil import HTTPHeaders

from jupyter_ci_manager.emulator import Emulator

API_VERSION = "2024-10-01"
ANYBODY = "Bearer anybody"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPHeaders
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of an error document."""
        code = self.json["error"]["code"]
        assert isinstance(code, str)
        return code


class ArmClient:
    """Sends requests to one emulator; paths without a slash in front are below its workspace."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        /,
        *,
        raw: bytes | None = None,
        api_version: str | None = API_VERSION,
        authorization: str | None = ANYBODY,
        headers: dict[str, str] | None = None,
        **query: str,
    ) -> Answer:
        if not path.startswith(("/", "http")):
            path = f"{self._emulator.workspace_id}/{path}"
        url = path if path.startswith("http") else self._emulator.url + path
        if api_version is not None:
            query["api-version"] = api_version
        if query and "?" not in path:
            url += f"?{urlencode(query)}"
        sent = dict(headers or {})
        if authorization is not None:
            sent["Authorization"] = authorization
        if body is not None:
            raw = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        request = HTTPRequest(
            url,
            method,
            headers=sent,
            body=raw,
            allow_nonstandard_methods=True,
            follow_redirects=False,
        )
        answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        return Answer(answer.code, answer.headers, answer.body)


def instance_body(vm_size: str | None = "Standard_DS3_v2", **properties: Any) -> dict[str, Any]:
    """The body of a PUT that makes a compute instance."""
    wanted = {"vmSize": vm_size, **properties} if vm_size else properties
    return {
        "location": "westeurope",
        "properties": {"computeType": "ComputeInstance", "properties": wanted},
    }


def token_of(**claims: str) -> str:
    """An ``Authorization`` header with an unsigned JWT of these claims."""
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return "Bearer " + b".".join([*encoded, b""]).decode()
