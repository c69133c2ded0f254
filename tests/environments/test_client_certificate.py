"""A certificate that the embedded engine cannot present: it is said before and where it matters."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.condarc import CondaConfiguration
from jupyter_ci_manager.environments.engines import Engines
from jupyter_ci_manager.environments.search import PackageSearching
from jupyter_ci_manager.errors import ChannelUnreachable
from tests.environments import prefixes
from tests.environments.channel.serving import ChannelServer
from tests.environments.test_engines import program
from tests.environments.working import Home

pytest.importorskip("rattler", reason="py-rattler has no wheel for this machine")

CONDARC = "client_ssl_cert: /certificates/mine.pem\n"


async def test_the_engine_is_told_with_what_it_cannot_do(tmp_path: Path) -> None:
    (tmp_path / ".condarc").write_text(CONDARC)
    conda = program(tmp_path / "bin" / "conda")

    embedded = await Engines({"PATH": "/nowhere"}, tmp_path, everywhere=()).status()
    real = await Engines({"PATH": str(conda.parent)}, tmp_path, everywhere=()).status()

    assert "client_ssl_cert" in (embedded.note or "")
    assert "install Miniforge" in (embedded.note or "")
    assert real.engine is not None
    assert real.engine.name == "conda"
    assert "client_ssl_cert" not in (real.note or "")


async def test_a_channel_that_refuses_is_told_with_what_may_be_missing(
    home: Home, channel: ChannelServer
) -> None:
    url = channel.bare_url
    channel.token = "tk-12345678"
    home.configure(url, more=CONDARC)
    server = home.server()

    ended = await server.ended(await server.create("new", "base-demo"))

    assert ended.error is not None
    assert ended.error.code == "ChannelUnreachable"
    assert "client_ssl_cert" in (ended.error.hint or "")


async def test_a_search_that_is_refused_is_told_so_too(
    channel: ChannelServer, tmp_path: Path
) -> None:
    url = channel.bare_url
    channel.token = "tk-12345678"
    engines = prefixes.Engines([tmp_path / "envs"])
    engines.conda = CondaConfiguration(
        channels=(url,), client_ssl_cert="/c.pem", envs_dirs=(tmp_path / "envs",)
    )
    searching = PackageSearching(
        engines, folder=tmp_path / "searches", cache=tmp_path / "cache", environ=os.environ
    )

    with pytest.raises(ChannelUnreachable) as refused:
        await searching.search("base-demo", [])

    assert "client_ssl_cert" in (refused.value.body.hint or "")
