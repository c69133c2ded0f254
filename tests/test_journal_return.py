"""A journal that had to leave its file goes back to it, and neither loses nor invents anything.

Full and read-only disks are real ones, of one megabyte, and locks those of another connection.
"""

from __future__ import annotations

import asyncio
import logging
import select
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from jupyter_ci_manager.journal import Journal, OwnershipLost
from jupyter_ci_manager.journal_file import connect_file, connect_memory
from jupyter_ci_manager.journal_thread import JournalThread
from jupyter_ci_manager.models import Operation
from jupyter_ci_manager.operation_handle import OperationHandle
from jupyter_ci_manager.operations import OperationRegistry
from tests.builders import Steps, until
from tests.disk.mounting import fill, remount, tmpfs
from tests.test_journal import KINDS, Now, operation

LOG = logging.getLogger(__name__)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "operations.sqlite"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with tmpfs(tmp_path / "disk", size="1m") as disk:
        yield disk


class Thread(JournalThread):
    """A journal whose file is tried again when the test says so."""

    def __init__(self, path: Path, now: Now | None = None) -> None:
        self.steps = Steps()
        super().__init__(path, now or Now(), LOG, busy_seconds=0.1, clock=self.steps)

    async def add(self, new: Operation, checkpoint: bytes = b"") -> None:
        await self.call(lambda journal: journal.add(new, checkpoint))

    async def update(self, changed: Operation) -> None:
        await self.call(lambda journal: journal.update(changed))

    async def ids(self) -> list[str]:
        return [each.id for each in await self.call(lambda journal: journal.listed(active=False))]

    def trouble(self) -> str:
        return self.warning or ""

    async def try_the_file(self) -> None:
        self.steps.seconds += 31
        await self.ids()


@contextmanager
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    """Another process that has begun to write and does not come to an end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def in_file(path: Path) -> dict[str, Operation]:
    with closing(connect_file(path)) as database:
        return {each.id: each for each in Journal(database, Now()).listed(active=False)}


# --- what keeps it away, and when it goes back ------------------------------------------------


async def test_a_disk_that_has_room_again_gets_all_that_happened_meanwhile(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, LOG.name)
    path = small_disk / "data" / "operations.sqlite"
    journal = Thread(path)
    await journal.add(operation("old", "old-ci", state="succeeded"))
    await journal.add(operation("running", "running-ci"), b"checkpoint")
    filler = fill(small_disk)
    await journal.update(operation("running", "running-ci", message="m" * 20_000, revision=1))
    for number in range(50):
        await journal.add(operation(f"{number}", f"ci-{number}", message="m" * 2000))
    await journal.update(
        operation("running", "running-ci", state="succeeded", message="Done", revision=2)
    )
    assert "full" in journal.trouble()
    before = await journal.ids()

    await journal.try_the_file()
    assert journal.trouble()
    filler.unlink()
    await journal.try_the_file()

    assert not journal.trouble()
    assert await journal.ids() == before
    kept = in_file(path)
    assert set(kept) == set(before)
    assert (kept["running"].state, kept["running"].message) == ("succeeded", "Done")
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    steps = await journal.call(lambda each: each.get("running"))
    assert steps is not None
    assert [each.message[:4] for each in steps[1]] == ["Stop", "mmmm", "Done"]
    await journal.close()


async def test_a_disk_that_was_full_from_the_start_gets_all_that_happened(small_disk: Path) -> None:
    path = small_disk / "data" / "operations.sqlite"
    filler = fill(small_disk)
    journal = Thread(path)
    await journal.add(operation("1", "a"), b"checkpoint")
    await journal.update(operation("1", "a", message="Going on", revision=1))
    filler.unlink()

    await journal.try_the_file()
    await journal.close()

    assert not journal.trouble()
    next_one = Thread(path)
    orphans = await next_one.call(lambda each: each.claim_orphans(KINDS))
    assert [(each.message, checkpoint) for each, checkpoint in orphans] == [
        ("Going on", b"checkpoint")
    ]
    await next_one.close()


async def test_a_disk_that_can_be_written_again_gets_all_that_happened(small_disk: Path) -> None:
    path = small_disk / "data" / "operations.sqlite"
    earlier = Thread(path)
    await earlier.add(operation("old", "old-ci", state="succeeded"))
    await earlier.close()
    remount(small_disk, "ro")
    journal = Thread(path)
    await journal.add(operation("1", "a"))
    await journal.try_the_file()
    assert journal.trouble()
    remount(small_disk, "rw")

    await journal.try_the_file()

    assert not journal.trouble()
    assert await journal.ids() == ["1", "old"]
    assert set(in_file(path)) == {"1", "old"}
    await journal.close()


async def test_a_file_that_is_locked_for_long_is_left_and_taken_up_again(path: Path) -> None:
    journal = Thread(path)
    await journal.add(operation("1", "a"))
    with locked(path):
        await journal.update(operation("1", "a", message="Going on", revision=1))
        await journal.add(operation("2", "b"))
        await journal.try_the_file()
        assert "locked" in journal.trouble()
        assert await journal.ids() == ["2", "1"]

    await journal.try_the_file()

    assert not journal.trouble()
    assert {each: found.message for each, found in in_file(path).items()} == {
        "1": "Going on",
        "2": "Stopping",
    }
    await journal.close()


async def test_a_file_that_is_locked_for_a_moment_is_waited_for(path: Path) -> None:
    journal = JournalThread(path, Now(), LOG)
    await journal.call(lambda each: each.listed(active=True))
    with locked(path):
        waiting = asyncio.ensure_future(
            journal.call(lambda each: each.add(operation("1", "a"), b""))
        )
        await asyncio.sleep(0.2)
        assert not waiting.done()
    await waiting

    assert journal.warning is None
    assert set(in_file(path)) == {"1"}
    await journal.close()


def test_a_locked_file_that_cannot_be_read_does_not_keep_its_reader_for_ever(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path, timeout=0.1, isolation_level=None)) as database:
        journal = Journal(database, Now())
        journal.add(operation("1", "a"), b"")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            # Without a write-ahead log, as on a network mount, nobody reads then.
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                journal.moved_to_memory(connect_memory())


async def test_closing_takes_what_happened_to_the_file_when_that_works(path: Path) -> None:
    journal = Thread(path)
    await journal.add(operation("1", "a"))
    with locked(path):
        await journal.update(operation("1", "a", state="succeeded", message="Done", revision=1))

    await journal.close()

    assert in_file(path)["1"].message == "Done"


async def test_a_file_that_broke_is_moved_aside_and_a_new_one_gets_all_that_was_known(
    path: Path,
) -> None:
    journal = Thread(path)
    await journal.add(operation("old", "a", state="succeeded"))
    await journal.add(operation("1", "b"))
    with locked(path):
        await journal.add(operation("2", "c"))
    for each in path.parent.iterdir():
        each.write_bytes(b"\xff" * max(4096, each.stat().st_size))

    await journal.try_the_file()

    assert not journal.trouble()
    assert set(in_file(path)) == {"old", "1", "2"}
    assert list(path.parent.glob("*.broken-*"))
    await journal.close()


async def test_a_file_that_could_not_be_read_keeps_what_only_it_knew(
    path: Path,
) -> None:
    journal = Thread(path)
    await journal.add(operation("1", "a"), b"checkpoint")
    await journal.add(operation("old", "b", state="succeeded"))
    good = {each: each.read_bytes() for each in path.parent.iterdir()}
    for each, content in good.items():
        each.write_bytes(b"\xff" * max(4096, len(content)))
    await journal.update(operation("1", "a", message="Going on", revision=1))
    assert await journal.ids() == ["1"]
    for each, content in good.items():
        each.write_bytes(content)

    await journal.try_the_file()
    await journal.close()

    assert not journal.trouble()
    next_one = Thread(path)
    assert await next_one.ids() == ["old", "1"]
    ((taken, checkpoint),) = await next_one.call(lambda each: each.claim_orphans(KINDS))
    assert (taken.message, checkpoint) == ("Going on", b"checkpoint")
    await next_one.close()


async def test_a_mistake_of_ours_is_raised_and_moves_nothing(path: Path) -> None:
    journal = Thread(path)

    with pytest.raises(sqlite3.ProgrammingError):
        await journal.call(lambda each: each._db.execute("SELECT ?", ()))
    with pytest.raises(sqlite3.IntegrityError):
        await journal.call(lambda each: each._db.execute("INSERT INTO changes VALUES (NULL)"))

    assert not journal.trouble()
    await journal.close()


# --- what others did meanwhile ----------------------------------------------------------------


async def away(path: Path, now: Now) -> Thread:
    """A journal with ``running`` of its own and ``ended``, which has just left its file."""
    journal = Thread(path, now)
    await journal.add(operation("ended", "ended-ci", state="succeeded"))
    await journal.add(operation("running", "running-ci"), b"checkpoint")
    with locked(path):
        await journal.update(operation("running", "running-ci", message="Alone", revision=1))
    assert journal.trouble()
    return journal


async def test_what_another_process_took_over_stays_its_own(path: Path) -> None:
    now = Now()
    journal = await away(path, now)
    other = Journal(connect_file(path), now)
    now.later(3600)
    ((taken, checkpoint),) = other.claim_orphans(KINDS)
    assert (taken.id, checkpoint) == ("running", b"checkpoint")
    other.update(operation("running", "running-ci", message="Theirs", revision=5))

    await journal.try_the_file()

    assert not journal.trouble()
    assert in_file(path)["running"].message == "Theirs"
    with pytest.raises(OwnershipLost):
        await journal.update(operation("running", "running-ci", message="Ours", revision=6))
    other.close()
    await journal.close()


async def test_what_was_taken_off_the_list_here_or_there_stays_off(path: Path) -> None:
    now = Now()
    journal = Thread(path, now)
    for name in ("here", "there", "kept"):
        await journal.add(operation(name, name, state="succeeded"))
    await journal.add(operation("soon", "soon-ci"))
    with locked(path):
        await journal.update(operation("soon", "soon-ci", state="succeeded", revision=1))
        for name in ("here", "soon"):
            assert await journal.call(lambda each, name=name: each.remove_finished(name))  # type: ignore[misc]
    with closing(connect_file(path)) as database:
        Journal(database, now).remove_finished("there")

    await journal.try_the_file()

    assert set(in_file(path)) == {"kept"}
    assert await journal.ids() == ["kept"]
    await journal.close()


async def test_it_stays_away_while_another_process_works_on_the_same_instance(path: Path) -> None:
    now = Now()
    journal = await away(path, now)
    await journal.add(operation("mine", "amy-ci"))
    other = Journal(connect_file(path), now)
    other.add(operation("theirs", "amy-ci"), b"")

    await journal.try_the_file()
    assert journal.trouble()
    assert set(in_file(path)) == {"ended", "running", "theirs"}
    other.update(operation("theirs", "amy-ci", state="succeeded", revision=1))
    await journal.try_the_file()

    assert not journal.trouble()
    assert set(in_file(path)) == {"ended", "running", "theirs", "mine"}
    other.close()
    await journal.close()


async def test_whoever_watches_hears_of_what_others_did_meanwhile_and_of_nothing_old(
    path: Path,
) -> None:
    now = Now()
    journal = await away(path, now)
    for number in range(20):
        await journal.update(
            operation("running", "running-ci", message=f"{number}", revision=2 + number)
        )
    seen, _ = await journal.call(lambda each: each.changed_by_others(0))
    other = Journal(connect_file(path), now)
    other.add(operation("news", "news-ci"), b"")
    others_seen, _ = other.changed_by_others(0)

    await journal.try_the_file()

    _, changed = await journal.call(lambda each: each.changed_by_others(seen))
    assert [each.id for each in changed] == ["news"]
    _, ours = other.changed_by_others(others_seen)
    assert [(each.id, each.message) for each in ours] == [("running", "19")]
    other.close()
    await journal.close()


async def test_whoever_began_in_memory_hears_of_nothing_old_either(path: Path) -> None:
    now = Now()
    other = Journal(connect_file(path), now)
    for number in range(5):
        other.add(operation(f"{number}", f"ci-{number}", state="succeeded"), b"")
    with locked(path):
        journal = Thread(path, now)
        await journal.add(operation("mine", "amy-ci"))
        seen, _ = await journal.call(lambda each: each.changed_by_others(0))

    await journal.try_the_file()
    other.add(operation("news", "news-ci"), b"")

    assert not journal.trouble()
    _, changed = await journal.call(lambda each: each.changed_by_others(seen))
    assert [each.id for each in changed] == ["news"]
    other.close()
    await journal.close()


WRITER = """if True:
    import asyncio, msgspec, sys
    from tests.test_journal_return import *

    async def write(path, me):
        journal = JournalThread(path, Now(), LOG, busy_seconds=0.3, probe_seconds=0.05)
        away = 0
        for number in range(40):
            one = operation(f"{me}-{number}", f"ci-{me}-{number}", message="m" * 3000)
            await journal.call(lambda each: each.add(one, b"c" * 2000))
            await asyncio.sleep(0.02)
            done = msgspec.structs.replace(one, state="succeeded", message="Done", revision=1)
            await journal.call(lambda each: each.update(done))
            away += journal.warning is not None
        print(away, flush=True)
        await until(lambda: Path(sys.argv[3]).exists())
        await journal.close()

    asyncio.run(write(Path(sys.argv[1]), sys.argv[2]))
"""


def test_processes_that_share_a_disk_which_is_full_every_other_moment_lose_nothing(
    tmp_path: Path,
) -> None:
    with tmpfs(tmp_path / "disk", size="6m") as disk:
        path = disk / "data" / "operations.sqlite"
        room_again = tmp_path / "room"
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path), name, str(room_again)],
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in ("one", "two", "three")
        ]
        outputs = [each.stdout for each in writers if each.stdout is not None]
        waiting = set(outputs)
        away = 0
        while waiting:
            filler = fill(disk)
            readable, _, _ = select.select(list(waiting), [], [], 0.3)
            filler.unlink()
            away += sum(int(each.readline()) for each in readable)
            waiting -= set(readable)
            time.sleep(0.3)
        room_again.touch()
        codes = [each.wait(30) for each in writers]
        for each in outputs:
            each.close()
        kept = in_file(path)

    assert codes == [0, 0, 0]
    assert away > 0
    assert {each.state for each in kept.values()} == {"succeeded"}
    assert set(kept) == {
        f"{name}-{number}" for name in ("one", "two", "three") for number in range(40)
    }


# --- in the registry --------------------------------------------------------------------------


async def test_an_operation_that_began_on_a_full_disk_ends_in_the_file(small_disk: Path) -> None:
    path = small_disk / "data" / "operations.sqlite"
    filler = fill(small_disk)
    go_on = asyncio.Event()

    async def stop(handle: OperationHandle) -> str:
        await handle.save(b"asked")
        await go_on.wait()
        return "Stopped"

    registry = OperationRegistry(path, log=LOG, watch_seconds=0.02, probe_seconds=0.05)
    registry.perform_with(["instance.stop"], stop)
    begun = await registry.start("instance.stop", "amy-ci", "/w", "Stopping", b"")
    assert (await registry.list()).warning is not None
    filler.unlink()

    # Nobody asks for anything: the registry looks after its journal by itself.
    await until(lambda: registry._journal.warning is None)
    go_on.set()
    ended = await registry.wait(begun.id, timeout_seconds=10)
    await registry.close()

    assert ended.state == "succeeded"
    assert {each.id: each.state for each in in_file(path).values()} == {begun.id: "succeeded"}
