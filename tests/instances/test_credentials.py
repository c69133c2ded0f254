from __future__ import annotations

import asyncio
import base64
import json
import logging
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import AzureTimeout, AzureUnavailable, SignInRequired
from jupyter_ci_manager.instances import credentials as module
from jupyter_ci_manager.instances.credentials import (
    CREDENTIAL_NAMES,
    FAILURE_LASTS_SECONDS,
    CredentialChain,
    emulator_credential,
    identity_of,
)
from jupyter_ci_manager.models import Identity, Operation
from jupyter_ci_manager.services import Services, build_services
from tests.builders import Steps, configuration, ended
from tests.instances.conftest import MakeServices

SCOPE = "https://management.azure.com/.default"


def jwt(**claims: Any) -> str:
    parts = [{"alg": "none"}, claims]
    return (
        ".".join(
            base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
            for part in parts
        )
        + ".c2ln"
    )


class Credential:
    """One of the SDK's, as far as the chain can tell."""

    def __init__(self, answer: str | Exception | None) -> None:
        self.answer = answer
        self.asked = 0
        self.closed = False

    async def get_token(self, *_: str, **__: Any) -> AccessToken:
        assert not self.closed
        self.asked += 1
        if self.answer is None:
            await asyncio.Event().wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return AccessToken(str(self.answer), int(time.time()) + 3600)

    async def close(self) -> None:
        self.closed = True


class Credentials:
    """Makes the credentials of a chain and remembers them."""

    def __init__(self, **answers: str | Exception | None) -> None:
        self.answers = answers
        self.made: list[tuple[str, Credential]] = []

    def __call__(self, name: str) -> Any:
        made = Credential(self.answers[name])
        self.made.append((name, made))
        return made

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.made]


def chain(credentials: Credentials, clock: Callable[[], float] | None = None) -> CredentialChain:
    return CredentialChain(tuple(credentials.answers), clock=clock or Steps(), make=credentials)


def refusal(text: str) -> ClientAuthenticationError:
    return ClientAuthenticationError(message=text)


async def test_the_first_that_gives_a_token_is_kept_and_the_others_are_closed() -> None:
    credentials = Credentials(
        environment=refusal("not configured"), azure_cli=jwt(oid="me"), azure_powershell=jwt()
    )
    signing_in = chain(credentials)

    for _ in range(3):
        await signing_in.get_token(SCOPE)

    assert credentials.names == ["environment", "azure_cli"]
    assert [(each.credential, each.succeeded) for each in signing_in.attempts] == [
        ("environment", False),
        ("azure_cli", True),
    ]
    assert signing_in.identity == Identity(object_id="me", kind="user")
    assert credentials.made[0][1].closed
    await signing_in.close()
    assert credentials.made[1][1].closed


async def test_when_none_gives_a_token_every_reason_is_kept() -> None:
    signing_in = chain(
        Credentials(
            environment=refusal("EnvironmentCredential is unavailable.\nMore lines."),
            azure_cli=refusal("Please run 'az login'"),
        )
    )

    with pytest.raises(SignInRequired, match="Tried: environment, azure_cli") as refused:
        await signing_in.get_token(SCOPE)

    assert (refused.value.status, refused.value.body.code) == (403, "SignInRequired")
    assert [each.reason for each in signing_in.attempts] == [
        "EnvironmentCredential is unavailable.",
        "Please run 'az login'",
    ]


async def test_a_failure_is_believed_for_a_while_and_then_tried_again() -> None:
    credentials, clock = Credentials(azure_cli=refusal("az login")), Steps()
    signing_in = chain(credentials, clock)

    results = await asyncio.gather(
        *(signing_in.get_token(SCOPE) for _ in range(20)), return_exceptions=True
    )
    assert all(isinstance(each, SignInRequired) for each in results)
    assert len(credentials.made) == 1

    credentials.answers["azure_cli"] = jwt(oid="me")
    clock.seconds = FAILURE_LASTS_SECONDS - 0.1
    with pytest.raises(SignInRequired):
        await signing_in.get_token(SCOPE)
    clock.seconds = FAILURE_LASTS_SECONDS
    await signing_in.get_token(SCOPE)
    await signing_in.close()


async def test_try_again_does_not_wait() -> None:
    credentials = Credentials(azure_cli=refusal("az login"))
    signing_in = chain(credentials)
    with pytest.raises(SignInRequired):
        await signing_in.get_token(SCOPE)
    credentials.answers["azure_cli"] = jwt(oid="me")

    signing_in.forget()

    assert (await signing_in.get_token(SCOPE)).token
    await signing_in.close()


async def test_who_signs_out_later_is_looked_for_in_the_whole_chain() -> None:
    credentials = Credentials(azure_cli=jwt(oid="me"), azure_powershell=jwt(oid="also-me"))
    signing_in = chain(credentials)
    await signing_in.get_token(SCOPE)
    credentials.made[0][1].answer = refusal("expired")
    credentials.answers["azure_cli"] = refusal("Please run 'az login'")

    await signing_in.get_token(SCOPE)

    assert credentials.names == ["azure_cli", "azure_cli", "azure_powershell"]
    assert signing_in.identity == Identity(object_id="also-me", kind="user")
    await signing_in.close()
    assert all(made.closed for _, made in credentials.made)


async def test_a_credential_whose_service_is_out_of_reach_is_not_a_missing_sign_in() -> None:
    signing_in = chain(
        Credentials(
            environment=ServiceRequestError("Cannot connect to login.microsoftonline.com"),
            azure_cli=refusal("not installed"),
        )
    )

    with pytest.raises(AzureUnavailable, match=r"login\.microsoftonline\.com"):
        await signing_in.get_token(SCOPE)
    assert [each.succeeded for each in signing_in.attempts] == [False, False]


async def test_a_renewal_without_network_keeps_the_credential() -> None:
    credentials = Credentials(azure_cli=jwt(oid="me"))
    signing_in = chain(credentials)
    await signing_in.get_token(SCOPE)
    chosen = credentials.made[0][1]
    chosen.answer = ServiceRequestError("no route")
    with pytest.raises(AzureUnavailable):
        await signing_in.get_token(SCOPE)

    chosen.answer = jwt(oid="me")
    await signing_in.get_token(SCOPE)
    assert credentials.names == ["azure_cli"]
    await signing_in.close()


async def test_a_credential_that_hangs_does_not_stop_the_chain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "ATTEMPT_TIMEOUT_SECONDS", 0.02)
    credentials = Credentials(managed_identity=None, azure_cli=jwt(oid="me"))
    signing_in = chain(credentials)

    await signing_in.get_token(SCOPE)
    assert signing_in.attempts[0].reason is not None
    assert "No answer within" in signing_in.attempts[0].reason

    credentials.made[1][1].answer = None
    with pytest.raises(AzureTimeout):
        await signing_in.get_token(SCOPE)
    await signing_in.close()


async def test_one_who_stops_waiting_does_not_make_the_next_begin_anew() -> None:
    credentials = Credentials(azure_cli=jwt(oid="me"))
    signing_in = chain(credentials)
    leaving = asyncio.ensure_future(signing_in.get_token(SCOPE))
    await asyncio.sleep(0)
    leaving.cancel()

    await signing_in.get_token(SCOPE)

    assert credentials.names == ["azure_cli"]
    await signing_in.close()


@pytest.mark.parametrize(
    ("token", "identity"),
    [
        (
            jwt(oid="o", tid="t", upn="amy@contoso.com", name="Amy", idtyp="user"),
            Identity("o", "t", "amy@contoso.com", "user"),
        ),
        (
            jwt(oid="o", idtyp="app", app_displayname="ci-bot"),
            Identity("o", None, "ci-bot", "service_principal"),
        ),
        ("opaque", Identity()),
        ("a.b.c", Identity()),
        ("a.!!!.c", Identity()),
        ("", Identity()),
        (jwt(oid=3), Identity()),
    ],
)
def test_who_a_token_belongs_to_is_read_from_its_claims(token: str, identity: Identity) -> None:
    assert identity_of(token) == identity


async def test_on_this_machine_the_real_chain_says_quickly_what_it_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No sign-in, no Azure behind the address: what a new user sees first."""
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "MSI_ENDPOINT", "IDENTITY_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    # The metadata service of a machine that is not Azure's: an address where nobody answers.
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", address)
        services = build_services(
            configuration(
                tmp_path,
                endpoint="https://management.invalid",
                workspace="/subscriptions/a/resourceGroups/b/providers"
                "/Microsoft.MachineLearningServices/workspaces/c",
            )
        )
        began = time.monotonic()
        status = await services.workspace.status()
        seconds = time.monotonic() - began
        await services.close()

    assert status.state == "signed_out"
    assert [each.credential for each in status.sign_in] == list(CREDENTIAL_NAMES)
    assert all(not each.succeeded and each.reason for each in status.sign_in)
    assert status.error is not None
    assert status.error.hint is not None
    assert "az login" in status.error.hint
    assert status.workspace is not None
    assert seconds < 10


async def test_signing_out_of_azure_leaves_the_list_and_says_so(
    azure: Emulator, services: Services
) -> None:
    await services.instances.page()
    azure.add_fault(status=401, code="ExpiredAuthenticationToken", times=9)

    status = await services.workspace.status(refresh=True)

    assert status.state == "signed_out"
    assert status.workspace is not None
    assert (await services.instances.page()).total == 8


def files_below(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def test_no_token_leaves_the_server(
    azure: Emulator,
    make_services: MakeServices,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not into logs at DEBUG, the SDK's own included, nor events, answers or files."""
    caplog.set_level(logging.DEBUG)
    tokens: list[str] = []
    credential = emulator_credential()
    original = type(credential).get_token

    async def get_token(self: Any, *scopes: str, **options: Any) -> AccessToken:
        token = await original(self, *scopes, **options)
        tokens.append(token.token)
        return token

    monkeypatch.setattr(type(credential), "get_token", get_token)
    events: list[Operation] = []
    services = make_services(listeners={"on_operation": events.append})
    answers: list[Any] = [await services.workspace.status(), await services.instances.page()]
    azure.add_fault(method="GET", path="computeOperation", status=500, times=2)
    operation = await services.instances.request("stop", "amy-notebooks")
    await ended(services, operation)
    azure.add_fault(status=401, code="InvalidAuthenticationToken", times=9)
    answers += [await services.workspace.status(refresh=True)]
    answers += [await services.operations.get(operation.id)]

    assert len(tokens) > 0
    assert len(caplog.records) > 20
    written = files_below(tmp_path)
    assert written
    for token in tokens:
        payload = token.split(".")[1]
        assert payload not in caplog.text
        assert payload not in repr(events) + repr(answers)
        assert not any(payload.encode() in each for each in written)
    assert "Bearer ey" not in caplog.text
