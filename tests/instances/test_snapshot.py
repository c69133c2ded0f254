from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from jupyter_ci_manager.configuration import Pace
from jupyter_ci_manager.errors import AzureThrottled, AzureTimeout, AzureUnavailable
from jupyter_ci_manager.instances.snapshot import Change, InstanceSnapshots
from jupyter_ci_manager.models import Instance, Workspace
from tests.builders import Steps, instance, until, workspace

PACE = Pace(fast=5, slow=30)
HERE = workspace()
ELSEWHERE = workspace("other")


class Azure:
    """Answers what it is told to, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.items: list[Instance] = [instance("amy")]
        self.error: Exception | None = None
        self.gate: asyncio.Event | None = None

    async def __call__(self, at: Workspace) -> list[Instance]:
        self.asked.append(at.name)
        items, error = self.items, self.error
        if self.gate is not None:
            await self.gate.wait()
        if error is not None:
            raise error
        return items


@pytest.fixture
def azure() -> Azure:
    return Azure()


@pytest.fixture
def clock() -> Steps:
    return Steps()


def snapshots(azure: Azure, clock: Steps, **options: Any) -> InstanceSnapshots:
    return InstanceSnapshots(
        azure, pace=PACE, clock=clock, now=clock.now, log=logging.getLogger(__name__), **options
    )


async def test_many_who_look_at_once_cost_azure_one_list(azure: Azure, clock: Steps) -> None:
    shared = snapshots(azure, clock)

    answers = await asyncio.gather(*(shared.get(HERE, refresh=True) for _ in range(20)))

    assert len(azure.asked) == 1
    assert all(answer is answers[0] for answer in answers)


async def test_one_who_goes_away_does_not_take_the_answer_from_the_others(
    azure: Azure, clock: Steps
) -> None:
    shared = snapshots(azure, clock)
    azure.gate = asyncio.Event()
    leaving, staying = (asyncio.ensure_future(shared.get(HERE)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    azure.gate.set()

    assert [item.name for item in (await staying).items] == ["amy"]
    assert len(azure.asked) == 1


@pytest.mark.parametrize(("state", "seconds"), [("Running", 30), ("Starting", 5)])
async def test_azure_is_asked_sooner_while_something_changes(
    azure: Azure, clock: Steps, state: str, seconds: int
) -> None:
    azure.items = [instance("amy", state, in_transition=state == "Starting")]
    shared = snapshots(azure, clock)
    await shared.get(HERE)
    assert shared.seconds_until_due() == seconds

    clock.seconds = seconds - 0.1
    await shared.get(HERE)
    assert len(azure.asked) == 1
    clock.seconds = seconds
    await shared.get(HERE)
    assert len(azure.asked) == 2


async def test_work_of_ours_makes_the_pace_fast(azure: Azure, clock: Steps) -> None:
    shared = snapshots(azure, clock, busy=lambda: True)
    await shared.get(HERE)

    assert shared.seconds_until_due() == PACE.fast


async def test_a_refresh_is_answered_from_a_list_that_is_a_second_old(
    azure: Azure, clock: Steps
) -> None:
    shared = snapshots(azure, clock)
    await shared.get(HERE)
    clock.seconds = 0.9
    await shared.get(HERE, refresh=True)
    assert len(azure.asked) == 1

    clock.seconds = 1.0
    await shared.get(HERE, refresh=True)
    assert len(azure.asked) == 2


async def test_after_a_change_azure_is_asked_at_the_next_opportunity(
    azure: Azure, clock: Steps
) -> None:
    shared = snapshots(azure, clock)
    await shared.get(HERE)
    clock.seconds = 10
    shared.expire()

    assert shared.seconds_until_due() == 0
    await shared.get(HERE)
    assert len(azure.asked) == 2


async def test_a_failure_keeps_the_list_and_its_time_and_says_why(
    azure: Azure, clock: Steps
) -> None:
    shared = snapshots(azure, clock)
    known = await shared.get(HERE)
    azure.error = AzureUnavailable("no route")
    clock.seconds = 30

    stale = await shared.get(HERE)

    assert stale.items == known.items
    assert stale.fetched_at == known.fetched_at
    assert stale.error is azure.error

    azure.error = None
    clock.seconds += PACE.fast
    assert (await shared.get(HERE)).error is None


async def test_failures_are_asked_about_ever_more_rarely(azure: Azure, clock: Steps) -> None:
    shared = snapshots(azure, clock)
    await shared.get(HERE)
    azure.error = AzureUnavailable("no route")
    waits = []
    for _ in range(6):
        clock.seconds += shared.seconds_until_due()
        await shared.get(HERE)
        waits.append(shared.seconds_until_due())

    assert waits == [5, 10, 20, 40, 60, 60]


async def test_what_azure_asks_to_wait_is_waited_whoever_asks(azure: Azure, clock: Steps) -> None:
    shared = snapshots(azure, clock)
    await shared.get(HERE)
    azure.error = AzureThrottled("slow down", retry_after_seconds=120)
    clock.seconds = 30
    await shared.get(HERE)
    azure.error = None

    clock.seconds = 149
    assert (await shared.get(HERE, refresh=True)).error is not None
    assert len(azure.asked) == 2
    clock.seconds = 150
    assert (await shared.get(HERE)).error is None


async def test_when_nothing_is_known_the_failure_is_the_answer_and_is_believed_for_a_while(
    azure: Azure, clock: Steps
) -> None:
    azure.error = AzureThrottled("slow down", retry_after_seconds=60)
    shared = snapshots(azure, clock)
    for _ in range(5):
        with pytest.raises(AzureThrottled):
            await shared.get(HERE, refresh=True)
    assert len(azure.asked) == 1

    azure.error = None
    clock.seconds = 60
    assert (await shared.get(HERE)).items


async def test_a_slow_answer_does_not_hold_up_a_list_that_is_known(
    azure: Azure, clock: Steps
) -> None:
    shared = snapshots(azure, clock, patience_seconds=0.01)
    await shared.get(HERE)
    azure.gate, azure.items = asyncio.Event(), [instance("ben")]
    clock.seconds = 30

    stale = await shared.get(HERE)
    assert [item.name for item in stale.items] == ["amy"]
    assert isinstance(stale.error, AzureTimeout)

    azure.gate.set()
    fresh = await shared.get(HERE)
    assert ([item.name for item in fresh.items], fresh.error) == (["ben"], None)
    assert len(azure.asked) == 2


async def test_the_first_list_is_waited_for_only_so_long(azure: Azure, clock: Steps) -> None:
    azure.gate = asyncio.Event()
    shared = snapshots(azure, clock, longest_wait_seconds=0.01)

    with pytest.raises(AzureTimeout):
        await shared.get(HERE)
    azure.gate.set()
    assert (await shared.get(HERE)).items


async def test_what_changed_is_told(azure: Azure, clock: Steps) -> None:
    told: list[tuple[str, list[Change]]] = []
    shared = snapshots(azure, clock, on_change=lambda at, changes: told.append((at.name, changes)))
    azure.items = [instance("amy"), instance("ben", "Stopped"), instance("old")]
    await shared.get(HERE)
    assert told == []

    azure.items = [instance("amy"), instance("ben", "Starting"), instance("new", "Creating")]
    clock.seconds = 30
    await shared.get(HERE)

    assert told == [
        (
            HERE.name,
            [
                Change("ben", "Stopped", "Starting"),
                Change("old", "Running", None),
                Change("new", None, "Creating"),
            ],
        )
    ]


async def test_a_listener_that_fails_does_not_take_the_list_from_the_others(
    azure: Azure, clock: Steps, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no event logger")

    shared = snapshots(azure, clock, on_change=fail)
    await shared.get(HERE)
    azure.items, clock.seconds = [], 30

    assert (await shared.get(HERE)).items == []
    assert "could not be told" in caplog.text


async def test_after_a_switch_what_comes_late_from_the_other_workspace_is_not_shown(
    azure: Azure, clock: Steps
) -> None:
    told: list[Any] = []
    shared = snapshots(azure, clock, on_change=lambda *change: told.append(change))
    await shared.get(HERE)
    clock.seconds = 30
    azure.gate, azure.items = asyncio.Event(), [instance("late")]
    late = asyncio.ensure_future(shared.get(HERE))
    await until(lambda: len(azure.asked) == 2)
    gate, azure.gate, azure.items = azure.gate, None, [instance("there")]

    there = await shared.get(ELSEWHERE)
    gate.set()

    assert [item.name for item in there.items] == ["there"]
    assert [item.name for item in (await late).items] == ["late"]
    assert [item.name for item in (await shared.get(ELSEWHERE)).items] == ["there"]
    assert told == []


async def test_nobody_looking_asks_nothing(azure: Azure, clock: Steps) -> None:
    shared = snapshots(azure, clock)
    await shared.get(HERE)
    clock.seconds = 3600
    shared.expire()
    await asyncio.sleep(0)

    assert len(azure.asked) == 1
