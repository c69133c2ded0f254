"""A rescan reads only what changed, and knows all that a scan from scratch would."""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from jupyter_ci_manager.disk.scan_worker import KEPT_TABLES
from jupyter_ci_manager.models import ScanResult
from tests.disk.mounting import fill, tmpfs
from tests.disk.scanning import du, file, needs_linux, result_of, scanned

pytestmark = needs_linux


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree whose last change is so long ago that nothing of it is taken for a change now."""
    for folder in range(20):
        for each in range(10):
            file(tmp_path / f"a{folder % 4}" / f"b{folder}" / f"{each}", 100 * each)
    return tmp_path


class Walk:
    """Random changes of a tree, of every kind that a disk sees."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root = root
        self._random = random.Random(seed)  # noqa: S311 - nothing depends on it being a secret
        self._count = 0

    def _new(self) -> str:
        self._count += 1
        return f"n{self._count}"

    def _folders(self) -> list[Path]:
        return [Path(path) for path, _, _ in os.walk(self._root)]

    def _files(self) -> list[Path]:
        return [Path(path) / name for path, _, names in os.walk(self._root) for name in names]

    def step(self) -> str:
        change = self._random.choice(
            [
                self.create,
                self.delete,
                self.rename,
                self.move_folder,
                self.remove_folder,
                self.append_to_large,
                self.replace_folder,
                self.link,
                self.unlink_linked,
                self.make_link_to_folder,
            ]
        )
        change()
        return change.__name__

    def create(self) -> None:
        folder = self._random.choice(self._folders()) / self._random.choice([".", self._new()])
        file(folder / self._new(), self._random.choice([0, 10, 5000, 400_000]))

    def delete(self) -> None:
        if files := self._files():
            self._random.choice(files).unlink()

    def rename(self) -> None:
        if files := self._files():
            one = self._random.choice(files)
            one.rename(one.with_name(self._new()))

    def move_folder(self) -> None:
        folders = self._folders()[1:]
        if folders:
            moved, into = self._random.choice(folders), self._random.choice(self._folders())
            if not into.is_relative_to(moved):
                moved.rename(into / self._new())

    def remove_folder(self) -> None:
        folders = self._folders()[1:]
        if len(folders) > 10:
            shutil.rmtree(self._random.choice(folders))

    def append_to_large(self) -> None:
        large = [each for each in self._files() if each.lstat().st_size > 300_000]
        if large:
            with self._random.choice(large).open("ab") as grows:
                grows.write(b"y" * 500_000)

    def replace_folder(self) -> None:
        folders = self._folders()[1:]
        if folders:
            one = self._random.choice(folders)
            shutil.rmtree(one)
            file(one / self._new(), 20_000)

    def link(self) -> None:
        files = [each for each in self._files() if not each.is_symlink()]
        if files:
            target = self._random.choice(self._folders()) / self._new()
            target.hardlink_to(self._random.choice(files))

    def unlink_linked(self) -> None:
        linked = [each for each in self._files() if each.lstat().st_nlink > 1]
        if linked:
            self._random.choice(linked).unlink()

    def make_link_to_folder(self) -> None:
        """Where a folder was, a symbolic link leads to another place that holds the same."""
        folders = self._folders()[1:]
        if folders:
            moved = self._random.choice(folders)
            there = self._root / self._new()
            moved.rename(there)
            moved.symlink_to(there)


def rescanned(root: Path, kept: Path, **changes: Any) -> ScanResult:
    """A scan for which all that changed a moment ago is settled already."""
    time.sleep(0.06)
    return result_of(root, kept, racy_seconds=0.05, **changes)


@pytest.mark.parametrize("seed", range(8))
def test_after_any_changes_a_rescan_says_what_du_says(root: Path, kept: Path, seed: int) -> None:
    walk = Walk(root, seed)
    rescanned(root, kept)
    for length in (1, 1, 3, 1, 8, 1, 2, 20, 1, 1):
        changes = [walk.step() for _ in range(length)]

        result = rescanned(root, kept)

        assert result.bytes == du(root), changes
        assert result.files + result.directories == du(root, "--inodes"), changes


def test_a_rescan_reads_only_what_changed(root: Path, kept: Path) -> None:
    rescanned(root, kept)
    file(root / "a1" / "b1" / "new", 70_000)

    result = rescanned(root, kept)
    nothing_changed = rescanned(root, kept)

    assert result.bytes == nothing_changed.bytes == du(root)
    assert (result.revisited_directories, nothing_changed.revisited_directories) == (1, 0)


def test_all_is_read_when_it_is_asked_for(root: Path, kept: Path) -> None:
    first = rescanned(root, kept)
    # Too small to be known by itself, and its folder does not change.
    with (root / "a1" / "b1" / "1").open("ab") as grows:
        grows.write(b"x" * 100_000)

    anew = rescanned(root, kept, anew=True)

    assert anew.bytes == du(root) == first.bytes + anew.bytes - (anew.bytes_before or 0)
    assert anew.revisited_directories == anew.directories


def test_a_large_file_that_grows_in_place_is_seen(root: Path, kept: Path) -> None:
    large = file(root / "a1" / "b1" / "model.bin", 600_000)
    linked = root / "a2" / "linked.bin"
    linked.hardlink_to(file(root / "a3" / "first.bin", 600_000))
    rescanned(root, kept)
    for each in (large, linked):
        with each.open("ab") as grows:
            grows.write(b"x" * 2_000_000)

    result = rescanned(root, kept)

    assert result.bytes == du(root)
    assert result.revisited_directories == 0


def test_a_hard_link_to_a_file_of_an_unchanged_folder_does_not_count_twice(
    root: Path, kept: Path
) -> None:
    first = file(root / "a1" / "b1" / "first", 90_000)
    rescanned(root, kept)
    (root / "a2" / "second").hardlink_to(first)

    assert rescanned(root, kept).bytes == du(root)
    assert rescanned(root, kept).revisited_directories == 0


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\0" * 5000])
def test_a_damaged_table_is_as_good_as_none(root: Path, kept: Path, damage: bytes) -> None:
    rescanned(root, kept)
    for table in kept.glob("*.table"):
        table.write_bytes(damage)

    result = rescanned(root, kept)

    assert (result.bytes, result.bytes_before) == (du(root), None)
    assert result.revisited_directories == result.directories


def test_nothing_is_kept_on_a_disk_that_is_nearly_full(root: Path, kept: Path) -> None:
    result = rescanned(root, kept, keep_free_bytes=1 << 60)

    assert result.bytes == du(root)
    assert list(kept.iterdir()) == []


def test_a_disk_without_a_free_byte_is_scanned(tmp_path: Path) -> None:
    with tmpfs(tmp_path, size="1m"):
        kept = tmp_path / "kept"
        kept.mkdir()
        fill(tmp_path)

        result = rescanned(tmp_path, kept)

        assert result.bytes == du(tmp_path)
        assert list(kept.iterdir()) == []


def test_what_is_kept_is_its_owners_and_of_few_folders(root: Path, kept: Path) -> None:
    for each in range(6):
        rescanned(file(root / f"r{each}" / "file").parent, kept)

    assert len(list(kept.glob("*.table"))) == KEPT_TABLES
    assert {each.stat().st_mode & 0o777 for each in kept.iterdir()} == {0o600}


def test_what_changed_is_said_of_the_folder_that_explains_it(root: Path, kept: Path) -> None:
    file(root / "a2" / "old" / "file", 3_000_000)
    rescanned(root, kept)
    file(root / "a1" / "b1" / "deep" / "new" / "file", 5_000_000)
    file(root / "a1" / "b5" / "grown", 4_000_000)
    file(root / "a1" / "b9" / "hardly", 1000)
    shutil.rmtree(root / "a2" / "old")

    changes = scanned(root, kept).changes

    told = [(each.uri, each.bytes - each.bytes_before) for each in changes]
    assert [uri for uri, _ in told] == [
        (root / "a1" / "b1" / "deep").as_uri(),
        (root / "a1" / "b5").as_uri(),
        (root / "a2" / "old").as_uri(),
    ]
    assert [more > 0 for _, more in told] == [True, True, False]
