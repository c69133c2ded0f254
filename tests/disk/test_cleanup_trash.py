"""Moving to the trash: where things go, how they come back, and what is swapped meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from jupyter_ci_manager.disk.identity import Identity, identity_at
from jupyter_ci_manager.disk.trash import (
    NAME_BYTES,
    KeptInTrash,
    NotMoved,
    SomethingElse,
    Trash,
    Trashed,
    home_trash,
    move_to_trash,
    new_trash_at,
    trashes_at,
)
from tests.disk.cleaning import NOON, Home, names_in
from tests.disk.mounting import fill, tmpfs

USER = os.geteuid()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.made_in(tmp_path)


def seen(path: Path) -> Identity:
    return Identity.of(path.lstat())


def move(path: Path, trash: Trash, expected: Identity | None = None) -> Trashed:
    return move_to_trash(os.fsencode(path), expected or seen(path), trash, NOON, USER)


def original_path(home: Home, trashed: Trashed) -> bytes:
    info = (home.trash_info / os.fsdecode(trashed.name + b".trashinfo")).read_bytes()
    return unquote_to_bytes(info.split(b"\nPath=")[1].split(b"\n")[0])


@pytest.mark.parametrize(
    "name",
    [b"notes.txt", b"two\nlines", b"not utf-8 \xff\xfe", "größe 100 %.csv".encode(), b" "],
)
def test_what_is_moved_lies_in_the_trash_and_knows_from_where_it_came(
    home: Home, name: bytes
) -> None:
    path = home.file(name)

    trashed = move(path, home.trash)

    assert not path.exists()
    assert (home.trash_files / os.fsdecode(trashed.name)).read_bytes() == b"text"
    assert original_path(home, trashed) == os.fsencode(path)


def test_it_lies_where_jupyter_servers_own_deleting_puts_things(home: Home) -> None:
    ours, theirs = home.file("ours.txt"), home.file("theirs.txt")
    script = "import sys; from send2trash.plat_other import send2trash; send2trash(sys.argv[1])"
    subprocess.run([sys.executable, "-c", script, theirs], check=True, env=home.environ)

    move(ours, home.trash)

    assert names_in(home.trash_files) == ["ours.txt", "theirs.txt"]
    assert names_in(home.trash_info) == ["ours.txt.trashinfo", "theirs.txt.trashinfo"]
    our_lines = (home.trash_info / "ours.txt.trashinfo").read_text().splitlines()
    their_lines = (home.trash_info / "theirs.txt.trashinfo").read_text().splitlines()
    assert our_lines[:2] == [line.replace("theirs", "ours") for line in their_lines[:2]]
    assert our_lines[2].startswith("DeletionDate=2026-11-23T")


def test_things_of_one_name_get_numbers(home: Home) -> None:
    names = [move(home.file("data.tar.gz"), home.trash).name for _ in range(3)]

    assert names == [b"data.tar.gz", b"data.tar 1.gz", b"data.tar 2.gz"]


def test_the_longest_name_there_can_be_finds_room_for_its_ending(home: Home) -> None:
    path = home.file("n" * (NAME_BYTES - 4) + ".csv")

    trashed = move(path, home.trash)

    assert trashed.name.endswith(b".csv")
    assert original_path(home, trashed) == os.fsencode(path)


def test_a_link_is_moved_itself_and_what_it_points_to_stays(home: Home) -> None:
    target = home.file("models/weights.bin")
    link, dangling = home.path / "link", home.path / "dangling"
    link.symlink_to(target)
    dangling.symlink_to("nowhere")

    move(link, home.trash)
    move(dangling, home.trash)

    assert target.read_bytes() == b"text"
    assert (home.trash_files / "link").readlink() == target
    assert (home.trash_files / "dangling").is_symlink()


def test_a_whole_folder_moves_at_once(home: Home) -> None:
    home.file("runs/1/metrics.json")

    move(home.path / "runs", home.trash)

    assert (home.trash_files / "runs/1/metrics.json").exists()


def test_a_file_that_was_replaced_since_the_plan_stays(home: Home) -> None:
    path = home.file("notes.txt")
    planned = seen(path)
    path.unlink()
    home.file("notes.txt", b"something quite different")

    with pytest.raises(SomethingElse):
        move(path, home.trash, planned)

    assert path.read_bytes() == b"something quite different"


def test_a_file_that_was_written_since_the_plan_stays(home: Home) -> None:
    path = home.file("log.txt")
    planned = seen(path)
    path.write_bytes(b"text and more")

    with pytest.raises(SomethingElse):
        move(path, home.trash, planned)

    assert path.exists()


def test_a_folder_that_became_a_link_leads_nowhere_else(home: Home, tmp_path: Path) -> None:
    path = home.file("cache/state.db")
    planned = seen(path)
    elsewhere = tmp_path / "elsewhere"
    (home.path / "cache").rename(elsewhere)
    (home.path / "cache").symlink_to(elsewhere)

    with pytest.raises(NotMoved, match="replaced by a link"):
        move(path, home.trash, planned)

    assert (elsewhere / "state.db").exists()


def swapped_before_rename(monkeypatch: pytest.MonkeyPatch, swap: object) -> None:
    """Do ``swap`` in the very moment between the last look and the move."""
    rename, calls = os.rename, iter([swap])

    def racing(*arguments: object, **options: object) -> None:
        action = next(calls, None)
        if callable(action):
            action()
        rename(*arguments, **options)  # type: ignore[arg-type]  # Passed on as they came.

    monkeypatch.setattr(os, "rename", racing)


def test_what_takes_its_place_in_the_last_moment_is_put_back(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = home.file("notes.txt"), home.file("precious.txt", b"precious")
    swapped_before_rename(monkeypatch, lambda: other.replace(path))

    with pytest.raises(SomethingElse):
        move(path, home.trash)

    assert path.read_bytes() == b"precious"
    assert names_in(home.trash_files) == names_in(home.trash_info) == []


def test_what_cannot_be_put_back_can_be_restored_from_the_trash(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = home.file("notes.txt"), home.file("precious.txt", b"precious")
    swapped_before_rename(monkeypatch, lambda: other.replace(path))

    def then_made_again(name: bytes, folder: int) -> Identity | None:
        found = identity_at(name, folder)
        if (home.trash_files / "notes.txt").exists():
            path.write_bytes(b"a third one")
        return found

    monkeypatch.setattr("jupyter_ci_manager.disk.trash.identity_at", then_made_again)

    with pytest.raises(KeptInTrash):
        move(path, home.trash, seen(path))

    assert path.read_bytes() == b"a third one"
    assert (home.trash_files / "notes.txt").read_bytes() == b"precious"
    assert (home.trash_info / "notes.txt.trashinfo").exists()


def test_a_trash_that_is_a_link_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / f".Trash-{USER}").symlink_to("theirs")

    assert list(trashes_at(os.fsencode(tmp_path), USER)) == []


@pytest.mark.parametrize(("mode", "trusted"), [(0o1777, True), (0o777, False)])
def test_a_shared_trash_needs_the_sticky_bit(tmp_path: Path, mode: int, trusted: bool) -> None:
    shared = tmp_path / ".Trash"
    (shared / str(USER)).mkdir(parents=True)
    shared.chmod(mode)

    assert len(list(trashes_at(os.fsencode(tmp_path), USER))) == trusted


def test_another_users_trash_is_not_ours(tmp_path: Path) -> None:
    if USER != 0:
        pytest.skip("only root can give a folder to another user")
    other = tmp_path / f".Trash-{USER}"
    other.mkdir()
    os.chown(other, 12345, -1)

    assert list(trashes_at(os.fsencode(tmp_path), USER)) == []


def test_the_home_trash_follows_the_environment(tmp_path: Path) -> None:
    home = os.fsencode(tmp_path / "home")

    assert home_trash({}, home).path == home + b"/.local/share/Trash"
    assert home_trash({"XDG_DATA_HOME": "relative"}, home).path == home + b"/.local/share/Trash"
    assert home_trash({"XDG_DATA_HOME": str(tmp_path)}, home).path == os.fsencode(
        tmp_path / "Trash"
    )


def test_a_disk_of_its_own_gets_a_trash_of_its_own(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "disk", size="1m") as disk:
        path = disk / "data" / "big.bin"
        path.parent.mkdir()
        path.write_bytes(b"big")
        trash = new_trash_at(os.fsencode(disk), USER)

        move(path, trash)

        assert (disk / f".Trash-{USER}/files/big.bin").exists()
        info = (disk / f".Trash-{USER}/info/big.bin.trashinfo").read_text()
        assert "Path=data/big.bin\n" in info
        assert [found.path for found in trashes_at(os.fsencode(disk), USER)] == [trash.path]


def test_nothing_is_copied_to_another_file_system(home: Home, tmp_path: Path) -> None:
    with tmpfs(tmp_path / "disk", size="1m") as disk:
        path = disk / "big.bin"
        path.write_bytes(b"big")

        with pytest.raises(NotMoved, match="another file system"):
            move(path, home.trash)

        assert path.exists()
        assert names_in(home.trash_files) == names_in(home.trash_info) == []


def test_a_disk_without_a_byte_left_keeps_the_file_and_gets_no_litter(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "disk", size="256k") as disk:
        path = disk / "small.txt"
        path.write_bytes(b"small")
        trash = new_trash_at(os.fsencode(disk), USER)
        move(disk / "small.txt", trash)
        path.write_bytes(b"small")
        fill(disk)

        with pytest.raises(NotMoved, match="too full"):
            move(path, trash)

        assert path.read_bytes() == b"small"
        assert names_in(disk / f".Trash-{USER}/info") == ["small.txt.trashinfo"]


MOVE_AS_ANOTHER = """
import os, sys
from datetime import datetime, timezone
from jupyter_ci_manager.disk.identity import Identity
from jupyter_ci_manager.disk.trash import Trash, move_to_trash

path, trash, user = os.fsencode(sys.argv[1]), os.fsencode(sys.argv[2]), int(sys.argv[3])
os.setuid(user)
identity = Identity.of(os.lstat(path))
move_to_trash(path, identity, Trash(trash, None), datetime.now(timezone.utc), user)
"""


def test_a_folder_on_the_way_need_only_let_through() -> None:
    if USER != 0:
        pytest.skip("only root can become another user")
    other = 12345
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "amy"
        home.mkdir()
        os.chown(home, other, -1)
        (home / "notes.txt").write_bytes(b"text")
        os.chown(home / "notes.txt", other, -1)
        Path(folder).chmod(0o711)

        subprocess.run(
            [sys.executable, "-c", MOVE_AS_ANOTHER, home / "notes.txt", home / "Trash", str(other)],
            check=True,
        )

        assert (home / "Trash/files/notes.txt").read_bytes() == b"text"
