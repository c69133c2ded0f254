"""Each field of a spec with its values, as a request brings them: the server trusts no form."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from tests.specs.case import UNREADABLE, Case
from tests.specs.field_values import CASES

from .conftest import Ask
from .test_hostile_input import changes_asked_of

WRONG = [case for case in CASES if case.code is not None and case.severity == "error"]
SECTIONS = sorted({case.section for case in WRONG})


def body(case: Case) -> dict[str, Any]:
    return {"spec": {"name": "new-ci", "vm_size": "Standard_DS3_v2"} | case.changes}


@pytest.mark.parametrize("section", SECTIONS)
async def test_a_wrong_value_is_refused_with_its_field_and_nothing_is_sent(
    azure: Emulator, ask: Ask, section: str
) -> None:
    for case in [each for each in WRONG if each.section == section]:
        answer = await ask("POST", "instances", body(case))

        assert answer.status == 400, case
        assert answer.error.hint, case
        field = (answer.error.details or {}).get("field")
        assert field is None or field.partition(".")[0] == section, case
        if case.code != UNREADABLE:
            assert (answer.error.code, field) == (case.code, case.field), case
    assert changes_asked_of(azure) == []


@pytest.mark.parametrize("section", SECTIONS)
async def test_the_check_says_the_same_and_never_fails(
    azure: Emulator, ask: Ask, section: str
) -> None:
    for case in [each for each in CASES if each.section == section][::4]:
        answer = await ask("POST", "specs/check", body(case))

        if case.code == UNREADABLE:
            assert answer.status == 400, case
            continue
        assert answer.status == 200, case
        found = {(each["field"], each["code"]) for each in answer.json["problems"]}
        assert case.code is None or (case.field, case.code) in found, case
    assert changes_asked_of(azure) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"idle_shutdown": "PT5M"},
        {"idle_shutdown": 5},
        {"schedules": None},
        {"schedules": [{"action": "stop", "cron": "x"}]},
        {"custom_applications": [{"name": "x"}]},
        {"data_mounts": [{"source": "x", "mount_path": "/etc"}]},
        {"sso": "yes"},
        {"vm_size": "Standard_DS11_v2"},
        {"name": "other"},
        [],
    ],
)
async def test_a_change_that_is_wrong_is_refused_and_nothing_is_sent(
    azure: Emulator, ask: Ask, changes: Any
) -> None:
    answer = await ask("PATCH", "instances/amy-gpu", changes)

    assert answer.status == 400
    assert answer.error.hint
    assert azure.requests.count("POST", "/computes/[^/]+/\\w+$") == 0


async def test_a_change_answers_with_the_instance_as_it_is_then(azure: Emulator, ask: Ask) -> None:
    answer = await ask("PATCH", "instances/amy-gpu", {"idle_shutdown": "PT45M"})

    assert answer.status == 200
    assert answer.json["spec"]["idle_shutdown"] == "PT45M"


@pytest.mark.parametrize("vm_size", ["", "x" * 129, 3, None])
async def test_a_resize_to_what_is_no_size_is_refused(
    azure: Emulator, ask: Ask, vm_size: Any
) -> None:
    answer = await ask("POST", "instances/amy-gpu/resize", {"vm_size": vm_size})

    assert answer.status == 400
    assert azure.requests.count("POST", "/resize$") == 0


async def test_a_resize_is_an_operation(azure: Emulator, ask: Ask) -> None:
    answer = await ask("POST", "instances/amy-gpu/resize", {"vm_size": "Standard_DS11_v2"})

    assert answer.status == 202
    assert answer.json["kind"] == "instance.resize"
