"""Workspaces on Azure's wire: ARM ids, ``Workspaces_Get``, ``Workspaces_ListBySubscription``."""

from __future__ import annotations

import re

import msgspec

from ...models import Workspace
from ...specs.network import WorkspaceNetwork
from .base import Arm

_WORKSPACE_ID = re.compile(
    r"/subscriptions/(?P<subscription>[0-9A-Za-z-]{1,64})"
    # Neither `.` nor `..`: Azure's names do not end in a period, and URLs must not be shortened.
    r"/resourceGroups/(?P<group>[\w.()-]{0,89}[\w()-])"
    r"/providers/Microsoft\.MachineLearningServices/workspaces/(?P<name>[\w-]{1,64})",
    re.IGNORECASE,
)


class _ArmWorkspace(Arm, frozen=True):
    id: str
    location: str | None = None


class _ManagedNetwork(Arm, frozen=True):
    isolation_mode: str | None = None


class _NetworkProperties(Arm, frozen=True):
    managed_network: _ManagedNetwork | None = None
    private_endpoint_connections: list[msgspec.Raw] | None = None


class _IsolatedWorkspace(Arm, frozen=True):
    properties: _NetworkProperties = _NetworkProperties()


class _ArmSubscription(Arm, frozen=True):
    subscription_id: str


def subscription_from_arm(raw: bytes | msgspec.Raw) -> str:
    """The id of a subscription: ``Subscriptions_List``, API version 2022-12-01."""
    return msgspec.json.decode(raw, type=_ArmSubscription).subscription_id


def workspace_from_id(text: str) -> Workspace | None:
    """The workspace that an ARM id names; None when the text is no such id."""
    return _workspace(_WORKSPACE_ID.fullmatch(text.strip().rstrip("/")))


def workspace_within(text: str) -> Workspace | None:
    """The workspace whose ARM id is part of a longer text, such as an MLflow tracking URI."""
    return _workspace(_WORKSPACE_ID.search(text))


def _workspace(match: re.Match[str] | None) -> Workspace | None:
    if match is None:
        return None
    return workspace_of(match["subscription"], match["group"], match["name"])


def workspace_of(subscription_id: str, resource_group: str, name: str) -> Workspace:
    """The workspace with these three names."""
    return Workspace(
        id=f"/subscriptions/{subscription_id}/resourceGroups/{resource_group}"
        f"/providers/Microsoft.MachineLearningServices/workspaces/{name}",
        name=name,
        resource_group=resource_group,
        subscription_id=subscription_id,
    )


def workspace_from_arm(raw: bytes | msgspec.Raw) -> Workspace | None:
    """A workspace resource; None when its id is not one of a workspace."""
    resource = msgspec.json.decode(raw, type=_ArmWorkspace)
    found = workspace_from_id(resource.id)
    if found is None:
        return None
    return msgspec.structs.replace(found, location=resource.location)


def workspace_network_from_arm(raw: bytes) -> WorkspaceNetwork:
    """How a workspace is isolated: ``managedNetwork`` and ``privateEndpointConnections``."""
    properties = msgspec.json.decode(raw, type=_IsolatedWorkspace).properties
    managed = properties.managed_network
    mode = managed.isolation_mode if managed is not None else None
    return WorkspaceNetwork(
        managed=mode not in (None, "Disabled"),
        private_endpoint=bool(properties.private_endpoint_connections),
    )
