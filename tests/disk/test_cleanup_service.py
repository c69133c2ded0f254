"""Plans and what becomes of them: chosen steps as one operation, each with its own result."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from jupyter_ci_manager.disk.cleanup import KEPT_PLANS, PLAN_SECONDS, TARGET
from jupyter_ci_manager.disk.cleanup_run import Checkpoint
from jupyter_ci_manager.disk.scans import ScanService
from jupyter_ci_manager.errors import (
    InvalidPath,
    OperationInProgress,
    PlanExpired,
    ProtectedPath,
    UnknownStep,
)
from jupyter_ci_manager.models import CleanupPlan, CleanupStep, PlanCleanup, RunCleanup, StartScan
from tests.builders import Steps
from tests.disk.cleaning import CONDA, Cleaning, Home, names_in, uri
from tests.disk.mounting import bind, fill, remount, tmpfs

SLOW_CONDA = CONDA.replace(
    'elif arguments == ["clean", "--packages", "--yes"]:',
    'elif arguments == ["clean", "--packages", "--yes"]:\n'
    '    open(os.path.join(PKGS, "begun"), "w").close(); import time; time.sleep(600)',
)
BROKEN_CONDA = CONDA.replace(
    "shutil.rmtree(os.path.join(PKGS, name))",
    "shutil.rmtree(os.path.join(PKGS, name)); sys.exit('OSError(28): No space left on device')",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.made_in(tmp_path)


@pytest.fixture
def clock() -> Steps:
    return Steps()


@pytest.fixture
def cleaning(
    home: Home, clock: Steps, tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Iterator[Cleaning]:
    made = Cleaning.of(home, tmp_path / "operations.sqlite", clock)
    yield made
    jp_asyncio_loop.run_until_complete(made.operations.close())


def with_conda(home: Home, script: str) -> Path:
    """Conda with two packages that nothing uses."""
    packages = home.path / "conda/pkgs"
    home.environ["CONDA_PKGS_DIRS"] = str(packages)
    home.environ["CONDA_EXE"] = str(home.program("conda", script))
    for name in ("one-1.0-0", "two-1.0-0"):
        home.file(f"conda/pkgs/{name}/info/index.json", b"{}")
    return packages


def step_of(plan: CleanupPlan, kind: str) -> CleanupStep:
    return next(step for step in plan.steps if step.kind == kind and step.available)


# --- the plan ---------------------------------------------------------------------------------


async def test_a_machine_with_nothing_to_clean_has_an_empty_plan(cleaning: Cleaning) -> None:
    assert (await cleaning.plan()).steps == []


async def test_planning_changes_nothing(home: Home, cleaning: Cleaning) -> None:
    with_conda(home, CONDA)
    home.trashed("old.bin", b"x" * 100_000)
    home.file("mine.txt")
    before = sorted(home.path.rglob("*"))

    await cleaning.plan()
    await cleaning.plan(home.path / "mine.txt")

    assert sorted(home.path.rglob("*")) == before


async def test_a_plan_expires(home: Home, cleaning: Cleaning, clock: Steps) -> None:
    home.trashed("old.bin")
    plan = await cleaning.plan()
    clock.seconds += PLAN_SECONDS

    with pytest.raises(PlanExpired):
        await cleaning.start(plan)

    assert (plan.expires_at - plan.made_at).total_seconds() == PLAN_SECONDS
    assert (home.trash_files / "old.bin").exists()


async def test_only_a_handful_of_plans_is_kept(home: Home, cleaning: Cleaning) -> None:
    path = home.file("notes.txt")
    plans = [await cleaning.plan(path) for _ in range(KEPT_PLANS + 1)]

    with pytest.raises(PlanExpired):
        await cleaning.start(plans[0])
    operation, _ = await cleaning.done(plans[1])

    assert operation.state == "succeeded"


async def test_steps_of_no_plan_and_steps_that_are_not_possible_are_refused(
    home: Home, cleaning: Cleaning
) -> None:
    with_conda(home, CONDA)
    plan = await cleaning.plan()
    empty = next(step for step in plan.steps if "--tarballs" in step.command)

    with pytest.raises(UnknownStep, match="no step"):
        await cleaning.start(plan, replace(empty, id="conda_clean-77"))
    with pytest.raises(UnknownStep, match="There is nothing of that kind"):
        await cleaning.start(plan, empty)
    with pytest.raises(PlanExpired):
        await cleaning.service.run(RunCleanup("no such plan", ["conda_clean-1"]))


# --- user files -------------------------------------------------------------------------------


async def test_files_go_to_the_trash_and_then_the_trash_can_be_emptied(
    home: Home, cleaning: Cleaning
) -> None:
    home.trashed("older.bin", b"x" * 50_000)
    path = home.file("dataset/part.bin", b"x" * 100_000)
    plan = await cleaning.plan(path.parent)
    move, emptying = plan.steps

    operation, report = await cleaning.done(plan)

    assert "nothing is freed until the trash is emptied" in move.why_safe
    assert 100_000 <= (move.bytes or 0) < 150_000
    assert 50_000 <= (emptying.bytes or 0) < 100_000
    assert operation.state == "succeeded", operation.message
    assert not path.parent.exists()
    assert names_in(home.trash_files) == []
    assert [result.state for result in report.results] == ["succeeded", "succeeded"]


async def test_moved_without_emptying_it_can_be_restored(home: Home, cleaning: Cleaning) -> None:
    path = home.file("notes.txt")
    plan = await cleaning.plan(path)

    _, report = await cleaning.done(plan, plan.steps[0])

    assert report.bytes_freed == 0
    assert (home.trash_files / "notes.txt").read_bytes() == b"text"


async def test_emptying_without_moving_leaves_the_file(home: Home, cleaning: Cleaning) -> None:
    home.trashed("older.bin")
    path = home.file("notes.txt")
    plan = await cleaning.plan(path)

    await cleaning.done(plan, step_of(plan, "empty_trash"))

    assert path.exists()
    assert names_in(home.trash_files) == []


async def test_a_thousand_files_with_odd_names_are_moved_as_one_thing(
    home: Home, cleaning: Cleaning
) -> None:
    paths = [home.file(f"odd {number}\n\x1b[31m.txt") for number in range(1000)]
    plan = await cleaning.plan(*paths)
    moves = [step for step in plan.steps if step.kind == "move_to_trash"]

    operation, report = await cleaning.done(plan, *moves)

    assert len(moves) == 1000
    assert all(step.title.isprintable() for step in moves)
    assert operation.state == "succeeded"
    assert {result.state for result in report.results} == {"succeeded"}
    assert len(names_in(home.trash_files)) == 1000
    details = await cleaning.operations.get(operation.id)
    assert len(details.steps) < 10, [step.message for step in details.steps]


async def test_what_changed_since_the_plan_is_skipped_and_the_rest_is_done(
    home: Home, cleaning: Cleaning, tmp_path: Path
) -> None:
    paths = [home.file(name) for name in ("a/changed", "b/swapped", "c/gone", "d/same")]
    plan = await cleaning.plan(*paths)
    paths[0].write_bytes(b"written meanwhile")
    (home.path / "b").rename(tmp_path / "elsewhere")
    (home.path / "b").symlink_to(tmp_path / "elsewhere")
    paths[2].unlink()
    moves = [step for step in plan.steps if step.kind == "move_to_trash"]

    operation, report = await cleaning.done(plan, *moves)

    states = {result.title.split(" ")[1]: result.state for result in report.results}
    assert states == {
        str(paths[0]): "skipped",
        str(paths[1]): "failed",
        str(paths[2]): "skipped",
        str(paths[3]): "succeeded",
    }
    assert paths[0].read_bytes() == b"written meanwhile"
    assert (tmp_path / "elsewhere/swapped").exists()
    assert names_in(home.trash_files) == ["same"]
    assert operation.state == "failed"
    assert operation.error is not None
    assert operation.error.code == "CleanupFailed"


async def test_of_a_folder_and_what_is_in_it_only_the_folder_is_a_step(
    home: Home, cleaning: Cleaning
) -> None:
    inner = home.file("runs/1/metrics.json")
    sibling = home.file("runs.txt")

    plan = await cleaning.plan(inner, inner.parent.parent, sibling)

    moves = [step.command[1] for step in plan.steps if step.kind == "move_to_trash"]
    assert moves == [str(home.path / "runs"), str(sibling)]


@pytest.mark.parametrize(
    "path",
    ["/", "/etc", "/proc/1", "/usr/bin/env", "HOME", "HOME/..", "SERVED", "DATA", "PYTHON"],
)
async def test_what_must_stay_is_refused_by_the_plan(
    home: Home, cleaning: Cleaning, path: str
) -> None:
    surroundings = home.surroundings
    path = path.replace("HOME/..", str(home.path.parent)).replace("HOME", str(home.path))
    path = path.replace("SERVED", str(surroundings.served)).replace("DATA", str(surroundings.data))
    path = path.replace("PYTHON", str(Path(sys.executable).parent))

    with pytest.raises(ProtectedPath):
        await cleaning.plan(Path(path))


async def test_a_way_round_by_links_leads_to_the_same_refusal(
    home: Home, cleaning: Cleaning
) -> None:
    (home.path / "way").symlink_to("/usr")

    with pytest.raises(ProtectedPath):
        await cleaning.plan(home.path / "way/bin")
    plan = await cleaning.plan(home.path / "way")
    await cleaning.done(plan, plan.steps[0])

    assert Path("/usr/bin").exists()
    assert (home.trash_files / "way").is_symlink()


async def test_a_trash_that_nobody_can_read_does_not_hide_the_file(
    home: Home, cleaning: Cleaning
) -> None:
    path = home.file("notes.txt")
    home.trash_files.parent.mkdir(parents=True)
    home.trash_files.write_bytes(b"a file where a folder should be")

    plan = await cleaning.plan(path)
    _, report = await cleaning.done(plan)

    assert [step.kind for step in plan.steps] == ["move_to_trash"]
    assert [result.state for result in report.results] == ["failed"]
    assert path.exists()


async def test_a_conda_environment_is_removed_by_conda(home: Home, cleaning: Cleaning) -> None:
    home.file("envs/train/conda-meta/history")

    with pytest.raises(ProtectedPath) as refused:
        await cleaning.plan(home.path / "envs/train")

    assert f"conda env remove --prefix {home.path}/envs/train" in (refused.value.body.hint or "")


@pytest.mark.parametrize(
    "text",
    ["file:///nowhere/at/all", "file:///tmp/../etc", "file://host/x", "/home", "file:///%00"],
)
async def test_what_is_no_path_of_something_is_refused(cleaning: Cleaning, text: str) -> None:
    with pytest.raises(InvalidPath):
        await cleaning.service.plan(PlanCleanup([text]))


async def test_mount_points_and_read_only_disks_stay(
    home: Home, cleaning: Cleaning, tmp_path: Path
) -> None:
    outer = home.path / "work"
    with tmpfs(outer / "disk", size="1m") as disk, bind(tmp_path / "served", outer / "disk"):
        with pytest.raises(ProtectedPath, match="mounted there"):
            await cleaning.plan(disk)
        with pytest.raises(ProtectedPath, match="is in it: a file system is mounted there"):
            await cleaning.plan(outer)
    with tmpfs(outer / "disk", size="1m") as disk:
        (disk / "file").write_bytes(b"x")
        remount(disk, "ro")
        with pytest.raises(ProtectedPath, match="read-only"):
            await cleaning.plan(disk / "file")


# --- running ----------------------------------------------------------------------------------


async def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    home: Home, cleaning: Cleaning
) -> None:
    packages = with_conda(home, CONDA)
    old, mine = home.trashed("old.bin"), home.file("mine.txt")
    tools, files = await cleaning.plan(), await cleaning.plan(mine)

    for plan in (tools, files):
        chosen = [step for step in plan.steps if step.available]
        operation, report = await cleaning.done(plan, *chosen, dry_run=True)

        assert operation.state == "succeeded"
        assert report.dry_run
        assert {result.state for result in report.results} == {"skipped"}
        assert all("Would be done: " in result.message for result in report.results)
    assert old.exists()
    assert mine.exists()
    assert names_in(packages) == ["one-1.0-0", "two-1.0-0"]


async def test_a_step_that_fails_half_way_stops_none_of_the_others(
    home: Home, cleaning: Cleaning
) -> None:
    packages = with_conda(home, BROKEN_CONDA)
    home.trashed("old.bin")
    plan = await cleaning.plan()

    operation, report = await cleaning.done(
        plan, step_of(plan, "conda_clean"), step_of(plan, "empty_trash")
    )

    results = {result.id.split("-")[0]: result for result in report.results}
    assert results["conda_clean"].state == "failed"
    assert results["conda_clean"].error is not None
    assert "No space left on device" in results["conda_clean"].message
    assert results["empty_trash"].state == "succeeded"
    assert len(names_in(packages)) == 1
    assert names_in(home.trash_files) == []
    assert operation.state == "failed"
    assert operation.message.startswith("1 of 2 steps failed")


async def test_the_bytes_freed_are_those_that_the_disk_has_gained(
    home: Home, cleaning: Cleaning
) -> None:
    with tmpfs(home.path / ".local/share", size="8m") as disk:
        home.trashed("big.bin", b"x" * 3_000_000)
        kept = home.trashed("folder/big.bin", b"x" * 1_000_000)
        kept.with_name("elsewhere").hardlink_to(kept)
        before = os.statvfs(disk)
        plan = await cleaning.plan()

        _, report = await cleaning.done(plan)

        gained = (os.statvfs(disk).f_bavail - before.f_bavail) * before.f_frsize
        assert report.bytes_freed == gained
        assert gained >= 4_000_000
        assert plan.steps[0].bytes == gained


async def test_it_works_on_a_disk_without_a_byte_left_journal_and_all(
    home: Home, tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    with tmpfs(tmp_path / "disk", size="4m") as disk:
        full = Home.made_in(disk)
        full.trashed("old.bin", b"x" * 1_000_000)
        packages = with_conda(full, CONDA)
        cleaning = Cleaning.of(full, disk / "operations.sqlite")
        await cleaning.operations.open()
        fill(disk)
        assert os.statvfs(disk).f_bavail == 0

        plan = await cleaning.plan()
        operation, report = await cleaning.done(
            plan, *[step for step in plan.steps if step.available]
        )
        await cleaning.operations.close()

        assert operation.state == "succeeded", operation
        assert report.bytes_freed >= 1_000_000
        assert os.statvfs(disk).f_bavail * 4096 >= 900_000
        assert names_in(packages) == []


async def test_cancelling_ends_the_program_and_begins_no_further_step(
    home: Home, cleaning: Cleaning
) -> None:
    packages = with_conda(home, SLOW_CONDA)
    home.file("conda/pkgs/one-1.0-0/data", b"x" * 100_000)
    old = home.trashed("old.bin")
    plan = await cleaning.plan()
    steps = [step_of(plan, "conda_clean"), step_of(plan, "empty_trash")]
    assert plan.steps.index(steps[0]) < plan.steps.index(steps[1])
    operation = await cleaning.start(plan, *steps)
    while not (packages / "begun").exists():  # noqa: ASYNC110
        await asyncio.sleep(0.02)

    await cleaning.operations.cancel_or_dismiss(operation.id)
    ended = await cleaning.operations.wait(operation.id, timeout_seconds=20)
    report = await cleaning.report()

    assert ended.state == "cancelled"
    assert [result.state for result in report.results] == ["cancelled", "cancelled"]
    assert "in the middle" in report.results[0].message
    assert report.results[1].message == "It was not begun."
    assert old.exists()


async def test_what_a_cancelled_step_has_freed_is_told(home: Home, cleaning: Cleaning) -> None:
    with tmpfs(home.path / "conda", size="4m"):
        script = SLOW_CONDA.replace(
            "import time;", "shutil.rmtree(PKGS + '/big-1.0-0'); import time;"
        )
        packages = with_conda(home, script)
        home.file("conda/pkgs/big-1.0-0/info/index.json", b"{}")
        home.file("conda/pkgs/big-1.0-0/data", b"x" * 1_000_000)
        plan = await cleaning.plan()
        operation = await cleaning.start(plan, step_of(plan, "conda_clean"))
        while (packages / "big-1.0-0").exists():  # noqa: ASYNC110
            await asyncio.sleep(0.02)

        await cleaning.operations.cancel_or_dismiss(operation.id)
        await cleaning.operations.wait(operation.id, timeout_seconds=20)
        (result,) = (await cleaning.report()).results

        assert result.state == "cancelled"
        assert result.bytes_freed >= 1_000_000


async def test_two_cleanups_do_not_run_at_once(home: Home, cleaning: Cleaning) -> None:
    with_conda(home, SLOW_CONDA)
    plan = await cleaning.plan()
    await cleaning.start(plan, step_of(plan, "conda_clean"))

    with pytest.raises(OperationInProgress):
        await cleaning.start(plan, step_of(plan, "conda_clean"))


async def test_a_scan_of_the_disk_keeps_nobody_from_cleaning_it(
    home: Home, cleaning: Cleaning, tmp_path: Path
) -> None:
    with_conda(home, CONDA)
    plan = await cleaning.plan()
    scans = ScanService(
        cleaning.operations,
        folder=tmp_path / "scans",
        os_disk="/",
        log=logging.getLogger(__name__),
    )
    scan = await scans.start(StartScan())

    cleanup = await cleaning.start(plan, step_of(plan, "conda_clean"))
    ended = await cleaning.operations.wait(cleanup.id, timeout_seconds=20)
    await cleaning.operations.cancel_or_dismiss(scan.id)
    await cleaning.operations.wait(scan.id, timeout_seconds=20)

    assert ended.state == "succeeded"


async def test_a_cleanup_whose_server_was_killed_is_lost_and_never_repeated(
    home: Home, cleaning: Cleaning, tmp_path: Path
) -> None:
    old = home.trashed("old.bin")
    job = Checkpoint("gone", ["Empty the trash", "Build cache of Docker", "Index"], begun=2)
    # What a server leaves that was killed: the operation, and nobody who knows the plan.
    operation = await cleaning.operations.start(
        "disk.cleanup", TARGET, "", "Cleaning up", job.encoded()
    )

    ended = await cleaning.operations.wait(operation.id, timeout_seconds=10)

    assert ended.state == "lost"
    assert "during “Build cache of Docker”" in ended.message
    assert "these ended: Empty the trash." in ended.message
    assert "Not begun: Index." in ended.message
    assert old.exists()


SERVER = """
import asyncio, pathlib, sys
from tests.disk.cleaning import Cleaning, Home

async def main():
    folder = pathlib.Path(sys.argv[1])
    home = Home.made_in(folder)
    home.environ["CONDA_PKGS_DIRS"] = str(home.path / "conda/pkgs")
    home.environ["CONDA_EXE"] = str(home.programs / "conda")
    cleaning = Cleaning.of(home, folder / "operations.sqlite")
    plan = await cleaning.plan()
    conda = next(step for step in plan.steps if "--packages" in step.command)
    trash = next(step for step in plan.steps if step.kind == "empty_trash")
    await cleaning.done(plan, conda, trash)

asyncio.run(main())
"""


async def test_a_server_that_is_killed_in_the_middle_leaves_a_cleanup_that_is_lost(
    home: Home, tmp_path: Path
) -> None:
    packages = with_conda(home, SLOW_CONDA)
    home.file("conda/pkgs/one-1.0-0/data", b"x" * 100_000)
    old = home.trashed("old.bin")
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVER, tmp_path)
    deadline = time.monotonic() + 30
    while not (packages / "begun").exists():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    server.kill()
    await server.wait()
    programs = running_in(packages)

    cleaning = Cleaning.of(home, tmp_path / "operations.sqlite")
    try:
        await cleaning.operations.open()
        (found,) = (await cleaning.operations.list()).items
        ended = await cleaning.operations.wait(found.id, timeout_seconds=20)
    finally:
        await cleaning.operations.close()
        for program in programs:
            os.killpg(program, signal.SIGKILL)

    assert ended.state == "lost"
    assert "during “Packages that Conda keeps" in ended.message
    assert "Not begun: Empty the trash" in ended.message
    assert programs, "the tool was to outlive its server"
    assert old.exists()


def running_in(packages: Path) -> list[int]:
    """The programs that clean this very package cache."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environ = (process / "environ").read_bytes()
        except OSError:
            continue
        if b"CONDA_PKGS_DIRS=" + os.fsencode(packages) + b"\0" in environ + b"\0":
            found.append(int(process.name))
    return found


async def test_the_history_tells_each_step(home: Home, cleaning: Cleaning) -> None:
    home.trashed("old.bin")
    plan = await cleaning.plan()

    operation, _ = await cleaning.done(plan)

    details = await cleaning.operations.get(operation.id)
    told = [step.message for step in details.steps]
    assert told[1:3][0].startswith("Empty the trash")
    assert any("Removed 1 of 1 thing in the trash" in message for message in told)
    assert told[-1].endswith("were freed.")


def test_a_uri_names_the_very_bytes_of_a_path(tmp_path: Path) -> None:
    assert uri(b"/tmp/\xff \n") == "file:///tmp/%FF%20%0A"
