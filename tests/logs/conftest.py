"""Services that read logs out of an emulator's share, over HTTP with the real SDK."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_ci_manager.emulator import Emulator
from tests.instances.conftest import MakeServices, azure, make_services, services

__all__ = ["MakeServices", "WriteLog", "azure", "make_services", "services", "write_log"]

WriteLog = Callable[..., Path]


@pytest.fixture
def write_log(azure: Emulator) -> WriteLog:
    """Puts a log into the share as an instance would."""

    def write(data: bytes, name: str = "creation/setup.log", instance: str = "amy-gpu") -> Path:
        path = azure.share / "Logs" / instance / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write
