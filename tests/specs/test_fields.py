"""Each field of a spec with values that are right, at the edge, wrong and hostile."""

from __future__ import annotations

from datetime import datetime, timezone

import msgspec
import pytest

from jupyter_ci_manager.models import CheckSpec, InstanceSpec, SpecProblem
from jupyter_ci_manager.specs.checks import spec_problems

from .case import UNREADABLE, Case
from .field_values import CASES, SUBSCRIPTION

NOW = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
READABLE = [case for case in CASES if case.code != UNREADABLE]


def decoded(case: Case) -> CheckSpec:
    spec = {"name": "new-ci", "vm_size": "Standard_DS3_v2"} | case.changes
    return msgspec.json.decode(msgspec.json.encode({"spec": spec}), type=CheckSpec)


def problems(case: Case) -> list[SpecProblem]:
    return spec_problems(decoded(case).spec, NOW, subscription_id=SUBSCRIPTION)


@pytest.mark.parametrize("case", READABLE, ids=str)
def test_what_is_said_of_a_value_is_said_of_its_field(case: Case) -> None:
    found = [(each.field, each.code, each.severity) for each in problems(case)]

    if case.code is None:
        assert [each for each in found if each[2] == "error"] == []
    else:
        assert (case.field, case.code, case.severity) in found


@pytest.mark.parametrize("case", [case for case in CASES if case.code == UNREADABLE], ids=str)
def test_what_is_of_another_type_or_far_too_long_is_not_even_read(case: Case) -> None:
    with pytest.raises(msgspec.ValidationError, match=rf"\$\.spec\.{case.section}|Object missing"):
        decoded(case)


def test_a_problem_repeats_no_private_key_and_no_long_value() -> None:
    for case in READABLE:
        for problem in problems(case):
            assert "PRIVATE KEY-----" not in problem.message
            assert len(problem.message) < 400


def test_no_field_is_without_values() -> None:
    tried = {case.section for case in CASES}

    assert tried == set(InstanceSpec.__struct_fields__)
