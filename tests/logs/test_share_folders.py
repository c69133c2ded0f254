"""Browsing the notebook share for a script: as it is mounted, and through Azure."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import InvalidLogName, ScriptNotFound, StorageForbidden
from jupyter_ci_manager.logs import azure_files, mounted_share
from jupyter_ci_manager.services import Services
from tests.instances.conftest import MakeServices
from tests.logs.sharing import on_an_instance


@pytest.fixture(params=["azure", "mounted"])
def either(
    request: pytest.FixtureRequest,
    azure: Emulator,
    make_services: MakeServices,
    monkeypatch: pytest.MonkeyPatch,
) -> Services:
    """Whichever way the share is reached, a folder is the same."""
    if request.param == "mounted":
        return on_an_instance(azure, make_services, monkeypatch)
    return make_services()


@pytest.fixture
def folder(azure: Emulator) -> Path:
    made = azure.share / "Users" / "amy" / "my scripts"
    made.mkdir(parents=True)
    return made


async def test_a_folder_lists_its_folders_first_then_its_files(
    either: Services, folder: Path
) -> None:
    (folder / "beta.sh").write_text("echo\n")
    (folder / "Alpha.sh").write_text("echo ä\n", encoding="utf-8")
    (folder / "zoo").mkdir()
    (folder / "zoo" / "inner.sh").write_text("x")
    os.utime(folder / "beta.sh", (1_700_000_000, 1_700_000_000))

    found = await either.logs.folder("Users/amy/my scripts")

    assert found.path == "Users/amy/my scripts"
    assert [(item.kind, item.name, item.size_bytes) for item in found.items] == [
        ("folder", "zoo", None),
        ("file", "Alpha.sh", 8),
        ("file", "beta.sh", 5),
    ]
    assert found.items[2].path == "Users/amy/my scripts/beta.sh"
    assert found.items[2].modified_at == datetime.fromtimestamp(1_700_000_000, timezone.utc)
    assert not found.truncated
    script = await either.logs.script(found.items[1].path)
    assert script.text == "echo ä\n"


async def test_no_path_is_the_root_of_the_share(either: Services) -> None:
    found = await either.logs.folder("")

    assert found.path == ""
    assert {"Logs", "Users"} <= {item.path for item in found.items if item.kind == "folder"}


async def test_an_empty_folder_has_nothing_in_it(either: Services, folder: Path) -> None:
    found = await either.logs.folder("Users/amy/my scripts")

    assert found.items == []


@pytest.mark.parametrize("path", ["Users/nobody", "Users/amy/my scripts/x.sh", "Users/x/y/z"])
async def test_what_is_no_folder_is_said_not_to_be_one(
    either: Services, folder: Path, path: str
) -> None:
    (folder / "x.sh").write_text("echo\n")

    with pytest.raises(ScriptNotFound, match="is no folder of the notebook share"):
        await either.logs.folder(path)


@pytest.mark.parametrize(
    "path",
    [
        "..",
        "../..",
        "/",
        "/etc",
        "Users/../..",
        "Users//amy",
        "Users/",
        "./Users",
        "Users\\amy",
        "Users/\0",
        "Users/a\nb",
        "Users/ amy",
        "Users/amy.",
        "C:",
        "a" * 256,
        "/".join("a" * 65),
        "x" * 5000,
    ],
)
async def test_no_path_leads_out_of_the_share(either: Services, path: str) -> None:
    with pytest.raises(InvalidLogName):
        await either.logs.folder(path)


async def test_links_and_what_is_no_file_are_left_out(
    azure: Emulator,
    make_services: MakeServices,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "outside").mkdir()
    (folder / "link").symlink_to(tmp_path / "outside")
    (folder / "script.sh").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    (folder / "with\nbreak").write_text("x")
    (folder / "real.sh").write_text("x")
    mounted = on_an_instance(azure, make_services, monkeypatch)

    found = await mounted.logs.folder("Users/amy/my scripts")

    assert [item.name for item in found.items] == ["real.sh"]
    with pytest.raises(ScriptNotFound):
        await mounted.logs.folder("Users/amy/my scripts/link")


async def test_names_that_are_no_text_are_left_out(
    azure: Emulator, make_services: MakeServices, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    (folder / os.fsdecode(b"\xff.sh")).write_text("x")
    mounted = on_an_instance(azure, make_services, monkeypatch)

    assert (await mounted.logs.folder("Users/amy/my scripts")).items == []


async def test_of_too_many_files_the_rest_is_left_out_and_that_is_said(
    either: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (azure_files, mounted_share):
        monkeypatch.setattr(module, "MAX_ENTRIES", 3)
    for number in range(4):
        (folder / f"{number}.sh").write_text("x")

    found = await either.logs.folder("Users/amy/my scripts")

    assert len(found.items) == 3
    assert found.truncated


async def test_a_storage_that_lets_nobody_in_is_said_to(
    azure: Emulator, services: Services
) -> None:
    azure.storage.access.network_allowed = False

    with pytest.raises(StorageForbidden):
        await services.logs.folder("Users")
