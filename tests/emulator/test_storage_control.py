"""What tests and people do to the storage account: shut it, let it hang, let logs grow."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError

from jupyter_ci_manager.emulator import Emulator
from tests.builders import until
from tests.emulator.arm_client import ArmClient
from tests.emulator.share_client import share_client

CONTROL = "/emulator/storage"


async def refusal(emulator: Emulator, *, key: str | None) -> tuple[int | None, Any]:
    """Status and code with which the share is refused."""
    async with share_client(emulator, key=key) as share:
        with pytest.raises(HttpResponseError) as raised:
            await share.get_directory_client("Logs").get_directory_properties()
    error: Any = raised.value
    return error.status_code, error.error_code


async def is_open(emulator: Emulator, *, key: str | None) -> bool:
    async with share_client(emulator, key=key) as share:
        return bool((await share.get_directory_client("Logs").get_directory_properties()).etag)


async def test_behind_a_virtual_network_nobody_gets_in(emulator: Emulator, arm: ArmClient) -> None:
    assert (await arm("PUT", CONTROL, {"network_allowed": False})).status == 200

    for key in (None, emulator.storage.key):
        assert await refusal(emulator, key=key) == (403, "AuthorizationFailure")


async def test_without_a_role_the_key_still_opens(emulator: Emulator, arm: ArmClient) -> None:
    await arm("PUT", CONTROL, {"role_assigned": False})

    assert await refusal(emulator, key=None) == (403, "AuthorizationPermissionMismatch")
    assert await is_open(emulator, key=emulator.storage.key)


async def test_without_keys_a_token_still_opens(emulator: Emulator, arm: ArmClient) -> None:
    await arm("PUT", CONTROL, {"keys_allowed": False})

    code = "KeyBasedAuthenticationNotPermitted"
    assert await refusal(emulator, key=emulator.storage.key) == (403, code)
    assert await is_open(emulator, key=None)


async def test_what_is_left_out_is_as_usual_again(emulator: Emulator, arm: ArmClient) -> None:
    await arm("PUT", CONTROL, {"network_allowed": False})

    answer = await arm("PUT", CONTROL, {})

    assert answer.json == (await arm("GET", CONTROL)).json
    assert answer.json["network_allowed"] is True
    assert await is_open(emulator, key=None)


async def test_a_share_that_hangs_answers_when_it_no_longer_does(
    emulator: Emulator, arm: ArmClient
) -> None:
    await arm("PUT", CONTROL, {"hangs": True})
    asked = asyncio.ensure_future(is_open(emulator, key=None))
    done, _ = await asyncio.wait({asked}, timeout=0.3)
    assert not done
    assert (await arm("GET", "computes")).status == 200

    await arm("PUT", CONTROL, {"hangs": False})

    assert await asyncio.wait_for(asked, 5)


async def test_who_gives_up_on_a_share_that_hangs_leaves_nothing_behind(
    emulator: Emulator, arm: ArmClient
) -> None:
    await arm("PUT", CONTROL, {"hangs": True})
    asked = asyncio.ensure_future(is_open(emulator, key=None))
    await until(lambda: emulator.storage.waiting)

    asked.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asked
    await until(lambda: not emulator.storage.waiting)


async def test_an_emulator_ends_while_a_request_hangs() -> None:
    async with Emulator(instances=0) as emulator:
        emulator.storage.access.hangs = True
        asked = asyncio.ensure_future(is_open(emulator, key=None))
        await until(lambda: emulator.storage.waiting)
    with pytest.raises(Exception, match=r"disconnect|closed|Connect"):
        await asyncio.wait_for(asked, 5)


async def test_a_slow_share_takes_its_time(emulator: Emulator, arm: ArmClient) -> None:
    await arm("PUT", CONTROL, {"delay_seconds": 0.3})
    loop = asyncio.get_running_loop()
    before = loop.time()

    assert await is_open(emulator, key=None)

    assert loop.time() - before >= 0.3


async def test_a_fault_of_the_share_is_worded_as_azure_files_does(
    emulator: Emulator, arm: ArmClient
) -> None:
    emulator.add_fault(path="^/files/", status=503, code="ServerBusy", message="Busy.")

    assert await refusal(emulator, key=None) == (503, "ServerBusy")
    assert await is_open(emulator, key=None)


async def test_a_file_of_the_share_grows_is_replaced_and_goes(
    emulator: Emulator, arm: ArmClient
) -> None:
    path = "/emulator/share/Logs/my-ci/setup%20script.log"
    log = emulator.share / "Logs/my-ci/setup script.log"

    assert (await arm("POST", path, raw=b"one\n", api_version=None)).json == {"size": 4}
    assert (await arm("POST", path, raw=b"two\n", api_version=None)).json == {"size": 8}
    assert log.read_bytes() == b"one\ntwo\n"
    assert (await arm("PUT", path, raw=b"new\n", api_version=None)).json == {"size": 4}
    assert log.read_bytes() == b"new\n"
    assert (await arm("DELETE", path, api_version=None)).status == 204
    assert not log.exists()
    assert (await arm("DELETE", path, api_version=None)).status == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", CONTROL, {"delay_seconds": -1}),
        ("PUT", CONTROL, {"network": False}),
        ("PUT", CONTROL, []),
        ("POST", "/emulator/share/../outside", {}),
        ("POST", "/emulator/share/Logs%2f..%2f..%2foutside", {}),
        ("POST", "/emulator/share/Logs", {}),
    ],
)
async def test_what_makes_no_sense_is_refused(
    emulator: Emulator, arm: ArmClient, method: str, path: str, body: Any
) -> None:
    answer = await arm(method, path, body)

    assert 400 <= answer.status < 500
    assert answer.json["error"]["code"]
    assert not (emulator.share.parent / "outside").exists()


async def test_a_wrong_signature_says_what_was_signed(emulator: Emulator) -> None:
    async with share_client(emulator, key="bm90IHRoZSBrZXk=") as share:
        with pytest.raises(ClientAuthenticationError, match="Server used following string to sign"):
            await share.get_share_properties()
