"""What an instance would not do by itself any more, in words."""

from __future__ import annotations

import pytest

from jupyter_ci_manager.instances.risks import risks_of
from tests.builders import instance


@pytest.mark.parametrize(
    ("idle", "said"),
    [
        ("PT15M", "Idle shutdown after 15 minutes would fail."),
        ("PT60M", "Idle shutdown after 60 minutes would fail."),
        ("PT90M", "Idle shutdown after 90 minutes would fail."),
        ("PT12H", "Idle shutdown after 12 hours would fail."),
        ("P1D", "Idle shutdown after 1 day would fail."),
        ("P3D", "Idle shutdown after 3 days would fail."),
        ("soon", "Idle shutdown would fail."),
    ],
)
def test_the_idle_shutdown(idle: str, said: str) -> None:
    assert risks_of(instance("amy-ci", idle_shutdown=idle)) == [said]


def test_schedules_that_stop_it_and_no_others() -> None:
    one = instance("amy-ci", schedule_count=4, stop_schedule_count=1)
    two = instance("amy-ci", schedule_count=4, stop_schedule_count=2)

    assert risks_of(one) == ["1 schedule that stops it would fail."]
    assert risks_of(two) == ["2 schedules that stop it would fail."]
    assert risks_of(instance("amy-ci", schedule_count=4)) == []
