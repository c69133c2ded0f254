"""When schedules fire, also when the clocks change."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from jupyter_ci_manager.models import InstanceSchedule, Recurrence
from jupyter_ci_manager.specs.recurrences import next_firings

TUESDAY = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
BERLIN = "Europe/Berlin"


def times(schedule: InstanceSchedule, now: datetime = TUESDAY, count: int = 5) -> list[str]:
    return [each.strftime("%m-%d %H:%M") for each in next_firings(schedule, now, count)]


def cron(expression: str, time_zone: str = "UTC", **changes: Any) -> InstanceSchedule:
    return InstanceSchedule("stop", cron=expression, time_zone=time_zone, **changes)


def every(frequency: Any, time_zone: str = "UTC", start: str | None = None, **times: Any) -> Any:
    return InstanceSchedule(
        "stop", recurrence=Recurrence(frequency, **times), time_zone=time_zone, start_time=start
    )


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (cron("0 18 * * *"), ["11-24 18:00", "11-25 18:00", "11-26 18:00"]),
        (cron("0 18 * * *", BERLIN), ["11-24 17:00", "11-25 17:00", "11-26 17:00"]),
        (cron("0 18 * * 1-5"), ["11-24 18:00", "11-25 18:00", "11-26 18:00"]),
        (cron("30 7 * * mon"), ["11-30 07:30", "12-07 07:30", "12-14 07:30"]),
        (cron("0 12 * * *"), ["11-25 12:00", "11-26 12:00", "11-27 12:00"]),
        (
            cron("0 18 * * *", "Pacific Standard Time"),
            ["11-25 02:00", "11-26 02:00", "11-27 02:00"],
        ),
        (
            cron("0 8 * * *", start_time="2027-01-01T08:00:00"),
            ["01-01 08:00", "01-02 08:00", "01-03 08:00"],
        ),
        (
            cron("0 8 * * *", start_time="2021-04-23T01:30:00"),
            ["11-25 08:00", "11-26 08:00", "11-27 08:00"],
        ),
        (every("Day", hours=[8, 18], minutes=[0]), ["11-24 18:00", "11-25 08:00", "11-25 18:00"]),
        (every("Day", hours=[8], minutes=[0, 30]), ["11-25 08:00", "11-25 08:30", "11-26 08:00"]),
        (
            every("Week", hours=[8], minutes=[0], week_days=["Monday", "Friday"]),
            ["11-27 08:00", "11-30 08:00", "12-04 08:00"],
        ),
        (
            every(
                "Week",
                start="2026-11-23T00:00:00",
                interval=2,
                hours=[8],
                minutes=[0],
                week_days=["Wednesday"],
            ),
            ["11-25 08:00", "12-09 08:00", "12-23 08:00"],
        ),
        (
            every("Month", hours=[8], minutes=[0], month_days=[1, 31]),
            ["12-01 08:00", "12-31 08:00", "01-01 08:00"],
        ),
        (
            every("Day", start="2026-11-20T06:00:00", interval=3),
            ["11-26 06:00", "11-29 06:00", "12-02 06:00"],
        ),
        (
            every("Hour", start="2026-11-24T00:30:00", interval=6),
            ["11-24 12:30", "11-24 18:30", "11-25 00:30"],
        ),
        (
            every("Minute", start="2026-11-24T11:59:00", interval=90),
            ["11-24 13:29", "11-24 14:59", "11-24 16:29"],
        ),
    ],
)
def test_the_next_firings_are_these(schedule: InstanceSchedule, expected: list[str]) -> None:
    assert times(schedule, count=3) == expected


@pytest.mark.parametrize(
    "schedule", [cron("0 18 * * *", BERLIN), every("Day", BERLIN, hours=[18], minutes=[0])]
)
def test_six_in_the_evening_stays_so_when_the_clocks_change(schedule: InstanceSchedule) -> None:
    spring = datetime(2027, 3, 27, 0, tzinfo=timezone.utc)
    autumn = datetime(2027, 10, 30, 0, tzinfo=timezone.utc)

    assert times(schedule, spring, 3) == ["03-27 17:00", "03-28 16:00", "03-29 16:00"]
    assert times(schedule, autumn, 3) == ["10-30 16:00", "10-31 17:00", "11-01 17:00"]


@pytest.mark.parametrize(
    "schedule", [cron("30 2 * * *", BERLIN), every("Day", BERLIN, hours=[2], minutes=[30])]
)
def test_a_time_that_the_clocks_skip_or_repeat_fires_once_on_that_day(
    schedule: InstanceSchedule,
) -> None:
    skipped = next_firings(schedule, datetime(2027, 3, 27, 12, tzinfo=timezone.utc), 2)
    repeated = next_firings(schedule, datetime(2027, 10, 30, 12, tzinfo=timezone.utc), 2)

    assert [each.day for each in skipped] == [28, 29]
    assert skipped[0].hour == 1
    assert [each.day for each in repeated] == [31, 1]


@pytest.mark.parametrize(
    "schedule",
    [
        cron("0 18 * * *", enabled=False),
        cron("0 18 * * *", "Europe/Atlantis"),
        cron("0 18 * * *", start_time="soon"),
        cron("nonsense"),
        cron("0 0 31 2 *"),
        InstanceSchedule("stop"),
        every("Month", hours=[8], minutes=[0], month_days=[30], start="9999-01-01T00:00:00"),
    ],
)
def test_what_never_fires_or_cannot_be_understood_has_no_firings(
    schedule: InstanceSchedule,
) -> None:
    found = next_firings(schedule, TUESDAY, 5)

    assert found == [] or found[0].year == 9999


@pytest.mark.parametrize("frequency", ["Minute", "Hour", "Day", "Week", "Month"])
def test_a_start_at_the_end_of_time_does_not_break_anything(frequency: Any) -> None:
    for start in ("9999-12-31T23:59:00", "0001-01-01T00:00:00"):
        for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Honolulu"):
            next_firings(every(frequency, zone, start, interval=1000), TUESDAY)


def test_the_29th_of_february_is_found() -> None:
    leap = every(
        "Month", hours=[8], minutes=[0], month_days=[29], start="2027-02-01T00:00:00", interval=12
    )

    assert [each.year for each in next_firings(leap, TUESDAY, 1)] == [2028]
