"""Searching channels: what is found, how often they are asked, and what is told of failures."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.condarc import CondaConfiguration
from jupyter_ci_manager.environments.search import PackageSearching
from jupyter_ci_manager.environments.search_child import ranked
from jupyter_ci_manager.errors import ChannelUnreachable, InvalidSpec, NoEngine
from jupyter_ci_manager.models import Engine

from .channel.serving import ChannelServer
from .prefixes import Engines

pytest.importorskip("rattler", reason="py-rattler has no wheel for this machine")


class Searched:
    """A machine with these channels."""

    def __init__(self, folder: Path, *channels: str) -> None:
        self.folder = folder / "searches"
        self.engines = Engines([folder / "envs"])
        self.engines.conda = CondaConfiguration(channels=channels, envs_dirs=(folder / "envs",))
        self.seconds = 0.0
        self.searching = PackageSearching(
            self.engines,
            folder=self.folder,
            cache=folder / "cache",
            environ=os.environ,
            clock=lambda: self.seconds,
        )


@pytest.fixture
def searched(channel_folder: Path, tmp_path: Path) -> Searched:
    return Searched(tmp_path, channel_folder.as_uri())


async def test_names_that_fit_best_come_first_with_their_versions(searched: Searched) -> None:
    found = await searched.searching.search("pip", [])

    assert [item.name for item in found.items] == ["pip"]
    assert found.items[0].versions
    assert not found.is_more

    found = await searched.searching.search("IPY", [])

    assert [item.name for item in found.items][:3] == [
        "ipython",
        "ipykernel",
        "ipython-pygments-lexers",
    ]


async def test_a_whole_spec_is_searched_by_its_name(searched: Searched) -> None:
    found = await searched.searching.search(" Python >=3.10 ", [])

    assert found.items[0].name == "python"


async def test_nothing_is_found_of_what_no_channel_has(searched: Searched) -> None:
    found = await searched.searching.search("no-such-package", [])

    assert (found.items, found.is_more) == ([], False)


@pytest.mark.parametrize("text", ["", " ", "-n", "$(id)", "röße", "*", "::"])
async def test_what_is_no_part_of_a_name_is_refused(searched: Searched, text: str) -> None:
    with pytest.raises(InvalidSpec):
        await searched.searching.search(text, [])


async def test_the_same_question_asks_the_channel_once_until_it_is_old(
    channel: ChannelServer, tmp_path: Path
) -> None:
    searched = Searched(tmp_path, channel.url)

    first, second = await asyncio.gather(
        searched.searching.search("pip", []), searched.searching.search("pip", [])
    )
    assert second is first

    searched.seconds = 1000
    assert (await searched.searching.search("pip", [])) is not first


async def test_a_channel_that_does_not_answer_is_named_without_its_token(tmp_path: Path) -> None:
    searched = Searched(tmp_path, "http://127.0.0.1:9/t/tk-secret/main")

    with pytest.raises(ChannelUnreachable) as refused:
        await searched.searching.search("pip", [])

    assert "127.0.0.1:9" in refused.value.message
    assert "tk-secret" not in str(refused.value.body)
    assert list(searched.folder.iterdir()) == []


async def test_without_py_rattler_it_is_said_so(searched: Searched) -> None:
    searched.engines.engine = Engine("conda", "26.7.1", "/opt/conda/bin/conda")

    with pytest.raises(NoEngine, match="py-rattler"):
        await searched.searching.search("pip", [])


async def test_a_request_is_private_and_gone_with_whoever_stops_waiting(
    searched: Searched,
) -> None:
    asking = asyncio.ensure_future(searched.searching.search("pip", []))
    requests: list[Path] = []
    for _ in range(500):
        requests = list(searched.folder.glob("*")) or requests
        if requests:
            break
        await asyncio.sleep(0.01)
    modes = [searched.folder.stat().st_mode & 0o777, requests[0].stat().st_mode & 0o777]

    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert modes == [0o700, 0o600]
    assert list(searched.folder.iterdir()) == []


async def test_a_request_of_a_server_that_was_killed_does_not_stay(searched: Searched) -> None:
    searched.folder.mkdir(mode=0o700)
    left = searched.folder / "search-old.json"
    left.write_text("{}", encoding="utf-8")
    os.utime(left, (0, 0))

    await searched.searching.search("pip", [])

    assert not left.exists()


async def test_a_private_channel_is_searched_and_told_without_its_token(
    channel: ChannelServer, tmp_path: Path
) -> None:
    channel.token = "tk-12345678"
    searched = Searched(tmp_path, channel.url)

    found = await searched.searching.search("pip", [])

    assert found.items[0].channel == channel.bare_url


def test_the_exact_name_then_beginnings_then_the_rest() -> None:
    names = {"numpy", "numpy-base", "numpydoc", "cupy", "msgpack-numpy", "pandas"}

    assert ranked(names, "numpy") == ["numpy", "numpydoc", "numpy-base", "msgpack-numpy"]
