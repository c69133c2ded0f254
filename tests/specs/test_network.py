"""Which networks go with which workspaces."""

from __future__ import annotations

import json

import pytest

from jupyter_ci_manager.instances.wire.workspace import workspace_network_from_arm
from jupyter_ci_manager.models import InstanceNetwork
from jupyter_ci_manager.specs.network import WorkspaceNetwork, network_problems

from .field_values import SUBNET, SUBSCRIPTION

OPEN = WorkspaceNetwork(managed=False, private_endpoint=False)
PRIVATE = WorkspaceNetwork(managed=False, private_endpoint=True)
MANAGED = WorkspaceNetwork(managed=True, private_endpoint=True)


@pytest.mark.parametrize(
    ("subnet_id", "public_ip", "around", "expected"),
    [
        (None, True, OPEN, None),
        (None, False, OPEN, ("network.public_ip", "NoPublicIpNeedsNetwork")),
        (None, False, PRIVATE, ("network.public_ip", "NoPublicIpNeedsNetwork")),
        (None, False, MANAGED, None),
        (None, False, None, None),
        (SUBNET, True, OPEN, None),
        (SUBNET, False, PRIVATE, None),
        (SUBNET, False, OPEN, ("network.public_ip", "NoPrivateEndpoint")),
        (SUBNET, True, MANAGED, ("network.subnet_id", "SubnetInManagedNetwork")),
        (SUBNET, False, MANAGED, ("network.subnet_id", "SubnetInManagedNetwork")),
        (SUBNET, False, None, None),
    ],
)
def test_a_network_that_azure_rejects_is_named(
    subnet_id: str | None,
    public_ip: bool,
    around: WorkspaceNetwork | None,
    expected: tuple[str, str] | None,
) -> None:
    network = InstanceNetwork(subnet_id=subnet_id, public_ip=public_ip)

    found = [(each.field, each.code) for each in network_problems(network, SUBSCRIPTION, around)]

    assert found == ([expected] if expected else [])


def test_a_subnet_of_another_subscription_is_doubtful() -> None:
    other = SUBNET.replace(SUBSCRIPTION, "00000000-0000-0000-0000-000000000000")

    (problem,) = network_problems(InstanceNetwork(other), SUBSCRIPTION, PRIVATE)

    assert (problem.code, problem.severity) == ("OtherSubscription", "warning")


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, OPEN),
        ({"managedNetwork": {"isolationMode": "Disabled"}}, OPEN),
        ({"privateEndpointConnections": []}, OPEN),
        ({"privateEndpointConnections": [{"id": "x"}]}, PRIVATE),
        (
            {
                "managedNetwork": {"isolationMode": "AllowOnlyApprovedOutbound"},
                "privateEndpointConnections": [{"id": "x"}],
            },
            MANAGED,
        ),
        (
            {"managedNetwork": {"isolationMode": "AllowInternetOutbound"}},
            WorkspaceNetwork(managed=True, private_endpoint=False),
        ),
    ],
)
def test_the_isolation_of_a_workspace_is_read(
    properties: dict[str, object], expected: WorkspaceNetwork
) -> None:
    content = json.dumps({"id": "x", "properties": properties}).encode()

    assert workspace_network_from_arm(content) == expected
