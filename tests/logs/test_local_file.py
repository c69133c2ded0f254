"""What a log on this machine may be: a regular file, reached through no link, and nothing else."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.errors import LogNotFound, LogUnreachable
from jupyter_ci_manager.hang_guard import Turns
from jupyter_ci_manager.logs.local_file import LocalFile
from tests.builders import until

SECRET = b"not for you"


@pytest.fixture
def share(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_bytes(SECRET)
    share = tmp_path / "share"
    (share / "Logs" / "amy").mkdir(parents=True)
    (share / "Logs" / "amy" / "creation.log").write_bytes(b"content")
    return share


def in_share(share: Path, *parts: str, turns: Turns | None = None) -> LocalFile:
    return LocalFile(share, ["Logs", "amy", *parts], turns or Turns(5))


async def test_a_file_is_read_from_any_place(share: Path) -> None:
    log = in_share(share, "creation.log")

    assert (await log.state()).size == 7
    assert await log.read(3, 100) == b"tent"
    assert await log.read(0, 2) == b"co"
    assert await log.read(50, 2) == b""


async def test_the_share_itself_may_be_reached_through_a_link(share: Path, tmp_path: Path) -> None:
    (tmp_path / "code").symlink_to(share)

    assert await in_share(tmp_path / "code", "creation.log").read(0, 10) == b"content"


def make_link(path: Path, outside: Path) -> None:
    path.symlink_to(outside / "secret")


def make_relative_link(path: Path, outside: Path) -> None:
    path.symlink_to("../../../outside/secret")


def make_link_in_the_share(path: Path, outside: Path) -> None:
    path.symlink_to("creation.log")


def make_dangling_link(path: Path, outside: Path) -> None:
    path.symlink_to("nothing")


def make_fifo(path: Path, outside: Path) -> None:
    os.mkfifo(path)


def make_folder(path: Path, outside: Path) -> None:
    path.mkdir()


def make_socket(path: Path, outside: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


def make_device(path: Path, outside: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root makes devices")
    os.mknod(path, 0o20600, os.makedev(1, 5))


def make_nothing(path: Path, outside: Path) -> None:
    pass


@pytest.mark.parametrize(
    "make",
    [
        make_link,
        make_relative_link,
        make_link_in_the_share,
        make_dangling_link,
        make_fifo,
        make_folder,
        make_socket,
        make_device,
        make_nothing,
    ],
)
async def test_what_is_no_file_of_the_share_is_not_found_and_never_waited_for(
    share: Path, make: object
) -> None:
    assert callable(make)
    make(share / "Logs" / "amy" / "odd", share.parent / "outside")
    log = in_share(share, "odd")

    began = time.monotonic()
    with pytest.raises(LogNotFound):
        await log.state()
    with pytest.raises(LogNotFound):
        await log.read(0, 100)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("target", ["/", "..", "../../outside"])
async def test_a_folder_that_is_a_link_is_not_entered(share: Path, target: str) -> None:
    (share / "Logs" / "amy" / "inner").symlink_to(target)
    for parts in (("inner", "secret"), ("inner", "outside", "secret"), ("inner", "etc", "passwd")):
        with pytest.raises(LogNotFound):
            await in_share(share, *parts).read(0, 100)


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "", "\udcff"])
async def test_names_that_no_file_can_have_are_not_found(share: Path, name: str) -> None:
    with pytest.raises(LogNotFound):
        await in_share(share, name).state()


async def test_a_file_that_is_not_text_by_name_is_read(share: Path) -> None:
    name = os.fsdecode(b"caf\xe9\n.log")
    (share / "Logs" / "amy" / name).write_bytes(b"odd name")

    assert await in_share(share, name).read(0, 100) == b"odd name"


async def test_on_a_local_disk_the_file_is_watched_and_on_a_network_mount_it_is_not(
    share: Path, tmp_path: Path
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "1 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        f"2 1 0:50 / {share} rw - cifs //account.file.core.windows.net/code rw\n"
    )
    local = in_share(share, "creation.log")
    mounted = LocalFile(share, ["Logs", "amy", "creation.log"], Turns(5), mounts=table)
    states = [await local.state(), await mounted.state()]

    assert local.watched == (share / "Logs" / "amy" / "creation.log").resolve()
    assert mounted.watched is None
    # Such a mount may number its files anew at any time.
    assert [bool(state.identity) for state in states] == [True, False]


async def test_a_share_that_hangs_keeps_nobody_and_costs_one_thread(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_back = threading.Event()
    opened = os.open

    def hang(*arguments: object, **options: object) -> int:
        come_back.wait(60)
        return opened(*arguments, **options)  # type: ignore[arg-type]  # passed on as it came

    turns = Turns(0.2)
    log = in_share(share, "creation.log", turns=turns)
    monkeypatch.setattr("jupyter_ci_manager.logs.local_file.os.open", hang)
    monkeypatch.setattr("jupyter_ci_manager.logs.local_file._BY_DESCRIPTOR", True)
    threads = threading.active_count()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.ensure_future(tick())
    with pytest.raises(LogUnreachable):
        await log.read(0, 10)
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(LogUnreachable):
            await in_share(share, "another.log", turns=turns).read(0, 10)
    assert time.monotonic() - began < 0.1
    assert threading.active_count() <= threads + 1
    assert ticks >= 10
    come_back.set()
    await until(lambda: turns.waiting == 0)
    assert await log.read(0, 10) == b"content"
    ticking.cancel()
