"""The Jupyter server of an instance: this extension there, terminals, and who gets in."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from typing import Any

import msgspec
import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.arm.computes.disks import InstanceDisks
from jupyter_ci_manager.emulator.jupyter.shell import Shell
from jupyter_ci_manager.models import DiskStatus
from tests.emulator.arm_client import ANYBODY, Answer, ArmClient, instance_body, token_of

GB = 1_000_000_000


class Jupyter:
    """Talks to the Jupyter server that the instance's document names."""

    def __init__(self, arm: ArmClient, base: str) -> None:
        self._arm = arm
        self.base = base

    async def __call__(self, method: str, path: str, **options: Any) -> Answer:
        return await self._arm(method, f"{self.base}/{path}", api_version=None, **options)

    async def terminal(self) -> tuple[str, WebSocketClientConnection]:
        name = (await self("POST", "api/terminals", raw=b"{}")).json["name"]
        url = f"{self.base}/terminals/websocket/{name}".replace("http", "ws", 1)
        socket = await websocket_connect(HTTPRequest(url, headers={"Authorization": ANYBODY}))
        return name, socket


@pytest.fixture
def jupyter(
    arm: ArmClient, emulator: Emulator, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Jupyter:
    jp_asyncio_loop.run_until_complete(arm("PUT", "computes/my-ci", instance_body()))
    emulator.advance(3600)
    document = jp_asyncio_loop.run_until_complete(arm("GET", "computes/my-ci")).json
    (uri, _) = (
        each["endpointUri"] for each in document["properties"]["properties"]["applications"]
    )
    assert uri.startswith(emulator.url)
    assert uri.endswith("/tree/")
    return Jupyter(arm, uri.removesuffix("/tree/"))


async def printed_until(socket: WebSocketClientConnection, end: str) -> str:
    text = ""
    while end not in text:
        message = await socket.read_message()
        assert message is not None, text
        kind, content = json.loads(message)
        text += content if kind == "stdout" else ""
    return text


async def test_the_extension_there_answers_in_the_shape_of_ours(
    jupyter: Jupyter, emulator: Emulator
) -> None:
    emulator.leave_on_disk("my-ci", os_bytes=3 * GB, temporary_bytes=GB - 1)

    answer = await jupyter("GET", "ci-manager/disk")

    status = msgspec.json.decode(answer.body, type=DiskStatus)
    assert (status.instance, status.level) == ("my-ci", "critical")
    assert [(each.mount_point, each.level) for each in status.filesystems] == [
        ("/", "warn"),
        ("/mnt", "critical"),
    ]
    assert status.filesystems[0].available_bytes == 3 * GB


async def test_without_the_extension_there_is_no_such_route(
    jupyter: Jupyter, arm: ArmClient
) -> None:
    await arm("PUT", "/emulator/instances/my-ci/jupyter", {"extension": False})

    assert (await jupyter("GET", "ci-manager/disk")).status == 404


async def test_a_terminal_runs_df_and_is_deleted(jupyter: Jupyter) -> None:
    name, socket = await jupyter.terminal()
    await socket.write_message(json.dumps(["stdin", "df -P -k / /mnt\r"]))

    text = await printed_until(socket, "/mnt\r\n")

    assert "1024-blocks" in text
    assert [each["name"] for each in (await jupyter("GET", "api/terminals")).json] == [name]
    assert (await jupyter("DELETE", f"api/terminals/{name}")).status == 204
    assert json.loads(str(await socket.read_message())) == ["disconnect", 1]
    assert await socket.read_message() is None
    socket.close()
    assert (await jupyter("GET", f"api/terminals/{name}")).status == 404


async def test_a_terminal_is_gone_when_its_shell_has_ended(jupyter: Jupyter) -> None:
    _, socket = await jupyter.terminal()
    await socket.write_message(json.dumps(["stdin", "exec df -P /\r"]))

    await printed_until(socket, "% /\r\n")

    assert json.loads(str(await socket.read_message())) == ["disconnect", 1]
    assert await socket.read_message() is None
    socket.close()
    assert (await jupyter("GET", "api/terminals")).json == []


async def test_terminals_fail_to_open_on_a_full_disk(jupyter: Jupyter, emulator: Emulator) -> None:
    emulator.leave_on_disk("my-ci", os_bytes=0)

    answer = await jupyter("POST", "api/terminals", raw=b"{}")

    assert (answer.status, answer.json["message"]) == (500, "No space left on device")


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("Basic abc", 401),
        (token_of(oid="8b6f2f0e-2a8f-4d55-9d3b-5a6a4b8f2b02", upn="ben@contoso.com"), 403),
        (ANYBODY, 200),
    ],
)
async def test_only_its_own_people_get_in(
    jupyter: Jupyter, authorization: str | None, status: int
) -> None:
    for method, path in (("GET", "ci-manager/disk"), ("GET", "api/terminals")):
        answer = await jupyter(method, path, authorization=authorization)
        assert answer.status == status


async def test_an_instance_that_is_off_serves_nothing_and_loses_its_terminals(
    jupyter: Jupyter, arm: ArmClient, emulator: Emulator
) -> None:
    await jupyter("POST", "api/terminals", raw=b"{}")
    await arm("POST", "computes/my-ci/stop")
    assert (await jupyter("GET", "api/terminals")).status == 502
    emulator.advance(3600)
    assert (await jupyter("GET", "ci-manager/disk")).status == 502

    await arm("POST", "computes/my-ci/start")
    emulator.advance(3600)

    assert (await jupyter("GET", "api/terminals")).json == []


async def test_what_is_not_there_is_404(jupyter: Jupyter) -> None:
    assert (await jupyter("GET", "api/kernels")).status == 404
    assert (await jupyter("DELETE", "api/terminals/7")).status == 404
    url = f"{jupyter.base}/terminals/websocket/7".replace("http", "ws", 1)
    with pytest.raises(HTTPClientError) as raised:
        await websocket_connect(HTTPRequest(url, headers={"Authorization": ANYBODY}))
    assert raised.value.code == 404


@pytest.mark.parametrize(
    ("typed", "appears"),
    [
        ("ls\r", "ls: command not found\r\n"),
        ("df -x\r", "df: invalid option -- 'x'\r\n"),
        ("df -P /nowhere\r", "df: /nowhere: No such file or directory\r\n"),
        ("echo 'open\r", "bash: unexpected EOF"),
        ("\r", "$ "),
        ("true; df -P /\r", "true: command not found\r\nFilesystem"),
    ],
)
def test_the_shell_answers_as_shells_do(typed: str, appears: str) -> None:
    shell = Shell("my-ci", InstanceDisks().all())

    text = shell.type(typed)

    assert appears in text
    assert text.endswith("$ ")
    assert not shell.ended


@pytest.mark.skipif(shutil.which("df") is None, reason="this machine has no df to compare with")
def test_df_prints_columns_as_the_real_one_does() -> None:
    real = subprocess.run(
        ["df", "-P", "-k", "/"], capture_output=True, text=True, check=True, env={"LC_ALL": "C"}
    ).stdout.splitlines()
    shell = Shell("my-ci", InstanceDisks().all())

    ours = shell.type("df -P -k /\r").split("\r\n")[1:3]

    assert ours[0].split() == real[0].split()
    device, total, used, available, capacity, mount_point = ours[1].split()
    assert len(real[1].split()) == 6
    assert (device, mount_point) == ("/dev/root", "/")
    assert int(total) == int(used) + int(available)
    assert int(capacity.removesuffix("%")) == pytest.approx(100 * int(used) / int(total), abs=1)


AMY = "5d3a8c1e-7b5f-4f0e-8a55-0c7c7b1f1a01"
BEN = "8b6f2f0e-2a8f-4d55-9d3b-5a6a4b8f2b02"
CONTOSO = "72f0c1de-3a4e-4b7a-9a64-6d1d5a2f0c11"


async def applications(arm: ArmClient, emulator: Emulator, **properties: Any) -> dict[str, str]:
    """Addresses by name, of an instance that amy made."""
    await arm("PUT", "computes/with-apps", instance_body(**properties))
    emulator.advance(300)
    document = (await arm("GET", "computes/with-apps")).json
    listed = document["properties"]["properties"]["applications"]
    return {each["displayName"]: each["endpointUri"] for each in listed}


async def test_a_link_to_an_application_opens_in_the_owners_browser(
    arm: ArmClient, emulator: Emulator
) -> None:
    rstudio = {"name": "R & <studio>", "endpoints": [{"target": 8787, "published": 8787}]}
    found = await applications(arm, emulator, customServices=[rstudio, {"name": "no-endpoint"}])

    assert list(found) == ["Jupyter", "Jupyter Lab", "R & <studio>"]
    for name, address in found.items():
        # A browser that follows a link sends no token.
        answer = await arm("GET", address, authorization=None, api_version=None)
        assert answer.status == 200, name
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"R &amp; &lt;studio&gt; on with-apps" in answer.body


async def test_on_behalf_of_somebody_only_they_can_open_applications(
    arm: ArmClient, emulator: Emulator
) -> None:
    assigned = {"assignedUser": {"objectId": BEN.upper(), "tenantId": CONTOSO}}
    found = await applications(arm, emulator, personalComputeInstanceSettings=assigned)

    amy = await arm("GET", found["Jupyter Lab"], authorization=None, api_version=None)
    ben = await arm("GET", found["Jupyter Lab"], authorization=token_of(oid=BEN, upn="ben"))
    assert (amy.status, ben.status) == (403, 200)
    assert b"Only the creator can access" in amy.body


async def test_sharing_applications_opens_jupyter_to_nobody_else(
    arm: ArmClient, emulator: Emulator
) -> None:
    found = await applications(arm, emulator, applicationSharingPolicy="Shared")

    ben = await arm("GET", found["Jupyter"], authorization=token_of(oid=BEN, upn="ben"))
    amy = await arm("GET", found["Jupyter"], authorization=token_of(oid=AMY, upn="amy"))
    assert (ben.status, amy.status) == (403, 200)


async def test_an_application_of_an_instance_that_is_off_or_that_is_none_does_not_open(
    arm: ArmClient, emulator: Emulator
) -> None:
    found = await applications(arm, emulator)
    lab = found["Jupyter Lab"]

    missing = await arm("GET", lab.replace("/lab", "/apps/none"), authorization=None)
    await arm("POST", "computes/with-apps/stop")
    off = await arm("GET", lab, authorization=None)

    assert (missing.status, off.status) == (404, 502)
