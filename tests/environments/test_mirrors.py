"""Channels with mirrors: who is asked when one does not answer, and what is told when none does."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.channels import mirrors_of
from jupyter_ci_manager.environments.condarc import CondaConfiguration
from jupyter_ci_manager.environments.search import PackageSearching
from jupyter_ci_manager.errors import ChannelUnreachable
from tests.environments.channel.serving import ChannelServer, serving
from tests.environments.prefixes import Engines
from tests.environments.working import Home, packages_in

pytest.importorskip("rattler", reason="py-rattler has no wheel for this machine")


@pytest.fixture
def other(channel_folder: Path) -> Iterator[ChannelServer]:
    """The same channel on another server."""
    with serving(channel_folder) as server:
        yield server


@pytest.fixture
def nobody() -> str:
    """An address at which nobody listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    return f"http://127.0.0.1:{port}/main"


def mirrored(*places: str) -> str:
    return f"mirrored_channels:\n  mirrored: {json.dumps(places)}\n"


async def test_the_next_mirror_is_asked_where_one_does_not_answer(
    home: Home, channel: ChannelServer, nobody: str
) -> None:
    home.configure("mirrored", more=mirrored(nobody, channel.url))
    server = home.server()

    operation = await server.create("new", "changing-demo")
    ended = await server.ended(operation)

    assert ended.state == "succeeded", ended.message
    assert packages_in(home.envs / "new")["changing-demo"] == "3.0"
    assert f"Another mirror is asked, as {nobody}: Connection refused" in home.log_of(operation)


@pytest.mark.parametrize("status", [HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN])
async def test_the_next_mirror_is_asked_where_one_refuses(
    home: Home, channel: ChannelServer, other: ChannelServer, status: HTTPStatus
) -> None:
    channel.broken, other.token = status, "tk-87654321"
    home.configure("mirrored", more=mirrored(channel.url, other.url))
    server = home.server()

    prefix = await server.made("new", "base-demo")

    record = (prefix / "conda-meta" / "base-demo-1.0-0.json").read_text()
    assert other.bare_url in record
    assert "tk-87654321" not in record


async def test_packages_come_from_the_next_mirror_where_one_has_only_the_index(
    home: Home, channel: ChannelServer, other: ChannelServer
) -> None:
    channel.broken_packages = HTTPStatus.BAD_GATEWAY
    home.configure("mirrored", more=mirrored(channel.url, other.url))

    await home.server().made("new", "base-demo")

    assert channel.asked_for("base-demo")
    assert other.asked_for("base-demo")


async def test_every_mirror_is_named_with_its_reason_where_none_answers(
    home: Home, channel: ChannelServer, nobody: str
) -> None:
    channel.token = "tk-12345678"
    with_token = channel.url
    channel.token = "tk-another1"
    home.configure("mirrored", more=mirrored(nobody, with_token))
    server = home.server()

    ended = await server.ended(await server.create("new", "base-demo"))

    assert ended.error is not None
    assert ended.error.code == "ChannelUnreachable"
    assert f"{nobody}: Connection refused" in ended.error.message
    assert f"{channel.bare_url}: HTTP status client error (401" in ended.error.message
    assert "tk-12345678" not in str(ended)


async def test_a_search_goes_on_with_the_next_mirror(
    channel: ChannelServer, nobody: str, tmp_path: Path
) -> None:
    engines = Engines([tmp_path / "envs"])
    searching = PackageSearching(
        engines, folder=tmp_path / "searches", cache=tmp_path / "cache", environ=os.environ
    )

    def configure(*places: str) -> None:
        engines.conda = CondaConfiguration(
            channels=("mirrored",),
            mirrored_channels={"mirrored": places},
            envs_dirs=(tmp_path / "envs",),
        )

    configure(nobody, channel.url)
    found = await searching.search("base-demo", [])
    configure(nobody, f"{nobody}/second")
    with pytest.raises(ChannelUnreachable) as refused:
        await searching.search("changing-demo", [])

    assert [each.name for each in found.items] == ["base-demo"]
    assert refused.value.message.count("Connection refused") == 2


def test_a_mirror_that_is_denied_is_not_asked() -> None:
    configuration = CondaConfiguration(
        channels=("mirrored",),
        mirrored_channels={"mirrored": ("https://a.example/m", "https://b.example/m")},
        denylist_channels=("https://b.example/m",),
    )

    assert mirrors_of(configuration, ["https://a.example/m"]) == {}
