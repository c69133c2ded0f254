"""What is exported makes the same environment again, with the embedded engine, for real."""

from __future__ import annotations

import os

import pytest

from jupyter_ci_manager.environments.engines import Engines
from jupyter_ci_manager.environments.listing import EnvironmentListing, id_of
from jupyter_ci_manager.environments.sizes import SizeBook
from jupyter_ci_manager.models import EnvironmentFile, ExportFormat

from .channel.serving import ChannelServer
from .working import LOG, Home, packages_in

pytest.importorskip("rattler", reason="py-rattler has no wheel for this machine")


def listing_of(home: Home) -> EnvironmentListing:
    return EnvironmentListing(
        Engines(os.environ, home.path, everywhere=()),
        SizeBook(home.data / "sizes.json", log=LOG),
        environ=os.environ,
        home=home.path,
        kernels=dict,
    )


@pytest.mark.parametrize("format_", ["yml", "history", "explicit", "lock"])
async def test_an_export_of_a_private_channel_makes_the_same_environment_again(
    home: Home, channel: ChannelServer, format_: ExportFormat
) -> None:
    channel.token = "tk-12345678"
    home.configure(channel.url)
    server = home.server()
    first = await server.made("first", "changing-demo=1.0", "activate-demo")
    listing = listing_of(home)
    (listed,) = [item for item in (await listing.list()).items if item.name == "first"]

    exported = await listing.export(listed.id, format_)
    second = await server.made(
        "second", file=EnvironmentFile(exported.file_name, content=exported.content)
    )

    assert "tk-12345678" not in exported.content
    assert packages_in(second) == packages_in(first)
    assert (await listing.find(id_of(str(second)))).state == "ok"
