"""A stop that is held back, over HTTP: refused at once here, and in the operation elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.app import MOST_BYTES
from jupyter_ci_manager.emulator import Emulator
from tests.web.conftest import Ask, finished

HERE = "amy-notebooks"
THERE = "amy-onboarding"


@pytest.fixture
def ci_manager_config() -> dict[str, Any]:
    """No disk has that much room: each is too full."""
    return {"disk_warn_bytes": MOST_BYTES}


@pytest.fixture(autouse=True)
def on_an_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_NAME", HERE)


@pytest.mark.parametrize("action", ["stop", "restart"])
@pytest.mark.parametrize("query", [{}, {"anyway": "false"}, {"anyway": "0"}])
async def test_it_is_refused_with_what_a_dialog_needs(
    azure: Emulator, ask: Ask, action: str, query: dict[str, str]
) -> None:
    refused = await ask("POST", f"instances/{HERE}/{action}", params=query)

    assert (refused.status, refused.error.code) == (409, "DiskNearlyFull")
    assert refused.error.hint is not None
    assert refused.error.details is not None
    assert refused.error.details.keys() == {
        "instance",
        "mount_point",
        "available_bytes",
        "threshold_bytes",
        "price_per_hour",
        "currency",
    }
    assert azure.requests.count("POST", f"/{HERE}/{action}$") == 0


@pytest.mark.parametrize("said", ["true", "1"])
async def test_it_is_done_anyway_when_that_is_said(azure: Emulator, ask: Ask, said: str) -> None:
    begun = await ask("POST", f"instances/{HERE}/stop", params={"anyway": said})

    assert begun.status == 202
    assert (await finished(ask, begun.json))["operation"]["message"] == "Stopped"


@pytest.mark.parametrize("action", ["stop", "restart"])
@pytest.mark.parametrize(
    "query",
    [
        [("anyway", "maybe")],
        [("anyway", "2")],
        [("any", "true")],
        [("anyway", "true"), ("force", "1")],
    ],
)
async def test_nonsense_is_refused_and_stops_nothing(
    azure: Emulator, ask: Ask, action: str, query: list[tuple[str, str]]
) -> None:
    refused = await ask("POST", f"instances/{HERE}/{action}", params=query)

    assert refused.status == 400
    assert azure.requests.count("POST", f"/{HERE}/{action}$") == 0


async def test_another_instance_is_held_back_by_its_operation(azure: Emulator, ask: Ask) -> None:
    azure.leave_on_disk(THERE, os_bytes=1_000_000)

    begun = await ask("POST", f"instances/{THERE}/stop")

    assert begun.status == 202
    details = await finished(ask, begun.json)
    assert details["operation"]["state"] == "failed"
    assert details["operation"]["error"]["code"] == "DiskNearlyFull"
    assert details["operation"]["error"]["details"]["available_bytes"] == "1000000"
    assert f"Checking the disk of {THERE}" in [step["message"] for step in details["steps"]]


async def test_stopping_all_of_mine_holds_this_machine_back_and_stops_the_others(
    azure: Emulator, ask: Ask
) -> None:
    begun = (await ask("POST", "mine/stop")).json["items"]

    ends = {each["target"]: (await finished(ask, each))["operation"] for each in begun}
    assert ends[HERE]["error"]["code"] == "DiskNearlyFull"
    assert ends[THERE]["message"] == "Stopped"


async def test_the_figures_say_what_is_at_risk(ask: Ask) -> None:
    await ask("GET", "instances")

    status = (await ask("GET", "disk")).json

    assert status["at_risk"] == [
        "Idle shutdown after 60 minutes would fail.",
        "1 schedule that stops it would fail.",
    ]
