"""Fields that an administrator has fixed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jupyter_ci_manager.models import InstanceSpec
from jupyter_ci_manager.specs.locks import Locks, path_problem


def spec(**fields: Any) -> InstanceSpec:
    return msgspec.convert({"name": "amy", "vm_size": "Standard_DS3_v2"} | fields, InstanceSpec)


DEFAULTS = spec(
    idle_shutdown="PT60M",
    tags={"team": "fraud", "cost.centre": "7"},
    network={"public_ip": False},
    schedules=[{"action": "stop", "cron": "0 18 * * *"}],
)


@pytest.mark.parametrize(
    ("path", "allowed", "refused"),
    [
        ("idle_shutdown", {"idle_shutdown": "PT60M"}, {"idle_shutdown": "PT30M"}),
        ("idle_shutdown", {"idle_shutdown": "PT60M"}, {}),
        ("vm_size", {"vm_size": "STANDARD_ds3_V2"}, {"vm_size": "Standard_NC6"}),
        ("tags.team", {"tags": {"team": "fraud", "own": "1"}}, {"tags": {"team": "other"}}),
        ("tags.team", {"tags": {"team": "fraud"}}, {"tags": {}}),
        ("tags.cost.centre", {"tags": {"cost.centre": "7"}}, {"tags": {"cost.centre": "8"}}),
        ("tags", {"tags": {"team": "fraud", "cost.centre": "7"}}, {"tags": {"team": "fraud"}}),
        ("ssh", {}, {"ssh": {"public_key": "ssh-rsa AAAA"}}),
        ("ssh.public_key", {}, {"ssh": {"public_key": "ssh-rsa AAAA"}}),
        ("network.public_ip", {"network": {"public_ip": False, "subnet_id": "x"}}, {}),
        (
            "schedules.0.cron",
            {"schedules": [{"action": "stop", "cron": "0 18 * * *"}, {"action": "start"}]},
            {"schedules": [{"action": "stop", "cron": "0 19 * * *"}]},
        ),
        ("schedules.0", {"schedules": [{"action": "stop", "cron": "0 18 * * *"}]}, {}),
        ("more.key", {}, {"more": {"key": 1}}),
    ],
)
def test_a_fixed_field_holds_what_the_administrator_wants(
    path: str, allowed: dict[str, Any], refused: dict[str, Any]
) -> None:
    locks = Locks(DEFAULTS, (path,))

    assert locks.problems(spec(**allowed)) == []
    assert [(each.field, each.code) for each in locks.problems(spec(**refused))] == [
        (path, "FieldLocked")
    ]


def test_nothing_is_fixed_where_nothing_is_said() -> None:
    assert Locks().problems(DEFAULTS) == []


@pytest.mark.parametrize(
    "path", ["ssh", "ssh.public_key", "tags.a.b", "schedules.3.recurrence.hours", "more.x.y"]
)
def test_a_path_leads_to_a_field(path: str) -> None:
    assert path_problem(path) is None


@pytest.mark.parametrize(
    "path", ["", "name", "size", "ssh.key", "schedules.first", "idle_shutdown.x", "tags."]
)
def test_a_path_that_leads_nowhere_is_told(path: str) -> None:
    assert path_problem(path)
