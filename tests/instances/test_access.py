from __future__ import annotations

import pytest

from jupyter_ci_manager.configuration import ACTIONS
from jupyter_ci_manager.errors import ActionNotAllowed, Forbidden
from jupyter_ci_manager.instances.access import permissions, require
from jupyter_ci_manager.instances.wire.permissions import PermissionEntry, allows

COMPUTES = "Microsoft.MachineLearningServices/workspaces/computes"

DATA_SCIENTIST = PermissionEntry(
    actions=[
        "Microsoft.MachineLearningServices/workspaces/*/read",
        "Microsoft.MachineLearningServices/workspaces/*/action",
        "Microsoft.MachineLearningServices/workspaces/*/delete",
        "Microsoft.MachineLearningServices/workspaces/*/write",
    ],
    not_actions=[
        "Microsoft.MachineLearningServices/workspaces/delete",
        "Microsoft.MachineLearningServices/workspaces/write",
        "Microsoft.MachineLearningServices/workspaces/computes/*/write",
        "Microsoft.MachineLearningServices/workspaces/computes/*/delete",
        "Microsoft.Authorization/*/write",
    ],
)
"""The built-in role "AzureML Data Scientist": "Azure built-in roles for AI", Microsoft Learn."""

OWNER = PermissionEntry(actions=["*"], not_actions=[])
OPERATOR = PermissionEntry(actions=[f"{COMPUTES}/start/action", f"{COMPUTES}/read"])


def test_the_data_scientist_role_may_start_and_stop_but_neither_create_nor_delete() -> None:
    allowed = {each.name for each in permissions([DATA_SCIENTIST], ACTIONS) if each.allowed}

    assert allowed == {
        "read",
        "start",
        "stop",
        "restart",
        "update_schedules",
        "application_access",
        "enable_sso",
        "check_name",
    }


def test_one_role_gives_back_what_another_takes_away() -> None:
    assert all(each.allowed for each in permissions([DATA_SCIENTIST, OWNER], ACTIONS))


def test_roles_are_compared_without_regard_to_case() -> None:
    assert allows([PermissionEntry(actions=[f"{COMPUTES}/READ".upper()])], f"{COMPUTES}/read")


@pytest.mark.parametrize("entries", [[], [PermissionEntry()]])
def test_no_role_allows_nothing(entries: list[PermissionEntry]) -> None:
    assert not any(each.allowed for each in permissions(entries, ACTIONS))


def test_where_azure_does_not_say_it_is_asked_later() -> None:
    assert all(each.allowed for each in permissions(None, ACTIONS))


def test_a_denial_says_which_permission_is_missing() -> None:
    with pytest.raises(Forbidden, match="computes/stop/action") as refused:
        require("stop", permissions([OPERATOR], ACTIONS))

    assert (refused.value.status, refused.value.body.code) == (403, "Forbidden")


def test_the_administrator_can_switch_off_what_azure_allows() -> None:
    known = permissions([OWNER], ["start", "stop"])

    require("stop", known)
    with pytest.raises(ActionNotAllowed) as refused:
        require("delete", known)
    assert "allowed_actions" in (refused.value.body.hint or "")
    assert {each.name for each in known if each.allowed} == {
        "read",
        "check_name",
        "application_access",
        "start",
        "stop",
    }
