"""What an instance costs if it is left running, and with its schedules. No I/O.

Only the VM: disk, public IP address and load balancer are not in Azure's estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice, takewhile

from ..models import CostEstimate, InstanceSchedule, Price
from .recurrences import firings

HOURS_PER_MONTH = 730
"""As Azure's pricing calculator takes it."""
_SETTLING = timedelta(weeks=5)
"""Until a schedule by the month has fired once."""
_MEASURED = timedelta(weeks=12)
_MOST_FIRINGS = 2000
"""Of one schedule: more often than hourly there is nothing to save."""


def cost_estimate(
    price: Price, schedules: Sequence[InstanceSchedule], now: datetime
) -> CostEstimate:
    """By the hour, day and month, and with the schedules where they say when it is on."""
    hourly = price.amount_per_hour
    share = share_of_time_on(schedules, now)
    return CostEstimate(
        price=price,
        per_day=round(hourly * 24, 4),
        per_month=round(hourly * HOURS_PER_MONTH, 2),
        scheduled_per_month=None if share is None else round(hourly * HOURS_PER_MONTH * share, 2),
    )


def share_of_time_on(schedules: Sequence[InstanceSchedule], now: datetime) -> float | None:
    """How much of the time an instance is on that only its schedules start and stop.

    None where they do not both start and stop it: then people do.
    """
    active = [schedule for schedule in schedules if schedule.enabled]
    if {schedule.action for schedule in active} != {"start", "stop"}:
        return None
    begin, end = now + _SETTLING, now + _SETTLING + _MEASURED
    changes: list[tuple[datetime, bool]] = []
    for schedule in active:
        soon = takewhile(lambda time: time < end, firings(schedule, now))
        times = list(islice(soon, _MOST_FIRINGS))
        if len(times) in (0, _MOST_FIRINGS):
            return None
        changes += [(time, schedule.action == "start") for time in times]
    return _share_on(sorted(changes), begin, end)


def _share_on(changes: list[tuple[datetime, bool]], begin: datetime, end: datetime) -> float:
    on, since, total = True, begin, timedelta()
    for time, starts in changes:
        if time > begin:
            total += time - since if on else timedelta()
            since = time
        on = starts
    total += end - since if on else timedelta()
    return total / (end - begin)
