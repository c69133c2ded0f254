"""Cancelled, killed, stopped: nothing half-made is left, and the outcome is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.locks import is_held
from jupyter_ci_manager.environments.own_kernels import METADATA_KEY
from jupyter_ci_manager.environments.work_folder import ProgressReader
from jupyter_ci_manager.errors import EnvironmentExists, OperationInProgress
from jupyter_ci_manager.models import ChangePackages, CreateEnvironment, Operation
from jupyter_ci_manager.operations import OperationRegistry
from tests.builders import until
from tests.environments.channel.serving import ChannelServer
from tests.environments.working import LOG, Home, Server, identifier, packages_in

SLOW = 4_000_000
"""Bytes per second, at which the large package takes twelve seconds."""


async def begun(home: Home, channel: ChannelServer, server: Server) -> Operation:
    """An operation that is in the middle of a large download."""
    home.configure(channel.url)
    channel.bytes_per_second = SLOW
    operation = await server.create("large", "big-demo", "changing-demo")
    reading = home.folder_of(operation)
    await until(lambda: b"big-demo" in _content(reading.progress))
    return operation


def _content(path: Path) -> bytes:
    # Not there yet, or a process that has ended meanwhile.
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return b""


def _kill(home: Home, operation: Operation, number: int = signal.SIGKILL) -> None:
    pid = home.folder_of(operation).worker_pid()
    assert pid is not None
    os.kill(pid, number)


def processes_of(operation: Operation, program: str) -> list[int]:
    return [
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit()
        and operation.id.encode() in _content(folder / "cmdline")
        and _content(folder / "comm").strip() == program.encode()
    ]


async def test_progress_is_told_in_bytes_while_it_downloads(
    home: Home, channel: ChannelServer
) -> None:
    server = home.server()
    operation = await begun(home, channel, server)

    await asyncio.sleep(1.5)
    first = await server.now(operation)
    await asyncio.sleep(1.0)
    second = await server.now(operation)
    await server.operations.cancel_or_dismiss(operation.id)
    await server.ended(operation)

    assert first.detail is not None
    assert second.detail is not None
    assert second.detail.phase == "download"
    assert second.detail.phases == ["solve", "download", "link"]
    assert second.detail.item == "big-demo"
    assert 48_000_000 < (second.detail.bytes_total or 0) < 60_000_000
    assert 0 < (first.detail.bytes_done or 0) < (second.detail.bytes_done or 0)
    assert 0 < (first.progress or 0) < (second.progress or 0) < 1


async def test_progress_never_goes_back_and_only_downloads_have_bytes(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()
    operation = await server.create("large", "big-demo", "changing-demo", "activate-demo")
    reader = ProgressReader(home.folder_of(operation).progress)

    await server.ended(operation)

    lines = reader.new()
    fractions = [line.fraction or 0 for line in lines]
    assert fractions == sorted(fractions)
    assert [line.phase for line in lines if line.kept] == ["solve", "download", "link"]
    assert {line.phase for line in lines if line.done is not None} == {"download"}


async def test_cancelled_it_leaves_nothing_and_the_name_is_free(
    home: Home, channel: ChannelServer
) -> None:
    server = home.server()
    operation = await begun(home, channel, server)

    await server.operations.cancel_or_dismiss(operation.id)
    ended = await server.ended(operation)
    channel.bytes_per_second = None
    again = await server.made("large", "changing-demo")

    assert (ended.state, ended.message) == ("cancelled", "Cancelled")
    assert [each.name for each in home.envs.iterdir()] == ["large"]
    assert "changing-demo" in packages_in(again)
    assert home.half_unpacked() == []


async def test_cancelled_by_another_server_it_ends(home: Home, channel: ChannelServer) -> None:
    server = home.server(watch_seconds=0.05)
    other = home.server(watch_seconds=0.05)
    operation = await begun(home, channel, server)

    await other.operations.cancel_or_dismiss(operation.id)
    ended = await other.ended(operation)

    assert ended.state == "cancelled"
    assert list(home.envs.iterdir()) == []


async def test_a_killed_worker_is_told_and_what_it_made_is_removed(
    home: Home, channel: ChannelServer
) -> None:
    server = home.server()
    operation = await begun(home, channel, server)
    assert (home.envs / "large").exists()

    _kill(home, operation)
    ended = await server.ended(operation)

    assert ended.state == "lost"
    assert "killed" in ended.message
    assert "removed" in ended.message
    assert list(home.envs.iterdir()) == []
    assert home.half_unpacked() == []


@pytest.mark.parametrize("how", ["failed", "cancelled", "lost"])
async def test_folders_that_were_made_for_it_go_with_it(
    home: Home, channel: ChannelServer, how: str
) -> None:
    home.configure(channel.url)
    channel.bytes_per_second = SLOW
    server = home.server()
    spec = "no-such-package" if how == "failed" else "big-demo"
    prefix = home.path / "disk" / "environments" / "large"
    operation = await server.work.create(CreateEnvironment(prefix=str(prefix), specs=[spec]))
    if how != "failed":
        await until(prefix.exists)
    if how == "cancelled":
        await server.operations.cancel_or_dismiss(operation.id)
    elif how == "lost":
        _kill(home, operation)
    ended = await server.ended(operation)

    assert ended.state == how, ended.message
    assert not (home.path / "disk").exists()


async def test_an_engine_that_is_killed_is_told_and_what_it_made_is_removed(
    home: Home, channel: ChannelServer
) -> None:
    server = home.server()
    operation = await begun(home, channel, server)
    [child] = processes_of(operation, "rattler_child")

    os.kill(child, signal.SIGKILL)
    ended = await server.ended(operation)

    assert ended.error is not None
    assert ended.error.code == "EngineFailed"
    assert "signal 9" in ended.error.message
    assert list(home.envs.iterdir()) == []
    assert home.half_unpacked() == []


async def test_a_server_that_stops_leaves_the_work_going_on_and_the_next_one_tells(
    home: Home, channel: ChannelServer
) -> None:
    first = home.server()
    operation = await begun(home, channel, first)

    await first.operations.close()
    alive = is_held(home.folder_of(operation).alive)
    channel.bytes_per_second = None
    second = home.server()
    await second.operations.open()
    ended = await second.ended(operation)

    assert alive
    assert ended.state == "succeeded", ended.message
    assert packages_in(home.envs / "large").keys() == {"base-demo", "big-demo", "changing-demo"}


async def test_work_that_ended_while_no_server_was_there_is_told_by_the_next(
    home: Home, channel: ChannelServer
) -> None:
    first = home.server()
    operation = await begun(home, channel, first)
    await first.operations.close()
    channel.bytes_per_second = None

    await until(lambda: not is_held(home.folder_of(operation).alive))
    second = home.server()
    await second.operations.open()
    ended = await second.ended(operation)

    assert ended.state == "succeeded", ended.message


async def test_a_worker_that_died_while_no_server_was_there_is_swept_by_the_next(
    home: Home, channel: ChannelServer
) -> None:
    first = home.server()
    operation = await begun(home, channel, first)
    await first.operations.close()

    _kill(home, operation)
    await until(lambda: not is_held(home.folder_of(operation).alive))
    second = home.server()
    await second.operations.open()
    ended = await second.ended(operation)

    assert ended.state == "lost"
    assert list(home.envs.iterdir()) == []


async def test_two_servers_that_create_the_same_name_make_one_whole_environment(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    one, other = home.server(), home.server()
    first = await one.create("same", "changing-demo")

    with pytest.raises((OperationInProgress, EnvironmentExists)):
        await other.create("same", "changing-demo=1")
    ended = await one.ended(first)

    assert ended.state == "succeeded"
    assert packages_in(home.envs / "same")["changing-demo"] == "3.0"


async def test_two_users_of_one_folder_make_one_whole_environment_of_a_name(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    first, second = home.server(), home.server(journal="another.sqlite")

    operations = await asyncio.gather(
        first.create("same", "changing-demo=1"), second.create("same", "changing-demo=2")
    )
    ended = await asyncio.gather(first.ended(operations[0]), second.ended(operations[1]))

    states = {each.state for each in ended}
    assert states == {"succeeded", "failed"}
    [failed] = [each for each in ended if each.state == "failed"]
    assert failed.error is not None
    assert failed.error.code in {"EnvironmentBusy", "EnvironmentExists"}
    won = 1 if ended[0].state == "succeeded" else 2
    assert packages_in(home.envs / "same")["changing-demo"] == f"{won}.0"
    assert home.left_over() == []


async def test_a_cancelled_change_leaves_what_was_there(home: Home, channel: ChannelServer) -> None:
    home.configure(channel.url)
    server = home.server()
    prefix = await server.made("kept", "changing-demo=1")
    before = _files(prefix)

    channel.bytes_per_second = SLOW
    operation = await server.work.change(
        identifier(prefix), ChangePackages(install=["big-demo"], update=["changing-demo"])
    )
    await until(lambda: b"big-demo" in _content(home.folder_of(operation).progress))
    await asyncio.sleep(0.5)
    await server.operations.cancel_or_dismiss(operation.id)
    ended = await server.ended(operation)

    assert ended.state == "cancelled"
    assert packages_in(prefix) == {"base-demo": "1.0", "changing-demo": "1.0"}
    assert _files(prefix) == before
    assert home.left_over() == []


async def test_a_change_whose_worker_was_killed_is_put_back(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()
    prefix = await server.made("kept", "changing-demo=1")
    before = _files(prefix)

    channel.bytes_per_second = SLOW
    operation = await server.work.change(
        identifier(prefix), ChangePackages(install=["big-demo"], update=["changing-demo"])
    )
    # Small packages are linked while the large one is downloaded.
    await until(lambda: packages_in(prefix).get("changing-demo") == "3.0")
    _kill(home, operation)
    ended = await server.ended(operation)

    assert ended.state == "lost"
    assert "put back" in ended.message
    assert packages_in(prefix) == {"base-demo": "1.0", "changing-demo": "1.0"}
    assert _files(prefix) == before
    assert home.left_over() == []


def _files(prefix: Path) -> dict[str, bytes]:
    """All that packages have put there."""
    return {
        str(path.relative_to(prefix)): path.read_bytes()
        for path in prefix.rglob("share/**/*")
        if path.is_file()
    }


@asynccontextmanager
async def killed_server(home: Home, channel: ChannelServer) -> AsyncIterator[Operation]:
    """What a server had begun that was killed in the middle of a large download."""
    home.configure(channel.url)
    channel.bytes_per_second = SLOW
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.processes.create_environment"),
        *(str(home.path), "large", "big-demo", "changing-demo"),
    )
    try:
        await until(lambda: channel.asked_for("big-demo-1.0-0.tar.bz2"))
        looking = OperationRegistry(home.data / "operations.sqlite", log=LOG)
        [operation] = (await looking.list()).items
        await looking.close()
    finally:
        process.kill()
        await process.wait()
    yield operation


async def test_the_work_of_a_killed_server_goes_on_and_the_next_one_tells(
    home: Home, channel: ChannelServer
) -> None:
    async with killed_server(home, channel) as operation:
        alive = is_held(home.folder_of(operation).alive)
        channel.bytes_per_second = None
        server = home.server()
        await server.operations.open()
        ended = await server.ended(operation)

    assert alive
    assert ended.state == "succeeded", ended.message
    assert "big-demo" in packages_in(home.envs / "large")


async def test_the_work_of_a_killed_server_can_be_cancelled_by_the_next(
    home: Home, channel: ChannelServer
) -> None:
    async with killed_server(home, channel) as operation:
        server = home.server()
        await server.operations.open()
        await server.operations.cancel_or_dismiss(operation.id)
        ended = await server.ended(operation)

    assert ended.state == "cancelled"
    assert list(home.envs.iterdir()) == []


async def test_killed_with_its_server_nothing_is_left_and_that_is_told(
    home: Home, channel: ChannelServer
) -> None:
    async with killed_server(home, channel) as operation:
        _kill(home, operation)
        server = home.server()
        await server.operations.open()
        ended = await server.ended(operation)

    assert ended.state == "lost"
    assert list(home.envs.iterdir()) == []
    assert home.half_unpacked() == []


async def with_many_files(server: Server) -> Path:
    """An environment with a kernel, which takes a while to be removed."""
    prefix = await server.made("many", "base-demo")
    for folder in (prefix / f"many-{number}" for number in range(200)):
        folder.mkdir()
        for number in range(150):
            (folder / str(number)).touch()
    kernel = server.home.path / "jupyter" / "kernels" / "many"
    kernel.mkdir(parents=True)
    spec = {
        "argv": ["/bin/true"],
        "display_name": "Many",
        "metadata": {METADATA_KEY: {"prefix": str(prefix)}},
    }
    (kernel / "kernel.json").write_text(json.dumps(spec))
    return prefix


async def test_a_removal_that_is_cancelled_at_once_leaves_the_environment_whole(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()
    prefix = await with_many_files(server)

    operation = await server.work.remove(identifier(prefix), kernels=True)
    await server.operations.cancel_or_dismiss(operation.id)
    ended = await server.ended(operation)

    assert operation.cancellable
    assert ended.state == "cancelled", ended.message
    assert packages_in(prefix) == {"base-demo": "1.0"}
    assert len(list(prefix.glob("many-*/*"))) == 200 * 150
    assert (home.path / "jupyter/kernels/many/kernel.json").is_file()
    assert str(prefix) in (home.path / ".conda/environments.txt").read_text()
    assert home.left_over() == []


async def test_a_removal_that_is_cancelled_when_it_is_out_of_sight_goes_to_its_end(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()
    prefix = await with_many_files(server)

    operation = await server.work.remove(identifier(prefix), kernels=True)
    await until(lambda: not prefix.exists())
    await server.operations.cancel_or_dismiss(operation.id)
    ended = await server.ended(operation)

    assert (ended.state, ended.message) == ("succeeded", "Removed. Its kernel many is removed.")
    assert list(home.envs.iterdir()) == []


async def test_a_removal_that_is_killed_is_brought_to_its_end(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()
    prefix = await with_many_files(server)

    operation = await server.work.remove(identifier(prefix), kernels=True)
    await until(lambda: not prefix.exists())
    _kill(home, operation)
    half_removed = list(home.envs.iterdir())
    ended = await server.ended(operation)

    assert half_removed
    assert ended.state == "succeeded", ended.message
    assert list(home.envs.iterdir()) == []
    assert not (home.path / "jupyter/kernels/many").exists()
    assert str(prefix) not in (home.path / ".conda/environments.txt").read_text()


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.1, 0.2, 0.3, 0.5])
async def test_cancelled_at_any_moment_it_leaves_nothing(
    home: Home, channel: ChannelServer, seconds: float
) -> None:
    home.configure(channel.url)
    channel.bytes_per_second = SLOW
    server = home.server()
    operation = await server.create("large", "big-demo")

    await asyncio.sleep(seconds)
    await server.operations.cancel_or_dismiss(operation.id)
    ended = await server.ended(operation)
    await until(lambda: not is_held(home.folder_of(operation).alive))

    assert ended.state == "cancelled", ended.message
    assert list(home.envs.iterdir()) == []
    assert not (home.folder_of(operation).path / "request.json").exists()


async def test_environments_of_different_names_are_made_at_once_from_an_empty_cache(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()

    prefixes = await asyncio.gather(
        *(server.made(name, "changing-demo", "activate-demo") for name in ("one", "two", "three"))
    )

    assert [len(packages_in(prefix)) for prefix in prefixes] == [3, 3, 3]
