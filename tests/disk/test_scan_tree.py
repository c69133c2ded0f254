"""What people are told of a scan: small, exact, and who the known consumers are."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import msgspec
import pytest

from jupyter_ci_manager.disk.scan_tree import MAX_CHILDREN
from jupyter_ci_manager.models import ScanNode
from tests.disk.scanning import consumer, du, file, needs_linux, node, nodes, result_of

pytestmark = needs_linux


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


def adds_up(tree: ScanNode) -> bool:
    """Whether what is in each folder that is opened is all that the folder says to hold."""
    return all(
        each.bytes == sum(child.bytes for child in each.children)
        and each.files == sum(child.files for child in each.children)
        and each.directories
        == sum(child.directories + (child.kind == "directory") for child in each.children)
        for each in nodes(tree)
        if each.children
    )


def test_the_largest_come_first_and_the_rest_last(tmp_path: Path, kept: Path) -> None:
    for each in range(MAX_CHILDREN + 20):
        file(tmp_path / f"folder-{each}" / "file", 10_000 * (each + 1))
    file(tmp_path / "model.bin", 9_000_000)

    tree = result_of(tmp_path, kept).tree

    sizes = [each.bytes for each in tree.children[:-1]]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == MAX_CHILDREN
    assert (tree.children[0].name, tree.children[0].kind) == ("model.bin", "file")
    rest = tree.children[-1]
    assert (rest.kind, rest.uri, rest.files, rest.directories) == ("rest", None, 21, 21)
    assert adds_up(tree)


def test_each_node_says_what_du_says_of_it(tmp_path: Path, kept: Path) -> None:
    for each in range(40):
        file(tmp_path / f"a{each % 3}" / f"b{each % 7}" / f"{each}", 40_000 * each)

    tree = result_of(tmp_path, kept).tree

    shown = [each for each in nodes(tree) if each.kind == "directory" and each.uri]
    assert len(shown) > 10
    assert all(each.bytes == du(Path((each.uri or "")[7:])) for each in shown)
    assert adds_up(tree)


def test_the_age_is_that_of_the_newest_file(tmp_path: Path, kept: Path) -> None:
    for name, time in (("a/old", 1_000_000_000), ("a/b/newest", 1_500_000_000), ("far", 1 << 40)):
        os.utime(file(tmp_path / name, 500_000), (time, time))

    tree = result_of(tmp_path, kept).tree

    newest = node(tree, tmp_path / "a").modified_at
    assert newest is not None
    assert newest.timestamp() == 1_500_000_000


def test_an_answer_about_a_wild_tree_stays_small(tmp_path: Path, kept: Path) -> None:
    for each in range(3000):
        file(tmp_path / f"{each % 50:0200d}" / f"{each:0200d}" / "file", 5000)

    result = result_of(tmp_path, kept)

    assert len(msgspec.json.encode(result)) < 1_500_000
    assert adds_up(result.tree)


def test_a_file_of_several_links_is_shown_where_it_counts(tmp_path: Path, kept: Path) -> None:
    first = file(tmp_path / "a" / "first.bin", 900_000)
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "second.bin").hardlink_to(first)
    (tmp_path / "b" / "third.bin").hardlink_to(first)

    tree = result_of(tmp_path, kept).tree

    assert [each.kind for each in nodes(tree)].count("file") == 1
    assert adds_up(tree)


# --- consumers --------------------------------------------------------------------------------


def test_an_environment_does_not_count_what_it_shares_with_the_package_cache(
    tmp_path: Path, kept: Path
) -> None:
    base = tmp_path / "anaconda"
    shared = file(base / "pkgs" / "numpy-1.0" / "lib.so", 5_000_000)
    file(base / "pkgs" / "urls.txt")
    file(base / "conda-meta" / "history")
    file(base / "condabin" / "conda")
    file(base / "lib" / "own", 400_000)
    environment = base / "envs" / "azureml_py310"
    file(environment / "conda-meta" / "history")
    file(environment / "lib" / "own", 300_000)
    (environment / "lib" / "numpy.so").hardlink_to(shared)

    result = result_of(tmp_path, kept)

    told = {(each.kind, each.name): each for each in result.consumers}
    packages = told["conda_packages", str(base / "pkgs")]
    mine = told["conda_environment", "azureml_py310"]
    of_base = told["conda_environment", "base"]
    assert packages.bytes > 5_000_000 > of_base.bytes > mine.bytes > 300_000
    assert (mine.shared_bytes, packages.shared_bytes) == (5_001_216, 0)
    assert packages.bytes + mine.bytes + of_base.bytes == node(result.tree, base).bytes
    assert node(result.tree, environment).consumer == "conda_environment"


@pytest.mark.parametrize(
    ("files", "consumer_at", "kind"),
    [
        (["home/.cache/pip/http-v2/a"], "home/.cache/pip", "pip_cache"),
        (["cache/pip/selfcheck/x", "cache/pip/wheels/y"], "cache/pip", "pip_cache"),
        (["h/.cache/huggingface/hub/models--gpt2/b"], "h/.cache/huggingface", "huggingface_cache"),
        (["mnt/hf/hub/models--bert--base/blobs/1"], "mnt/hf/hub", "huggingface_cache"),
        (["h/.cache/torch/hub/checkpoints/r.pth"], "h/.cache/torch", "torch_cache"),
        (
            ["docker/image/a", "docker/containers/b", "docker/volumes/c", "docker/overlay2/d"],
            "docker",
            "docker",
        ),
        (
            ["h/.local/share/Trash/files/a", "h/.local/share/Trash/info/b"],
            "h/.local/share/Trash",
            "trash",
        ),
        ([".Trash-1000/files/a"], ".Trash-1000", "trash"),
        (["code/.ipynb_checkpoints/n.ipynb"], "code/.ipynb_checkpoints", "checkpoints"),
        (["srv/app.log.1.gz"], "srv/app.log.1.gz", "logs"),
        (["env/conda-meta/history"], "env", "conda_environment"),
        (["micromamba/pkgs/urls", "micromamba/pkgs/x/y"], "micromamba/pkgs", "conda_packages"),
    ],
)
def test_known_consumers_are_recognised(
    tmp_path: Path, kept: Path, files: list[str], consumer_at: str, kind: str
) -> None:
    for each in files:
        file(tmp_path / each, 400_000)

    result = result_of(tmp_path, kept)

    found = consumer(result, tmp_path / consumer_at)
    assert found.kind == kind
    assert found.bytes >= 400_000
    assert len(result.consumers) == 1


@pytest.mark.parametrize(
    "path", ["pkgs/left-pad/x", "src/pip/x", "docs/torch/x", "hub/x", "Trash/x", "a/.Trash-x/y"]
)
def test_a_name_alone_makes_no_consumer(tmp_path: Path, kept: Path, path: str) -> None:
    file(tmp_path / path, 400_000)

    assert result_of(tmp_path, kept).consumers == []


def test_a_core_dump_is_told_by_what_is_in_it(tmp_path: Path, kept: Path) -> None:
    header = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    for name, type_ in (("core.1234", 4), ("core.5678", 3)):
        file(tmp_path / name).write_bytes(header + struct.pack("<H", type_) + b"x" * 600_000)
    (file(tmp_path / "core.py")).write_bytes(b"y" * 600_000)

    consumers = result_of(tmp_path, kept).consumers

    assert [(each.kind, Path(each.name).name) for each in consumers] == [("core_dump", "core.1234")]
