from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import (
    BadRequest,
    CiManagerError,
    InstanceExists,
    InstanceNotFound,
    InvalidIdleShutdown,
    InvalidName,
    NameTaken,
    NoWorkspace,
    OperationInProgress,
    QuotaExceeded,
    UnknownVmSize,
    WrongState,
)
from jupyter_ci_manager.instances import arm
from jupyter_ci_manager.instances.snapshot import Change, Pace
from jupyter_ci_manager.models import InstanceSpec
from jupyter_ci_manager.services import Services
from tests.builders import SIZE, ended, quick_emulator, until
from tests.instances.conftest import MakeServices

CHANGES = "/computes/[^/]+(/start|/stop|/restart)?$"


def spec(name: str = "new-ci", **changes: Any) -> InstanceSpec:
    return InstanceSpec(**({"name": name, "vm_size": SIZE} | changes))


def changes_asked_of(azure: Emulator) -> int:
    return sum(azure.requests.count(method, CHANGES) for method in ("PUT", "POST", "DELETE"))


# --- the list -------------------------------------------------------------------------------------


async def test_the_list_shows_the_instances_and_no_other_computes(services: Services) -> None:
    page = await services.instances.page()

    assert page.total == len(page.items) == 8
    assert "cpu-cluster" not in {item.name for item in page.items}
    assert (page.stale, page.error, page.cursor) == (False, None, None)
    assert {item.name for item in page.items if item.mine} == {
        "amy-gpu",
        "amy-notebooks",
        "amy-onboarding",
    }


async def test_only_mine_text_and_pages_narrow_it_down(services: Services) -> None:
    page = services.instances.page

    assert (await page(mine=True)).total == 3
    assert [item.name for item in (await page(text="CHLOE@")).items] == [
        "chloe-archive",
        "chloe-old",
        "chloe-train",
    ]
    assert (await page(text="stopped", mine=True)).total == 1
    assert (await page(text="no such thing")).items == []


async def test_the_pages_together_are_the_whole_list(make_services: MakeServices) -> None:
    services = make_services()
    names: list[str] = []
    cursor = ""
    while True:
        page = await services.instances.page(sort="-created_at", limit=3, cursor=cursor)
        assert page.total == 8
        names += [item.name for item in page.items]
        if page.cursor is None:
            break
        cursor = page.cursor

    whole = await services.instances.page(sort="-created_at")
    assert names == [item.name for item in whole.items]


@pytest.mark.parametrize(
    "cursor", ["x", "éé", "ZnJvbTotMQ==", "ZnJvbTp4", "AAAA", "b3RoZXI6MQ==", "//8="]
)
async def test_a_cursor_of_nobodys_is_refused_before_azure_is_asked(
    azure: Emulator, services: Services, cursor: str
) -> None:
    with pytest.raises(BadRequest, match="cursor"):
        await services.instances.page(cursor=cursor)
    assert len(azure.requests) == 0


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("name", "amy-gpu", "chloe-train"),
        ("-name", "chloe-train", "amy-gpu"),
        ("state", "chloe-train", "chloe-old"),
        ("owner", "amy-gpu", "amy-onboarding"),
        ("-owner", "chloe-archive", "amy-onboarding"),
        ("created_at", "chloe-archive", "ben-etl"),
        ("-created_at", "ben-etl", "chloe-archive"),
        ("-state_since", "chloe-train", "chloe-archive"),
        ("vm_size", "chloe-old", "chloe-train"),
    ],
)
async def test_it_is_sorted_and_what_is_unknown_comes_last(
    services: Services, sort: str, first: str, last: str
) -> None:
    names = [item.name for item in (await services.instances.page(sort=sort)).items]

    assert (names[0], names[-1]) == (first, last)


async def test_it_names_the_size_of_each_instance_with_its_price(services: Services) -> None:
    page = await services.instances.page()

    assert {item.vm_size for item in page.items} == set(page.sizes)
    assert page.sizes["STANDARD_DS3_V2"].price is not None


async def test_without_prices_the_list_is_still_there_and_azure_is_not_asked_each_time(
    azure: Emulator, make_services: MakeServices
) -> None:
    azure.add_fault(path="vmSizes", status=403, code="AuthorizationFailed", times=50)
    services = make_services()

    for _ in range(5):
        page = await services.instances.page()
        assert (page.total, page.sizes) == (8, {})
    assert azure.requests.count("GET", "vmSizes") == 1


async def test_many_tabs_cost_azure_what_one_costs(azure: Emulator, services: Services) -> None:
    await asyncio.gather(*(services.instances.page(refresh=True) for _ in range(20)))

    assert azure.requests.count("GET", "/computes$") == 1
    assert azure.requests.count("GET", "vmSizes") == 1
    assert azure.requests.count("GET", "/workspaces/ml-workspace$") == 1


async def test_nobody_looking_asks_azure_nothing(
    azure: Emulator, make_services: MakeServices
) -> None:
    services = make_services(pace=Pace(fast=0.01, slow=0.01))
    await services.open()
    await services.instances.page()
    azure.requests.clear()

    await asyncio.sleep(0.1)

    assert len(azure.requests) == 0


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"status": 401, "code": "ExpiredAuthenticationToken"}, "ExpiredAuthenticationToken"),
        ({"status": 403, "code": "AuthorizationFailed"}, "AuthorizationFailed"),
        ({"status": 404, "code": "ResourceNotFound"}, "ResourceNotFound"),
        ({"status": 409, "code": "Conflict"}, "Conflict"),
        ({"status": 429, "code": "TooManyRequests", "retry_after": 30}, "TooManyRequests"),
        ({"status": 500}, "InternalServerError"),
        ({"status": 503}, "InternalServerError"),
        ({"reset": True}, "AzureConnectionLost"),
    ],
)
async def test_a_failed_question_leaves_the_list_marked_stale(
    azure: Emulator, make_services: MakeServices, fault: dict[str, Any], code: str
) -> None:
    services = make_services(pace=Pace(fast=0.0, slow=0.0))
    known = await services.instances.page()
    azure.add_fault(path="/computes$", times=50, **fault)

    stale = await services.instances.page()

    assert stale.stale
    assert stale.error is not None
    assert stale.error.code == code
    assert stale.error.hint
    assert stale.fetched_at == known.fetched_at
    assert [item.name for item in stale.items] == [item.name for item in known.items]


async def test_an_azure_that_takes_too_long_is_a_time_out_and_leaves_the_list(
    azure: Emulator, make_services: MakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = make_services(pace=Pace(fast=0.0, slow=0.0))
    await services.instances.page()
    monkeypatch.setattr(arm, "CALL_TIMEOUT_SECONDS", 0.05)
    azure.add_fault(path="/computes$", delay_seconds=0.3, times=9)

    stale = await services.instances.page()

    assert (stale.stale, stale.total) == (True, 8)
    assert stale.error is not None
    assert stale.error.code == "AzureTimeout"


async def test_azure_gone_altogether_leaves_the_list_and_back_again_refreshes_it(
    azure: Emulator, make_services: MakeServices
) -> None:
    services = make_services(pace=Pace(fast=0.0, slow=0.0))
    await services.instances.page()
    port = azure.port
    await azure.stop()

    stale = await services.instances.page()
    assert (stale.stale, stale.total) == (True, 8)
    assert stale.error is not None
    assert stale.error.code in ("AzureUnavailable", "AzureConnectionLost")

    async with quick_emulator(port=port):
        assert not (await services.instances.page()).stale


async def test_when_nothing_is_known_the_error_is_the_answer(
    azure: Emulator, services: Services
) -> None:
    await services.workspace.current()
    azure.add_fault(path="/computes$", status=503, times=50)

    with pytest.raises(CiManagerError) as raised:
        await services.instances.page()
    assert raised.value.status == 503


async def test_changes_are_told_and_carry_no_more_than_states(
    azure: Emulator, make_services: MakeServices
) -> None:
    told: list[Change] = []
    services = make_services(
        listeners={"on_instances": lambda _, changes: told.extend(changes)},
        pace=Pace(fast=0.05, slow=0.0),
    )
    await services.instances.page()
    azure.state.lifecycle.force(azure.workspace.computes.instance("amy-gpu", "x"), "Unusable")

    await services.instances.page()

    assert told == [Change("amy-gpu", "Stopped", "Unusable")]


# --- one instance ---------------------------------------------------------------------------------


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


# --- create ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ({"name": "ab"}, InvalidName),
        ({"name": "etl-2"}, InvalidName),
        ({"name": "../../x"}, InvalidName),
        ({"vm_size": "Standard_Nope"}, UnknownVmSize),
        ({"vm_size": "../vmSizes"}, UnknownVmSize),
        ({"vm_size": "Standard_F16s_v2"}, QuotaExceeded),
        ({"idle_shutdown": "an hour"}, InvalidIdleShutdown),
        ({"idle_shutdown": "PT14M"}, InvalidIdleShutdown),
        ({"idle_shutdown": "P4D"}, InvalidIdleShutdown),
        ({"name": "amy-gpu"}, InstanceExists),
        ({"name": "AMY-GPU"}, InstanceExists),
        ({"name": "sandbox"}, NameTaken),
        ({"name": "cpu-cluster"}, NameTaken),
    ],
)
async def test_what_cannot_be_created_is_refused_with_a_hint_and_changes_nothing(
    azure: Emulator, services: Services, bad: dict[str, Any], kind: type[CiManagerError]
) -> None:
    with pytest.raises(kind) as refused:
        await services.instances.create(spec(**bad))

    assert 400 <= refused.value.status < 500
    assert refused.value.body.hint
    assert changes_asked_of(azure) == 0
    assert (await services.operations.list()).items == []


async def test_what_was_asked_for_is_what_azure_gets(azure: Emulator, services: Services) -> None:
    operation = await services.instances.create(
        spec(
            vm_size="standard_ds3_V2",
            description="For ETL",
            idle_shutdown="PT60M",
            tags={"team": "data"},
        )
    )
    await ended(services, operation)

    resource = (await services.instances.details("new-ci")).resource
    assert resource["tags"] == {"team": "data"}
    assert resource["location"] == "westeurope"
    assert resource["properties"]["description"] == "For ETL"
    assert resource["properties"]["properties"]["vmSize"] == SIZE.upper()
    assert resource["properties"]["properties"]["idleTimeBeforeShutdown"] == "PT60M"


async def test_found_existing_instance_use_it(azure: Emulator, services: Services) -> None:
    found = await services.instances.create(spec("amy-gpu"), if_exists="use")

    assert found.state == "succeeded"
    assert found.message == "Found existing instance, using it (Stopped)"
    assert changes_asked_of(azure) == 0


async def test_while_it_is_still_creating_the_same_operation_is_answered(
    azure: Emulator, services: Services
) -> None:
    first = await services.instances.create(spec(), if_exists="use")
    await until(lambda: azure.requests.count("PUT"))
    azure.state.lifecycle.force(azure.workspace.computes.instance("new-ci", "x"), "Creating")

    second = await services.instances.create(spec("NEW-ci"), if_exists="use")

    assert second.id == first.id
    azure.state.lifecycle.force(azure.workspace.computes.instance("new-ci", "x"), "Running")
    await ended(services, first)
    assert azure.requests.count("PUT") == 1


async def test_what_somebody_else_is_creating_is_waited_for(
    azure: Emulator, services: Services
) -> None:
    theirs = azure.workspace.computes.instance("amy-gpu", "x")
    azure.state.lifecycle.force(theirs, "Starting")

    operation = await services.instances.create(spec("amy-gpu"), if_exists="use")
    assert operation.state == "queued"
    azure.state.lifecycle.force(theirs, "Running")

    assert (await ended(services, operation)).message == "Running"
    assert changes_asked_of(azure) == 0


async def test_what_is_being_deleted_is_not_found_existing(
    azure: Emulator, services: Services
) -> None:
    azure.state.lifecycle.force(azure.workspace.computes.instance("amy-gpu", "x"), "Deleting")

    with pytest.raises(WrongState):
        await services.instances.create(spec("amy-gpu"), if_exists="use")


async def test_two_who_create_the_same_make_one(azure: Emulator, services: Services) -> None:
    results = await asyncio.gather(
        *(services.instances.create(spec()) for _ in range(5)), return_exceptions=True
    )

    begun = [each for each in results if not isinstance(each, BaseException)]
    assert len(begun) == 1
    assert {type(each) for each in results if isinstance(each, BaseException)} <= {
        OperationInProgress,
        InstanceExists,
        NameTaken,
    }
    await ended(services, begun[0])
    assert azure.requests.count("PUT") == 1


async def test_without_the_permission_to_check_names_creating_finds_out(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(path="checkComputeName", status=403, code="AuthorizationFailed", times=9)

    assert (await ended(services, await services.instances.create(spec()))).state == "succeeded"

    failed = await ended(services, await services.instances.create(spec("sandbox")))
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error.hint is not None
    assert "region" in failed.error.hint


async def test_without_the_permission_to_read_sizes_azure_judges_the_size(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(path="vmSizes|usages", status=403, code="AuthorizationFailed", times=50)

    finished = await ended(services, await services.instances.create(spec()))

    assert finished.state == "succeeded"


async def test_room_that_was_made_a_moment_ago_counts(azure: Emulator, services: Services) -> None:
    with pytest.raises(QuotaExceeded):
        await services.instances.create(spec(vm_size="Standard_F16s_v2"))
    await ended(services, await services.instances.request("delete", "ben-features"))

    operation = await services.instances.create(spec(vm_size="Standard_F16s_v2"))

    assert (await ended(services, operation)).state == "succeeded"


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "available", "reason", "existing"),
    [
        ("free-name", True, None, False),
        ("amy-gpu", False, "AlreadyExists", True),
        ("sandbox", False, "AlreadyExists", False),
        ("x", False, "Invalid", False),
        ("with space", False, "Invalid", False),
    ],
)
async def test_a_name_is_judged_and_a_free_one_proposed(
    services: Services, name: str, available: bool, reason: str | None, existing: bool
) -> None:
    answer = await services.instances.check_name(name)

    assert (answer.available, answer.reason, answer.existing) == (available, reason, existing)
    assert bool(answer.suggestion) is not available
    if answer.suggestion:
        assert (await services.instances.check_name(answer.suggestion)).available


async def test_an_invalid_name_is_judged_even_when_azure_cannot_propose_another(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(path="checkComputeName", status=403, code="AuthorizationFailed", times=9)

    answer = await services.instances.check_name("with space")

    assert (answer.available, answer.reason, answer.suggestion) == (False, "Invalid", None)


# --- start, stop, restart, delete -----------------------------------------------------------------


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
