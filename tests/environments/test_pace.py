"""How long making an environment takes: estimated from earlier work, and from nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_ci_manager.environments.pace import (
    REMEMBERED,
    Pace,
    estimated_seconds,
    paces_beside,
    remember,
)
from jupyter_ci_manager.models import CreateEnvironment, EnvironmentPlan, PlanEnvironment
from tests.environments.channel.serving import ChannelServer
from tests.environments.working import Home, Server

MADE = Pace("rattler", 1, 50_000_000, 10, 20, 4)
"""5 MB/s, and five packages each second."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "environment-pace.json"


def estimate(file: Path, packages: int, download_bytes: int | None) -> float | None:
    return estimated_seconds(file, "rattler", packages=packages, download_bytes=download_bytes)


def test_it_is_not_known_before_anything_was_made(file: Path) -> None:
    assert estimate(file, 10, 0) is None
    remember(file, Pace("conda", 20, 50_000_000, 10, 20, 4))
    assert estimate(file, 10, 0) is None


def test_it_goes_by_the_rates_of_what_was_made(file: Path) -> None:
    remember(file, MADE)
    remember(file, Pace("rattler", 3, 150_000_000, 10, 20, 4))

    assert estimate(file, 10, 0) == pytest.approx(2 + 2)
    assert estimate(file, 10, 100_000_000) == pytest.approx(2 + 2 + 10)
    assert estimate(file, 10, None) is None


def test_what_came_from_the_cache_says_nothing_of_the_network(file: Path) -> None:
    remember(file, Pace("rattler", 1, 0, 0.01, 20, 4))

    assert estimate(file, 10, 0) == pytest.approx(3)
    assert estimate(file, 10, 1_000) is None


def test_the_newest_count_and_a_file_that_cannot_be_read_counts_as_none(file: Path) -> None:
    for _ in range(REMEMBERED):
        remember(file, Pace("rattler", 100, 0, 0, 1, 100))
    remember(file, Pace("conda", 7, 0, 0, 1, 0))
    for _ in range(REMEMBERED):
        remember(file, MADE)

    assert estimate(file, 5, 5_000_000) == pytest.approx(1 + 1 + 1)
    assert estimated_seconds(file, "conda", packages=0, download_bytes=0) == pytest.approx(7)
    file.write_text('[{"engine": 3}]')
    assert estimate(file, 5, 0) is None


async def planned(server: Server, *specs: str, pip: tuple[str, ...] = ()) -> EnvironmentPlan:
    request = CreateEnvironment(name="planned", specs=list(specs), pip=list(pip))
    operation = await server.work.plan(PlanEnvironment(create=request))
    await server.ended(operation)
    return await server.work.planned(operation.id)


async def test_a_plan_says_it_when_one_has_been_made(home: Home, channel: ChannelServer) -> None:
    channel.bytes_per_second = 50_000_000
    home.configure(channel.url)
    server = home.server()

    before = await planned(server, "base-demo")
    await server.made("new", "big-demo")
    cached = await planned(server, "big-demo")
    fetched = await planned(server, "big-demo", "base-demo")

    assert paces_beside(home.data / "environment-work").exists()
    assert before.seconds is None
    assert cached.seconds is not None
    assert fetched.seconds is not None
    assert 0 < cached.seconds < 30
    assert fetched.seconds > cached.seconds
