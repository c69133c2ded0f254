"""Computes of other kinds, which share the list with compute instances. They do not change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from .instance import COMPUTES_TYPE, timestamp


@dataclass(frozen=True)
class OtherCompute:
    """A compute that only has a document."""

    id: str
    name: str
    location: str
    created_on: datetime
    compute_type: str
    description: str | None = None
    resource_id: str | None = None
    properties: dict[str, Any] | None = field(default=None, hash=False)

    def document(self) -> dict[str, Any]:
        """The ``ComputeResource``."""
        created = timestamp(self.created_on)
        return {
            "id": self.id,
            "name": self.name,
            "type": COMPUTES_TYPE,
            "location": self.location,
            "tags": {},
            "properties": {
                "createdOn": created,
                "modifiedOn": created,
                "disableLocalAuth": False,
                "description": self.description,
                "resourceId": self.resource_id,
                "computeType": self.compute_type,
                "computeLocation": self.location,
                "provisioningState": "Succeeded",
                "provisioningErrors": None,
                "provisioningWarnings": {},
                "isAttachedCompute": self.resource_id is not None,
                "properties": self.properties,
            },
        }

    def serialized(self) -> bytes:
        """The document as JSON."""
        return msgspec.json.encode(self.document())


class KubernetesCluster(OtherCompute):
    """An attached AKS cluster; has keys."""

    def keys(self) -> dict[str, Any]:
        """``AksComputeSecrets``."""
        return {
            "computeType": self.compute_type,
            "userKubeConfig": f"kubeconfig of {self.name}",
            "adminKubeConfig": f"admin kubeconfig of {self.name}",
            "imagePullSecretName": f"{self.name}-pull-secret",
        }


class ComputeCluster(OtherCompute):
    """A cluster (AmlCompute); has nodes."""

    def nodes(self) -> list[dict[str, Any]]:
        """``AmlComputeNodeInformation``: one node at work and one idle."""
        return [
            {
                "nodeId": f"tvmps_{self.name}_1",
                "privateIpAddress": "10.0.0.4",
                "publicIpAddress": "20.61.0.4",
                "port": 50000,
                "nodeState": "running",
                "runId": f"{self.name}-run",
            },
            {
                "nodeId": f"tvmps_{self.name}_2",
                "privateIpAddress": "10.0.0.5",
                "publicIpAddress": "20.61.0.4",
                "port": 50001,
                "nodeState": "idle",
            },
        ]


def kubernetes_cluster(
    workspace_id: str, name: str, location: str, created_on: datetime
) -> KubernetesCluster:
    """An attached cluster that has been there since ``created_on``."""
    group = workspace_id.split("/providers/", maxsplit=1)[0]
    return KubernetesCluster(
        id=f"{workspace_id}/computes/{name}",
        name=name,
        location=location,
        created_on=created_on,
        compute_type="AKS",
        description="Attached Kubernetes cluster",
        resource_id=f"{group}/providers/Microsoft.ContainerService/managedClusters/{name}",
    )


def compute_cluster(
    workspace_id: str, name: str, location: str, created_on: datetime
) -> ComputeCluster:
    """A cluster of two nodes that has been there since ``created_on``."""
    return ComputeCluster(
        id=f"{workspace_id}/computes/{name}",
        name=name,
        location=location,
        created_on=created_on,
        compute_type="AmlCompute",
        properties={
            "vmSize": "STANDARD_DS3_V2",
            "vmPriority": "Dedicated",
            "scaleSettings": {
                "maxNodeCount": 4,
                "minNodeCount": 0,
                "nodeIdleTimeBeforeScaleDown": "PT2M",
            },
            "subnet": None,
            "currentNodeCount": 2,
            "targetNodeCount": 2,
            "nodeStateCounts": {
                "preparingNodeCount": 0,
                "runningNodeCount": 1,
                "idleNodeCount": 1,
                "unusableNodeCount": 0,
                "leavingNodeCount": 0,
                "preemptedNodeCount": 0,
            },
            "allocationState": "Steady",
            "allocationStateTransitionTime": f"{created_on:%Y-%m-%dT%H:%M:%S}+00:00",
            "errors": None,
            "remoteLoginPortPublicAccess": "NotSpecified",
            "osType": "Linux",
            "virtualMachineImage": None,
            "isolatedNetwork": False,
            "enableNodePublicIp": True,
            "enableBatchPrivateLink": False,
        },
    )
