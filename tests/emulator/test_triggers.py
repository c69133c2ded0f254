"""When schedules fire, and that the times which a form shows are the times when they do."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from jupyter_ci_manager.emulator.arm.computes.request import StartStopSchedule
from jupyter_ci_manager.emulator.arm.computes.triggers import trigger_of
from jupyter_ci_manager.models import InstanceSchedule, Recurrence
from jupyter_ci_manager.specs.recurrences import next_firings

NOW = datetime(2026, 3, 20, 9, 30, 20, tzinfo=timezone.utc)
"""A Friday, nine days before the clocks of Europe change."""


TOKYO = {"timeZone": "Tokyo Standard Time"}
WITHIN = ("hours", "minutes", "weekDays", "monthDays")


def fires(schedule: dict[str, Any], count: int = 5, now: datetime = NOW) -> list[datetime]:
    trigger = trigger_of(msgspec.convert(schedule, StartStopSchedule), now)
    found: list[datetime] = []
    moment = now
    while len(found) < count:
        following = trigger.next_after(moment)
        if following is None:
            break
        found.append(following)
        moment = following
    return found


def recurrence(frequency: str, interval: int = 1, **more: Any) -> dict[str, Any]:
    within = {
        key: more.pop(key) for key in ("hours", "minutes", "weekDays", "monthDays") if key in more
    }
    wanted = {"frequency": frequency, "interval": interval, "schedule": within or None, **more}
    return {"action": "Stop", "triggerType": "Recurrence", "recurrence": wanted}


def said(times: list[datetime]) -> list[str]:
    return [f"{each:%m-%d %H:%M}" for each in times]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (
            recurrence("Day", hours=[18], minutes=[0, 30], timeZone="W. Europe Standard Time"),
            ["03-20 17:00", "03-20 17:30", "03-21 17:00", "03-21 17:30", "03-22 17:00"],
        ),
        (
            recurrence("Week", 2, hours=[8], minutes=[0], weekDays=["Monday", "Friday"]),
            ["03-30 08:00", "04-03 08:00", "04-13 08:00", "04-17 08:00", "04-27 08:00"],
        ),
        (
            recurrence("Month", hours=[6], minutes=[15], monthDays=[31]),
            ["03-31 06:15", "05-31 06:15", "07-31 06:15", "08-31 06:15", "10-31 06:15"],
        ),
        (
            recurrence("Hour", 6, startTime="2026-03-20T00:00:00", timeZone="Tokyo Standard Time"),
            ["03-20 15:00", "03-20 21:00", "03-21 03:00", "03-21 09:00", "03-21 15:00"],
        ),
        (
            recurrence("Minute", 45),
            ["03-20 10:15", "03-20 11:00", "03-20 11:45", "03-20 12:30", "03-20 13:15"],
        ),
    ],
)
def test_recurrences_fire_when_a_person_would_expect_it(
    schedule: dict[str, Any], expected: list[str]
) -> None:
    assert said(fires(schedule)) == expected


SHOWN_AND_FIRED = [
    ({"cron": "0 18 * * 1-5"}, "W. Europe Standard Time", "Europe/Berlin"),
    ({"cron": "30 2 * * *"}, "W. Europe Standard Time", "Europe/Berlin"),
    ({"cron": "*/20 9-10 1,15 * *"}, "Pacific Standard Time", "America/Los_Angeles"),
    ({"cron": "0 0 29 2 *"}, "UTC", "UTC"),
    ({"cron": "0 7 * * sun"}, "New Zealand Standard Time", "Pacific/Auckland"),
    (
        {"frequency": "Day", "interval": 3, "hours": [2], "minutes": [30]},
        "GMT Standard Time",
        "Europe/London",
    ),
    (
        {
            "frequency": "Week",
            "interval": 2,
            "hours": [8, 20],
            "minutes": [0],
            "week_days": ["Tuesday"],
        },
        "India Standard Time",
        "Asia/Kolkata",
    ),
    (
        {"frequency": "Month", "interval": 2, "hours": [12], "minutes": [0], "month_days": [1, 30]},
        "Eastern Standard Time",
        "America/New_York",
    ),
    ({"frequency": "Hour", "interval": 7}, "UTC", "UTC"),
]


@pytest.mark.parametrize("start", [None, "2026-03-24T10:00:00", "2026-01-05T07:45:00"])
@pytest.mark.parametrize(("when", "windows", "iana"), SHOWN_AND_FIRED)
def test_the_next_firings_that_a_form_shows_are_when_the_emulator_fires(
    when: dict[str, Any], windows: str, iana: str, start: str | None
) -> None:
    if "cron" in when:
        shown = InstanceSchedule("stop", cron=when["cron"], time_zone=iana, start_time=start)
        cron = {"expression": when["cron"], "timeZone": windows, "startTime": start}
        fired = {"action": "Stop", "triggerType": "Cron", "cron": cron}
    else:
        repeated = Recurrence(**when)
        shown = InstanceSchedule("stop", recurrence=repeated, time_zone=iana, start_time=start)
        keys = {
            "hours": "hours",
            "minutes": "minutes",
            "week_days": "weekDays",
            "month_days": "monthDays",
        }
        within = {wire: when[key] for key, wire in keys.items() if key in when}
        fired = recurrence(
            when["frequency"], when["interval"], timeZone=windows, startTime=start, **within
        )

    assert fires(fired) == next_firings(shown, NOW)


@pytest.mark.parametrize(
    "schedule",
    [
        {"cron": {"expression": "0 18 * * *", "startTime": "9999-12-31T23:59:59"}},
        recurrence("Day", startTime="9999-12-31T23:59:59"),
        recurrence("Month", 1000, monthDays=[31], startTime="2026-02-01T00:00:00"),
    ],
)
def test_what_never_comes_is_not_waited_for(schedule: dict[str, Any]) -> None:
    assert fires({"action": "Stop", **schedule}, 2)[1:] == []


def test_times_given_many_times_over_count_once() -> None:
    often = recurrence("Day", hours=[18] * 100_000, minutes=[0] * 100_000)

    assert said(fires(often, 2)) == ["03-20 18:00", "03-21 18:00"]


def test_a_recurrence_that_never_comes_never_fires() -> None:
    assert fires(recurrence("Month", 12, monthDays=[31], startTime="2026-02-01T00:00:00")) == []


@pytest.mark.parametrize(
    ("schedule", "reason"),
    [
        ({"cron": {"expression": "0 18 * *"}}, "five fields"),
        ({"cron": {"expression": "0 25 * * *"}}, "not a cron expression"),
        ({"cron": {"expression": "$(reboot) * * * *"}}, "not a cron expression"),
        ({"cron": {}}, "five fields"),
        ({"cron": {"expression": "0 18 * * *", "timeZone": "Europe/Berlin"}}, "Windows time zone"),
        ({"cron": {"expression": "0 18 * * *", "startTime": "soon"}}, "not a start time"),
        ({"cron": {"expression": "0 18 * * *", "startTime": "2026-01-01T00:00:00Z"}}, "time zone"),
        ({"cron": {"expression": "0 18 * * *", "startTime": "2026-02-30T00:00"}}, "start time"),
        ({"cron": {"expression": "0 18 * * *", "startTime": "0001-01-01", **TOKYO}}, "start time"),
        ({"cron": {"expression": "0 18 * * *", "startTime": "9" * 5000}}, "not a start time"),
        ({"triggerType": "Cron"}, "cron is required"),
        ({"triggerType": "Recurrence"}, "recurrence is required"),
        (recurrence("Year"), "not a frequency"),
        (recurrence("Day", 0), "interval"),
        (recurrence("Day", hours=[24]), "hours must be 0 to 23"),
        (recurrence("Day", minutes=[-1]), "minutes must be 0 to 59"),
        (recurrence("Month", monthDays=[0]), "monthDays must be 1 to 31"),
        (recurrence("Week", weekDays=["Caturday"]), "day of the week"),
    ],
)
def test_a_schedule_without_sense_says_why(schedule: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        fires(schedule)


def test_a_time_that_the_clocks_repeat_comes_once() -> None:
    before = datetime(2026, 10, 24, 12, tzinfo=timezone.utc)
    cron = {"expression": "30 2 * * *", "timeZone": "W. Europe Standard Time"}

    found = fires({"action": "Stop", "cron": cron}, 2, before)

    assert found[1] - found[0] > timedelta(hours=23)
