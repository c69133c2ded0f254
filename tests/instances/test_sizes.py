from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import AzureUnavailable, Forbidden
from jupyter_ci_manager.instances.sizes import Remembered
from jupyter_ci_manager.models import Workspace
from jupyter_ci_manager.services import Services
from tests.builders import Steps, ended, workspace


async def test_sizes_come_with_price_quota_and_whether_they_can_be_had(services: Services) -> None:
    listed = await services.sizes.sizes()
    sizes = {size.name: size for size in listed.items}

    assert listed.location == "westeurope"
    assert sizes["Standard_DS3_v2"].creatable
    full = sizes["Standard_F16s_v2"]
    assert not full.creatable
    assert full.quota is not None
    assert full.quota.remaining < full.vcpus
    assert full.reason is not None
    assert "16 cores" in full.reason


async def test_quota_is_that_of_the_region_and_of_each_family(services: Services) -> None:
    quota = await services.sizes.quota()

    assert quota.regional is not None
    assert quota.regional.used + quota.regional.remaining == quota.regional.limit
    assert len(quota.families) > 3


async def test_a_role_without_the_subscriptions_quota_still_sees_the_sizes(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(path="usages", status=403, code="AuthorizationFailed", times=9)

    sizes = (await services.sizes.sizes()).items

    assert sizes
    assert all(size.quota is None and size.creatable for size in sizes)
    with pytest.raises(Forbidden):
        await services.sizes.quota(refresh=True)


async def test_sizes_are_asked_for_once_and_again_on_demand(
    azure: Emulator, services: Services
) -> None:
    await asyncio.gather(*(services.sizes.sizes() for _ in range(10)))
    assert azure.requests.count("GET", "vmSizes") == 1
    assert azure.requests.count("GET", "usages") == 1

    await services.sizes.sizes(refresh=True)
    assert azure.requests.count("GET", "vmSizes") == 2


async def test_quota_is_asked_for_again_after_a_change(azure: Emulator, services: Services) -> None:
    before = (await services.sizes.quota()).regional
    await ended(services, await services.instances.request("delete", "ben-features"))

    after = (await services.sizes.quota()).regional

    assert before is not None
    assert after is not None
    assert after.remaining == before.remaining + 16


class Asked:
    def __init__(self) -> None:
        self.times = 0
        self.error: Exception | None = None
        self.gate: asyncio.Event | None = None

    async def __call__(self, at: Workspace) -> Any:
        self.times += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return f"{at.location} {self.times}"


def remembered(asked: Asked, clock: Steps) -> Remembered[str]:
    return Remembered[str](asked, timedelta(minutes=1), clock.now)


async def test_a_value_is_believed_for_its_time() -> None:
    asked, clock = Asked(), Steps()
    value = remembered(asked, clock)
    await value.get(workspace())
    clock.seconds = 59
    assert (await value.get(workspace()))[0] == "westeurope 1"
    clock.seconds = 60
    assert (await value.get(workspace()))[0] == "westeurope 2"


async def test_a_failure_is_believed_for_a_while_too() -> None:
    asked, clock = Asked(), Steps()
    asked.error = AzureUnavailable("no route")
    value = remembered(asked, clock)
    for _ in range(5):
        with pytest.raises(AzureUnavailable):
            await value.get(workspace())
    assert asked.times == 1

    asked.error = None
    assert (await value.get(workspace(), refresh=True))[0] == "westeurope 2"


async def test_one_who_stops_waiting_does_not_make_the_next_begin_anew() -> None:
    asked, clock = Asked(), Steps()
    asked.gate = asyncio.Event()
    value = remembered(asked, clock)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(value.get(workspace()), 0.01)
    asked.gate.set()

    assert (await value.get(workspace()))[0] == "westeurope 1"


async def test_another_region_has_another_value() -> None:
    asked, clock = Asked(), Steps()
    value = remembered(asked, clock)
    await value.get(workspace())

    assert (await value.get(workspace(location="northeurope")))[0] == "northeurope 2"
