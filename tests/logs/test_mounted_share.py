from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import (
    CiManagerError,
    InvalidLogName,
    InvalidName,
    LogNotFound,
    LogUnreachable,
)
from jupyter_ci_manager.logs import mounted_share
from jupyter_ci_manager.logs.mounted_share import MountedShare
from jupyter_ci_manager.models import SaveScript
from jupyter_ci_manager.services import Services
from tests.builders import workspace
from tests.instances.conftest import MakeServices
from tests.logs.conftest import WriteLog
from tests.logs.sharing import on_an_instance

HERE = "amy-gpu"


@pytest.fixture
def mounted(
    azure: Emulator, make_services: MakeServices, monkeypatch: pytest.MonkeyPatch
) -> Services:
    return on_an_instance(azure, make_services, monkeypatch, HERE)


async def test_on_an_instance_the_mounted_share_is_read_and_azures_is_not_asked(
    azure: Emulator, mounted: Services, write_log: WriteLog
) -> None:
    write_log(b"one\n")

    found = await mounted.logs.list(HERE)
    stream = await mounted.logs.stream(HERE, found.items[0].id)

    assert found.source == "mounted_share"
    assert found.place == str(azure.share / "Logs" / HERE)
    assert [item.id for item in found.items] == ["creation/setup.log"]
    assert await stream.read(0, 100) == b"one\n"
    assert azure.requests.count("GET", "/files/") == 0


async def test_it_has_the_logs_of_all_instances_of_its_workspace(
    mounted: Services, write_log: WriteLog
) -> None:
    write_log(b"one\n", instance="ben-features")

    assert [item.size_bytes for item in (await mounted.logs.list("ben-features")).items] == [4]


async def test_an_instance_of_another_workspace_has_another_share(
    azure: Emulator,
    make_services: MakeServices,
    monkeypatch: pytest.MonkeyPatch,
    write_log: WriteLog,
) -> None:
    write_log(b"one\n")
    monkeypatch.setenv("CI_NAME", HERE)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"azureml://x{workspace('other').id}")
    services = make_services(notebook_share=azure.share.parent)

    assert (await services.logs.list(HERE)).source == "azure_files"


async def test_an_instance_that_has_no_share_mounted_reads_in_azure(
    azure: Emulator,
    make_services: MakeServices,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("CI_NAME", HERE)
    services = make_services(notebook_share=tmp_path / "nope", home=tmp_path)

    assert (await services.logs.list(HERE)).source == "azure_files"


async def test_the_share_in_the_users_home_will_do(
    azure: Emulator,
    make_services: MakeServices,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("CI_NAME", HERE)
    (tmp_path / "cloudfiles").mkdir()
    (tmp_path / "cloudfiles" / "code").symlink_to(azure.share)
    services = make_services(notebook_share=tmp_path / "nope", home=tmp_path)

    assert (await services.logs.list(HERE)).source == "mounted_share"


async def test_links_devices_and_pipes_are_not_logs(
    azure: Emulator, mounted: Services, write_log: WriteLog, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "id_rsa").write_text("private")
    folder = write_log(b"one\n").parent
    (folder / "link.log").symlink_to(secret / "id_rsa")
    (folder / "folder").symlink_to(secret)
    os.mkfifo(folder / "pipe.log")

    found = await mounted.logs.list(HERE)

    assert [item.id for item in found.items] == ["creation/setup.log"]
    for name in ("creation/link.log", "creation/folder/id_rsa", "creation/pipe.log", "creation"):
        stream = await mounted.logs.stream(HERE, name)
        with pytest.raises(LogNotFound):
            await stream.read(0, 100)


async def test_the_folder_of_logs_itself_is_followed_nowhere(
    azure: Emulator, mounted: Services, tmp_path: Path
) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "x.log").write_text("private")
    (azure.share / "Logs").mkdir(exist_ok=True)
    (azure.share / "Logs" / HERE).symlink_to(tmp_path / "secret")

    assert (await mounted.logs.list(HERE)).items == []


@pytest.mark.parametrize("name", ["..", "a/b", "x" * 99, "", "ben etl", "%2e%2e"])
async def test_tricks_with_the_name_of_an_instance_are_refused(
    mounted: Services, name: str
) -> None:
    with pytest.raises(InvalidName):
        await mounted.logs.list(name)
    with pytest.raises(InvalidName):
        await mounted.logs.stream(name, "x.log")


@pytest.mark.parametrize(
    "log", ["../ben-etl/x.log", "/etc/passwd", "a//b", ".", "", "a%00b", "a%2Fb", "%zz", "a" * 2000]
)
async def test_tricks_with_the_name_of_a_log_are_refused(mounted: Services, log: str) -> None:
    with pytest.raises(InvalidLogName):
        await mounted.logs.stream(HERE, log)


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=alert(1)>.log",
        "100%.log",
        "ünï/日本.log",
        "line\nfeed \x1b[31m.log",
        os.fsdecode(b"not\xfftext.log"),
    ],
)
async def test_whatever_a_log_is_called_it_is_listed_and_read_by_its_id(
    mounted: Services, write_log: WriteLog, name: str
) -> None:
    write_log(b"one\n", name)

    found = (await mounted.logs.list(HERE)).items[0]

    assert found.id.isprintable()
    assert found.name.isprintable()
    assert found.id.encode()
    assert await (await mounted.logs.stream(HERE, found.id)).read(0, 9) == b"one\n"


async def test_thousands_of_logs_are_not_all_listed(mounted: Services, write_log: WriteLog) -> None:
    folder = write_log(b"one\n").parent
    for number in range(1100):
        (folder / f"{number}.log").touch()

    found = await mounted.logs.list(HERE)

    assert found.truncated
    assert len(found.items) == 1000


async def test_what_cannot_be_listed_is_said(
    azure: Emulator, mounted: Services, write_log: WriteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_log(b"one\n")

    def refused(root: Path, folder: str) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(mounted_share, "_listed", refused)
    found = await mounted.logs.list(HERE)

    assert found.error is not None
    assert found.error.code == "LogUnreachable"
    assert found.items == []


async def test_a_share_that_hangs_is_given_up_and_keeps_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_back = threading.Event()
    monkeypatch.setattr(mounted_share, "_listed", lambda *_: comes_back.wait(20))
    share = MountedShare((tmp_path,), answer_seconds=0.2)
    try:
        with pytest.raises(LogUnreachable, match="not answered"):
            await share.files(workspace(), "Logs/x")
        with pytest.raises(LogUnreachable):
            await share.write(workspace(), "Users/x.sh", b"", overwrite=False)
    finally:
        comes_back.set()


async def test_a_script_is_not_written_through_a_link(
    azure: Emulator, mounted: Services, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (azure.share / "Users").mkdir(exist_ok=True)
    (azure.share / "Users" / "link").symlink_to(tmp_path / "elsewhere")
    (azure.share / "Users" / "x.sh").symlink_to(tmp_path / "target.sh")

    for path in ("Users/link/x.sh", "Users/x.sh"):
        with pytest.raises(CiManagerError) as refused:
            await mounted.logs.save_script(path, SaveScript("echo\n", overwrite=True))
        assert 400 <= refused.value.status < 500

    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert not (tmp_path / "target.sh").exists()
