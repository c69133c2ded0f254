"""What Azure's instance states mean: which change by themselves, which allow what. No I/O.

Source of the states: ComputeInstanceState, Azure Machine Learning REST API 2025-12-01.
"""

from __future__ import annotations

from ..models import InstanceAction

TRANSITIONS = frozenset(
    {
        "Creating",
        "Deleting",
        "Resizing",
        "Restarting",
        "SettingUp",
        "Starting",
        "Stopping",
        "UserSettingUp",
    }
)
"""States that Azure leaves by itself."""

BECOMING_RUNNING = frozenset({"Creating", "Restarting", "SettingUp", "Starting", "UserSettingUp"})

RUNNING = frozenset({"Running", "JobRunning"})
ON = RUNNING | {"SetupFailed", "UserSetupFailed"}
"""Settled states in which the virtual machine is on, and billed."""

_ACTIONS: dict[str, tuple[InstanceAction, ...]] = {
    "Running": ("stop", "restart", "delete"),
    "JobRunning": ("stop", "restart", "delete"),
    "Stopped": ("start", "delete"),
    "SetupFailed": ("stop", "restart", "delete"),
    "UserSetupFailed": ("stop", "restart", "delete"),
    "Unusable": ("stop", "restart", "delete"),
    "CreateFailed": ("delete",),
    "Deleting": (),
}
_ALL: tuple[InstanceAction, ...] = ("start", "stop", "restart", "delete")


def actions_in(state: str) -> tuple[InstanceAction, ...]:
    """What can be asked of an instance in this state.

    An instance that hangs in a transition can still be deleted. In a state that this version does
    not know everything is offered, and Azure decides.
    """
    if state in _ACTIONS:
        return _ACTIONS[state]
    return ("delete",) if state in TRANSITIONS else _ALL


GOALS: dict[str, frozenset[str]] = {
    "create": RUNNING,
    "start": RUNNING,
    "restart": RUNNING,
    "stop": frozenset({"Stopped"}),
    "resize": frozenset({"Stopped"}),
    "delete": frozenset(),
}
"""The states in which an action has reached what was asked; a deleted instance has none."""
