from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from jupyter_ci_manager.emulator import ManualClock, ScaledClock
from jupyter_ci_manager.emulator.clock import Timeline

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def test_work_goes_faster_than_the_watch() -> None:
    reading = [100.0]
    clock = ScaledClock(60, monotonic=lambda: reading[0], wall=START.timestamp)

    reading[0] += 2

    assert clock.elapsed() == 120
    assert clock.now() == START + timedelta(seconds=2)


def test_both_readings_move_when_the_clock_is_advanced() -> None:
    clock = ScaledClock(60, monotonic=lambda: 0.0, wall=START.timestamp)

    clock.advance(90)

    assert (clock.elapsed(), clock.now()) == (90, START + timedelta(seconds=90))


@pytest.mark.parametrize("clock", [ManualClock(), ScaledClock(1)])
def test_time_does_not_go_backwards(clock: ManualClock | ScaledClock) -> None:
    with pytest.raises(ValueError, match="time moves forward"):
        clock.advance(-1)


def test_a_speed_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        ScaledClock(0)


def test_what_is_due_is_done_in_order_and_told_when_it_fell_due() -> None:
    clock = ManualClock(START)
    timeline = Timeline(clock)
    done: list[tuple[str, float]] = []

    def note(what: str) -> None:
        timeline.after(
            {"late": 20.0, "early": 10.0, "never": 99.0}[what],
            lambda at: done.append((what, (at - START).total_seconds())),
        )

    for what in ("late", "early", "never"):
        note(what)
    clock.advance(30)
    timeline.catch_up()

    assert done == [("early", 10.0), ("late", 20.0)]


def test_work_that_follows_work_is_counted_from_when_that_fell_due() -> None:
    clock = ManualClock(START)
    timeline = Timeline(clock)
    done: list[float] = []

    def first(at: datetime) -> None:
        timeline.after(5, lambda then: done.append((then - START).total_seconds()))

    timeline.after(10, first)
    clock.advance(1000)
    timeline.catch_up()

    assert done == [15.0]
