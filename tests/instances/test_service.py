from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import (
    CiManagerError,
    InstanceNotFound,
    NoWorkspace,
    OperationInProgress,
    WrongState,
)
from jupyter_ci_manager.services import Services
from tests.builders import changes_asked_of, ended, spec
from tests.instances.conftest import MakeServices


async def test_details_have_all_that_azure_says(services: Services) -> None:
    found = await services.instances.details("AMY-notebooks")

    assert found.instance.name == "amy-notebooks"
    assert found.resource["properties"]["computeType"] == "ComputeInstance"
    assert "connectivityEndpoints" in found.resource["properties"]["properties"]


@pytest.mark.parametrize("name", ["nobody-here", "cpu-cluster", "inference-aks"])
async def test_what_is_no_instance_is_not_found(services: Services, name: str) -> None:
    with pytest.raises(InstanceNotFound) as raised:
        await services.instances.details(name)
    assert raised.value.status == 404


async def test_an_instance_shows_the_operation_that_works_on_it(
    azure: Emulator, make_services: MakeServices
) -> None:
    services = make_services()
    azure.add_fault(method="POST", path="/stop$", delay_seconds=0.2)
    operation = await services.instances.request("stop", "amy-notebooks")

    page = await services.instances.page(text="amy-notebooks")

    assert page.items[0].operation_id == operation.id
    assert (await services.instances.details("amy-notebooks")).instance.operation_id == operation.id
    await ended(services, operation)
    assert (await services.instances.details("amy-notebooks")).instance.operation_id is None


@pytest.mark.parametrize(
    ("action", "name"),
    [("start", "amy-notebooks"), ("stop", "amy-gpu"), ("restart", "amy-gpu")],
)
async def test_an_action_in_the_wrong_state_is_refused_and_not_sent(
    azure: Emulator, services: Services, action: Any, name: str
) -> None:
    with pytest.raises(WrongState) as refused:
        await services.instances.request(action, name)

    assert refused.value.body.details in ({"state": "Running"}, {"state": "Stopped"})
    assert changes_asked_of(azure) == 0


async def test_a_second_change_of_the_same_instance_waits_for_the_first(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(method="POST", path="/stop$", delay_seconds=0.1)
    first = await services.instances.request("stop", "amy-notebooks")

    with pytest.raises(OperationInProgress) as refused:
        await services.instances.request("restart", "amy-notebooks")

    assert refused.value.body.details == {"operation_id": first.id}
    await ended(services, first)
    assert azure.requests.count("POST", "/restart$") == 0


async def test_stop_mine_stops_what_runs_of_mine_and_nothing_else(
    azure: Emulator, services: Services
) -> None:
    stopped = await services.instances.stop_mine()

    assert {each.target for each in stopped.items} == {"amy-notebooks", "amy-onboarding"}
    for operation in stopped.items:
        assert (await ended(services, operation)).message == "Stopped"
    assert (await services.instances.stop_mine()).items == []
    assert azure.requests.count("POST", "/stop$") == 2


async def test_stop_mine_stops_what_a_failed_script_left_on_as_it_is_billed_too(
    azure: Emulator, services: Services
) -> None:
    failed = azure.workspace.computes.instance("amy-notebooks", "x")
    azure.state.lifecycle.force(failed, "SetupFailed")

    stopped = await services.instances.stop_mine()

    assert "amy-notebooks" in {each.target for each in stopped.items}


async def test_stop_mine_tells_which_could_not_even_be_asked_for(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(
        method="GET", path="/amy-onboarding$", status=403, code="AuthorizationFailed", times=9
    )

    operations = {each.target: each for each in (await services.instances.stop_mine()).items}

    failed = operations["amy-onboarding"]
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error.code == "AuthorizationFailed"
    assert (await ended(services, operations["amy-notebooks"])).message == "Stopped"


async def test_stop_mine_acts_on_what_runs_now_or_not_at_all(
    azure: Emulator, make_services: MakeServices
) -> None:
    services = make_services()
    await services.instances.page()
    await asyncio.sleep(0)
    azure.add_fault(path="/computes$", status=503, times=50)
    services.instances._snapshots._watched.asked_at = float("-inf")  # type: ignore[union-attr]

    with pytest.raises(CiManagerError):
        await services.instances.stop_mine()
    assert changes_asked_of(azure) == 0


async def test_an_action_that_the_administrator_forbids_is_refused(
    azure: Emulator, make_services: MakeServices
) -> None:
    services = make_services(allowed_actions=("start", "stop"))

    for forbidden in (
        services.instances.request("delete", "amy-gpu"),
        services.instances.request("restart", "amy-notebooks"),
        services.instances.create(spec()),
    ):
        with pytest.raises(CiManagerError) as refused:
            await forbidden
        assert refused.value.body.code == "ActionNotAllowed"
    assert changes_asked_of(azure) == 0


async def test_without_a_workspace_everything_says_so(make_services: MakeServices) -> None:
    services = make_services(workspace="")

    for asked in (
        services.instances.page(),
        services.instances.details("amy-gpu"),
        services.instances.request("stop", "amy-gpu"),
        services.instances.create(spec()),
        services.sizes.sizes(),
    ):
        with pytest.raises(NoWorkspace):
            await asked
