"""Creating environments with the embedded engine, for real, from a channel over HTTP."""

from __future__ import annotations

from tests.environments.channel.serving import ChannelServer
from tests.environments.working import Home, packages_in


async def test_an_environment_is_created_and_its_log_can_be_read(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()

    operation = await server.create("analysis", "changing-demo=2")
    ended = await server.ended(operation)

    assert ended.state == "succeeded", ended.message
    assert operation.target == str(home.envs / "analysis")
    assert packages_in(home.envs / "analysis") == {"base-demo": "1.0", "changing-demo": "2.0"}
    assert home.left_over() == []
    assert "+ changing-demo 2.0" in home.log_of(operation)
    assert str(home.envs / "analysis") in (home.path / ".conda/environments.txt").read_text()
