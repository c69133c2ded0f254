"""What all tests share: Jupyter Server's own fixtures, with this extension switched on.

Tests that are coroutines run on pytest-jupyter's event loop, the one its server runs on too.
"""

from __future__ import annotations

from typing import Any

import pytest

pytest_plugins = ["pytest_jupyter.jupyter_server"]


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    return {"ServerApp": {"jpserver_extensions": {"jupyter_ci_manager": True}}}


@pytest.fixture(autouse=True)
def jp_server_cleanup(request: pytest.FixtureRequest) -> None:
    """Clean up after a server where there is one: pytest-jupyter makes one for every test."""
    if "jp_serverapp" in request.fixturenames:
        request.getfixturevalue("jp_server_cleanup")
