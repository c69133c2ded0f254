"""Disks that are full, or too small, or read-only: small file systems of their own."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.room import Need, Planned, shortage
from jupyter_ci_manager.errors import EnvironmentProtected, NotEnoughRoom
from jupyter_ci_manager.models import CreateEnvironment, PlanEnvironment
from tests.builders import until
from tests.disk.mounting import fill, remount, tmpfs
from tests.environments.channel.serving import ChannelServer
from tests.environments.working import Home

LOG = logging.getLogger(__name__)


async def test_what_does_not_fit_is_refused_before_anything_is_downloaded(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()
    with tmpfs(home.envs, size="90m"):
        request = CreateEnvironment(name="large", specs=["big-demo"])
        planning = await server.work.plan(PlanEnvironment(create=request))
        await server.ended(planning)
        plan = await server.work.planned(planning.id)
        ended = await server.ended(await server.work.create(request))
        left = list(home.envs.iterdir())

    assert not plan.fits
    assert "free" in (plan.reason or "")
    assert ended.error is not None
    assert ended.error.code == "NotEnoughRoom"
    assert left == []
    assert not channel.asked_for("big-demo-1.0-0.tar.bz2")


async def test_on_a_full_disk_nothing_is_even_begun(home: Home, channel: ChannelServer) -> None:
    home.configure(channel.url)
    server = home.server()
    with tmpfs(home.envs, size="20m"):
        with pytest.raises(NotEnoughRoom):
            await server.create("new", "base-demo")
        assert (await server.operations.list()).items == []


async def test_a_disk_that_fills_up_half_way_leaves_nothing(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()
    with tmpfs(home.path / "small", size="400m") as small:
        channel.bytes_per_second = 20_000_000
        prefix = small / "large"
        operation = await server.work.create(
            CreateEnvironment(prefix=str(prefix), specs=["big-demo"])
        )
        await until(lambda: channel.asked_for("big-demo-1.0-0.tar.bz2"))
        # Somebody else takes what was free.
        fill(small, leave_bytes=1_000_000)
        ended = await server.ended(operation)
        left = sorted(each.name for each in small.iterdir())

    assert ended.state == "failed"
    assert ended.error is not None
    assert ended.error.code == "NotEnoughRoom", ended.error
    assert left == ["filler"]


async def test_a_read_only_place_is_refused(home: Home, channel: ChannelServer) -> None:
    home.configure(channel.url)
    server = home.server()
    with tmpfs(home.path / "read-only", size="200m") as place:
        remount(place, "ro")
        with pytest.raises(EnvironmentProtected):
            await server.work.create(
                CreateEnvironment(prefix=str(place / "new"), specs=["base-demo"])
            )


def test_what_is_needed_depends_on_where_the_cache_lies(tmp_path: Path) -> None:
    packages = [Planned("a", "1", "install", download_bytes=10_000, installed_bytes=1_000_000)]

    same = Need.of(packages, cache=tmp_path / "cache", prefix=tmp_path / "envs")
    elsewhere = Need.of(packages, cache=tmp_path / "cache", prefix=Path("/dev/shm/envs"))  # noqa: S108
    cached = Need.of(
        [Planned("a", "1", "install", download_bytes=0, installed_bytes=1_000_000)],
        cache=tmp_path / "cache",
        prefix=tmp_path / "envs",
    )

    assert (same.cache_bytes, same.prefix_bytes) == (1_000_000, 80_000)
    assert (elsewhere.cache_bytes, elsewhere.prefix_bytes) == (1_000_000, 1_000_000)
    assert (cached.cache_bytes, cached.prefix_bytes) == (0, 80_000)
    assert shortage(cached, keep_free_bytes=0) is None
    assert shortage(same, keep_free_bytes=10**18) is not None
