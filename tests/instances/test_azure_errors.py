"""What Azure's SDK raises, produced by the real client against the emulator's faults."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import (
    AzureConnectionLost,
    AzureError,
    AzureServerError,
    AzureThrottled,
    AzureUnavailable,
    CiManagerError,
    Conflict,
    Forbidden,
    InstanceNotFound,
    NameTaken,
    NotFound,
    QuotaExceeded,
    RefusedByAzure,
    SignInRequired,
    WorkspaceNotFound,
    WrongState,
)
from jupyter_ci_manager.instances.arm import ArmClient
from jupyter_ci_manager.instances.credentials import emulator_credential
from jupyter_ci_manager.models import Workspace
from jupyter_ci_manager.services import Services

ALWAYS = 50


async def here(services: Services) -> Workspace:
    return await services.workspace.current()


@pytest.mark.parametrize(
    ("status", "code", "kind", "our_status"),
    [
        (400, "BadArgument", RefusedByAzure, 400),
        (401, "ExpiredAuthenticationToken", SignInRequired, 403),
        (403, "AuthorizationFailed", Forbidden, 403),
        (404, "ComputeNotFound", InstanceNotFound, 404),
        (404, "ResourceGroupNotFound", WorkspaceNotFound, 404),
        (404, "SomethingElse", NotFound, 404),
        (409, "Conflict", Conflict, 409),
        (409, "ComputeNameConflict", NameTaken, 409),
        (400, "ClusterCoreQuotaExceeded", QuotaExceeded, 409),
        (400, "StartComputeInstanceOnlyAllowedInStoppedState", WrongState, 409),
        (418, "Teapot", AzureError, 502),
        (429, "TooManyRequests", AzureThrottled, 429),
        (500, "InternalServerError", AzureServerError, 503),
        (503, "ServerBusy", AzureServerError, 503),
    ],
)
async def test_an_answer_becomes_an_error_that_keeps_azures_code_and_message(
    azure: Emulator,
    services: Services,
    status: int,
    code: str,
    kind: type[CiManagerError],
    our_status: int,
) -> None:
    workspace = await here(services)
    azure.add_fault(status=status, code=code, message="Azure says no.", times=ALWAYS)

    with pytest.raises(CiManagerError) as raised:
        await services.arm.instances(workspace, None)

    error = raised.value
    assert type(error) is kind
    assert error.status == our_status
    assert (error.body.code, error.body.message) == (code, "Azure says no.")
    assert error.body.hint
    assert "openapi" not in error.body.hint
    assert error.body.request_id
    assert error.body.details == {"status": str(status)}


async def test_a_list_is_tried_again_as_the_sdk_does(azure: Emulator, services: Services) -> None:
    workspace = await here(services)
    azure.add_fault(path="/computes$", status=503, times=2)
    azure.add_fault(path="/computes$", reset=True, times=1)
    azure.requests.clear()

    assert len(await services.arm.instances(workspace, None)) == 8
    assert azure.requests.count("GET", "/computes$") == 4


async def test_what_is_only_refused_is_not_asked_again(azure: Emulator, services: Services) -> None:
    workspace = await here(services)
    azure.add_fault(status=403, code="AuthorizationFailed")
    azure.requests.clear()

    with pytest.raises(Forbidden):
        await services.arm.instances(workspace, None)
    assert len(azure.requests) == 1


async def test_a_long_retry_after_is_left_to_the_caller(
    azure: Emulator, services: Services
) -> None:
    workspace = await here(services)
    azure.add_fault(status=429, retry_after=3600, times=ALWAYS)
    azure.requests.clear()

    with pytest.raises(AzureThrottled) as raised:
        await services.arm.instances(workspace, None)

    assert raised.value.retry_after_seconds == 3600
    assert len(azure.requests) == 1


async def test_a_connection_that_breaks_is_told_from_one_that_never_was(
    azure: Emulator, services: Services
) -> None:
    workspace = await here(services)
    azure.add_fault(reset=True, times=ALWAYS)
    with pytest.raises(AzureConnectionLost, match="connection to Azure broke"):
        await services.arm.instances(workspace, None)

    nobody = ArmClient("http://127.0.0.1:1", emulator_credential(), retry_backoff_seconds=0)
    with pytest.raises(AzureUnavailable, match="could not be reached") as raised:
        await nobody.instances(workspace, None)
    assert type(raised.value) is AzureUnavailable
    await nobody.close()


@pytest.mark.parametrize(
    "body",
    [b"<html>proxy</html>", b"", b"\xff\xfe", b"[]", b'{"value": 3}', b'{"value": [{"x": 1}]}'],
)
async def test_an_answer_that_is_not_azures_is_an_error_and_no_crash(
    azure: Emulator, services: Services, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jupyter_ci_manager.emulator.arm.computes.wire import ComputeList

    async def get(handler: Any, *_: str) -> None:
        handler.write(body)

    workspace = await here(services)
    monkeypatch.setattr(ComputeList, "get", get)

    with pytest.raises(AzureError, match="could not be understood") as raised:
        await services.arm.instances(workspace, None)
    assert raised.value.status == 502


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("https://attacker.example/computes", "another address"),
        ("//attacker.example/computes", "another address"),
        ("https://[", "no address"),
    ],
)
async def test_a_list_that_continues_elsewhere_is_not_followed_with_our_token(
    azure: Emulator, services: Services, monkeypatch: pytest.MonkeyPatch, link: str, reason: str
) -> None:
    from jupyter_ci_manager.emulator.arm.computes.wire import ComputeList

    async def get(handler: Any, *_: str) -> None:
        handler.write({"value": [], "nextLink": link})

    workspace = await here(services)
    monkeypatch.setattr(ComputeList, "get", get)

    with pytest.raises(AzureError, match=reason):
        await services.arm.instances(workspace, None)
