"""Time for the emulator: what the time is, and how long Azure's work takes. Knows nothing of Azure.

Two readings (see docs/decisions/0011-two-readings-of-the-clock.md):

* ``now()`` is a point in time that clients can compare with their own clock;
* ``elapsed()`` counts the seconds that *work* has had. It runs ``speed`` times faster than
  ``now()``, so an instance that takes Azure four minutes to create takes four seconds at
  ``speed=60``, and is still stamped with the time a person's watch shows.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Protocol

_MANUAL_START = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)


class Clock(Protocol):
    """Where the emulator takes the time from."""

    @property
    def speed(self) -> float:
        """Seconds of work done per second of ``now()``; 0 when neither moves by itself."""
        ...

    def now(self) -> datetime:
        """The time to stamp documents with, in UTC."""
        ...

    def elapsed(self) -> float:
        """Seconds that work has had since the clock was made."""
        ...

    def advance(self, seconds: float) -> None:
        """Move both readings forward by ``seconds``; raises ValueError when negative."""
        ...


class ScaledClock:
    """The machine's time, with work going ``speed`` times faster than it would in Azure."""

    def __init__(
        self,
        speed: float = 1.0,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        if speed <= 0:
            raise ValueError(f"speed must be above zero, not {speed}")
        self._speed = speed
        self._monotonic = monotonic
        self._origin = monotonic()
        self._origin_time = datetime.fromtimestamp(wall(), timezone.utc)
        self._advanced = 0.0

    @property
    def speed(self) -> float:
        """Seconds of work done per second of ``now()``."""
        return self._speed

    def now(self) -> datetime:
        """The time to stamp documents with, in UTC."""
        real = self._monotonic() - self._origin
        return self._origin_time + timedelta(seconds=real + self._advanced)

    def elapsed(self) -> float:
        """Seconds that work has had since the clock was made."""
        return (self._monotonic() - self._origin) * self._speed + self._advanced

    def advance(self, seconds: float) -> None:
        """Move both readings forward; raises ValueError when ``seconds`` is negative."""
        self._advanced += _forward(seconds)


class ManualClock:
    """A clock that stands still until it is told to advance: for tests."""

    def __init__(self, start: datetime = _MANUAL_START) -> None:
        self._start = start
        self._elapsed = 0.0

    @property
    def speed(self) -> float:
        """0: it stands still."""
        return 0.0

    def now(self) -> datetime:
        """The time to stamp documents with, in UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def elapsed(self) -> float:
        """Seconds that work has had since the clock was made."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move both readings forward; raises ValueError when ``seconds`` is negative."""
        self._elapsed += _forward(seconds)


def _forward(seconds: float) -> float:
    if seconds < 0:
        raise ValueError(f"time moves forward: cannot advance by {seconds} seconds")
    return seconds


class Timeline:
    """What is due at some reading of a clock, done in order whenever someone looks.

    Work takes time of ``elapsed()``; appointments are at a time of ``now()``. Nothing runs in the
    background: ``catch_up()`` is called before each request is answered, so that what a client sees
    depends on the clock alone.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._work: list[tuple[float, int, Callable[[datetime], None]]] = []
        self._appointments: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = itertools.count()
        self._doing: tuple[float, datetime] | None = None

    def now(self) -> datetime:
        """The time; while something is done, when that fell due, however late it is done."""
        return self.clock.now() if self._doing is None else self._doing[1]

    def after(self, seconds: float, action: Callable[[datetime], None]) -> None:
        """Have ``action`` called with the time it fell due, ``seconds`` of work from ``now()``."""
        begun = self.clock.elapsed() if self._doing is None else self._doing[0]
        heapq.heappush(self._work, (begun + seconds, next(self._order), action))

    def at(self, moment: datetime, action: Callable[[datetime], None]) -> None:
        """Have ``action`` called with ``moment``, an aware time, when it has come."""
        heapq.heappush(self._appointments, (moment, next(self._order), action))

    def catch_up(self) -> None:
        """Do everything that has fallen due, oldest first."""
        elapsed, now = self.clock.elapsed(), self.clock.now()
        speed = self.clock.speed or 1.0
        while True:
            late_work = (elapsed - self._work[0][0]) / speed if self._work else -1.0
            late_appointment = -1.0
            if self._appointments:
                late_appointment = (now - self._appointments[0][0]).total_seconds()
            late = max(late_work, late_appointment)
            if late < 0:
                return
            if late_work >= late_appointment:
                _, _, action = heapq.heappop(self._work)
            else:
                _, _, action = heapq.heappop(self._appointments)
            at = now - timedelta(seconds=late)
            self._doing = (elapsed - late * speed, at)
            try:
                action(at)
            finally:
                self._doing = None
