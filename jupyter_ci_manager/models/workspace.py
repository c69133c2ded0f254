"""The workspace, who is signed in, and what they may do."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from .base import ErrorBody, Wire

PermissionName = Literal[
    "read",
    "create",
    "start",
    "stop",
    "restart",
    "delete",
    "update_schedules",
    "application_access",
    "enable_sso",
    "check_name",
]
"""What an identity may or may not do in a workspace."""

Mode = Literal["azure", "emulator"]
WorkspaceSource = Literal[
    "configuration", "environment", "settings", "config_file", "compute_instance", "none"
]
WorkspaceState = Literal["ready", "signed_out", "no_workspace", "denied", "unreachable"]


class Workspace(Wire, frozen=True):
    """An Azure Machine Learning workspace."""

    id: str
    """ARM resource id."""
    name: str
    resource_group: str
    subscription_id: str
    location: str | None = None
    """Azure region such as ``westeurope``; unknown until the workspace has been read."""


class Identity(Wire, frozen=True):
    """Who the token belongs to, read from its claims; never the token itself."""

    object_id: str | None = None
    tenant_id: str | None = None
    name: str | None = None
    kind: Literal["user", "service_principal", "unknown"] = "unknown"


class SignInAttempt(Wire, frozen=True):
    """One credential of the chain that was tried, and why it gave no token."""

    credential: str
    succeeded: bool
    reason: str | None = None


class Permission(Wire, frozen=True):
    """Whether an action is possible in this workspace, and who forbids it when it is not."""

    name: PermissionName
    allowed: bool
    denied_by: Literal["azure_rbac", "administrator"] | None = None
    reason: str | None = None


class WorkspaceStatus(Wire, frozen=True):
    """Where the server stands with Azure. Reading it never fails: ``state`` says what is wrong."""

    state: WorkspaceState
    mode: Mode
    endpoint: str
    version: str
    """Of this package."""
    workspace: Workspace | None = None
    source: WorkspaceSource = "none"
    """Where the choice of workspace came from."""
    switchable: bool = True
    """False where the administrator or the environment fixes the workspace."""
    identity: Identity | None = None
    permissions: list[Permission] = field(default_factory=list)
    sign_in: list[SignInAttempt] = field(default_factory=list)
    """What was tried, where there is no sign-in."""
    this_instance: str | None = None
    """Name of the compute instance this server runs on, if it is one."""
    error: ErrorBody | None = None


class WorkspaceList(Wire, frozen=True):
    """The workspaces that the identity can see."""

    items: list[Workspace]


class SelectWorkspace(Wire, frozen=True):
    """Body of ``PUT workspace``."""

    id: Annotated[str, Meta(min_length=1, max_length=1024)]
