"""Schedules of compute instances on the wire: ``ComputeStartStopSchedule``.

Source: Azure Machine Learning REST API 2025-12-01; Azure itself sets ``id`` and
``provisioningStatus``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast, get_args

import msgspec

from ...models import InstanceSchedule, Recurrence, RecurrenceFrequency, ScheduleAction, WeekDay
from ...specs.time_zones import iana_name, windows_name, zone
from .base import Arm

_START = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d{1,2})(:\d\d(?::\d\d)?)(?:\.\d*)?(Z|[+-]\d\d:\d\d|)")


class _Times(Arm, frozen=True):
    hours: list[int] | None = None
    minutes: list[int] | None = None
    week_days: list[str] | None = None
    month_days: list[int] | None = None


class _Recurrence(Arm, frozen=True):
    frequency: str | None = None
    interval: int | None = None
    start_time: str | None = None
    time_zone: str | None = None
    schedule: _Times | None = None


class _Cron(Arm, frozen=True):
    expression: str | None = None
    start_time: str | None = None
    time_zone: str | None = None


class _Schedule(Arm, frozen=True):
    id: str | None = None
    action: str | None = None
    status: str | None = None
    cron: _Cron | None = None
    recurrence: _Recurrence | None = None


def schedules_to_arm(schedules: Iterable[InstanceSchedule]) -> list[dict[str, Any]]:
    """The value of ``computeStartStop``."""
    return [_to_arm(schedule) for schedule in schedules]


def _to_arm(schedule: InstanceSchedule) -> dict[str, Any]:
    when: dict[str, Any] = {"timeZone": windows_name(schedule.time_zone) or schedule.time_zone}
    if schedule.start_time is not None:
        when["startTime"] = schedule.start_time
    common = {
        "action": schedule.action.capitalize(),
        "status": "Enabled" if schedule.enabled else "Disabled",
    }
    if schedule.recurrence is None:
        when["expression"] = schedule.cron or ""
        return {**common, "triggerType": "Cron", "cron": when}
    return {
        **common,
        "triggerType": "Recurrence",
        "recurrence": {**when, **_recurrence_to_arm(schedule.recurrence)},
    }


def _recurrence_to_arm(recurrence: Recurrence) -> dict[str, Any]:
    times: dict[str, list[int] | list[WeekDay]] = {
        "hours": recurrence.hours,
        "minutes": recurrence.minutes,
        "weekDays": recurrence.week_days,
        "monthDays": recurrence.month_days,
    }
    own: dict[str, Any] = {"frequency": recurrence.frequency, "interval": recurrence.interval}
    if given := {key: value for key, value in times.items() if value}:
        own["schedule"] = given
    return own


def schedules_from_arm(items: list[Any]) -> list[InstanceSchedule]:
    """Raises msgspec.ValidationError for what is no schedule."""
    return [_from_arm(each) for each in msgspec.convert(items, list[_Schedule])]


def _from_arm(schedule: _Schedule) -> InstanceSchedule:
    recurrence, cron = schedule.recurrence, schedule.cron
    when = recurrence if recurrence is not None else cron or _Cron()
    return InstanceSchedule(
        action=cast("ScheduleAction", _one_of(ScheduleAction, (schedule.action or "").lower())),
        cron=cron.expression if recurrence is None and cron is not None else None,
        recurrence=_recurrence_from_arm(recurrence) if recurrence is not None else None,
        time_zone=iana_name(when.time_zone) or when.time_zone if when.time_zone else "UTC",
        start_time=_start_from_arm(when.start_time, when.time_zone or "UTC"),
        enabled=(schedule.status or "").lower() != "disabled",
        id=schedule.id,
    )


def _start_from_arm(text: str | None, time_zone: str) -> str | None:
    """A start by the clocks of its zone, as we write it; what cannot be understood stays as it is.

    The REST API's examples have hours of one digit, too.
    """
    match, found = _START.fullmatch(text or ""), zone(time_zone)
    if match is None or found is None:
        return text or None
    offset = match[4].replace("Z", "+00:00")
    try:
        start = datetime.fromisoformat(f"{match[1]}T{match[2]:0>2}{match[3]}{offset}")
        local = start.astimezone(found) if offset else start
    except (ValueError, OverflowError):
        return text
    return local.replace(tzinfo=None).isoformat(timespec="seconds")


def _recurrence_from_arm(recurrence: _Recurrence) -> Recurrence:
    times = recurrence.schedule or _Times()
    frequency = _one_of(RecurrenceFrequency, (recurrence.frequency or "").capitalize())
    days = [_one_of(WeekDay, day.capitalize()) for day in times.week_days or []]
    return Recurrence(
        frequency=cast("RecurrenceFrequency", frequency),
        interval=recurrence.interval or 1,
        hours=times.hours or [],
        minutes=times.minutes or [],
        week_days=cast("list[WeekDay]", days),
        month_days=times.month_days or [],
    )


def _one_of(choices: Any, value: str) -> str:
    if value not in get_args(choices):
        raise msgspec.ValidationError(f"{value!r} is none of {', '.join(get_args(choices))}")
    return value
