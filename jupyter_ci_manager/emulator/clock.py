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
    """Work that is due at some reading of a clock, done in order whenever someone looks.

    Nothing runs in the background: ``catch_up()`` is called before each request is answered, so
    that what a client sees depends on the clock alone.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._due: list[tuple[float, int, Callable[[datetime], None]]] = []
        self._order = itertools.count()
        self._doing: float | None = None

    def after(self, seconds: float, action: Callable[[datetime], None]) -> None:
        """Have ``action`` called with the time it fell due, ``seconds`` of work from now.

        For an action that is being done, "now" is when it fell due, however late it is done.
        """
        due = (self.clock.elapsed() if self._doing is None else self._doing) + seconds
        heapq.heappush(self._due, (due, next(self._order), action))

    def catch_up(self) -> None:
        """Do everything that has fallen due, oldest first."""
        elapsed = self.clock.elapsed()
        now = self.clock.now()
        while self._due and self._due[0][0] <= elapsed:
            self._doing, _, action = heapq.heappop(self._due)
            late = (elapsed - self._doing) / (self.clock.speed or 1.0)
            try:
                action(now - timedelta(seconds=late))
            finally:
                self._doing = None
