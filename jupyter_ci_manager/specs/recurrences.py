"""When a schedule fires, with the clocks of its time zone. No I/O.

Cron expressions are NCronTab's of five fields ("Schedule machine learning pipeline jobs", Azure
Machine Learning; ComputeStartStopSchedule). Recurrences are read as those of Azure Logic Apps
("Schedule and run recurring workflows"), which documents the same object; how Azure counts an
interval without a start time is not documented: here from now.
"""

from __future__ import annotations

import contextlib
from calendar import monthrange
from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, time, timedelta, timezone
from itertools import islice
from zoneinfo import ZoneInfo

from ..models import InstanceSchedule, Recurrence, WeekDay
from .time_zones import zone

SHOWN = 5
_TRIES = 3000
"""How often the next day is looked for: more than eight years of days, for the 29th of February."""
WEEK_DAYS: tuple[WeekDay, ...] = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


def next_firings(schedule: InstanceSchedule, now: datetime, count: int = SHOWN) -> list[datetime]:
    """The next times in UTC; none where it is switched off or cannot be understood."""
    return list(islice(firings(schedule, now), count)) if schedule.enabled else []


def firings(schedule: InstanceSchedule, now: datetime) -> Iterator[datetime]:
    """All times after ``now``, in UTC, earliest first, whether or not it is switched on."""
    # A start at the end of the calendar leads out of it.
    with contextlib.suppress(OverflowError):
        yield from _firings(schedule, now)


def _firings(schedule: InstanceSchedule, now: datetime) -> Iterator[datetime]:
    found = zone(schedule.time_zone)
    start = start_of(schedule)
    if found is None or (schedule.start_time and start is None):
        return
    begin = start.replace(tzinfo=found) if start else None
    if schedule.recurrence is not None:
        times = _recurring(schedule.recurrence, begin, found, now)
    else:
        times = _by_cron(schedule.cron or "", found, max(now, begin) if begin else now)
    for each in times:
        # A time that the clocks skip is an hour later on them; one they repeat counts once.
        utc = each.astimezone(timezone.utc)
        if utc > now and (begin is None or utc >= begin):
            yield utc


def start_of(schedule: InstanceSchedule) -> datetime | None:
    """Its start by the clocks of its zone; None where it has none or it is no time."""
    try:
        start = datetime.fromisoformat((schedule.start_time or "").strip())
    except ValueError:
        return None
    return start if start.tzinfo is None else None


def _by_cron(expression: str, found: ZoneInfo, after: datetime) -> Iterator[datetime]:
    from cronsim import CronSim, CronSimError

    try:
        # One second earlier, because a start time may itself be a time of the expression.
        yield from CronSim(expression.upper(), (after - timedelta(seconds=1)).astimezone(found))
    except CronSimError:
        return


def _recurring(
    recurrence: Recurrence, begin: datetime | None, found: ZoneInfo, now: datetime
) -> Iterator[datetime]:
    anchor = begin or now.astimezone(found).replace(second=0, microsecond=0)
    if recurrence.frequency in ("Minute", "Hour"):
        return _by_the_clock(recurrence, anchor, now)
    return _by_the_day(recurrence, anchor, found, now)


def _by_the_clock(recurrence: Recurrence, anchor: datetime, now: datetime) -> Iterator[datetime]:
    unit = timedelta(minutes=1) if recurrence.frequency == "Minute" else timedelta(hours=1)
    step = unit * recurrence.interval
    at = anchor.astimezone(timezone.utc)
    if at < now:
        at += step * ((now - at) // step)
    while at.year < MAXYEAR:
        yield at
        at += step


def _by_the_day(
    recurrence: Recurrence, anchor: datetime, found: ZoneInfo, now: datetime
) -> Iterator[datetime]:
    # Times that are not given are the start's.
    hours = sorted(set(recurrence.hours)) or [anchor.hour]
    minutes = sorted(set(recurrence.minutes)) or [anchor.minute]
    times = [time(hour, minute) for hour in hours for minute in minutes]
    first = max(anchor.date(), now.astimezone(found).date() - timedelta(days=1))
    for day in _days(recurrence, anchor.date(), first):
        yield from (datetime.combine(day, each, found) for each in times)


def _days(recurrence: Recurrence, anchor: date, first: date) -> Iterator[date]:
    """Its days from ``first`` on, and some before; an end where there are none for long."""
    if recurrence.frequency == "Day":
        return _every_so_many_days(recurrence, anchor, first)
    if recurrence.frequency == "Week":
        return _every_so_many_weeks(recurrence, anchor, first)
    return _every_so_many_months(recurrence, anchor, first)


def _every_so_many_days(recurrence: Recurrence, anchor: date, first: date) -> Iterator[date]:
    day = anchor + timedelta(days=_multiple((first - anchor).days, recurrence.interval))
    for _ in range(_TRIES):
        if not recurrence.week_days or WEEK_DAYS[day.weekday()] in recurrence.week_days:
            yield day
        day += timedelta(days=recurrence.interval)


def _every_so_many_weeks(recurrence: Recurrence, anchor: date, first: date) -> Iterator[date]:
    wanted = recurrence.week_days or [WEEK_DAYS[anchor.weekday()]]
    weeks = (_monday(first) - _monday(anchor)).days // 7
    monday = _monday(anchor) + timedelta(weeks=_multiple(weeks, recurrence.interval))
    for _ in range(_TRIES):
        for number, name in enumerate(WEEK_DAYS):
            if name in wanted:
                yield monday + timedelta(days=number)
        monday += timedelta(weeks=recurrence.interval)


def _every_so_many_months(recurrence: Recurrence, anchor: date, first: date) -> Iterator[date]:
    wanted = sorted(set(recurrence.month_days)) or [anchor.day]
    months = (first.year - anchor.year) * 12 + first.month - anchor.month
    at = anchor.year * 12 + anchor.month - 1 + _multiple(months, recurrence.interval)
    for _ in range(_TRIES):
        year, month = divmod(at, 12)
        if year > MAXYEAR:
            return
        last = monthrange(year, month + 1)[1]
        yield from (date(year, month + 1, day) for day in wanted if day <= last)
        at += recurrence.interval


def _multiple(number: int, interval: int) -> int:
    """The first multiple of the interval that is not smaller."""
    return -(-number // interval) * interval


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
