"""Which channel a package comes from, and what is pinned, as ``.condarc`` says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.environments.channel.build import index
from tests.environments.channel.package import Package
from tests.environments.working import Home, packages_in


@pytest.fixture
def channels(tmp_path: Path) -> tuple[str, str]:
    """A channel with an old package, and another one with a newer one and what needs that."""
    first, second = tmp_path / "first", tmp_path / "second"
    for channel, packages in (
        (first, [Package("lib-demo", "1.0", noarch="generic")]),
        (
            second,
            [
                Package("lib-demo", "2.0", noarch="generic"),
                Package("needs-two", noarch="generic", depends=["lib-demo >=2"]),
            ],
        ),
    ):
        for package in packages:
            package.write(channel)
        index(channel)
    return first.as_uri(), second.as_uri()


@pytest.mark.parametrize(
    ("priority", "version"),
    [("strict", "1.0"), ("flexible", "1.0"), ("true", "1.0"), ("disabled", "2.0")],
)
async def test_a_package_comes_from_the_first_channel_that_has_it(
    home: Home, channels: tuple[str, str], priority: str, version: str
) -> None:
    home.configure(*channels, more=f"channel_priority: {priority}\n")

    prefix = await home.server().made("analysis", "lib-demo")

    assert packages_in(prefix) == {"lib-demo": version}


async def test_channels_are_mixed_where_nothing_fits_otherwise_and_that_is_said(
    home: Home, channels: tuple[str, str]
) -> None:
    home.configure(*channels)
    server = home.server()

    operation = await server.create("analysis", "needs-two")
    ended = await server.ended(operation)

    assert ended.state == "succeeded", ended.message
    assert packages_in(home.envs / "analysis") == {"lib-demo": "2.0", "needs-two": "1.0"}
    assert "channel_priority: flexible" in home.log_of(operation)


async def test_strictly_they_are_not(home: Home, channels: tuple[str, str]) -> None:
    home.configure(*channels, more="channel_priority: strict\n")
    server = home.server()

    ended = await server.ended(await server.create("analysis", "needs-two"))

    assert ended.error is not None
    assert ended.error.code == "NoSolution"
    assert "lib-demo" in ended.error.message
    assert not (home.envs / "analysis").exists()


async def test_what_is_pinned_holds_when_somebody_needs_it_and_is_not_installed_for_nothing(
    home: Home, channels: tuple[str, str]
) -> None:
    home.configure(*reversed(channels), more='pinned_packages: ["lib-demo=1", "other-demo=1"]\n')
    server = home.server()

    prefix = await server.made("analysis", "lib-demo")
    refused = await server.ended(await server.create("other", "needs-two"))

    assert packages_in(prefix) == {"lib-demo": "1.0"}
    assert refused.error is not None
    assert refused.error.code == "NoSolution"
