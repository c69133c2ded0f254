"""What is exported makes the same environment again, with the embedded engine, for real."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
import yaml

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


@pytest.mark.slow
async def test_a_lock_file_with_a_wheel_is_followed_to_its_checksum(
    home: Home, channel: ChannelServer, tiny_wheel: str, tmp_path: Path
) -> None:
    home.configure(channel.url)
    server = home.server()
    await server.made("first", "pip")
    listing = listing_of(home)
    (listed,) = (await listing.list()).items
    locked = yaml.safe_load((await listing.export(listed.id, "lock")).content)
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    checksum = hashlib.sha256(wheel.read_bytes()).hexdigest()
    entry = {
        "name": "tiny-demo",
        "version": "1.0",
        "manager": "pip",
        "platform": locked["metadata"]["platforms"][0],
        "url": tiny_wheel,
        "category": "main",
    }

    for name, sha256, state in (("good", checksum, "succeeded"), ("bad", "0" * 64, "failed")):
        package = [*locked["package"], entry | {"hash": {"sha256": sha256}}]
        content = yaml.safe_dump(locked | {"package": package})
        operation = await server.create(
            name, file=EnvironmentFile("conda-lock.yml", content=content)
        )
        assert (await server.ended(operation)).state == state, home.log_of(operation)

    (good,) = [item for item in (await listing.list()).items if item.name == "good"]
    pip = [each for each in (await listing.details(good.id)).packages if each.manager == "pip"]
    assert [(each.name, each.version) for each in pip] == [("tiny_demo", "1.0")]
    assert not (home.envs / "bad").exists()


@pytest.mark.slow
async def test_a_requirements_file_in_the_served_folder_makes_an_environment(
    home: Home, channel: ChannelServer, tiny_wheel: str
) -> None:
    home.configure(channel.url)
    (home.path / "project").mkdir()
    (home.path / "project" / "requirements.txt").write_text(
        f"# ours\n--no-index\n--find-links {tiny_wheel.rpartition('/')[0]}/\ntiny_demo == 1.0\n"
    )
    server = home.server()

    prefix = await server.made(
        "new", file=EnvironmentFile("requirements.txt", path="project/requirements.txt")
    )

    listing = listing_of(home)
    details = await listing.details(id_of(str(prefix)))
    assert {"python", "pip", "tiny_demo"} <= {each.name for each in details.packages}
