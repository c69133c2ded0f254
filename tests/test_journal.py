from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from jupyter_ci_manager.journal import (
    KEEP_FINISHED,
    LEASE_SECONDS,
    SCHEMA_VERSION,
    AlreadyActive,
    Journal,
    NewerJournal,
    OwnershipLost,
)
from jupyter_ci_manager.journal_file import connect_file, connect_memory
from jupyter_ci_manager.models import ErrorBody, Operation, WorkProgress

START = datetime(2026, 11, 23, 9, tzinfo=timezone.utc)
KINDS = ("instance.create", "instance.stop")


class Now:
    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time

    def later(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def operation(identifier: str = "1", target: str = "amy-ci", **changes: object) -> Operation:
    made = Operation(
        id=identifier,
        kind="instance.stop",
        target=target,
        workspace_id="/Workspaces/W",
        state="queued",
        message="Stopping",
        created_at=START,
    )
    return msgspec.structs.replace(made, **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "jupyter" / "ci-manager" / "operations.sqlite"


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def journals(path: Path, now: Now) -> Iterator[tuple[Journal, Journal]]:
    """The journals of two processes."""
    both = Journal(connect_file(path), now), Journal(connect_file(path), now)
    yield both
    for journal in both:
        # A test may have closed it.
        with contextlib.suppress(sqlite3.ProgrammingError):
            journal.close()


Two = tuple[Journal, Journal]


def test_an_operation_is_read_back_as_it_was_written_with_its_history(journals: Two) -> None:
    ours, theirs = journals
    ours.add(operation(), b"checkpoint")
    error = ErrorBody(code="QuotaExceeded", message="Zu wenig Kerne „für“ dich", details={"a": "b"})
    ended = operation(
        state="failed", message="Failed", error=error, progress=0.5, ended_at=START, revision=3
    )

    ours.update(ended)

    found = theirs.get("1")
    assert found is not None
    assert found[0] == ended
    assert [step.message for step in found[1]] == ["Stopping", "Failed"]
    assert theirs.listed(active=False) == [ended]
    assert theirs.listed(active=True) == []


def test_how_far_work_is_is_seen_by_other_processes(journals: Two) -> None:
    ours, theirs = journals
    ours.add(operation(kind="environment.create"), b"")
    detail = WorkProgress("download", ["solve", "download", "link"], "numpy", 5, 10)

    ours.update(operation(kind="environment.create", state="running", detail=detail))

    found = theirs.get("1")
    assert found is not None
    assert found[0].detail == detail


def test_a_file_of_an_older_version_gets_the_columns_that_it_lacks(path: Path, now: Now) -> None:
    older = Journal(connect_file(path), now)
    older.add(operation(), b"checkpoint")
    older.close()
    database = connect_file(path)
    database.execute("ALTER TABLE operations DROP COLUMN detail")
    database.close()

    newer = Journal(connect_file(path), now)

    found = newer.get("1")
    newer.close()
    assert found is not None
    assert found[0].detail is None


def test_one_target_has_one_active_operation_however_it_is_spelled(journals: Two) -> None:
    ours, theirs = journals
    ours.add(operation(), b"")

    with pytest.raises(AlreadyActive) as busy:
        theirs.add(operation("2", "AMY-CI", workspace_id="/workspaces/w"), b"")

    assert busy.value.operation_id == "1"
    ours.update(operation(state="succeeded"))
    theirs.add(operation("2", "AMY-CI"), b"")


def test_what_others_did_is_seen_once(journals: Two) -> None:
    ours, theirs = journals
    newest, _ = theirs.changed_by_others(0)
    ours.add(operation(), b"")
    ours.update(operation(message="Going"))

    newest, changed = theirs.changed_by_others(newest)
    assert [each.message for each in changed] == ["Going"]
    assert theirs.changed_by_others(newest) == (newest, [])
    assert ours.changed_by_others(0)[1] == []


def test_a_live_owner_keeps_its_operation(journals: Two, now: Now) -> None:
    ours, theirs = journals
    ours.add(operation(), b"")
    for _ in range(5):
        now.later(LEASE_SECONDS - 1)
        ours.renew()
        assert theirs.claim_orphans(KINDS) == []


def test_when_the_lease_has_run_out_one_other_takes_it_up_and_the_owner_finds_out(
    journals: Two, now: Now, path: Path
) -> None:
    ours, theirs = journals
    ours.add(operation(), b"how far it came")
    now.later(LEASE_SECONDS + 1)

    third = Journal(connect_file(path), now)
    claimed = [theirs.claim_orphans(KINDS), third.claim_orphans(KINDS)]
    third.close()

    assert claimed == [[(operation(), b"how far it came")], []]
    with pytest.raises(OwnershipLost):
        ours.update(operation(message="Still here"))
    theirs.update(operation(message="Mine now"))


def test_who_closes_leaves_its_operations_to_others_at_once(journals: Two, now: Now) -> None:
    ours, theirs = journals
    ours.add(operation(), b"")
    now.later(1)
    ours.renew()
    ours.close()

    assert len(theirs.claim_orphans(KINDS)) == 1


def test_who_was_killed_leaves_its_operations_to_others_at_once(journals: Two, path: Path) -> None:
    _, theirs = journals
    script = f"""if True:
        import os, signal
        from tests.test_journal import *
        journal = Journal(connect_file(Path({str(path)!r})), Now())
        journal.add(operation(), b"x")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = subprocess.run([sys.executable, "-c", script])
    assert killed.returncode < 0

    assert theirs.claim_orphans(KINDS) == [(operation(), b"x")]


def test_kinds_that_nobody_here_performs_are_left_alone(journals: Two, now: Now) -> None:
    ours, theirs = journals
    ours.add(operation(), b"")
    now.later(LEASE_SECONDS + 1)

    assert theirs.claim_orphans(("environment.create",)) == []


def test_only_what_has_ended_can_be_forgotten(journals: Two) -> None:
    ours, theirs = journals
    ours.add(operation(), b"")

    assert not theirs.remove_finished("1")
    assert not theirs.remove_finished("nobody's")
    ours.update(operation(state="failed"))
    assert theirs.remove_finished("1")
    assert ours.get("1") is None


def test_old_operations_are_forgotten_and_active_ones_never(journals: Two) -> None:
    ours, _ = journals
    ours.add(operation("active"), b"")
    for number in range(KEEP_FINISHED + 5):
        created = START + timedelta(seconds=number)
        ours.add(operation(f"{number}", f"ci{number}", state="succeeded", created_at=created), b"")

    listed = [each.id for each in ours.listed(active=False)]
    assert len(listed) == KEEP_FINISHED + 1
    assert "active" in listed
    assert "0" not in listed


def test_what_only_a_newer_version_knows_does_not_hide_the_rest(
    journals: Two, path: Path, now: Now
) -> None:
    ours, theirs = journals
    ours.add(operation(), b"")
    ours.add(operation("2", "other"), b"")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE operations SET kind = 'kernel.dream' WHERE id = '2'")
        database.execute("ALTER TABLE operations ADD COLUMN colour TEXT")
    database.close()

    assert [each.id for each in theirs.listed(active=True)] == ["1"]
    assert theirs.get("2") is None
    assert [each.id for each in theirs.changed_by_others(0)[1]] == ["1"]
    now.later(LEASE_SECONDS + 1)
    assert [each.id for each, _ in theirs.claim_orphans(KINDS)] == ["1"]


def test_a_format_of_a_newer_version_is_left_alone(path: Path, now: Now) -> None:
    Journal(connect_file(path), now).close()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    database.close()
    connection = connect_file(path)

    with pytest.raises(NewerJournal, match="format is 2"):
        Journal(connection, now)

    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION + 1,)
    connection.close()


def test_a_copy_in_memory_has_ours_and_what_ended_but_not_what_others_work_on(
    journals: Two, now: Now
) -> None:
    ours, theirs = journals
    ours.add(operation("ours", "a"), b"")
    theirs.add(operation("theirs", "b"), b"")
    theirs.add(operation("ended", "c", state="succeeded"), b"")

    copy, _ = ours.moved_to_memory(connect_memory())

    assert {each.id for each in copy.listed(active=False)} == {"ours", "ended"}
    copy.update(operation("ours", "a", message="Going on"))
    now.later(3600)
    assert copy.claim_orphans(KINDS) == []


def test_nobody_else_can_read_it(path: Path, now: Now) -> None:
    before = os.umask(0)
    try:
        journal = Journal(connect_file(path), now)
        journal.add(operation(), b"")
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    finally:
        os.umask(before)
    journal.close()

    assert modes.keys() >= {"operations.sqlite", "operations.sqlite-wal"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(("network", "mode"), [(False, "wal"), (True, "delete")])
def test_a_network_file_system_gets_no_write_ahead_log(
    tmp_path: Path, path: Path, now: Now, network: bool, mode: str
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("1 0 0:1 / / rw - nfs server:/ rw" if network else "", encoding="utf-8")
    connection = connect_file(path, mounts=mounts)

    assert connection.execute("PRAGMA journal_mode").fetchone() == (mode,)
    ours, theirs = Journal(connection, now), Journal(connect_file(path, mounts=mounts), now)
    ours.add(operation(), b"")
    assert theirs.listed(active=True) == [operation()]
    ours.close()
    theirs.close()


def test_the_log_beside_the_database_stays_small(path: Path, now: Now) -> None:
    journal = Journal(connect_file(path), now)
    for number in range(300):
        one = operation(f"{number}", f"ci-{number}", state="succeeded")
        journal.add(one, b"c" * 4000)
    sizes = {each.name: each.stat().st_size for each in path.parent.iterdir()}
    journal.close()

    assert sizes["operations.sqlite-wal"] < 1_000_000
    assert sizes["operations.sqlite"] < 4_000_000


WRITER = """if True:
    import sys
    from tests.test_journal import *
    path, mounts, me = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    journal = Journal(connect_file(path, mounts=mounts), Now())
    for number in range(25):
        mine = operation(f"{me}-{number}", f"ci-{me}-{number}")
        journal.add(mine, b"")
        journal.update(msgspec.structs.replace(mine, state="succeeded", revision=1))
    try:
        journal.add(operation(f"{me}-shared", "shared"), b"")
        print("got it")
    except AlreadyActive:
        pass
"""


@pytest.mark.parametrize("mounts", ["1 0 0:1 / / rw - ext4 x rw", "1 0 0:1 / / rw - nfs x rw"])
def test_many_processes_write_at_once_and_nothing_is_lost(
    tmp_path: Path, path: Path, now: Now, mounts: str
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(mounts, encoding="utf-8")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(table), f"w{number}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    outputs = [writer.communicate(timeout=60) for writer in writers]

    assert [errors for _, errors in outputs] == [""] * 4
    assert sum("got it" in output for output, _ in outputs) == 1
    journal = Journal(connect_file(path, mounts=table), now)
    listed = journal.listed(active=False)
    journal.close()
    assert len(listed) == 4 * 25 + 1
    assert {each.state for each in listed if each.target != "shared"} == {"succeeded"}
