"""The tests' channel, built once and served anew for each test that asks."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environments.channel.serving import ChannelServer, serving
from tests.environments.wheels import wheel
from tests.environments.working import Home


@pytest.fixture(scope="session")
def channel_folder() -> Path:
    """The channel on disk: ``file://`` works too, but tells no progress."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the channel is made of a CPython for Linux")
    from tests.environments.channel.build import built_channel

    return built_channel()


@pytest.fixture
def channel(channel_folder: Path) -> Iterator[ChannelServer]:
    with serving(channel_folder) as server:
        yield server


@pytest.fixture
def home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Iterator[Home]:
    """A user's home. What a test has not ended there ends with it."""
    home = Home(tmp_path / "home", monkeypatch)
    home.path.mkdir()
    yield home
    jp_asyncio_loop.run_until_complete(home.close())


@pytest.fixture
def tiny_wheel(tmp_path: Path) -> Iterator[str]:
    """The address of a wheel that pip can install."""
    file = wheel(tmp_path / "wheels")
    with serving(file.parent) as server:
        yield f"{server.url}/{file.name}"
