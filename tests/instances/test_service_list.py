from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_ci_manager.configuration import Pace
from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import (
    BadRequest,
    CiManagerError,
)
from jupyter_ci_manager.instances import arm_pipeline
from jupyter_ci_manager.instances.snapshot import Change
from jupyter_ci_manager.services import Services
from tests.builders import quick_emulator
from tests.instances.conftest import MakeServices


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
    monkeypatch.setattr(arm_pipeline, "CALL_TIMEOUT_SECONDS", 0.05)
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
