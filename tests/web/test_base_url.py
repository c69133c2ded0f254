"""Behind JupyterHub and other proxies the server has a base URL."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.web.route import NAMESPACE
from tests.web.conftest import Ask, finished


@pytest.fixture
def jp_base_url() -> str:
    return "/user/x/"


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any], jp_base_url: str) -> dict[str, Any]:
    return {
        **jp_server_config,
        "ServerApp": {**jp_server_config["ServerApp"], "base_url": jp_base_url},
    }


async def test_routes_are_below_the_base_url(ask: Ask) -> None:
    assert (await ask("GET", "workspace")).json["state"] == "ready"
    assert (await ask("GET", "instances")).json["total"] == 8
    begun = (await ask("POST", "instances/amy-gpu/start")).json
    assert (await finished(ask, begun))["operation"]["message"] == "Running"
    assert (await ask("GET", "nope")).error.code == "NotFound"


async def test_and_nowhere_else(http_server_client: Any, jp_auth_header: dict[str, str]) -> None:
    response = await http_server_client.fetch(
        f"/{NAMESPACE}/workspace", headers=jp_auth_header, raise_error=False, follow_redirects=False
    )
    assert response.code in (302, 404)
    assert b"ready" not in (response.body or b"")
