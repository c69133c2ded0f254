"""What a worker is asked to do, of what a person and the configuration say."""

from __future__ import annotations

import os

import pytest

from jupyter_ci_manager.environments.engines import Engines
from jupyter_ci_manager.environments.work_requests import RequestMaker
from jupyter_ci_manager.models import CreateEnvironment
from tests.environments.working import Home


def requests_of(home: Home) -> RequestMaker:
    """Of a user with a conda of the machine."""
    program = home.path / "bin" / "conda"
    program.parent.mkdir(exist_ok=True)
    program.write_text("#!/bin/sh\necho conda 26.7.1\n")
    program.chmod(0o755)
    home.monkeypatch.setenv("CONDA_EXE", str(program))
    return RequestMaker(
        Engines(os.environ, home.path, everywhere=()),
        logs=home.data,
        root=home.path,
        home=home.path,
        environ=os.environ,
        allowed_kernels=list,
    )


@pytest.mark.parametrize(
    ("configured", "channels"),
    [
        ("conda-forge", []),
        ("https://conda.example/plain", []),
        ("https://conda.example/t/tk-1234567/mine", ["https://conda.example/t/tk-1234567/mine"]),
        ("https://amy:pass-word@conda.example/mine", ["https://amy:pass-word@conda.example/mine"]),
    ],
)
async def test_a_conda_gets_its_configured_channels_from_us_where_they_have_secrets(
    home: Home, configured: str, channels: list[str]
) -> None:
    home.configure(configured)

    asked = await requests_of(home).create(CreateEnvironment(name="new", specs=["python"]), None)

    assert asked.engine.name == "conda"
    assert asked.wanted.channels == channels
