from __future__ import annotations

import logging
import sqlite3
import stat
from pathlib import Path

import msgspec
import pytest

from jupyter_ci_manager.disk.growth import GrowthWatch
from jupyter_ci_manager.disk.history import (
    KEEP_SECONDS,
    SLOT_SECONDS,
    DiskHistory,
    Sample,
    full_in_seconds,
    growth_bytes_per_day,
)
from jupyter_ci_manager.disk.history_file import KEEP_ROWS, HistoryFile
from jupyter_ci_manager.disk.levels import GB
from jupyter_ci_manager.models import Filesystem
from tests.builders import Steps
from tests.disk.disks import LOG
from tests.disk.mounting import fill, remount, tmpfs

HOUR = 3600.0
DAY = 86_400.0
START = 1_795_000_000.0
TOTAL = 124 * GB


def samples(*used_by_hour: float, every: float = HOUR, start: float = START) -> list[Sample]:
    """What was in use, in GB, each hour."""
    return [
        Sample(start + number * every, int(used * GB), TOTAL)
        for number, used in enumerate(used_by_hour)
    ]


def filesystem(used: int, mount_point: str = "/") -> Filesystem:
    return Filesystem(
        mount_point=mount_point,
        roles=["os"],
        device="/dev/sda1",
        type="ext4",
        level="ok",
        total_bytes=TOTAL,
        used_bytes=used,
        available_bytes=TOTAL - used,
    )


# --- how fast ---------------------------------------------------------------------------------


@pytest.mark.parametrize("per_hour", [0.25, 1.0, -0.5])
def test_what_grows_or_shrinks_evenly_does_so_by_the_day(per_hour: float) -> None:
    found = growth_bytes_per_day(samples(*(50 + per_hour * hour for hour in range(30))))

    assert found == pytest.approx(24 * per_hour * GB)


def test_an_hour_is_the_least_that_says_something() -> None:
    ten_minutes = [50 + number / 10 for number in range(8)]
    watched = samples(*ten_minutes, every=SLOT_SECONDS)

    assert growth_bytes_per_day([]) is None
    assert growth_bytes_per_day(watched[:1]) is None
    assert growth_bytes_per_day(watched[:6]) is None
    assert growth_bytes_per_day(samples(50, 51, 52)) is None
    assert growth_bytes_per_day(watched[:7]) == pytest.approx(14.4 * GB)


def test_a_large_file_that_came_and_went_changes_nothing() -> None:
    used = [50 + hour * 0.1 for hour in range(40)]
    used[20] += 1.1

    assert growth_bytes_per_day(samples(*used)) == pytest.approx(2.4 * GB, rel=0.05)


def test_what_hardly_changes_does_not_grow() -> None:
    used = [50 + (number * 7 % 5) / 10 for number in range(48)]

    assert growth_bytes_per_day(samples(*used)) is None
    assert growth_bytes_per_day(samples(*[50.0] * 48)) is None


def test_growth_counts_from_the_last_time_that_the_disk_was_cleaned_up() -> None:
    before = [60 + hour for hour in range(40)]
    after = [40 + hour * 0.5 for hour in range(6)]

    assert growth_bytes_per_day(samples(*before, *after)) == pytest.approx(12 * GB)
    assert growth_bytes_per_day(samples(*before, after[0])) is None


def test_what_was_more_than_two_days_ago_says_nothing() -> None:
    fast, slow = [hour * 1.0 for hour in range(72)], [71 + hour * 0.1 for hour in range(49)]

    assert growth_bytes_per_day(samples(*fast, *slow)) == pytest.approx(2.4 * GB, rel=0.01)


@pytest.mark.parametrize(
    ("available", "per_day", "seconds"),
    [
        (10 * GB, 5.0 * GB, 2 * DAY),
        (0, 5.0 * GB, 0),
        (10 * GB, -5.0 * GB, None),
        (10 * GB, 0.0, None),
        (10 * GB, None, None),
        (5000 * GB, 1.0 * GB, None),
    ],
)
def test_a_disk_that_grows_will_be_full(
    available: int, per_day: float | None, seconds: float | None
) -> None:
    assert full_in_seconds(available, per_day) == seconds


# --- what is kept -----------------------------------------------------------------------------


def test_ten_minutes_have_one_sample_and_eight_days_are_kept() -> None:
    history = DiskHistory()
    kept = [
        history.add("/", Sample(START + number * 60, number * GB // 10, TOTAL))
        for number in range(31)
    ]
    for day in range(1, 30):
        history.add("/", Sample(START + day * DAY, 0, TOTAL))

    assert kept.count(True) <= 4
    assert len(history._samples["/"]) == 9


def test_a_clock_that_was_wrong_and_is_set_right_leaves_no_samples_of_the_future() -> None:
    history = DiskHistory()
    for hour in range(10):
        history.add("/", Sample(START + 5 * DAY + hour * HOUR, 0, TOTAL))
    for hour in range(10):
        history.add("/", Sample(START + hour * HOUR, hour * GB, TOTAL))

    assert history.growth_bytes_per_day("/") == pytest.approx(24 * GB)
    assert history.growth_bytes_per_day("/mnt") is None


# --- over a restart ---------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "disk-history.sqlite"


def watch(path: Path, clock: Steps, host: str = "here", keep_free: int = 0) -> GrowthWatch:
    return GrowthWatch(HistoryFile(path, keep_free), now=clock.now, log=LOG, host=host)


async def test_growth_is_still_known_after_a_restart(path: Path) -> None:
    clock = Steps()
    before = watch(path, clock)
    for hour in range(12):
        clock.seconds = hour * HOUR
        await before.note([filesystem((50 + hour) * GB)])
    after = watch(path, clock)
    assert after.bytes_per_day("/") is None

    clock.seconds = 12 * HOUR
    await after.note([filesystem(62 * GB)])

    assert after.bytes_per_day("/") == pytest.approx(24 * GB)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_machines_that_share_a_home_have_disks_of_their_own(path: Path) -> None:
    clock = Steps()
    one, other = watch(path, clock, "one"), watch(path, clock, "other")
    for hour in range(6):
        clock.seconds = hour * HOUR
        await one.note([filesystem((50 + hour) * GB)])
        await other.note([filesystem(50 * GB)])

    again = watch(path, clock, "other")
    await again.note([filesystem(50 * GB)])

    assert one.bytes_per_day("/") == pytest.approx(24 * GB)
    assert again.bytes_per_day("/") is None


async def test_what_did_not_answer_or_cannot_be_written_is_not_noted(path: Path) -> None:
    clock = Steps()
    watching = watch(path, clock)
    read_only = msgspec.structs.replace(filesystem(50 * GB), read_only=True)
    silent = msgspec.structs.replace(filesystem(50 * GB), used_bytes=None, total_bytes=None)

    await watching.note([read_only, silent])

    assert HistoryFile(path, 0).read(clock.now().timestamp()) == []


async def test_two_servers_keep_one_sample_of_the_same_ten_minutes(path: Path) -> None:
    clock = Steps()
    for _ in range(3):
        await watch(path, clock).note([filesystem(50 * GB)])

    assert len(HistoryFile(path, 0).read(clock.now().timestamp())) == 1


def test_the_file_is_bounded(path: Path) -> None:
    file = HistoryFile(path, 0)
    many = [
        (f"host{number} /", Sample(START + slot * SLOT_SECONDS, 1, TOTAL))
        for number in range(20)
        for slot in range(KEEP_SECONDS // SLOT_SECONDS)
    ]
    now = START + KEEP_SECONDS

    file.write(many, now)

    assert KEEP_ROWS - 20 < len(file.read(now)) <= KEEP_ROWS
    assert path.stat().st_size < 2_000_000
    file.write([("here /", Sample(now + KEEP_SECONDS, 1, TOTAL))], now + KEEP_SECONDS)
    assert [name for name, _ in file.read(now + KEEP_SECONDS)] == ["here /"]


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\0" + b"\xff" * 5000])
async def test_a_broken_file_is_moved_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    await watch(path, Steps()).note([filesystem(50 * GB)])

    assert [each.read_bytes() for each in path.parent.glob("*.broken-*")] == [content]
    assert len(HistoryFile(path, 0).read(Steps().now().timestamp())) == 1


async def test_rows_of_another_form_are_no_samples(path: Path) -> None:
    await watch(path, Steps()).note([filesystem(50 * GB)])
    with sqlite3.connect(path) as database:
        database.execute("UPDATE samples SET used_bytes = 'much'")
    database.close()

    assert HistoryFile(path, 0).read(Steps().now().timestamp()) == []


async def test_a_file_of_a_newer_version_is_neither_read_nor_changed(path: Path) -> None:
    await watch(path, Steps()).note([filesystem(50 * GB)])
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version=9")
    database.close()
    before = path.read_bytes()

    await watch(path, Steps()).note([filesystem(50 * GB, "/mnt")])

    assert path.read_bytes() == before


# --- where there is no room -------------------------------------------------------------------


async def test_nothing_is_written_where_room_is_short(path: Path) -> None:
    watching = watch(path, Steps(), keep_free=2**62)

    await watching.note([filesystem(50 * GB)])

    assert not path.exists()
    assert not path.parent.exists()


async def test_on_a_real_disk_that_is_full_growth_is_told_from_memory_and_kept_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Steps()
    with tmpfs(tmp_path / "disk", size="1m") as disk:
        watching = watch(disk / "data" / "disk-history.sqlite", clock)
        filler = fill(disk)
        for hour in range(6):
            clock.seconds = hour * HOUR
            await watching.note([filesystem((50 + hour) * GB)])
        told = watching.bytes_per_day("/")
        filler.unlink()
        clock.seconds = 6 * HOUR
        await watching.note([filesystem(56 * GB)])
        kept = HistoryFile(disk / "data" / "disk-history.sqlite", 0).read(clock.now().timestamp())

    assert told == pytest.approx(24 * GB)
    assert len(kept) == 7
    # One word to the log, which may be on that disk as well.
    assert [each.levelno for each in caplog.records] == [logging.WARNING]


async def test_a_disk_that_became_read_only_still_tells_what_it_knew(tmp_path: Path) -> None:
    clock = Steps()
    with tmpfs(tmp_path / "disk", size="1m") as disk:
        path = disk / "data" / "disk-history.sqlite"
        before = watch(path, clock)
        for hour in range(6):
            clock.seconds = hour * HOUR
            await before.note([filesystem((50 + hour) * GB)])
        remount(disk, "ro")
        clock.seconds = 6 * HOUR
        after = watch(path, clock)
        await after.note([filesystem(56 * GB)])

    assert after.bytes_per_day("/") == pytest.approx(24 * GB)
