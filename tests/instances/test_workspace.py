from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import json5
import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.arm.caller import DEFAULT_CALLER
from jupyter_ci_manager.emulator.arm.roles import ROLES, Role
from jupyter_ci_manager.errors import (
    AzureTimeout,
    AzureUnavailable,
    Forbidden,
    InvalidWorkspaceId,
    WorkspaceFixed,
    WorkspaceNotFound,
)
from jupyter_ci_manager.instances.sdk import RETRY_BACKOFF_SECONDS
from jupyter_ci_manager.instances.workspace_sources import SETTINGS_FILE
from jupyter_ci_manager.services import Services, build_services
from tests.builders import configuration, ended
from tests.instances.conftest import MakeServices
from tests.instances.test_access import COMPUTES


@pytest.fixture
def second(azure: Emulator) -> str:
    """The id of another workspace of the subscription."""
    return azure.state.add_workspace("other-team", "second-workspace").id


@pytest.fixture
def unfixed(make_services: MakeServices) -> Services:
    return make_services(workspace="")


def settings_of(folder: Path) -> Any:
    path = folder / "settings" / SETTINGS_FILE
    return json5.loads(path.read_text(encoding="utf-8")) if path.exists() else None


async def test_where_everything_is_well_it_says_who_where_and_what(services: Services) -> None:
    status = await services.workspace.status()

    assert (status.state, status.mode, status.source) == ("ready", "emulator", "configuration")
    assert not status.switchable
    assert status.workspace is not None
    assert status.workspace.location == "westeurope"
    assert status.identity is not None
    assert status.identity.name == "amy@contoso.com"
    assert all(each.allowed for each in status.permissions)
    assert (status.sign_in, status.error, status.version) == ([], None, "1.2.3")


async def test_without_a_workspace_it_says_so_and_offers_those_that_can_be_seen(
    unfixed: Services, second: str
) -> None:
    status = await unfixed.workspace.status()

    assert (status.state, status.workspace, status.switchable) == ("no_workspace", None, True)
    assert status.error is not None
    assert status.error.code == "NoWorkspace"
    listed = await unfixed.workspace.visible()
    assert [each.name for each in listed.items] == ["ml-workspace", "second-workspace"]


async def test_a_choice_holds_and_is_kept_for_the_next_server(
    azure: Emulator, make_services: MakeServices, second: str, tmp_path: Path
) -> None:
    first = make_services(workspace="")

    status = await first.workspace.select(second)

    assert (status.state, status.source) == ("ready", "settings")
    assert settings_of(tmp_path) == {"workspace": second}
    assert (await first.instances.page()).total == 0
    await first.workspace.select(azure.workspace_id)
    assert (await first.instances.page()).total == 8
    await first.workspace.select(second)
    later = await make_services(workspace="").workspace.status()
    assert (later.source, later.workspace and later.workspace.id) == ("settings", second)


async def test_a_workspace_that_is_fixed_cannot_be_switched(
    services: Services, second: str, tmp_path: Path
) -> None:
    with pytest.raises(WorkspaceFixed):
        await services.workspace.select(second)
    assert settings_of(tmp_path) is None


async def test_the_environment_fixes_it_too(
    azure: Emulator, unfixed: Services, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_CI_WORKSPACE", azure.workspace_id)

    with pytest.raises(WorkspaceFixed):
        await unfixed.workspace.select(second)
    status = await unfixed.workspace.status()
    assert (status.source, status.switchable) == ("environment", False)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda text: text.replace("second-workspace", "third"), WorkspaceNotFound),
        (lambda text: text.replace("other-team", "no-team"), WorkspaceNotFound),
        (lambda text: text + "/computes/x", InvalidWorkspaceId),
        (lambda _: "second-workspace", InvalidWorkspaceId),
    ],
)
async def test_what_cannot_be_chosen_changes_nothing(
    azure: Emulator,
    unfixed: Services,
    second: str,
    tmp_path: Path,
    change: Any,
    kind: type[Exception],
) -> None:
    await unfixed.workspace.select(azure.workspace_id)

    with pytest.raises(kind):
        await unfixed.workspace.select(change(second))

    assert settings_of(tmp_path) == {"workspace": azure.workspace_id}
    assert (await unfixed.instances.page()).total == 8


async def test_a_choice_that_cannot_be_kept_holds_until_the_server_stops(
    unfixed: Services, second: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "settings").write_text("a file where a folder should be", encoding="utf-8")

    status = await unfixed.workspace.select(second)

    assert status.state == "ready"
    assert (await unfixed.instances.page()).total == 0
    assert "could not be kept" in caplog.text


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        ({"status": 401, "code": "ExpiredAuthenticationToken"}, "signed_out", None),
        ({"status": 403, "code": "AuthorizationFailed"}, "denied", "AuthorizationFailed"),
        ({"status": 404, "code": "ResourceNotFound"}, "denied", "ResourceNotFound"),
        ({"status": 429, "retry_after": 60}, "unreachable", None),
        ({"status": 503}, "unreachable", None),
        ({"reset": True}, "unreachable", "AzureConnectionLost"),
    ],
)
async def test_what_is_wrong_with_azure_is_a_state(
    azure: Emulator, services: Services, fault: dict[str, Any], state: str, code: str | None
) -> None:
    azure.add_fault(path="/workspaces/ml-workspace", times=50, **fault)

    status = await services.workspace.status()

    assert status.state == state
    assert status.error is not None
    assert status.error.hint
    assert code in (None, status.error.code)
    assert status.workspace is not None
    assert status.workspace.name == "ml-workspace"


async def test_an_id_that_is_none_is_said_where_it_was_given(make_services: MakeServices) -> None:
    status = await make_services(workspace="ml-workspace").workspace.status()

    assert status.state == "no_workspace"
    assert status.error is not None
    assert "CiManagerApp.workspace" in status.error.message


async def test_azure_out_of_reach_is_told_in_seconds_and_to_all_questions_of_a_page(
    tmp_path: Path,
) -> None:
    workspace = (
        "/subscriptions/a/resourceGroups/b/providers/Microsoft.MachineLearningServices/workspaces/c"
    )
    services = build_services(
        configuration(
            tmp_path,
            endpoint="http://127.0.0.1:1",
            workspace=workspace,
            # As it is for people, and not as tests have it.
            retry_backoff_seconds=RETRY_BACKOFF_SECONDS,
        )
    )
    began = time.monotonic()
    status = await services.workspace.status()
    for asked in (services.instances.page(), services.sizes.sizes()):
        with pytest.raises(AzureUnavailable):
            await asked
    seconds = time.monotonic() - began
    await services.close()

    assert status.state == "unreachable"
    assert seconds < 5


async def test_asking_anew_while_azure_is_away_keeps_the_workspace_and_its_list(
    azure: Emulator, services: Services
) -> None:
    await services.instances.page()
    azure.add_fault(path="/ml-workspace$", status=503, times=4)

    status = await services.workspace.status(refresh=True)

    assert status.state == "unreachable"
    assert (await services.instances.page()).total == 8
    assert (await services.workspace.status(refresh=True)).state == "ready"


def assign(azure: Emulator, *roles: Role) -> None:
    """Give the person who is signed in these roles."""
    azure.state.roles.assign(DEFAULT_CALLER.object_id, list(roles))


async def test_permissions_are_those_of_the_role(azure: Emulator, services: Services) -> None:
    assign(azure, ROLES["AzureML Data Scientist"])

    status = await services.workspace.status()

    denied = {each.name: each.denied_by for each in status.permissions if not each.allowed}
    assert denied == {"create": "azure_rbac", "delete": "azure_rbac"}


async def test_a_role_that_was_granted_since_counts(azure: Emulator, services: Services) -> None:
    reader = Role((f"{COMPUTES}/read",))
    assign(azure, reader)
    with pytest.raises(Forbidden, match="stop/action"):
        await services.instances.request("stop", "amy-notebooks")
    assert azure.requests.count("POST", "/stop$") == 0

    assign(azure, reader, Role((f"{COMPUTES}/stop/action",)))

    operation = await services.instances.request("stop", "amy-notebooks")
    assert (await ended(services, operation)).state == "succeeded"


async def test_permissions_that_may_not_be_read_leave_the_decision_to_azure(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(path="permissions", status=403, code="AuthorizationFailed")

    status = await services.workspace.status()

    assert status.state == "ready"
    assert all(each.allowed for each in status.permissions)


async def test_a_picker_that_azure_keeps_waiting_gives_up_in_time(
    azure: Emulator, unfixed: Services
) -> None:
    unfixed.workspace._picker_seconds = 0.05
    azure.add_fault(path="/workspaces$", delay_seconds=0.3)

    with pytest.raises(AzureTimeout):
        await unfixed.workspace.visible()


async def test_a_subscription_that_cannot_be_read_is_left_out_of_the_picker(
    azure: Emulator, unfixed: Services
) -> None:
    azure.add_fault(path="/subscriptions$", status=503, times=1)
    assert (await unfixed.workspace.visible()).items

    azure.add_fault(path="/workspaces$", status=503, times=50)
    with pytest.raises(AzureUnavailable):
        await unfixed.workspace.visible()


async def test_a_proxy_of_the_environment_is_not_between_us_and_this_machine(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    assert (await services.workspace.status()).state == "ready"
