"""Who may do what: Azure's role permissions together with the administrator's policy. No I/O."""

from __future__ import annotations

from collections.abc import Collection

from ..errors import ActionNotAllowed, Forbidden
from ..models import ActionAccess, Permission, PermissionName
from .wire.permissions import PermissionEntry, allows

_WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
_COMPUTES = f"{_WORKSPACES}/computes"

RBAC_ACTIONS: dict[PermissionName, str] = {
    "read": f"{_COMPUTES}/read",
    "create": f"{_COMPUTES}/write",
    "start": f"{_COMPUTES}/start/action",
    "stop": f"{_COMPUTES}/stop/action",
    "restart": f"{_COMPUTES}/restart/action",
    "delete": f"{_COMPUTES}/delete",
    "update_schedules": f"{_COMPUTES}/updateSchedules/action",
    "application_access": f"{_COMPUTES}/applicationaccess/action",
    "enable_sso": f"{_COMPUTES}/enableSso/action",
    "check_name": f"{_WORKSPACES}/checkComputeNameAvailability/action",
}
"""Source: "Azure permissions for AI + machine learning", Microsoft Learn."""

ALWAYS_ALLOWED: frozenset[PermissionName] = frozenset({"read", "check_name", "application_access"})
"""What an administrator of the Jupyter server cannot switch off: it changes nothing."""


def permissions(
    entries: Collection[PermissionEntry] | None, allowed_actions: Collection[str]
) -> list[Permission]:
    """What is possible. ``entries`` is None where Azure would not say: then Azure decides later."""
    return [_permission(name, entries, allowed_actions) for name in RBAC_ACTIONS]


def _permission(
    name: PermissionName,
    entries: Collection[PermissionEntry] | None,
    allowed_actions: Collection[str],
) -> Permission:
    if name not in ALWAYS_ALLOWED and name not in allowed_actions:
        return Permission(
            name,
            allowed=False,
            denied_by="administrator",
            reason="The administrator of this Jupyter server does not allow it.",
        )
    if entries is not None and not allows(entries, RBAC_ACTIONS[name]):
        return Permission(
            name,
            allowed=False,
            denied_by="azure_rbac",
            reason=f"Your role in the workspace lacks {RBAC_ACTIONS[name]}.",
        )
    return Permission(name, allowed=True)


_TITLES: dict[PermissionName, str] = {
    "read": "See compute instances",
    "create": "Create them, and change what they are",
    "start": "Start them",
    "stop": "Stop them",
    "restart": "Restart them",
    "delete": "Delete them",
    "update_schedules": "Change their schedules",
    "application_access": "Open their applications",
    "enable_sso": "Switch single sign-on for their applications",
    "check_name": "Ask whether a name is free",
}


def action_access(
    entries: Collection[PermissionEntry] | None, allowed_actions: Collection[str]
) -> list[ActionAccess]:
    """Each of Azure's actions, and whether the identity has it; None where Azure would not say."""
    found = []
    for permission in permissions(entries, allowed_actions):
        unknown = entries is None and permission.allowed
        found.append(
            ActionAccess(
                action=RBAC_ACTIONS[permission.name],
                title=_TITLES[permission.name],
                allowed=None if unknown else permission.allowed,
                reason="Azure does not say which actions you have."
                if unknown
                else permission.reason,
            )
        )
    return found


def require(name: PermissionName, known: Collection[Permission]) -> None:
    """Raises ActionNotAllowed or Forbidden when the action is known to be denied."""
    for permission in known:
        if permission.name == name and not permission.allowed:
            kind = ActionNotAllowed if permission.denied_by == "administrator" else Forbidden
            raise kind(permission.reason or f"{name} is not allowed.")
