"""This extension as another server asks it how full the disk is, before it stops this machine."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.app import MOST_BYTES
from jupyter_ci_manager.instances.disk_check import DiskCheck, DiskUnknown
from jupyter_ci_manager.models import Application
from tests.builders import JupyterToken, instance

NAME = "amy-notebooks"


@pytest.fixture
def jp_base_url() -> str:
    return "/jupyter/"


@pytest.fixture
def ci_manager_config() -> dict[str, Any]:
    return {"disk_warn_bytes": MOST_BYTES}


@pytest.fixture(autouse=True)
def on_an_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_NAME", NAME)


@pytest.fixture
def server(jp_serverapp: Any, http_server: Any) -> Any:
    """The server, listening."""
    return jp_serverapp


async def asked(server: Any, name: str) -> Any:
    base = server.connection_url.rstrip("/")
    check = DiskCheck(
        JupyterToken(server.identity_provider.token),
        scope="scope",
        emulator=base,
        thresholds={"/": 0, "/mnt": 0},
    )
    item = instance(name, mine=True, applications=[Application("Jupyter", f"{base}/tree/")])
    return await check.shortages(item)


async def test_its_own_thresholds_hold(server: Any) -> None:
    (shortage,) = await asked(server, NAME)

    assert (shortage.mount_point, shortage.threshold_bytes) == ("/", MOST_BYTES)
    assert 0 <= shortage.available_bytes < MOST_BYTES


async def test_it_is_not_believed_for_another_instance(server: Any) -> None:
    with pytest.raises(DiskUnknown, match="speaks of another instance"):
        await asked(server, "amy-onboarding")
