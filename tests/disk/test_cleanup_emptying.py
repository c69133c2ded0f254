"""Emptying a trash: all that was in it when that was planned, and nothing that came later."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jupyter_ci_manager.disk.empty_trash import Doomed, Emptied, Stopped, empty
from jupyter_ci_manager.disk.identity import Identity, contents_of
from jupyter_ci_manager.disk.trash import trashed_in
from tests.disk.cleaning import Home, names_in


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.made_in(tmp_path)


def planned(home: Home) -> tuple[Identity, list[Doomed]]:
    return Identity.of(home.trash_files.stat()), [
        Doomed(
            trashed,
            contents_of(home.trash.files + b"/" + trashed.name, lambda: False).newest_ns,
        )
        for trashed in trashed_in(home.trash)
    ]


def carry_out(home: Home, plan: tuple[Identity, list[Doomed]]) -> Emptied:
    files, doomed = plan
    emptied = Emptied()
    empty(home.trash, files, doomed, lambda: False, emptied)
    return emptied


def later(path: Path, content: bytes = b"later") -> Path:
    """Written when the file system's clock has moved on, as it does every few milliseconds."""
    before = max(entry.lstat().st_ctime_ns for entry in [path.parent, *path.parent.iterdir()])
    while True:
        path.write_bytes(content)
        if path.stat().st_ctime_ns > before:
            return path


def test_what_was_planned_goes_with_its_note_from_where_it_came(home: Home) -> None:
    home.trashed("a.txt")
    home.trashed("runs/1/metrics.json")
    home.trashed("two\nlines")

    emptied = carry_out(home, planned(home))

    assert (emptied.removed, emptied.kept, emptied.error_count) == (3, 0, 0)
    assert names_in(home.trash_files) == names_in(home.trash_info) == []


def test_what_was_deleted_after_the_plan_stays(home: Home) -> None:
    home.trashed("old.txt")
    plan = planned(home)
    home.trashed("new.txt")

    carry_out(home, plan)

    assert names_in(home.trash_files) == ["new.txt"]
    assert names_in(home.trash_info) == ["new.txt.trashinfo"]


def test_what_took_a_planned_name_stays(home: Home) -> None:
    path = home.trashed("notes.txt")
    plan = planned(home)
    path.unlink()
    home.trashed("notes.txt", b"another one")

    emptied = carry_out(home, plan)

    assert path.read_bytes() == b"another one"
    assert (emptied.removed, emptied.kept) == (0, 1)


def test_what_was_restored_meanwhile_is_no_trouble(home: Home) -> None:
    restored = home.trashed("back.txt")
    plan = planned(home)
    restored.rename(home.path / "back.txt")

    emptied = carry_out(home, plan)

    assert (home.path / "back.txt").exists()
    assert emptied == Emptied()


def test_a_file_that_came_into_a_trashed_folder_stays_with_its_folder(home: Home) -> None:
    home.trashed("runs/1/old.log")
    plan = planned(home)
    new = later(home.trash_files / "runs/1/new.log")

    emptied = carry_out(home, plan)

    assert new.exists()
    assert not (home.trash_files / "runs/1/old.log").exists()
    assert (emptied.removed, emptied.kept) == (0, 1)
    assert (home.trash_info / "runs.trashinfo").exists()


def test_a_link_in_the_trash_goes_and_what_it_points_to_stays(home: Home) -> None:
    precious = home.file("precious/data.bin")
    home.trashed("folder/a.txt")
    (home.trash_files / "folder/link").symlink_to(precious.parent)
    (home.trash_files / "link").symlink_to(precious.parent)

    emptied = carry_out(home, planned(home))

    assert precious.exists()
    assert emptied.removed == 2
    assert names_in(home.trash_files) == []


def test_a_trashed_folder_that_became_a_link_leads_nowhere_else(home: Home) -> None:
    precious = home.file("precious/data.bin")
    home.trashed("folder/a.txt")
    plan = planned(home)
    (home.trash_files / "folder").rename(home.path / "moved")
    (home.trash_files / "folder").symlink_to(precious.parent)

    emptied = carry_out(home, plan)

    assert precious.exists()
    assert emptied.kept == 1


def test_a_subfolder_that_became_a_link_leads_nowhere_else(home: Home) -> None:
    precious = home.file("precious/data.bin")
    home.trashed("folder/sub/a.txt")
    plan = planned(home)
    (home.trash_files / "folder/sub").rename(home.path / "moved")
    (home.trash_files / "folder/sub").symlink_to(precious.parent)

    carry_out(home, plan)

    assert precious.exists()


@pytest.mark.parametrize("part", ["Trash", "Trash/files"])
def test_a_trash_that_became_a_link_or_another_folder_is_not_emptied(home: Home, part: str) -> None:
    home.trashed("a.txt")
    plan = planned(home)
    original = home.path / ".local/share" / part
    moved = original.with_name("moved")
    original.rename(moved)

    original.symlink_to(moved)
    with pytest.raises(OSError, match=r"."):
        carry_out(home, plan)
    original.unlink()
    (home.trash_files).mkdir(parents=True)
    (home.trash_files / "a.txt").write_bytes(b"another")
    with pytest.raises(OSError, match="another folder"):
        carry_out(home, plan)

    assert (home.trash_files / "a.txt").read_bytes() == b"another"


def test_folders_nested_deeper_than_files_may_be_open_are_removed(home: Home) -> None:
    home.trashed("deep/0")
    fd = os.open(home.trash_files / "deep", os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d", dir_fd=fd)
        below = os.open("d", os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = below
    os.close(fd)

    emptied = carry_out(home, planned(home))

    assert (emptied.removed, emptied.error_count) == (1, 0)
    assert names_in(home.trash_files) == []


def test_read_only_folders_such_as_those_of_package_caches_are_removed(home: Home) -> None:
    path = home.trashed("pkgs/mod/file.go")
    path.parent.chmod(0o555)
    path.chmod(0o444)

    assert carry_out(home, planned(home)).removed == 1


def test_names_of_one_file_are_all_removed(home: Home) -> None:
    first = home.trashed("folder/first")
    (home.trash_files / "folder/second").hardlink_to(first)

    emptied = carry_out(home, planned(home))

    assert (emptied.removed, emptied.kept) == (1, 0)


def test_a_thousand_things_are_removed(home: Home) -> None:
    for number in range(1000):
        home.trashed(f"file {number}")

    assert carry_out(home, planned(home)).removed == 1000
    assert names_in(home.trash_info) == []


def test_it_can_be_stopped_at_any_entry(home: Home) -> None:
    for number in range(100):
        home.trashed(f"folder/{number}")
    files, doomed = planned(home)
    asked = threading.Event()
    looks = iter(range(1000))

    def stopped() -> bool:
        if next(looks) == 50:
            asked.set()
        return asked.is_set()

    with pytest.raises(Stopped):
        empty(home.trash, files, doomed, stopped, Emptied())

    assert 0 < len(names_in(home.trash_files / "folder")) < 100


@contextmanager
def immutable(path: Path) -> Iterator[None]:
    """A file that nobody can remove, not even root."""
    if subprocess.run(["chattr", "+i", path], stderr=subprocess.DEVNULL).returncode != 0:
        pytest.skip("this machine does not let anybody mark a file as immutable")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", path], check=True)


def test_what_cannot_be_removed_is_counted_and_the_rest_goes(home: Home) -> None:
    home.trashed("first.txt")
    held = home.trashed("held/immovable")
    home.trashed("held/other")
    home.trashed("last.txt")

    with immutable(held):
        emptied = carry_out(home, planned(home))

    assert (emptied.removed, emptied.error_count) == (2, 1)
    assert emptied.errors == ["Operation not permitted"]
    assert names_in(home.trash_files) == ["held"]
    assert names_in(home.trash_files / "held") == ["immovable"]
