from __future__ import annotations

import asyncio
import errno
import os
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyter_ci_manager.disk.filesystems import Places
from jupyter_ci_manager.disk.growth import GrowthWatch
from jupyter_ci_manager.disk.history_file import HistoryFile
from jupyter_ci_manager.disk.levels import GB, DiskThresholds
from jupyter_ci_manager.disk.usage import DiskUsage
from jupyter_ci_manager.journal import utc_now
from jupyter_ci_manager.models import DiskStatus, Filesystem
from tests.builders import Steps, until
from tests.disk.disks import INODES, LOG, Disks, figures, machine
from tests.disk.mount_tables import COMPUTE_INSTANCE, DOCKER, LAPTOP
from tests.disk.mounting import fill, hanging, remount, tmpfs


@pytest.fixture
def disks() -> Disks:
    return Disks()


def by_point(status: DiskStatus) -> dict[str, Filesystem]:
    return {each.mount_point: each for each in status.filesystems}


# --- which file systems there are -------------------------------------------------------------


async def test_a_compute_instance_has_an_os_disk_a_temporary_disk_and_a_share(
    tmp_path: Path, disks: Disks
) -> None:
    status = await machine(tmp_path, COMPUTE_INSTANCE, disks, instance="amy-ci").status()

    assert (status.machine, status.instance) == ("compute_instance", "amy-ci")
    assert [(each.mount_point, each.roles, each.type) for each in status.filesystems] == [
        ("/", ["os", "home"], "ext4"),
        ("/mnt", ["temporary"], "ext4"),
        ("/home/azureuser/cloudfiles/code", ["share"], "cifs"),
    ]
    assert status.standard_os_disk
    assert (status.level, status.at_risk) == ("ok", [])


async def test_a_container_is_told_from_a_machine_and_its_layers_are_its_disk(
    tmp_path: Path, disks: Disks
) -> None:
    inside = machine(tmp_path, DOCKER, disks, home="/home/jovyan", root="/home/jovyan/work")

    status = await inside.status()

    assert status.machine == "container"
    (only,) = status.filesystems
    assert (only.mount_point, only.roles, only.type) == ("/", ["os", "home"], "overlay")


async def test_a_laptop_has_a_home_of_its_own_and_nothing_of_azures(
    tmp_path: Path, disks: Disks
) -> None:
    disks.told["/home"] = figures(available=GB // 10)
    laptop = machine(tmp_path, LAPTOP, disks, home="/home/jovyan", root="/home/jovyan/notebooks")

    status = await laptop.status()

    assert status.instance is None
    assert [(each.mount_point, each.roles) for each in status.filesystems] == [
        ("/", ["os"]),
        ("/home", ["home"]),
    ]
    home = by_point(status)["/home"]
    # No stop of anything depends on it.
    assert (home.level, home.warn_below_bytes, home.critical_below_bytes) == ("ok", None, None)
    assert status.level == "ok"


async def test_notebooks_on_any_network_mount_are_a_share(tmp_path: Path, disks: Disks) -> None:
    laptop = machine(
        tmp_path, LAPTOP, disks, home="/home/jovyan", root="/home/jovyan/Cloud Drive/notebooks"
    )

    found = by_point(await laptop.status())

    assert found["/home/jovyan/Cloud Drive"].roles == ["share"]


async def test_one_file_system_that_is_bound_to_several_places_is_one(
    tmp_path: Path, disks: Disks
) -> None:
    bound = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:1 /data /mnt rw - ext4 /dev/sda1 rw\n"

    status = await machine(tmp_path, bound, disks).status()

    (only,) = status.filesystems
    assert only.roles == ["os", "temporary", "home"]
    assert disks.asked == ["/"]


async def test_what_is_mounted_from_elsewhere_is_no_temporary_disk(
    tmp_path: Path, disks: Disks
) -> None:
    nfs = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:45 / /mnt rw - nfs4 server:/data rw\n"
    disks.told["/mnt"] = figures(0)
    usage = machine(tmp_path, nfs, disks, root="/home/jovyan")

    assert [each.mount_point for each in (await usage.status()).filesystems] == ["/"]
    assert await usage.blocking() == []


async def test_the_figures_of_a_mount_point_of_any_bytes_can_be_sent(
    tmp_path: Path, disks: Disks
) -> None:
    odd = "1 0 8:1 / / rw - ext4 /dev/\udcff rw\n2 1 8:2 / /h\\012\udcfe rw - ext4 /dev/sdb rw\n"
    usage = machine(tmp_path, odd, disks, home="/h\n\udcfe/amy")

    status = msgspec.json.decode(msgspec.json.encode(await usage.status()), type=DiskStatus)

    assert [each.mount_point for each in status.filesystems] == ["/", "/h\\x0a\\xfe"]
    assert status.filesystems[0].device == "/dev/\\xff"
    assert "/h\n\udcfe" in disks.asked


async def test_without_a_mount_table_the_folders_themselves_are_asked(tmp_path: Path) -> None:
    here = machine(tmp_path, "", Disks(), home=str(tmp_path))
    elsewhere = machine(tmp_path, "", Disks(), home="/no/such/home")

    assert [each.roles for each in (await elsewhere.status()).filesystems] == [["os"]]
    found = (await here.status()).filesystems
    assert {role for each in found for role in each.roles} == {"os", "home"}
    assert {each.type for each in found} == {"unknown"}


async def test_in_a_chroot_whose_root_is_no_mount_the_root_is_asked_all_the_same(
    tmp_path: Path, disks: Disks
) -> None:
    chroot = "30 22 8:2 / /home rw - ext4 /dev/sdb rw\n31 22 0:5 / /proc rw - proc proc rw\n"

    status = await machine(tmp_path, chroot, disks, home="/home/jovyan").status()

    assert [(each.mount_point, each.roles, each.type) for each in status.filesystems] == [
        ("/", ["os"], "unknown"),
        ("/home", ["home"], "ext4"),
    ]


async def test_a_folder_that_is_reached_by_a_link_is_where_the_link_leads(
    tmp_path: Path, disks: Disks
) -> None:
    link = tmp_path / "home"
    link.symlink_to("/home/jovyan")

    status = await machine(tmp_path, LAPTOP, disks, home=str(link)).status()

    assert by_point(status)["/home"].roles == ["home"]


# --- levels -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("os_disk", "temporary", "level", "blocking"),
    [
        (60 * GB, 60 * GB, "ok", []),
        (5 * GB, GB, "ok", []),
        (5 * GB - 1, GB, "warn", ["/"]),
        (GB, GB, "warn", ["/"]),
        (GB - 1, GB, "critical", ["/"]),
        (0, 0, "critical", ["/", "/mnt"]),
        (60 * GB, GB - 1, "critical", ["/mnt"]),
        (2 * GB, GB - 1, "critical", ["/", "/mnt"]),
    ],
)
async def test_thresholds_of_both_disks_decide_level_and_what_holds_a_stop_back(
    tmp_path: Path, disks: Disks, os_disk: int, temporary: int, level: str, blocking: list[str]
) -> None:
    disks.told |= {"/": figures(os_disk), "/mnt": figures(temporary)}
    usage = machine(tmp_path, COMPUTE_INSTANCE, disks, instance="amy-ci")

    status = await usage.status()

    assert status.level == level
    assert [each.mount_point for each in await usage.blocking()] == blocking
    for each in status.filesystems:
        assert (each.reason is None) == (each.level == "ok")


async def test_a_reason_names_what_is_left_and_what_should_be(tmp_path: Path, disks: Disks) -> None:
    disks.told["/"] = figures(4_200_000_000)

    (os_disk,) = await machine(tmp_path, COMPUTE_INSTANCE, disks).blocking()

    assert os_disk.reason == "Only 4.2 GB are left, less than 5.0 GB."
    assert os_disk.hold_back_below_bytes == 5 * GB


@pytest.mark.parametrize(
    ("inodes", "level", "held_back"),
    [(INODES // 10, "ok", False), (INODES // 25, "warn", False), (0, "critical", True)],
)
async def test_a_disk_without_inodes_is_as_full_as_one_without_bytes(
    tmp_path: Path, disks: Disks, inodes: int, level: str, held_back: bool
) -> None:
    disks.told["/"] = figures(inodes=inodes)
    usage = machine(tmp_path, COMPUTE_INSTANCE, disks)

    os_disk = by_point(await usage.status())["/"]

    assert os_disk.level == level
    assert bool(await usage.blocking()) == held_back
    assert os_disk.reason is None or "more files" in os_disk.reason


async def test_a_file_system_without_a_number_of_inodes_has_none(
    tmp_path: Path, disks: Disks
) -> None:
    disks.told["/"] = figures(inodes=None)

    os_disk = by_point(await machine(tmp_path, COMPUTE_INSTANCE, disks).status())["/"]

    assert (os_disk.total_inodes, os_disk.available_inodes, os_disk.level) == (None, None, "ok")


async def test_thresholds_are_the_administrators(tmp_path: Path, disks: Disks) -> None:
    disks.told |= {"/": figures(12 * GB), "/mnt": figures(7)}
    chosen = DiskThresholds(warn_bytes=10 * GB, critical_bytes=20 * GB, temporary_critical_bytes=7)

    usage = machine(tmp_path, COMPUTE_INSTANCE, disks, thresholds=chosen)

    found = by_point(await usage.status())
    assert (found["/"].level, found["/mnt"].level) == ("critical", "ok")
    # Whatever is critical holds a stop back, also where the thresholds are the wrong way round.
    assert [each.mount_point for each in await usage.blocking()] == ["/"]


async def test_what_is_read_only_is_flagged_and_not_called_full(
    tmp_path: Path, disks: Disks
) -> None:
    disks.told |= {"/": figures(0, read_only=True)}
    usage = machine(tmp_path, COMPUTE_INSTANCE, disks)

    os_disk = by_point(await usage.status())["/"]

    assert (os_disk.read_only, os_disk.level) == (True, "ok")
    assert await usage.blocking() == []


async def test_a_home_that_is_full_is_worth_a_word(tmp_path: Path, disks: Disks) -> None:
    disks.told["/home"] = figures(0)
    laptop = machine(tmp_path, LAPTOP, disks, home="/home/jovyan")

    status = await laptop.status()

    home = by_point(status)["/home"]
    assert (home.level, home.reason) == ("warn", "Nothing more can be written to it.")
    assert status.level == "ok"
    assert await laptop.blocking() == []


@pytest.mark.parametrize(
    ("total", "standard"),
    [(120 * GB, True), (124 * GB, True), (133 * GB, True), (64 * GB, False), (256 * GB, False)],
)
async def test_the_standard_os_disk_is_known_by_its_size(
    tmp_path: Path, disks: Disks, total: int, standard: bool
) -> None:
    disks.told["/"] = figures(total=total)

    assert (await machine(tmp_path, LAPTOP, disks).status()).standard_os_disk is standard


# --- file systems that do not answer ----------------------------------------------------------


async def test_a_mount_that_hangs_is_unknown_and_keeps_nobody_waiting(
    tmp_path: Path, disks: Disks
) -> None:
    share = "/home/azureuser/cloudfiles/code"
    come_back = disks.hang(share)
    usage = machine(tmp_path, COMPUTE_INSTANCE, disks, answer_seconds=0.1)
    await usage.status()
    asked = disks.asked.count(share)

    seconds = []
    for _ in range(20):
        began = time.perf_counter()
        status = await usage.status()
        seconds.append(time.perf_counter() - began)

    entry = by_point(status)[share]
    assert (entry.level, entry.total_bytes) == ("unknown", None)
    assert "server may be gone" in (entry.error or "")
    assert status.level == "ok"
    # The same question waits once, however often it is asked.
    assert disks.asked.count(share) == asked == 1
    assert sorted(seconds)[10] < 0.05

    come_back()
    await until(lambda: usage._guard.waiting == 0)
    assert by_point(await usage.status())[share].total_bytes == 124 * GB


async def test_an_os_disk_that_does_not_answer_holds_nothing_back(
    tmp_path: Path, disks: Disks
) -> None:
    come_back = disks.hang("/")
    usage = machine(tmp_path, COMPUTE_INSTANCE, disks, answer_seconds=0.05)

    status = await usage.status()

    assert status.level == "unknown"
    assert await usage.blocking() == []
    come_back()


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ESTALE, "Stale file handle"), (errno.EACCES, "Permission denied"), (errno.EIO, "rror")],
)
async def test_a_mount_that_answers_with_an_error_says_which(
    tmp_path: Path, disks: Disks, code: int, words: str
) -> None:
    disks.told["/mnt"] = OSError(code, os.strerror(code))

    status = await machine(tmp_path, COMPUTE_INSTANCE, disks).status()

    temporary = by_point(status)["/mnt"]
    assert words in (temporary.error or "")
    assert (temporary.level, temporary.used_bytes, status.level) == ("unknown", None, "unknown")


async def test_a_file_system_that_has_no_size_is_unknown(tmp_path: Path, disks: Disks) -> None:
    share = "/home/azureuser/cloudfiles/code"
    disks.told[share] = figures(0, 0)

    entry = by_point(await machine(tmp_path, COMPUTE_INSTANCE, disks).status())[share]

    assert (entry.level, entry.total_bytes) == ("unknown", None)


async def test_a_slow_share_is_asked_in_the_background(tmp_path: Path, disks: Disks) -> None:
    share = "/home/azureuser/cloudfiles/code"
    clock = Steps()
    usage = machine(tmp_path, COMPUTE_INSTANCE, disks, guard_clock=clock)
    await usage.status()
    disks.told[share] = figures(7 * GB)
    clock.seconds = 60

    assert by_point(await usage.status())[share].available_bytes == 60 * GB
    await until(lambda: usage._guard.waiting == 0)
    assert by_point(await usage.status())[share].available_bytes == 7 * GB
    assert disks.asked.count(share) == 2


async def test_asking_from_many_tabs_at_once_asks_once(tmp_path: Path, disks: Disks) -> None:
    usage = machine(tmp_path, COMPUTE_INSTANCE, disks)
    await usage.status()
    disks.asked.clear()
    come_back = disks.hang("/")
    tabs = [asyncio.ensure_future(usage.status()) for _ in range(20)]
    await until(lambda: "/" in disks.asked)
    for _ in range(20):
        # Every tab gets as far as it can without the answer.
        await asyncio.sleep(0)
    come_back()

    statuses = await asyncio.gather(*tabs)

    assert {each.level for each in statuses} == {"ok"}
    assert disks.asked.count("/") == 1


# --- what is at risk --------------------------------------------------------------------------


async def test_schedules_are_asked_for_when_they_are_at_risk_and_not_before(
    tmp_path: Path, disks: Disks
) -> None:
    async def schedules() -> list[str]:
        return ["The instance stops every day at 19:00."]

    usage = machine(tmp_path, COMPUTE_INSTANCE, disks, schedules_at_risk=schedules)

    assert (await usage.status()).at_risk == []
    disks.told["/"] = figures(4 * GB)
    assert (await usage.status()).at_risk == ["The instance stops every day at 19:00."]


async def test_a_disk_that_will_soon_be_full_puts_schedules_at_risk_ahead_of_time(
    tmp_path: Path, disks: Disks
) -> None:
    async def schedules() -> list[str]:
        return ["It stops when it has been idle for an hour."]

    clock = Steps()
    usage = machine(tmp_path, COMPUTE_INSTANCE, disks, schedules_at_risk=schedules, clock=clock)
    for hour in range(13):
        clock.seconds = hour * 3600
        disks.told["/"] = figures(70 * GB - 2 * hour * GB)
        await usage.sample()

    status = await usage.status()

    os_disk = by_point(status)["/"]
    assert os_disk.level == "ok"
    assert os_disk.growth_bytes_per_day == pytest.approx(48 * GB, rel=0.01)
    assert os_disk.full_in_seconds == pytest.approx(46 / 48 * 86_400, rel=0.01)
    assert status.at_risk == ["It stops when it has been idle for an hour."]


# --- real file systems ------------------------------------------------------------------------


def real(
    tmp_path: Path, temporary: Path, *, root: Path | None = None, **thresholds: Any
) -> DiskUsage:
    file = HistoryFile(tmp_path / "data" / "disk-history.sqlite", keep_free_bytes=0)
    return DiskUsage(
        Places(home=Path.home(), root=root or tmp_path, temporary_disk=str(temporary)),
        DiskThresholds(**thresholds),
        GrowthWatch(file, now=utc_now, log=LOG),
        this_instance=lambda: None,
        now=utc_now,
        log=LOG,
    )


async def test_the_figures_of_this_machine_are_those_of_df(tmp_path: Path) -> None:
    if not Path("/proc/self/mountinfo").exists():
        pytest.skip("df of this system has no --output")
    columns = "--output=size,used,avail,itotal,fstype"
    told = subprocess.run(
        ["df", "--block-size=1", columns, "/"], capture_output=True, text=True, check=True
    )
    size, used, available, inodes, kind = told.stdout.splitlines()[1].split()

    os_disk = (await real(tmp_path, tmp_path).status()).filesystems[0]

    assert (os_disk.total_bytes, os_disk.type) == (int(size), kind)
    assert os_disk.total_inodes == (int(inodes) or None)
    assert os_disk.available_bytes is not None
    assert os_disk.used_bytes is not None
    # Others write meanwhile.
    assert abs(os_disk.available_bytes - int(available)) < GB
    assert abs(os_disk.used_bytes - int(used)) < GB


async def test_a_real_disk_that_fills_becomes_critical_and_recovers(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "mnt", size="8m") as disk:
        usage = real(tmp_path, disk, temporary_critical_bytes=1_000_000)
        before = by_point(await usage.status())[str(disk)]
        filler = fill(disk)
        full = by_point(await usage.status())[str(disk)]
        blocking = [each.mount_point for each in await usage.blocking()]
        filler.unlink()
        after = by_point(await usage.status())[str(disk)]

    assert (before.level, before.roles, before.type) == ("ok", ["temporary"], "tmpfs")
    assert (full.level, full.available_bytes) == ("critical", 0)
    assert full.used_bytes == full.total_bytes == 8 * 1024 * 1024
    assert str(disk) in blocking
    assert after.level == "ok"


async def test_a_real_disk_can_run_out_of_inodes_and_of_being_writable(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "mnt", size="8m", nr_inodes="200") as disk:
        usage = real(tmp_path, disk, temporary_critical_bytes=0)
        for number in range(199):
            (disk / f"{number}").touch()
        crowded = by_point(await usage.status())[str(disk)]
        remount(disk, "ro")
        read_only = by_point(await usage.status())[str(disk)]

    assert (crowded.total_inodes, crowded.available_inodes, crowded.level) == (200, 0, "critical")
    assert (read_only.read_only, read_only.level) == (True, "ok")


async def test_a_real_mount_that_hangs_keeps_nobody_waiting(tmp_path: Path) -> None:
    share = tmp_path / "share"
    with hanging(share) as come_back:
        usage = real(tmp_path, tmp_path, root=share / "notebooks")
        began = time.perf_counter()
        await usage.status()
        first = time.perf_counter() - began
        threads = threading.active_count()
        seconds = []
        for _ in range(20):
            began = time.perf_counter()
            status = await usage.status()
            seconds.append(time.perf_counter() - began)

        entry = by_point(status)[str(share)]
        assert (entry.roles, entry.type, entry.level) == (["share"], "fuse", "unknown")
        assert "server may be gone" in (entry.error or "")
        assert status.filesystems[0].available_bytes is not None
        # For a second each: where the folder really is, and how full.
        assert first < 3
        assert sorted(seconds)[10] < 0.05
        # None for each question: one more, which waits for what others ask, is kept for them.
        assert threading.active_count() <= threads + 1

        come_back()
        await until(lambda: usage._guard.waiting == 0)
        lost = by_point(await usage.status())[str(share)]
        assert "not connected" in (lost.error or "")


async def test_closing_waits_for_no_file_system_that_hangs(tmp_path: Path, disks: Disks) -> None:
    come_back = disks.hang("/")
    usage = machine(tmp_path, COMPUTE_INSTANCE, disks, first_sample_seconds=0)
    await usage.open()
    await usage.open()
    await until(lambda: "/" in disks.asked)

    began = time.perf_counter()
    await usage.close()
    await usage.close()

    assert time.perf_counter() - began < 0.5
    assert not [task for task in asyncio.all_tasks() if "DiskUsage" in repr(task)]
    come_back()
