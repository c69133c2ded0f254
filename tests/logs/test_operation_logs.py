"""What operations write: whole, bounded, kept for a while, and never in the way of the work."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from pathlib import Path
from typing import Any

import pytest

from jupyter_ci_manager.errors import LogNotFound
from jupyter_ci_manager.logs.operation_logs import OperationLogs
from tests.disk.mounting import fill, tmpfs

ID = "0123456789abcdef"
LOG = logging.getLogger(__name__)


def logs_in(folder: Path, **options: Any) -> OperationLogs:
    return OperationLogs(folder / "logs", log=LOG, **options)


async def read(logs: OperationLogs, operation_id: str = ID) -> bytes:
    return await (await logs.stream(operation_id)).read(0, 1_000_000)


async def test_what_is_written_is_read_in_order_also_by_another_server(tmp_path: Path) -> None:
    written = logs_in(tmp_path).of(ID)
    await asyncio.gather(*(written.write(f"{number}\n".encode()) for number in range(50)))
    await logs_in(tmp_path).of(ID).write(b"resumed\n")

    expected = "".join(f"{number}\n" for number in range(50)) + "resumed\n"
    assert await read(logs_in(tmp_path)) == expected.encode()


async def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    await logs_in(tmp_path).of(ID).write(b"x")

    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "logs" / f"{ID}.log").stat().st_mode & 0o777 == 0o600


async def test_a_link_that_took_its_place_is_neither_written_nor_read(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "mine").write_bytes(b"precious")
    (tmp_path / "logs" / f"{ID}.log").symlink_to(tmp_path / "mine")
    logs = logs_in(tmp_path)
    await logs.of(ID).write(b"x")

    assert (tmp_path / "mine").read_bytes() == b"precious"
    with pytest.raises(LogNotFound):
        await logs.stream(ID)


@pytest.mark.parametrize("operation_id", [ID, "../mine", "", "x", ID.upper(), f"{ID}\n", "a/b"])
async def test_what_has_written_nothing_has_no_log(tmp_path: Path, operation_id: str) -> None:
    (tmp_path / "mine.log").write_bytes(b"precious")
    with pytest.raises(LogNotFound, match="has written no log"):
        await logs_in(tmp_path).stream(operation_id)


async def test_a_log_that_becomes_too_long_ends_and_says_so(tmp_path: Path) -> None:
    logs = logs_in(tmp_path, max_bytes=1000)
    written = logs.of(ID)
    for _ in range(100):
        await written.write(b"x" * 99 + b"\n")
    # Also where another server goes on with the work.
    await logs_in(tmp_path, max_bytes=1000).of(ID).write(b"more")
    content = await read(logs)

    assert len(content) < 1200
    assert content.count(b"The log ends here") == 1
    assert content.startswith(b"x" * 99 + b"\n")


async def test_only_the_newest_are_kept_and_nothing_else_is_removed(tmp_path: Path) -> None:
    logs = logs_in(tmp_path, keep_logs=5)
    (tmp_path / "logs").mkdir()
    foreign = tmp_path / "logs" / "notes.txt"
    foreign.write_text("not a log")
    os.utime(foreign, (0, 0))
    for number in range(8):
        name = f"{number:016x}"
        await logs.of(name).write(b"x")
        os.utime(tmp_path / "logs" / f"{name}.log", (time.time() - 100 + number,) * 2)
    old = tmp_path / "logs" / f"{7:016x}.log"
    os.utime(old, (time.time() - 40 * 24 * 3600,) * 2)
    await logs.of(ID).write(b"newest")

    assert foreign.exists()
    kept = sorted(path.name for path in (tmp_path / "logs").glob("*.log"))
    assert kept == sorted([f"{number:016x}.log" for number in (3, 4, 5, 6)] + [f"{ID}.log"])


async def test_a_full_disk_stops_nothing_and_what_is_missing_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with tmpfs(tmp_path / "disk", size="1m") as disk:
        logs = logs_in(disk)
        written = logs.of(ID)
        await written.write(b"before\n")
        filler = fill(disk, leave_bytes=0)
        for _ in range(10):
            await written.write(b"y" * 10_000)
        filler.unlink()
        await written.write(b"after\n")
        content = await read(logs)

    assert content.startswith(b"before\n")
    assert b"bytes could not be written]\nafter\n" in content
    assert caplog.text.count("could not be written") == 1


async def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file is in the way")
    await logs_in(tmp_path).of(ID).write(b"x")

    assert (tmp_path / "logs").read_text() == "a file is in the way"
