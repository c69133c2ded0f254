from __future__ import annotations

import pytest

from jupyter_ci_manager.emulator.arm.computes.lifecycle import RESTART, START, STOP
from jupyter_ci_manager.instances.states import (
    BECOMING_RUNNING,
    GOALS,
    RUNNING,
    TRANSITIONS,
    actions_in,
)

STATES = [
    "Creating",
    "CreateFailed",
    "Deleting",
    "Running",
    "Restarting",
    "Resizing",
    "JobRunning",
    "SettingUp",
    "SetupFailed",
    "Starting",
    "Stopped",
    "Stopping",
    "UserSettingUp",
    "UserSetupFailed",
    "Unknown",
    "Unusable",
]


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_is_what_azure_accepts(state: str) -> None:
    for action, name in ((START, "start"), (STOP, "stop"), (RESTART, "restart")):
        if name in actions_in(state) and state != "Unknown":
            assert state in action.allowed


def test_an_instance_that_hangs_can_only_be_deleted() -> None:
    for state in TRANSITIONS - {"Deleting"}:
        assert actions_in(state) == ("delete",)
    assert actions_in("Deleting") == ()


def test_in_a_state_of_the_future_everything_is_offered() -> None:
    assert set(actions_in("Hibernating")) == {"start", "stop", "restart", "delete"}


def test_the_groups_of_states_agree_with_each_other() -> None:
    assert set(STATES) >= TRANSITIONS | RUNNING
    assert BECOMING_RUNNING < TRANSITIONS
    assert not TRANSITIONS & RUNNING
    assert not any(goal & TRANSITIONS for goal in GOALS.values())
