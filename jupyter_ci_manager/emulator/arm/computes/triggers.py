"""When a schedule of a compute instance fires. Knows no instance, no HTTP and not what time it is.

``Cron``, ``Recurrence`` and their parts: ComputeSchedules in Azure/azure-rest-api-specs
Microsoft.MachineLearningServices stable/2025-12-01. Times are those of the clocks of the schedule's
time zone, which has one of Windows' names; UTC without. A time that the clocks skip comes when they
have skipped it, one that they repeat counts once. What a recurrence without a start time begins
with: [assumed], when it was set. That a cron expression has five fields: [assumed].
The calendar has an end, after which nothing fires.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from .request import Cron, Recurrence, StartStopSchedule

WEEK_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = {"Minute": timedelta(minutes=1), "Hour": timedelta(hours=1)}
_DAYS_AHEAD = 40_000
"""How far a recurrence is looked for: a thousand months and more."""
_START = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,7})?)?)?(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)


class Trigger(Protocol):
    """The times of one schedule."""

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time after ``moment``, both in UTC; None when there is none."""
        ...


def trigger_of(schedule: StartStopSchedule, since: datetime) -> Trigger:
    """The trigger of a schedule that was set at ``since``. Raises ValueError, with the reason."""
    kind = schedule.trigger_type
    if kind is None:
        kind = "Cron" if schedule.cron is not None else "Recurrence"
    if kind == "Cron":
        if schedule.cron is None:
            raise ValueError("cron is required when triggerType is Cron")
        return CronTrigger(schedule.cron)
    if schedule.recurrence is None:
        raise ValueError("recurrence is required when triggerType is Recurrence")
    return RecurrenceTrigger(schedule.recurrence, since)


class CronTrigger:
    """Times by a cron expression."""

    def __init__(self, cron: Cron) -> None:
        from cronsim import CronSim, CronSimError

        self._zone = _zone(cron.time_zone)
        self._start = _start(cron.start_time, self._zone)
        self._expression = (cron.expression or "").upper()
        if len(self._expression.split()) != 5:
            raise ValueError(f"'{cron.expression or ''}' is not a cron expression of five fields")
        try:
            CronSim(self._expression, datetime(2026, 1, 1, tzinfo=self._zone))
        except CronSimError as error:
            raise ValueError(f"'{cron.expression}' is not a cron expression: {error}") from error

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time after ``moment``."""
        from cronsim import CronSim

        if self._start is not None and self._start > moment:
            moment = self._start - timedelta(seconds=1)
        with suppress(OverflowError):
            for found in CronSim(self._expression, moment.astimezone(self._zone)):
                at = found.astimezone(timezone.utc)
                if at > moment:
                    return at
        return None


class RecurrenceTrigger:
    """Times by a frequency, an interval and the days and times within it."""

    def __init__(self, recurrence: Recurrence, since: datetime) -> None:
        self._zone = _zone(recurrence.time_zone)
        self._frequency = recurrence.frequency or ""
        self._interval = 1 if recurrence.interval is None else recurrence.interval
        if self._frequency not in ("Minute", "Hour", "Day", "Week", "Month"):
            raise ValueError(f"'{self._frequency}' is not a frequency")
        if not 1 <= self._interval <= 1000:
            raise ValueError(f"interval must be 1 to 1000, not {self._interval}")
        start = _start(recurrence.start_time, self._zone)
        self._anchor = start or since.replace(second=0, microsecond=0)
        within = recurrence.schedule
        local = self._anchor.astimezone(self._zone)
        hours = set((within.hours if within else None) or [local.hour])
        minutes = set((within.minutes if within else None) or [local.minute])
        self._month_days = set((within.month_days if within else None) or [])
        self._week_days = {_week_day(day) for day in (within.week_days if within else None) or []}
        _check_all("hours", hours, 0, 23)
        _check_all("minutes", minutes, 0, 59)
        _check_all("monthDays", self._month_days, 1, 31)
        self._times = sorted(time(hour, minute) for hour in hours for minute in minutes)

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time after ``moment``."""
        unit = _UNITS.get(self._frequency)
        if unit is not None:
            step = unit * self._interval
            if moment < self._anchor:
                return self._anchor
            return self._anchor + step * ((moment - self._anchor) // step + 1)
        with suppress(OverflowError):
            for at in self._by_day(moment):
                if at > moment and at >= self._anchor:
                    return at
        return None

    def _by_day(self, moment: datetime) -> Iterator[datetime]:
        first = max(moment, self._anchor).astimezone(self._zone).date()
        for ahead in range(-1, _DAYS_AHEAD):
            day = first + timedelta(days=ahead)
            if self._is_on(day):
                for each in self._times:
                    at = datetime.combine(day, each, self._zone)
                    yield at.astimezone(timezone.utc)

    def _is_on(self, day: date) -> bool:
        begun = self._anchor.astimezone(self._zone).date()
        if self._frequency == "Month":
            months = (day.year - begun.year) * 12 + day.month - begun.month
            return months % self._interval == 0 and day.day in (self._month_days or {begun.day})
        if self._frequency == "Day":
            on_its_day = not self._week_days or day.weekday() in self._week_days
            return on_its_day and (day - begun).days % self._interval == 0
        weeks = (day - (begun - timedelta(days=begun.weekday()))).days // 7
        wanted = self._week_days or {begun.weekday()}
        return weeks % self._interval == 0 and day.weekday() in wanted


def _check_all(what: str, values: set[int], first: int, last: int) -> None:
    for value in values:
        if not first <= value <= last:
            raise ValueError(f"{what} must be {first} to {last}, not {value}")


def _week_day(name: str) -> int:
    for number, day in enumerate(WEEK_DAYS):
        if day.lower() == name.lower():
            return number
    raise ValueError(f"'{name}' is not a day of the week")


def _start(text: str | None, zone: ZoneInfo) -> datetime | None:
    """A time without an offset, by the clocks of ``zone``; in UTC.

    An hour of one digit is taken: ``ComputeInstanceWithSchedules.json`` of the specs' examples.
    """
    if not text:
        return None
    match = _START.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text[:64]}' is not a start time")
    *digits, offset = match.groups()
    if offset is not None:
        raise ValueError(f"'{text}' is not a start time: the time zone is a field of its own")
    year, month, day, hour, minute, second = (int(each or 0) for each in digits)
    try:
        start = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        return start.astimezone(timezone.utc)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"'{text}' is not a start time") from error


def _zone(name: str | None) -> ZoneInfo:
    if not name:
        return ZoneInfo("UTC")
    key = _windows_zones().get(name.lower())
    if key is None:
        raise ValueError(f"'{name}' is not the name of a Windows time zone")
    return ZoneInfo(key)


@lru_cache(maxsize=1)
def _windows_zones() -> dict[str, str]:
    """IANA's names by Windows' names: ``windowsZones`` of Unicode's CLDR, as Babel carries it."""
    from babel.core import get_global

    return {windows.lower(): iana for windows, iana in get_global("windows_zone_mapping").items()}
