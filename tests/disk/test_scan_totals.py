"""What a scan counts: the same as `du -x`, to the block."""

from __future__ import annotations

import os
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from jupyter_ci_manager.disk.scan_walk import Reader, Task
from tests.disk.mounting import bind, hanging, tmpfs
from tests.disk.scanning import (
    du,
    file,
    needs_linux,
    node,
    nodes,
    result_of,
    without_rights_over_files,
)

pytestmark = needs_linux


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


def test_files_and_folders_count_their_blocks(tmp_path: Path, kept: Path) -> None:
    for folder in range(5):
        for each in range(30):
            file(tmp_path / f"f{folder}" / f"g{each % 7}" / f"{each}", each * 1000)
    (tmp_path / "empty" / "folder").mkdir(parents=True)

    result = result_of(tmp_path, kept)

    assert result.bytes == du(tmp_path)
    assert (result.files, result.directories) == (150, 1 + 5 + 5 * 7 + 2)
    assert (result.unreadable, result.skipped_mounts, result.vanished) == ([], [], 0)


def test_a_file_with_several_hard_links_counts_once(tmp_path: Path, kept: Path) -> None:
    first = file(tmp_path / "a" / "first", 700_000)
    (tmp_path / "b").mkdir()
    for name in ("a/second", "b/third"):
        (tmp_path / name).hardlink_to(first)

    result = result_of(tmp_path, kept)

    assert result.bytes == du(tmp_path)
    assert result.files == 1
    assert node(result.tree, tmp_path / "a").bytes > 700_000


def test_holes_and_apparent_sizes_count_nothing(tmp_path: Path, kept: Path) -> None:
    with (tmp_path / "sparse").open("wb") as sparse:
        sparse.truncate(5_000_000_000)

    result = result_of(tmp_path, kept)

    assert result.bytes == du(tmp_path) < 1_000_000


def test_no_symbolic_link_is_followed(
    tmp_path: Path, kept: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    file(elsewhere / "large", 5_000_000)
    (tmp_path / "link").symlink_to(elsewhere)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")

    result = result_of(tmp_path, kept)

    assert result.bytes == du(tmp_path)
    assert (result.files, result.directories) == (3, 1)


def test_all_that_is_no_file_and_no_folder_counts_as_du_counts_it(
    tmp_path: Path, kept: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    os.mknod(tmp_path / "socket", stat.S_IFSOCK | 0o600)

    result = result_of(tmp_path, kept)

    assert (result.bytes, result.files) == (du(tmp_path), 2)


def test_names_may_be_any_bytes(tmp_path: Path, kept: Path) -> None:
    names = [
        b"two\nlines",
        b"caf\xe9",
        b"\xff\xfe",
        "日本".encode(),
        b" ",
        b"-rf",
        b'"\\',
        b"\x1b[1m",
    ]
    for name in names:
        file(tmp_path / os.fsdecode(name) / os.fsdecode(name), 300_000)

    result = result_of(tmp_path, kept)
    again = result_of(tmp_path, kept)

    assert result.bytes == again.bytes == du(tmp_path)
    told = {each.uri: each.name for each in nodes(result.tree)}
    assert told[f"{tmp_path.as_uri()}/caf%E9/caf%E9"] == "caf\\xe9"
    assert told[f"{tmp_path.as_uri()}/two%0Alines"] == "two\\x0alines"
    assert all(name.isprintable() for name in told.values())
    assert again.revisited_directories <= result.revisited_directories


def test_a_path_longer_than_the_system_takes_is_gone_down_to(tmp_path: Path, kept: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(40):
        os.mkdir("d" * 200, dir_fd=here)
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("deepest", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)

    result = result_of(tmp_path, kept)

    assert (result.directories, result.files) == (41, 1)
    assert result.bytes == du(tmp_path)
    assert result_of(tmp_path, kept).bytes == du(tmp_path)
    subprocess.run(["rm", "-rf", tmp_path], check=True)


def test_another_file_system_is_not_entered(tmp_path: Path, kept: Path) -> None:
    file(tmp_path / "mine", 100_000)
    (tmp_path / "mnt").mkdir()
    with tmpfs(tmp_path / "mnt"):
        file(tmp_path / "mnt" / "theirs", 5_000_000)

        result = result_of(tmp_path, kept)

        assert result.bytes == du(tmp_path)
        assert result.skipped_mounts == [str(tmp_path / "mnt")]
    assert result_of(tmp_path, kept).bytes == du(tmp_path)


def test_a_folder_bound_into_itself_counts_once(tmp_path: Path, kept: Path) -> None:
    file(tmp_path / "data" / "large", 1_000_000)
    once = du(tmp_path)
    (tmp_path / "data" / "again").mkdir()
    (tmp_path / "copy").mkdir()
    with (
        bind(tmp_path, tmp_path / "data" / "again"),
        bind(tmp_path / "data", tmp_path / "copy"),
    ):
        result = result_of(tmp_path, kept)

        assert result.bytes == once
        assert result.skipped_mounts == [
            str(tmp_path / "copy"),
            str(tmp_path / "data" / "again"),
        ]


@pytest.mark.parametrize("first_mounted", [True, False])
def test_a_rescan_sees_that_something_was_mounted_or_unmounted(
    tmp_path: Path, kept: Path, first_mounted: bool
) -> None:
    hidden = tmp_path / "a" / "b"
    file(hidden / "below" / "large", 2_000_000)
    if first_mounted:
        with tmpfs(hidden):
            result_of(tmp_path, kept)
        assert result_of(tmp_path, kept).bytes == du(tmp_path)
    else:
        result_of(tmp_path, kept)
        with tmpfs(hidden):
            assert result_of(tmp_path, kept).bytes == du(tmp_path)


def test_a_mount_that_hangs_is_not_touched(tmp_path: Path, kept: Path) -> None:
    file(tmp_path / "a" / "file", 70_000)
    before = result_of(tmp_path, kept)
    (tmp_path / "a" / "share").mkdir()
    with hanging(tmp_path / "a" / "share"):
        first = result_of(tmp_path, kept, anew=True)
        again = result_of(tmp_path, kept)

    assert first.bytes == again.bytes == before.bytes
    assert first.skipped_mounts == again.skipped_mounts == [str(tmp_path / "a" / "share")]


def test_a_link_put_in_the_way_between_two_looks_leads_nowhere(tmp_path: Path) -> None:
    inner = file(tmp_path / "root" / "a" / "b" / "file", 10).parent
    file(tmp_path / "outside" / "b" / "secret", 5_000_000)
    root = str(tmp_path / "root")
    counted: list[int] = []
    reader = Reader(
        root,
        tmp_path.stat().st_dev,
        {},
        first_number=0,
        count=lambda folders, files, blocks: counted.append(blocks),
    )
    task = Task(str(inner), 0, "b", -1, inner.stat().st_ino)
    inner.parent.rename(tmp_path / "root" / "moved")
    (tmp_path / "root" / "a").symlink_to(tmp_path / "outside")

    found = reader.read(task, {})

    assert (found, counted, reader.found.vanished) == ([], [], 1)
    assert reader.found.names == []


def test_folders_that_cannot_be_read_are_listed(tmp_path: Path, kept: Path) -> None:
    before = without_rights_over_files()
    file(tmp_path / "open" / "file", 5000)
    file(tmp_path / "closed" / "inner" / "file", 50_000)
    file(tmp_path / "listed" / "file", 50_000)
    (tmp_path / "closed").chmod(0o000)
    (tmp_path / "listed").chmod(0o400)

    result = result_of(tmp_path, kept, before=before)
    again = result_of(tmp_path, kept, before=before)

    assert sorted(result.unreadable) == [str(tmp_path / "closed"), str(tmp_path / "listed")]
    assert result.unreadable_count == again.unreadable_count == 2
    assert result.bytes == again.bytes == du(tmp_path, before=before)
    (tmp_path / "closed").chmod(0o755)
    (tmp_path / "listed").chmod(0o755)
    assert result_of(tmp_path, kept, before=before).bytes == du(tmp_path)


def test_files_that_vanish_while_they_are_counted_end_nothing(tmp_path: Path, kept: Path) -> None:
    for each in range(200):
        file(tmp_path / f"d{each % 20}" / "stays" / f"{each}", 100)
    stop = threading.Event()

    def disturb() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            for each in range(20):
                folder = tmp_path / f"d{each}" / f"comes-{turn}"
                folder.mkdir()
                (folder / "file").touch()
                (folder / "file").rename(folder / "other")
                (folder / "other").unlink()
                folder.rmdir()

    disturber = threading.Thread(target=disturb)
    disturber.start()
    try:
        results = [result_of(tmp_path, kept) for _ in range(5)]
    finally:
        stop.set()
        disturber.join()

    assert all(result.files >= 200 for result in results)
    assert result_of(tmp_path, kept).bytes == du(tmp_path)


@pytest.mark.slow
def test_a_folder_with_a_great_many_entries_is_counted(tmp_path: Path, kept: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    for each in range(200_000):
        os.close(os.open(str(each), os.O_WRONLY | os.O_CREAT, dir_fd=folder))
    os.close(folder)

    result = result_of(tmp_path, kept)

    assert (result.files, result.bytes) == (200_000, du(tmp_path))
