"""Rules that depend on who asks, and problems as the errors that refuse."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from jupyter_ci_manager.errors import InvalidInstanceSpec, InvalidName
from jupyter_ci_manager.models import AssignedUser, Identity, InstanceSpec, SpecProblem
from jupyter_ci_manager.specs.checks import spec_problems
from jupyter_ci_manager.specs.refusals import refuse

NOW = datetime(2026, 11, 24, tzinfo=timezone.utc)
HOME = "11111111-2222-3333-4444-555555555555"
AWAY = "99999999-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    ("tenant", "codes"), [(HOME, []), (HOME.upper(), []), (AWAY, ["OtherTenant"])]
)
def test_a_user_of_another_tenant_is_doubtful(tenant: str, codes: list[str]) -> None:
    asked = InstanceSpec("new-ci", "S", assigned_to=AssignedUser(AWAY, tenant))

    found = spec_problems(asked, NOW, who=Identity(tenant_id=HOME))

    assert [each.code for each in found if each.severity == "warning"] == codes
    assert [each for each in found if each.severity == "error"] == []


def test_problems_come_in_the_order_of_the_form() -> None:
    asked = InstanceSpec("", "", tags={"a/b": ""}, idle_shutdown="x")

    fields = [each.field for each in spec_problems(asked, NOW)]

    assert fields == ["name", "vm_size", "tags.a/b", "idle_shutdown"]


def test_the_first_error_refuses_and_warnings_do_not() -> None:
    doubt = SpecProblem("sso", "Doubtful", "Really?", severity="warning")
    refuse([doubt])

    with pytest.raises(InvalidInstanceSpec, match="Wrong") as refused:
        refuse([doubt, SpecProblem("tags.a", "InvalidTag", "Wrong.", "Do this.")])

    body = refused.value.body
    assert (body.code, body.hint, body.details) == ("InvalidTag", "Do this.", {"field": "tags.a"})


def test_an_error_that_has_a_class_of_its_own_keeps_it() -> None:
    with pytest.raises(InvalidName) as refused:
        refuse(spec_problems(InstanceSpec("1x", "S"), NOW))

    assert refused.value.field == "name"
