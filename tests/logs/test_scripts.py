from __future__ import annotations

import asyncio

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import (
    CiManagerError,
    InvalidLogName,
    LogUnreachable,
    ScriptExists,
    ScriptNotFound,
    StorageForbidden,
)
from jupyter_ci_manager.models import SaveScript
from jupyter_ci_manager.services import Services
from tests.instances.conftest import MakeServices
from tests.logs.sharing import on_an_instance

PATH = "Users/amy/my scripts/new one.sh"


@pytest.fixture(params=["azure", "mounted"])
def either(
    request: pytest.FixtureRequest,
    azure: Emulator,
    make_services: MakeServices,
    monkeypatch: pytest.MonkeyPatch,
) -> Services:
    """Whichever way the share is reached, a script is the same."""
    if request.param == "mounted":
        return on_an_instance(azure, make_services, monkeypatch)
    return make_services()


async def test_a_saved_script_is_what_an_instance_finds(azure: Emulator, either: Services) -> None:
    saved = await either.logs.save_script(PATH, SaveScript("echo 'schön' && date\n"))

    assert (azure.share / PATH).read_text(encoding="utf-8") == "echo 'schön' && date\n"
    assert [each.name for each in (azure.share / PATH).parent.iterdir()] == ["new one.sh"]
    assert saved.size_bytes == len("echo 'schön' && date\n".encode())
    read = await either.logs.script(PATH)
    assert (read.text, read.size_bytes) == ("echo 'schön' && date\n", saved.size_bytes)
    assert read.modified_at is not None


async def test_windows_line_endings_are_not_saved(azure: Emulator, either: Services) -> None:
    await either.logs.save_script(PATH, SaveScript("one\r\ntwo\r\n"))

    assert (azure.share / PATH).read_bytes() == b"one\ntwo\n"


async def test_an_existing_script_is_overwritten_only_where_that_is_said(
    azure: Emulator, either: Services
) -> None:
    await either.logs.save_script(PATH, SaveScript("first\n"))

    with pytest.raises(ScriptExists, match="already in the notebook share"):
        await either.logs.save_script(PATH, SaveScript("second\n"))
    assert (azure.share / PATH).read_text() == "first\n"

    await either.logs.save_script(PATH, SaveScript("third\n", overwrite=True))
    assert (azure.share / PATH).read_text() == "third\n"
    assert [each.name for each in (azure.share / PATH).parent.iterdir()] == ["new one.sh"]


async def test_of_many_who_save_the_same_at_once_one_does(
    azure: Emulator, either: Services
) -> None:
    results = await asyncio.gather(
        *(either.logs.save_script(PATH, SaveScript(f"echo {n}\n")) for n in range(6)),
        return_exceptions=True,
    )

    won = [n for n, each in enumerate(results) if not isinstance(each, BaseException)]
    assert len(won) == 1
    assert {type(each) for each in results if isinstance(each, BaseException)} == {ScriptExists}
    assert (azure.share / PATH).read_text() == f"echo {won[0]}\n"
    assert [each.name for each in (azure.share / PATH).parent.iterdir()] == ["new one.sh"]


async def test_what_does_not_exist_is_not_found(either: Services) -> None:
    with pytest.raises(ScriptNotFound):
        await either.logs.script("Users/amy/nope.sh")


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../secret.sh",
        "Users/../../x.sh",
        "Users//x.sh",
        "Users/./x.sh",
        "Users/x.sh/",
        "",
        "Users/a\0b.sh",
        "Users/a\nb.sh",
        "Users/a:b.sh",
        "Users\\x.sh",
        "Users/what?.sh",
        "Users/dot.",
        "Users/ blank.sh",
        "a/" * 100 + "x.sh",
        "Users/" + "x" * 300,
    ],
)
async def test_what_can_be_no_path_in_a_share_is_refused(
    azure: Emulator, either: Services, path: str
) -> None:
    before = sorted(azure.share.rglob("*"))

    with pytest.raises(InvalidLogName):
        await either.logs.script(path)
    with pytest.raises(InvalidLogName):
        await either.logs.save_script(path, SaveScript("echo\n", overwrite=True))

    assert sorted(azure.share.rglob("*")) == before


@pytest.mark.parametrize("path", ["Users/amy", "Users/amy/x.sh/below.sh"])
async def test_folders_are_no_scripts_and_scripts_no_folders(
    azure: Emulator, either: Services, path: str
) -> None:
    script = azure.share / "Users" / "amy" / "x.sh"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("echo\n")

    with pytest.raises(CiManagerError) as refused:
        await either.logs.save_script(path, SaveScript("echo\n", overwrite=True))

    assert 400 <= refused.value.status < 500
    assert script.read_text() == "echo\n"


async def test_what_is_too_large_for_a_script_is_not_read(
    azure: Emulator, either: Services
) -> None:
    with (azure.share / "model.bin").open("wb") as large:
        large.truncate(1_000_000_000)

    with pytest.raises(InvalidLogName, match="1,000,000,000 bytes"):
        await either.logs.script("model.bin")


async def test_a_script_that_could_not_be_written_leaves_nothing(
    azure: Emulator, services: Services
) -> None:
    (azure.share / "Users" / "amy").mkdir(parents=True, exist_ok=True)
    azure.add_fault(method="PUT", path="comp=range|/files/.*sh[.]", status=500, times=20)

    with pytest.raises(LogUnreachable):
        await services.logs.save_script("Users/amy/x.sh", SaveScript("echo\n"))

    assert not (azure.share / "Users" / "amy" / "x.sh").exists()


async def test_nobody_saves_through_a_network_that_is_not_let_in(
    azure: Emulator, services: Services
) -> None:
    azure.storage.access.network_allowed = False

    with pytest.raises(StorageForbidden, match="does not let this network in"):
        await services.logs.save_script(PATH, SaveScript("echo\n"))
