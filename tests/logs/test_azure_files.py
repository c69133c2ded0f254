from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import LogNotFound, LogUnreachable, StorageForbidden
from jupyter_ci_manager.instances.credentials import emulator_credential
from jupyter_ci_manager.instances.wire.datastore import FileShare
from jupyter_ci_manager.logs.azure_files import AzureFilesShare
from jupyter_ci_manager.logs.storage import ShareAccess
from jupyter_ci_manager.services import Services
from tests.logs.conftest import WriteLog

SECRETS = "/listSecrets$"


@pytest.fixture(autouse=True)
def no_key_is_kept_or_told(
    azure: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Whatever a test does, the account key is in no log and in no file of ours."""
    caplog.set_level("DEBUG")
    yield
    assert azure.storage.key not in caplog.text
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert azure.storage.key.encode() not in path.read_bytes()


async def test_all_that_is_below_the_folder_of_an_instance_is_listed_newest_first(
    services: Services, write_log: WriteLog
) -> None:
    old = write_log(b"one\n", "creation/2026-11-01.log")
    write_log(b"three\n", "what ever/deep/er.txt")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    write_log(b"elsewhere\n", instance="ben-features")

    found = await services.logs.list("amy-gpu")

    assert found.error is None
    assert found.source == "azure_files"
    assert [item.id for item in found.items] == ["what ever/deep/er.txt", "creation/2026-11-01.log"]
    assert [item.size_bytes for item in found.items] == [6, 4]
    assert found.items[1].modified_at is not None
    assert found.items[1].modified_at.timestamp() == 1_700_000_000
    assert found.items[1].phase == "creation"
    assert found.place.endswith("/Logs/amy-gpu")


async def test_an_instance_that_has_no_log_yet_has_none_and_nothing_is_wrong(
    services: Services,
) -> None:
    found = await services.logs.list("amy-gpu")

    assert (found.items, found.error) == ([], None)


async def test_a_log_is_read_in_ranges_while_it_grows(
    services: Services, write_log: WriteLog
) -> None:
    path = write_log(b"0123456789")
    stream = await services.logs.stream("amy-gpu", "creation/setup.log")
    before = await stream.state()

    assert await stream.read(4, 3) == b"456"
    assert await stream.read(4, 1000) == b"456789"
    assert await stream.read(10, 1000) == b""
    assert await stream.read(99, 1) == b""
    with path.open("ab") as log:
        log.write(b"abc")
    after = await stream.state()

    assert (before.size, after.size) == (10, 13)
    assert before.identity == after.identity != ""
    assert await stream.read(10, 1000) == b"abc"


async def test_a_large_log_is_read_as_it_is(services: Services, write_log: WriteLog) -> None:
    data = os.urandom(5 * 1024 * 1024 + 17)
    write_log(data)
    stream = await services.logs.stream("amy-gpu", "creation/setup.log")

    assert await stream.read(0, len(data)) == data


async def test_another_file_of_the_same_name_has_another_identity(
    services: Services, write_log: WriteLog
) -> None:
    path = write_log(b"one\n")
    stream = await services.logs.stream("amy-gpu", "creation/setup.log")
    before = await stream.state()

    write_log(b"two\n", "creation/new.log").replace(path)

    assert (await stream.state()).identity != before.identity


async def test_a_log_that_is_not_there_is_not_found(services: Services) -> None:
    stream = await services.logs.stream("amy-gpu", "creation/nope.log")

    with pytest.raises(LogNotFound):
        await stream.state()
    with pytest.raises(LogNotFound):
        await stream.read(0, 10)


async def test_who_has_the_rights_needs_no_key(
    azure: Emulator, services: Services, write_log: WriteLog
) -> None:
    write_log(b"one\n")

    assert (await services.logs.list("amy-gpu")).items
    assert azure.requests.count("POST", SECRETS) == 0


async def test_who_lacks_a_role_for_the_data_reads_with_the_key_which_is_asked_for_once(
    azure: Emulator, services: Services, write_log: WriteLog
) -> None:
    azure.storage.access.role_assigned = False
    write_log(b"one\n")

    found = await services.logs.list("amy-gpu")
    stream = await services.logs.stream("amy-gpu", found.items[0].id)

    assert await stream.read(0, 100) == b"one\n"
    assert azure.requests.count("POST", SECRETS) == 1


async def test_a_key_that_was_changed_meanwhile_is_asked_for_anew(
    azure: Emulator, services: Services, write_log: WriteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    azure.storage.access.role_assigned = False
    write_log(b"one\n")
    stream = await services.logs.stream("amy-gpu", "creation/setup.log")
    await stream.read(0, 1)

    changed = base64.b64encode(b"another key" * 4).decode()
    monkeypatch.setattr(azure.storage, "key", changed)
    monkeypatch.setattr(type(azure.workspace), "storage_key", changed)

    assert await stream.read(0, 100) == b"one\n"
    assert azure.requests.count("POST", SECRETS) == 2


async def test_storage_behind_a_network_is_told_from_no_log_yet(
    azure: Emulator, services: Services
) -> None:
    azure.storage.access.network_allowed = False

    found = await services.logs.list("amy-gpu")

    assert found.items == []
    assert found.error is not None
    assert found.error.code == "StorageForbidden"
    assert found.error.details == {"reason": "network"}
    assert "selected networks" in (found.error.hint or "")
    # The key would not be let in either.
    assert azure.requests.count("POST", SECRETS) == 0


async def test_neither_role_nor_keys_says_which_role_to_ask_for(
    azure: Emulator, services: Services, write_log: WriteLog
) -> None:
    azure.storage.access.role_assigned = azure.storage.access.keys_allowed = False
    write_log(b"one\n")
    stream = await services.logs.stream("amy-gpu", "creation/setup.log")

    with pytest.raises(StorageForbidden, match="does not take its account key") as refused:
        await stream.state()

    assert "Storage File Data Privileged" in (refused.value.body.hint or "")

    azure.storage.access.role_assigned = True
    assert (await stream.state()).size == 4


async def test_who_may_not_ask_for_keys_is_told_so(azure: Emulator, services: Services) -> None:
    azure.storage.access.role_assigned = False
    azure.add_fault(path="listSecrets", status=403, code="AuthorizationFailed", times=1)
    stream = await services.logs.stream("amy-gpu", "creation/setup.log")

    with pytest.raises(StorageForbidden, match="its key is not to be had"):
        await stream.state()


async def test_a_share_that_breaks_is_unreachable_and_comes_back(
    azure: Emulator, services: Services, write_log: WriteLog
) -> None:
    write_log(b"one\n")
    stream = await services.logs.stream("amy-gpu", "creation/setup.log")
    azure.add_fault(path="/files/", reset=True, times=99)

    with pytest.raises(LogUnreachable):
        await stream.state()
    azure.faults.clear()

    assert (await stream.state()).size == 4


async def test_a_share_of_the_workspace_that_is_gone_is_said(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(path="workspaceworkingdirectory$", status=404, code="ResourceNotFound", times=9)

    found = await services.logs.list("amy-gpu")

    assert found.error is not None
    assert found.source == "azure_files"


@pytest.mark.parametrize(
    "suffix", ["evil.example/", "core.windows.net@evil", "a", "127.0.0.1:80", "x.y#", ""]
)
def test_a_token_is_sent_to_nothing_but_a_host(suffix: str) -> None:
    with pytest.raises(Exception, match="names no host"):
        _ = FileShare("account", "code-x", suffix).account_url


def test_the_address_of_an_account_is_the_clouds() -> None:
    assert (
        FileShare("account", "code-x", "core.usgovcloudapi.net").account_url
        == "https://account.file.core.usgovcloudapi.net"
    )


async def test_a_share_that_says_nothing_is_given_up_and_comes_back(
    azure: Emulator, services: Services, write_log: WriteLog
) -> None:
    write_log(b"one\n")
    access = ShareAccess(services.arm, emulator_credential(), mode="emulator", call_seconds=0.3)
    share = AzureFilesShare(access)
    workspace = await services.workspace.current()
    azure.storage.access.hangs = True

    with pytest.raises(LogUnreachable, match="did not answer in time"):
        await share.files(workspace, "Logs/amy-gpu")

    azure.storage.access.hangs = False
    assert len((await share.files(workspace, "Logs/amy-gpu")).files) == 1
    await share.close()


async def test_the_share_of_an_account_whose_name_is_not_known_here_is_behind_a_network(
    azure: Emulator, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    credential = emulator_credential()
    access = ShareAccess(services.arm, credential, mode="azure", retry_backoff_seconds=0.01)
    monkeypatch.setattr(FileShare, "account_url", "https://nowhere.file.core.invalid")

    with pytest.raises(StorageForbidden, match="its name is not known") as refused:
        await AzureFilesShare(access).files(await services.workspace.current(), "Logs/amy-gpu")

    assert refused.value.body.details == {"reason": "network"}
    await access.close()
