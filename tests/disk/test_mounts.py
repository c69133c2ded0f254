from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyter_ci_manager.mounts import MOUNTINFO, MountTable, mounted_below
from tests.disk.mount_tables import COMPUTE_INSTANCE, DOCKER, LAPTOP
from tests.disk.mounting import bind, tmpfs


def table(tmp_path: Path, text: str | bytes) -> MountTable:
    source = tmp_path / "mountinfo"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    return MountTable.read(source)


MIXED = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:45 / /home rw - nfs4 server:/home rw,vers=4.2
31 30 0:46 / /home/jovyan/local\\040disk rw - xfs /dev/sdb rw
33 30 0:48 / /home/jovyan/zoë rw - nfs server:/zoe rw
32 22 0:47 / /mnt/batch rw - fuse.blobfuse2 blobfuse2 rw
odd line
x 22 0:49 / /home rw - ext4 /dev/sdc rw
34 22 0:49 / /home rw - ext4
"""


@pytest.mark.parametrize(
    ("path", "kind", "family"),
    [
        ("/", "ext4", "ext4"),
        ("/var/lib", "ext4", "ext4"),
        ("/home/jovyan/.local", "nfs4", "nfs4"),
        ("/home/jovyan/local disk/x", "xfs", "xfs"),
        ("/homework", "ext4", "ext4"),
        ("/home/jovyan/zoë/.local", "nfs", "nfs"),
        ("/mnt/batch/code", "fuse.blobfuse2", "fuse"),
    ],
)
def test_a_path_lies_on_its_innermost_mount(
    tmp_path: Path, path: str, kind: str, family: str
) -> None:
    mount = table(tmp_path, MIXED).holding(path)

    assert mount is not None
    assert (mount.type, mount.family) == (kind, family)


def test_a_machine_without_a_mount_table_has_no_mounts(tmp_path: Path) -> None:
    empty = MountTable.read(tmp_path / "none")

    assert empty.holding("/") is None
    assert empty.below("/") == []
    assert mounted_below("/", tmp_path / "none") == []


def test_the_last_of_several_mounts_on_one_point_is_what_a_path_leads_to(tmp_path: Path) -> None:
    stacked = table(
        tmp_path,
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "3 2 8:3 / /mnt rw - xfs /dev/sdc rw\n"
        "2 1 8:2 / /mnt rw - ext4 /dev/sdb rw\n",
    )

    mount = stacked.at("/mnt")
    assert mount is not None
    assert mount.device == "/dev/sdc"
    assert stacked.below("/") == ["/mnt"]


def test_what_another_mount_hides_is_not_there(tmp_path: Path) -> None:
    hidden = table(
        tmp_path,
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "2 1 8:2 / /mnt/data rw - ext4 /dev/sdb rw\n"
        "3 1 8:3 / /mnt rw - xfs /dev/sdc rw\n",
    )

    mount = hidden.holding("/mnt/data/x")
    assert mount is not None
    assert mount.point == "/mnt"
    assert hidden.below("/") == ["/mnt"]


def test_a_mount_point_may_hold_any_bytes(tmp_path: Path) -> None:
    lines = (
        b"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        b"2 1 8:2 / /a\\040b\\011c\\012d\\134040 rw - ext4 /dev/sdb rw\n"
        b"3 1 8:3 / /\xff\xfe\x85\r\x0bx rw - ext4 /dev/sdc rw\n"
        b"4 1 8:4 / /\xe2\x80\xa8line rw - ext4 /dev/\\777 rw\n"
    )

    found = [os.fsencode(point) for point in table(tmp_path, lines).below("/")]

    assert found == [b"/a b\tc\nd\\040", b"/\xff\xfe\x85\r\x0bx", b"/\xe2\x80\xa8line"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n\n",
        b"\x00" * 100,
        b" - ",
        b"1 1 8:1 / / rw - ext4 /dev/sda1 rw",
        b"1 2 8:1 / / rw - ext4 a rw\n2 1 8:1 / / rw - ext4 b rw\n1 2 8:1 / / rw - ext4 c rw",
    ],
)
def test_a_table_of_another_form_ends_without_an_error(tmp_path: Path, text: bytes) -> None:
    assert table(tmp_path, text).below("/") == []


def test_mounts_below_a_folder_are_those_inside_it(tmp_path: Path) -> None:
    instance = table(tmp_path, COMPUTE_INSTANCE)

    assert "/mnt/azmnt" in instance.below("/mnt")
    assert "/mnt" not in instance.below("/mnt")
    assert instance.below("/mn") == []
    assert set(instance.below("/mnt/")) == set(instance.below("/mnt"))
    assert "/mnt" in instance.below("/")
    assert "/" not in instance.below("/")


@pytest.mark.parametrize(
    ("text", "point", "kind", "read_only"),
    [
        (COMPUTE_INSTANCE, "/mnt", "ext4", False),
        (COMPUTE_INSTANCE, "/snap/core22/1748", "squashfs", True),
        (DOCKER, "/", "overlay", False),
        (DOCKER, "/proc/bus", "proc", True),
        (LAPTOP, "/home", "ext4", False),
    ],
)
def test_tables_of_real_machines_are_understood(
    tmp_path: Path, text: str, point: str, kind: str, read_only: bool
) -> None:
    mount = table(tmp_path, text).at(point)

    assert mount is not None
    assert (mount.type, mount.read_only) == (kind, read_only)


@pytest.mark.skipif(not MOUNTINFO.exists(), reason="this system has no mount table")
def test_the_table_of_this_machine_names_what_the_kernel_says() -> None:
    live = MountTable.read()
    root = live.at("/")
    assert root is not None
    device = Path("/").stat().st_dev
    assert root.device_number == f"{os.major(device)}:{os.minor(device)}"
    assert all(os.path.ismount(point) for point in live.below("/dev"))


def test_mounts_that_are_made_are_seen_as_the_kernel_sees_them(tmp_path: Path) -> None:
    odd = tmp_path / "odd \n\\ \udcff name"
    bound = tmp_path / "bound"
    bound.mkdir()
    with tmpfs(odd, size="64k"), tmpfs(odd, size="128k"), bind(odd, bound):
        (odd / "file").touch()
        live = MountTable.read()

        assert sorted(live.below(str(tmp_path))) == sorted([str(odd), str(bound)])
        for point in (odd, bound):
            mount = live.at(str(point))
            assert mount is not None
            device = point.stat().st_dev
            assert mount.device_number == f"{os.major(device)}:{os.minor(device)}"
        assert live.holding(str(bound / "file")) == live.at(str(bound))
    assert mounted_below(str(tmp_path)) == []
