"""What an instance costs by the hour, day and month, and with its schedules."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from jupyter_ci_manager.models import InstanceSchedule, Price, Recurrence, ScheduleAction
from jupyter_ci_manager.specs.costs import cost_estimate, share_of_time_on

NOW = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
PRICE = Price(0.5, "USD", "Azure", NOW)


def at(action: ScheduleAction, cron: str, *, enabled: bool = True) -> InstanceSchedule:
    return InstanceSchedule(action, cron=cron, time_zone="Europe/Berlin", enabled=enabled)


def test_left_running_it_costs_the_hours_of_a_day_and_of_a_month() -> None:
    cost = cost_estimate(PRICE, [], NOW)

    assert (cost.per_day, cost.per_month, cost.scheduled_per_month) == (12.0, 365.0, None)


@pytest.mark.parametrize(
    ("schedules", "hours_a_week"),
    [
        ([at("start", "0 8 * * *"), at("stop", "0 18 * * *")], 70),
        ([at("start", "0 8 * * 1-5"), at("stop", "0 18 * * 1-5")], 50),
        ([at("start", "0 8 * * 1"), at("stop", "0 8 * * 5")], 96),
        ([at("start", "0 8 * * 1-5"), at("stop", "0 18 * * *"), at("stop", "0 12 * * 3")], 44),
        (
            [
                InstanceSchedule("start", recurrence=Recurrence("Day", hours=[8], minutes=[0])),
                InstanceSchedule("stop", recurrence=Recurrence("Day", hours=[9], minutes=[30])),
            ],
            10.5,
        ),
    ],
)
def test_with_schedules_it_costs_the_time_that_it_is_on(
    schedules: list[InstanceSchedule], hours_a_week: float
) -> None:
    share = share_of_time_on(schedules, NOW)

    assert share == pytest.approx(hours_a_week / 168, abs=0.001)
    cost = cost_estimate(PRICE, schedules, NOW)
    assert cost.scheduled_per_month == pytest.approx(365 * hours_a_week / 168, abs=0.5)


@pytest.mark.parametrize(
    "schedules",
    [
        [],
        [at("stop", "0 18 * * *")],
        [at("start", "0 8 * * *")],
        [at("start", "0 8 * * *"), at("stop", "0 18 * * *", enabled=False)],
        [at("start", "0 8 * * *"), at("stop", "never")],
        [at("start", "* * * * *"), at("stop", "*/2 * * * *")],
    ],
)
def test_where_schedules_do_not_both_start_and_stop_it_nothing_is_promised(
    schedules: list[InstanceSchedule],
) -> None:
    assert share_of_time_on(schedules, NOW) is None
