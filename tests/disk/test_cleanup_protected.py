"""The deny-list: what must never be moved away, given a machine."""

from __future__ import annotations

import pytest

from jupyter_ci_manager.disk.protected import Protected, protected_on

HOME = b"/home/azureuser"


@pytest.fixture
def instance() -> Protected:
    """A compute instance, as its Jupyter server sees it."""
    return protected_on(
        home=HOME,
        served=HOME + b"/cloudfiles/code",
        python=frozenset({b"/anaconda/envs/jupyter_env", b"/data/python"}),
        jupyter=frozenset({HOME + b"/.jupyter", HOME + b"/.local/share/jupyter"}),
        data=HOME + b"/.local/share/jupyter/ci-manager",
        trashes=frozenset({HOME + b"/.local/share/Trash"}),
        mount_points=frozenset({b"/mnt", HOME + b"/cloudfiles/code", b"/data/lake\n1"}),
    )


@pytest.mark.parametrize(
    "path",
    [
        b"/",
        b"/bin",
        b"/usr/lib/python3",
        b"/etc/passwd",
        b"/proc/1",
        b"/var/lib/docker",
        b"/anaconda",
        b"/anaconda/envs/azureml_py38",
        b"/anaconda/envs/azureml_py310_sdkv2/lib/python3.10",
        b"/home",
        HOME,
        HOME + b"/.jupyter",
        HOME + b"/.jupyter/custom",
        HOME + b"/.local/share/jupyter/kernels/mine",
        HOME + b"/.local/share/jupyter/ci-manager/operations.sqlite",
        HOME + b"/.local/share/Trash/files/old",
        HOME + b"/cloudfiles/code",
        b"/mnt",
        b"/tmp",
        b"/data/lake\n1",
        b"/data/python/bin/python",
    ],
)
def test_what_the_machine_or_its_user_needs_stays(instance: Protected, path: bytes) -> None:
    assert instance.reason(path) is not None


@pytest.mark.parametrize(
    ("path", "because"),
    [
        (HOME + b"/cloudfiles", "/home/azureuser/cloudfiles/code is in it: it is the folder"),
        (HOME + b"/.local", "is in it: Jupyter keeps its own files there."),
        (b"/data", "is in it: "),
    ],
)
def test_so_does_every_folder_that_such_a_thing_is_in(
    instance: Protected, path: bytes, because: str
) -> None:
    assert because in (instance.reason(path) or "")


@pytest.mark.parametrize(
    "path",
    [
        HOME + b"/data.csv",
        HOME + b"/.cache/huggingface",
        HOME + b"/cloudfiles/code/Users/amy/model.bin",
        HOME + b"/.jupyterlab-workspaces",
        HOME + b"/.local/share/Trash-of-mine",
        b"/mnt/tmp/dataset",
        b"/tmp/build-1",
        b"/data/lake",
        b"/anaconda3/pkgs",
        b"/home/azureuser2",
    ],
)
def test_files_of_ones_own_may_go_also_where_a_name_only_begins_alike(
    instance: Protected, path: bytes
) -> None:
    assert instance.reason(path) is None


def test_a_python_in_the_root_folder_does_not_protect_everything() -> None:
    protected = protected_on(
        home=b"/root",
        served=b"/work",
        python=frozenset({b"/"}),
        jupyter=frozenset(),
        data=b"/data",
        trashes=frozenset(),
        mount_points=frozenset(),
    )

    assert protected.reason(b"/work/file") is None
    assert protected.reason(b"/") is not None
