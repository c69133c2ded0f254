"""Rules of schedules: at most four, each with one way to say when, in a zone that Azure knows.

No I/O. Sources: "Create a compute instance" and ComputeStartStopSchedule, Azure Machine Learning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from ..models import InstanceSchedule, Recurrence, SpecProblem
from .recurrences import next_firings, start_of
from .time_zones import windows_name, zone

MAX_SCHEDULES = 4

_CRON_VALUE = r"(?:[0-9]{1,2}|[A-Za-z]{3})"
_CRON_PART = rf"(?:\*|{_CRON_VALUE}(?:-{_CRON_VALUE})?)(?:/[0-9]{{1,2}})?"
_CRON_FIELD = re.compile(rf"{_CRON_PART}(?:,{_CRON_PART})*")
_SUNDAY_AS_SEVEN = re.compile(r"(?:^|[,-])0*7(?:$|[,/-])")
"""Which other crons take, and NCronTab does not."""
_CRON_FIELDS = ("minute", "hour", "day of month", "month", "day of week")
_START = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?")
_LAST_DAY = 28
"""Of the month, that each month has."""


def schedule_problems(schedules: Sequence[InstanceSchedule], now: datetime) -> list[SpecProblem]:
    """All that is wrong with schedules, or doubtful; fields begin with ``schedules``."""
    found: list[SpecProblem] = []
    if len(schedules) > MAX_SCHEDULES:
        found.append(
            SpecProblem(
                "schedules",
                "TooManySchedules",
                f"An instance can have {MAX_SCHEDULES} schedules; these are {len(schedules)}.",
                "Remove some: one recurrence can have several times and days.",
            )
        )
    for index, schedule in enumerate(schedules):
        found += _of_one(f"schedules.{index}", schedule, now)
    return found


def _of_one(path: str, schedule: InstanceSchedule, now: datetime) -> Iterator[SpecProblem]:
    wrong = [*_time_zone(path, schedule), *_start(path, schedule), *_when(path, schedule)]
    yield from wrong
    if any(each.severity == "error" for each in wrong) or not schedule.enabled:
        return
    if not next_firings(schedule, now, 1):
        yield SpecProblem(
            path,
            "NeverFires",
            "This schedule never fires.",
            "Look at its start time and its days: the 31st is in no February.",
        )


def _time_zone(path: str, schedule: InstanceSchedule) -> Iterator[SpecProblem]:
    field = f"{path}.time_zone"
    if zone(schedule.time_zone) is None:
        yield SpecProblem(
            field,
            "InvalidTimeZone",
            f"{schedule.time_zone[:64]!r} is not the name of a time zone.",
            "Use a name such as Europe/Berlin, America/New_York or UTC.",
        )
    elif windows_name(schedule.time_zone) is None:
        yield SpecProblem(
            field,
            "InvalidTimeZone",
            f"Azure has no time zone whose clocks go as those of {schedule.time_zone}.",
            "Choose another one, or UTC.",
        )


def _start(path: str, schedule: InstanceSchedule) -> Iterator[SpecProblem]:
    text = schedule.start_time
    if text is not None and (not _START.fullmatch(text) or start_of(schedule) is None):
        yield SpecProblem(
            f"{path}.start_time",
            "InvalidStartTime",
            f"{text[:32]!r} is not a time such as 2026-12-01T08:00:00.",
            "Leave out the offset: the time is one of the schedule's own time zone.",
        )


def _when(path: str, schedule: InstanceSchedule) -> Iterator[SpecProblem]:
    if schedule.cron is not None and schedule.recurrence is not None:
        yield SpecProblem(
            path,
            "InvalidSchedule",
            "A schedule has either a cron expression or a recurrence, not both.",
        )
    elif schedule.recurrence is not None:
        yield from _recurrence(f"{path}.recurrence", schedule.recurrence)
    else:
        yield from _cron(f"{path}.cron", schedule.cron or "")


def _cron(field: str, expression: str) -> Iterator[SpecProblem]:
    problem = cron_problem(expression)
    if problem is not None:
        yield SpecProblem(
            field,
            "InvalidCron",
            problem,
            "Minute, hour, day of month, month, day of week: 0 18 * * 1-5 is six in the evening, "
            "Monday to Friday.",
        )
        return
    fields = expression.split()
    if fields[2] != "*" or fields[3] != "*":
        yield SpecProblem(
            field,
            "CronDayIgnored",
            "Azure Machine Learning documents that it takes day of month and month for *.",
            "Use a recurrence by months for days of the month.",
            severity="warning",
        )


def cron_problem(expression: str) -> str | None:
    """Why Azure would not take a cron expression; None where it would."""
    from cronsim import CronSim, CronSimError

    fields = expression.split(" ")
    if not expression.strip():
        return "When it fires is missing."
    if len(fields) != len(_CRON_FIELDS):
        return (
            f"A cron expression has five fields with one blank between them; "
            f"{expression[:40]!r} has {len(fields)}."
        )
    for name, text in zip(_CRON_FIELDS, fields, strict=True):
        if not _CRON_FIELD.fullmatch(text):
            return f"{text[:32]!r} is no {name}."
    if _SUNDAY_AS_SEVEN.search(fields[4]):
        return "Sunday is day 0 of the week, not 7."
    try:
        CronSim(expression.upper(), datetime(2026, 1, 1))  # noqa: DTZ001
    except CronSimError as error:
        field = str(error).removeprefix("Bad ").replace("-", " ")
        return f"The {field} of {expression[:40]!r} is none that there is."
    return None


def _recurrence(path: str, recurrence: Recurrence) -> Iterator[SpecProblem]:
    code = "InvalidRecurrence"
    frequency = recurrence.frequency
    days = recurrence.week_days or recurrence.month_days
    times = recurrence.hours or recurrence.minutes
    if frequency in ("Minute", "Hour"):
        if times or days:
            yield SpecProblem(
                f"{path}.frequency",
                code,
                f"A recurrence by the {frequency.lower()} has no hours, minutes or days.",
                "Use a recurrence by days, weeks or months for times of the day.",
            )
        return
    if bool(recurrence.hours) != bool(recurrence.minutes) or (days and not times):
        missing = "minutes" if recurrence.hours else "hours"
        yield SpecProblem(
            f"{path}.{missing}", code, "A time of the day has both an hour and a minute."
        )
    if recurrence.month_days and frequency != "Month":
        yield SpecProblem(
            f"{path}.month_days", code, "Days of the month belong to a recurrence by months."
        )
    if recurrence.week_days and frequency == "Month":
        yield SpecProblem(
            f"{path}.week_days", code, "Days of the week do not belong to a recurrence by months."
        )
    late = [day for day in recurrence.month_days if day > _LAST_DAY]
    if late and frequency == "Month":
        yield SpecProblem(
            f"{path}.month_days",
            "DayNotInEachMonth",
            f"Not each month has a day {late[0]}: it does not fire in the others.",
            severity="warning",
        )
