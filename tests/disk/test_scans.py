"""Scans as operations: told, cancelled, broken off, and no process is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_ci_manager.disk.scan_files import forget_halves
from jupyter_ci_manager.disk.scans import ScanService
from jupyter_ci_manager.errors import InvalidPath, OperationInProgress
from jupyter_ci_manager.hang_guard import HangGuard
from jupyter_ci_manager.models import Operation, StartScan
from jupyter_ci_manager.operations import OperationRegistry
from tests.builders import until
from tests.disk.mounting import hanging
from tests.disk.scanning import du, file, needs_linux

pytestmark = needs_linux


class Server:
    """What a server has of scans."""

    def __init__(self, folder: Path) -> None:
        log = logging.getLogger(__name__)
        self.os_disk = folder
        self.operations = OperationRegistry(folder / "operations.sqlite", log=log)
        self.scans = ScanService(
            self.operations,
            folder=folder / "scans",
            os_disk=str(folder),
            log=log,
            keep_free_bytes=0,
        )
        self.told: list[Operation] = []
        self.operations.listen(self.told.append)

    async def ended(self, operation: Operation) -> Operation:
        return await self.operations.wait(operation.id, timeout_seconds=30)


@pytest.fixture
def server(
    tmp_path_factory: pytest.TempPathFactory, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("data"))
    yield made
    jp_asyncio_loop.run_until_complete(made.operations.close())


@pytest.fixture(scope="module")
def large_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that takes long enough to be interrupted. Nobody changes it."""
    root = tmp_path_factory.mktemp("large")
    for folder in range(60):
        for inner in range(50):
            path = root / f"d{folder}" / f"e{inner}"
            path.mkdir(parents=True)
            for each in range(10):
                (path / str(each)).touch()
    return root


def scanning_processes(of: int | None = None) -> list[int]:
    """Those of a process's scan: the one that it started, then those that one forked."""
    found, parents = [], [of or os.getpid()]
    while parents:
        parent = parents.pop()
        for threads in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                children = [int(pid) for pid in threads.read_text().split()]
                found += [each for each in children if is_scanning(each)]
                parents += children
    return found


def is_scanning(pid: int) -> bool:
    """Whether it is there, and not only waiting for somebody to ask how it ended."""
    try:
        return b"scan_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


async def test_a_scan_tells_what_is_there(server: Server, tmp_path: Path) -> None:
    file(tmp_path / "a" / "large", 3_000_000)

    operation = await server.scans.start(StartScan(str(tmp_path)))
    assert (await server.scans.status()).operation_id == operation.id
    ended = await server.ended(operation)
    status = await server.scans.status()

    assert (operation.kind, operation.target, operation.cancellable) == (
        "disk.scan",
        str(tmp_path),
        True,
    )
    assert (ended.state, ended.error) == ("succeeded", None)
    assert ended.message == "1 files in 2 folders, 0.0 GB"
    assert status.operation_id is None
    assert status.result is not None
    assert status.result.bytes == du(tmp_path)
    assert scanning_processes() == []


async def test_how_far_it_has_come_is_told_and_not_kept(server: Server, large_tree: Path) -> None:
    operation = await server.scans.start(StartScan(str(large_tree)))
    await server.ended(operation)
    counts = [each.message for each in server.told if "files in" in each.message]
    details = await server.operations.get(operation.id)

    assert str(large_tree) in counts[0]
    assert [each.message for each in details.steps] == [f"Scanning {large_tree}", counts[-1]]


async def test_the_result_is_there_after_a_restart_of_the_server(
    server: Server, tmp_path: Path
) -> None:
    file(tmp_path / "large", 3_000_000)
    await server.ended(await server.scans.start(StartScan(str(tmp_path))))

    next_server = Server(server.scans._folder.parent)
    status = await next_server.scans.status()
    await next_server.operations.close()

    assert status.result is not None
    assert status.result.bytes == du(tmp_path)


async def test_a_second_scan_waits_for_the_first(server: Server, large_tree: Path) -> None:
    first = await server.scans.start(StartScan(str(large_tree)))

    with pytest.raises(OperationInProgress) as refused:
        await server.scans.start(StartScan(str(large_tree / "d1")))

    assert refused.value.body.details == {"operation_id": first.id}
    assert (await server.ended(first)).state == "succeeded"


async def test_cancelling_ends_all_processes_and_keeps_nothing(server: Server) -> None:
    operation = await server.scans.start(StartScan("/"))
    await until(lambda: len(scanning_processes()) >= 2)
    processes = scanning_processes()
    # However fast the machine is: those that read are at work when they are told to end.
    for each in processes[1:]:
        os.kill(each, signal.SIGSTOP)

    await server.operations.cancel_or_dismiss(operation.id)
    ended = await server.ended(operation)

    assert ended.state == "cancelled"
    assert not any(is_scanning(each) for each in processes)
    assert scanning_processes() == []
    assert not list(server.scans._folder.glob("*"))
    assert (await server.scans.status()).result is None


@pytest.mark.parametrize("which", ["the first", "one it forked"])
async def test_a_killed_process_fails_the_scan(
    server: Server, large_tree: Path, which: str
) -> None:
    operation = await server.scans.start(StartScan(str(large_tree)))
    await until(lambda: len(scanning_processes()) >= 2)
    processes = scanning_processes()

    os.kill(processes[0 if which == "the first" else 1], signal.SIGKILL)
    ended = await server.ended(operation)

    assert ended.state == "failed"
    assert ended.error is not None
    assert ended.error.code == "ScanFailed"
    assert ("SIGKILL" if which == "the first" else "ended early") in ended.error.message
    await until(lambda: not any(is_scanning(each) for each in processes))
    assert (await server.ended(await server.scans.start(StartScan(str(large_tree))))).state == (
        "succeeded"
    )


async def test_a_server_that_closes_leaves_no_process(server: Server, large_tree: Path) -> None:
    await server.scans.start(StartScan(str(large_tree)))
    await until(lambda: len(scanning_processes()) >= 2)

    await server.operations.close()

    assert scanning_processes() == []


async def test_a_killed_server_leaves_no_process_and_the_next_says_so(
    server: Server, large_tree: Path
) -> None:
    program = [sys.executable, "-m", "tests.processes.scan_disk"]
    data = server.scans._folder.parent
    with subprocess.Popen(  # noqa: ASYNC220 - it is there at once
        [*program, str(data), str(large_tree)]
    ) as process:
        await until(lambda: len(scanning_processes(process.pid)) >= 2)
        processes = scanning_processes(process.pid)
        # Whatever it was about to do, it does not end by itself before its server is gone.
        for each in processes:
            os.kill(each, signal.SIGSTOP)
        process.kill()
    for each in processes:
        os.kill(each, signal.SIGCONT)

    await until(lambda: not any(is_scanning(each) for each in processes))
    operation = (await server.operations.list()).items[0]
    server.operations._renew_seconds = 0.05
    await until_lost(server, operation)


async def until_lost(server: Server, operation: Operation) -> None:
    """The lease of the killed server runs out first."""
    deadline = time.monotonic() + 60
    while (await server.operations.get(operation.id)).operation.state != "lost":
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)


@pytest.mark.parametrize(
    ("root", "reason"),
    [
        ("relative/folder", "not an absolute path"),
        ("/no/such/folder", "no folder"),
        ("~", "not an absolute path"),
        ("/\0", "not an absolute path"),
        ("/" + "x" * 300, "cannot be scanned"),
        ("file:///tmp/../etc", ".."),
        (__file__, "not a folder"),
    ],
)
async def test_what_is_no_folder_is_not_scanned(server: Server, root: str, reason: str) -> None:
    with pytest.raises(InvalidPath, match=reason.replace(".", r"\.")):
        await server.scans.start(StartScan(root))

    assert (await server.operations.list()).items == []


async def test_where_no_folder_is_named_the_os_disk_is_scanned(server: Server) -> None:
    operation = await server.ended(await server.scans.start(StartScan()))

    assert operation.target == str(server.os_disk)
    result = (await server.scans.status()).result
    assert result is not None
    assert result.root_uri == server.os_disk.as_uri()


async def test_a_share_that_hangs_is_refused_in_time(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.scans, "_guard", HangGuard(0.2))
    with hanging(tmp_path / "share"), pytest.raises(InvalidPath, match="does not answer"):
        await server.scans.start(StartScan(str(tmp_path / "share")))


async def test_a_folder_may_be_named_by_its_uri(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    file(folder / "file", 5000)

    operation = await server.scans.start(StartScan(f"{tmp_path.as_uri()}/caf%E9"))
    ended = await server.ended(operation)

    assert (ended.state, ended.target) == ("succeeded", f"{tmp_path}/caf\\xe9")


def test_what_a_killed_scan_had_half_written_goes_with_the_next(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".half-a.table.1", tmp_path / ".half-b.table.2"
    for path in (old, fresh):
        path.touch()
    os.utime(old, (0, 0))

    forget_halves(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [fresh.name]
