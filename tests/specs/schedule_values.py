"""Values of the fields of schedules."""

from __future__ import annotations

from typing import Any

from .case import HOSTILE, UNREADABLE, Case, of


def schedule(**changes: Any) -> dict[str, Any]:
    return {"action": "stop", "cron": "0 18 * * *"} | changes


def _schedule(
    field: str, code: str | None, *changes: dict[str, Any], severity: str = "error"
) -> list[Case]:
    path = f"schedules.0{'.' if field else ''}{field}"
    return [Case(path, {"schedules": [schedule(**each)]}, code, severity) for each in changes]


def recurrence(**changes: Any) -> dict[str, Any]:
    week = {"frequency": "Week", "week_days": ["Monday"], "hours": [18], "minutes": [0]}
    return {"cron": None, "recurrence": week | changes}


SCHEDULES = [
    *of("schedules", None, [], [schedule()], [schedule()] * 4),
    *of("schedules", "TooManySchedules", [schedule()] * 5, [schedule()] * 16),
    *of("schedules", UNREADABLE, [schedule()] * 17, {}, "daily", None),
    *_schedule("action", UNREADABLE, {"action": ""}, {"action": "Stop"}, {"action": 1}),
    *_schedule("cron", None, {}, {"cron": "*/5 0-23/2 * * MON-FRI"}, {"cron": "0 0 * * 0"}),
    *_schedule(
        "cron", "CronDayIgnored", {"cron": "0 8 1 * *"}, {"cron": "0 8 * 6 *"}, severity="warning"
    ),
    *_schedule(
        "cron",
        "InvalidCron",
        *(
            {"cron": text}
            for text in (None, "", " ", "@daily", "* * * *", "* * * * * *", "60 0 * * *")
        ),
        *(
            {"cron": text}
            for text in ("0 24 * * *", "0 0 0 * *", "0 0 * 13 *", "0 0 * * 7", "0 0 L * *")
        ),
        *(
            {"cron": text}
            for text in ("0 0 * * 5#2", "0 0 ? * *", "0  0 * * *", "5-1 0 * * *", "0 0 31 2 *")
        ),
        *({"cron": text} for text in ("1," * 120 + "1 0 * * *x", "*/0 * * * *", *HOSTILE)),
    ),
    *_schedule("cron", UNREADABLE, {"cron": "0" * 257}, {"cron": 5}, {"cron": ["0 18 * * *"]}),
    *_schedule("", "InvalidSchedule", {"recurrence": {"frequency": "Day"}}),
    *_schedule("recurrence", None, recurrence(), recurrence(interval=1000)),
    *_schedule("recurrence.minutes", "InvalidRecurrence", recurrence(minutes=[])),
    *_schedule(
        "recurrence.hours",
        "InvalidRecurrence",
        recurrence(hours=[]),
        recurrence(hours=[], minutes=[]),
    ),
    *_schedule("recurrence.month_days", "InvalidRecurrence", recurrence(month_days=[1])),
    *_schedule("recurrence.week_days", "InvalidRecurrence", recurrence(frequency="Month")),
    *_schedule(
        "recurrence.frequency",
        "InvalidRecurrence",
        recurrence(frequency="Hour"),
        recurrence(frequency="Minute"),
    ),
    *_schedule(
        "recurrence.month_days",
        "DayNotInEachMonth",
        recurrence(frequency="Month", week_days=[], month_days=[31]),
        severity="warning",
    ),
    *_schedule(
        "recurrence.interval",
        UNREADABLE,
        recurrence(interval=0),
        recurrence(interval=1001),
        recurrence(interval=1.5),
    ),
    *_schedule(
        "recurrence.hours.0",
        UNREADABLE,
        recurrence(hours=[24]),
        recurrence(hours=[-1]),
        recurrence(hours=["8"]),
    ),
    *_schedule("recurrence.minutes.0", UNREADABLE, recurrence(minutes=[60])),
    *_schedule("recurrence.week_days.0", UNREADABLE, recurrence(week_days=["Mon"])),
    *_schedule("recurrence.frequency", UNREADABLE, recurrence(frequency="Year")),
    *_schedule(
        "time_zone",
        None,
        {"time_zone": "UTC"},
        {"time_zone": "Asia/Kolkata"},
        {"time_zone": "W. Europe Standard Time"},
    ),
    *_schedule(
        "time_zone",
        "InvalidTimeZone",
        *(
            {"time_zone": text}
            for text in (
                "",
                "CET+1",
                "Europe/Atlantis",
                "Antarctica/Troll",
                "/etc/passwd",
                "x" * 128,
            )
        ),
        *({"time_zone": text} for text in HOSTILE),
    ),
    *_schedule(
        "time_zone", UNREADABLE, {"time_zone": "x" * 129}, {"time_zone": 1}, {"time_zone": None}
    ),
    *_schedule("start_time", None, {"start_time": None}, {"start_time": "2021-04-23T01:30:00"}),
    *_schedule(
        "start_time",
        "InvalidStartTime",
        *(
            {"start_time": text}
            for text in ("", "tomorrow", "2026-13-01T00:00:00", "2026-02-30T00:00:00")
        ),
        *(
            {"start_time": text}
            for text in (
                "2026-12-01T08:00:00Z",
                "2026-12-01T08:00:00+01:00",
                "2026-12-01",
                *HOSTILE,
            )
        ),
    ),
    *_schedule("start_time", UNREADABLE, {"start_time": "x" * 65}, {"start_time": 0}),
    *_schedule("enabled", UNREADABLE, {"enabled": "yes"}, {"enabled": 1}),
]
