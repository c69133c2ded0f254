"""A journal that cannot be kept on disk stops nothing: it goes on in memory and says so.

The full disks here are real ones, of one megabyte; where none may be mounted those tests skip.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.journal import SCHEMA_VERSION
from jupyter_ci_manager.journal_thread import JournalThread
from jupyter_ci_manager.services import Services, build_services
from tests.builders import configuration, ended, quick_emulator, running
from tests.disk.mounting import fill, remount, tmpfs
from tests.test_journal import Now, operation

LOG = logging.getLogger(__name__)


def thread(path: Path) -> JournalThread:
    return JournalThread(path, Now(), LOG)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "operations.sqlite"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of one megabyte."""
    with tmpfs(tmp_path / "disk", size="1m") as disk:
        yield disk


async def test_on_disk_there_is_nothing_to_warn_of(path: Path) -> None:
    journal = thread(path)
    await journal.call(lambda each: each.add(operation(), b""))
    assert journal.warning is None
    await journal.close()

    again = thread(path)
    assert len(await again.call(lambda each: each.listed(active=True))) == 1
    await again.close()


async def test_a_folder_that_cannot_be_made_leaves_the_journal_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("a file where a folder should be", encoding="utf-8")
    journal = thread(tmp_path / "data" / "operations.sqlite")

    await journal.call(lambda each: each.add(operation(), b""))

    assert len(await journal.call(lambda each: each.listed(active=True))) == 1
    assert journal.warning is not None
    assert "in memory" in journal.warning
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    await journal.close()


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\0" + b"\xff" * 5000])
async def test_a_broken_file_is_moved_aside_and_a_new_one_begun(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    path.with_name(path.name + "-wal").write_bytes(b"old log")
    journal = thread(path)

    await journal.call(lambda each: each.add(operation(), b""))
    await journal.close()

    assert journal.warning is None
    assert "was moved to" in caplog.text
    broken = [each for each in path.parent.iterdir() if ".broken-" in each.name]
    assert [each.read_bytes() for each in broken] == [content]
    again = thread(path)
    assert len(await again.call(lambda each: each.listed(active=True))) == 1
    await again.close()


async def test_a_file_of_a_newer_version_is_neither_read_nor_changed(path: Path) -> None:
    first = thread(path)
    await first.call(lambda each: each.add(operation(), b""))
    await first.close()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    database.close()
    before = path.read_bytes()

    journal = thread(path)
    assert await journal.call(lambda each: each.listed(active=False)) == []
    await journal.close()

    assert journal.warning is not None
    assert "newer version" in journal.warning
    assert path.read_bytes() == before


async def test_a_file_that_breaks_while_it_is_used_loses_no_operation_of_ours(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = thread(path)
    await journal.call(lambda each: each.add(operation(), b"checkpoint"))
    for each in path.parent.iterdir():
        each.write_bytes(b"\xff" * max(4096, each.stat().st_size))

    await journal.call(lambda each: each.update(operation(message="Going on", revision=1)))

    listed = await journal.call(lambda each: each.listed(active=True))
    assert [each.message for each in listed] == ["Going on"]
    assert journal.warning is not None
    await journal.close()


async def test_a_full_disk_keeps_what_was_known(small_disk: Path) -> None:
    journal = thread(small_disk / "data" / "operations.sqlite")
    await journal.call(lambda each: each.add(operation("old", "old-ci", state="succeeded"), b""))
    fill(small_disk)

    for number in range(50):
        new = operation(f"{number}", f"ci-{number}", message="m" * 4000)
        await journal.call(lambda each, new=new: each.add(new, b"c" * 4000))  # type: ignore[misc]

    listed = await journal.call(lambda each: each.listed(active=False))
    assert len(listed) == 51
    assert journal.warning is not None
    assert "full" in journal.warning
    await journal.close()


@pytest.fixture
def azure(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    with running(quick_emulator(), jp_asyncio_loop) as emulator:
        yield emulator


async def stop_an_instance(services: Services) -> None:
    finished = await ended(services, await services.instances.request("stop", "amy-notebooks"))
    assert (finished.state, finished.message) == ("succeeded", "Stopped")
    listed = await services.operations.list()
    assert [each.id for each in listed.items] == [finished.id]
    assert listed.warning is not None


async def test_on_a_full_disk_an_instance_can_be_stopped(azure: Emulator, small_disk: Path) -> None:
    fill(small_disk)
    services = build_services(configuration(small_disk.parent, azure, data=small_disk / "data"))

    await stop_an_instance(services)

    await services.close()


async def test_on_a_disk_that_is_read_only_an_instance_can_be_stopped(
    azure: Emulator, small_disk: Path
) -> None:
    earlier = build_services(configuration(small_disk.parent, azure, data=small_disk / "data"))
    await earlier.open()
    await earlier.close()
    remount(small_disk, "ro")
    services = build_services(configuration(small_disk.parent, azure, data=small_disk / "data"))

    await stop_an_instance(services)

    await services.close()
