"""One compute instance and its document. Knows neither HTTP nor how states follow each other.

The document's keys, their order and their nulls are those of a recorded instance (api-version
2024-04-01, Get-AzMLWorkspaceCompute.Recording.json of Azure/azure-powershell, 2024-07-24), to which
``idleTimeBeforeShutdown`` and ``enableRootAccess`` of later versions are added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from jupyter_ci_manager.emulator.arm.caller import Caller

from .disks import InstanceDisks
from .request import InstanceProperties

COMPUTES_TYPE = "Microsoft.MachineLearningServices/workspaces/computes"


def timestamp(moment: datetime) -> str:
    """Seven decimals and a numeric offset, as .NET writes a DateTimeOffset."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0+00:00"


def operation_timestamp(moment: datetime) -> str:
    """Milliseconds: how ``lastOperation.operationTime`` is written."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+00:00"


@dataclass
class LastOperation:
    """``lastOperation``: what was done to the instance last, and by whom."""

    name: str
    time: datetime
    status: str = "InProgress"
    trigger: str = "User"

    def document(self) -> dict[str, Any]:
        """``ComputeInstanceLastOperation``."""
        return {
            "operationName": self.name,
            "operationTime": operation_timestamp(self.time),
            "operationStatus": self.status,
            "operationTrigger": self.trigger,
        }


@dataclass
class ComputeInstance:
    """A compute instance as Azure knows it."""

    id: str
    name: str
    location: str
    created_by: Caller
    created_on: datetime
    modified_on: datetime
    requested: InstanceProperties
    last_operation: LastOperation
    active_at: datetime
    """When somebody was last seen to use it."""
    state: str = "Creating"
    provisioning_state: str = "Creating"
    tags: dict[str, str | None] = field(default_factory=dict)
    description: str | None = None
    disable_local_auth: bool = False
    identity: dict[str, Any] | None = None
    provisioning_errors: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    schedules: list[dict[str, Any]] = field(default_factory=list)
    schedules_since: datetime | None = None
    """When the schedules were set."""
    data_mounts: list[dict[str, Any]] | None = None
    public_ip: str = ""
    private_ip: str = ""
    image_version: str = "26.10.21"
    latest_image_version: str = "26.11.04"
    disks: InstanceDisks = field(default_factory=InstanceDisks)
    jupyter_url: str = ""
    """Where its own Jupyter server is, without a trailing slash."""
    appointments: int = 0
    """Numbers what is arranged for it: what was arranged before does not count."""
    work: int = 0
    _serialized: bytes | None = field(default=None, repr=False, compare=False)

    compute_type = "ComputeInstance"

    @property
    def vm_size(self) -> str:
        """The VM size in upper case, which is how the service writes it."""
        return self.requested.vm_size or ""

    @property
    def holds_quota(self) -> bool:
        """Whether its cores count: those of one that is stopped do, unless it gives them back.

        ``releaseQuotaOnStop`` of Azure/azure-rest-api-specs; that it gets them again when it is
        started, or is not: [assumed].
        """
        return not (self.state == "Stopped" and self.requested.release_quota_on_stop)

    def begin_work(self) -> int:
        """Number the work that is under way: what was under way before is superseded."""
        self.work += 1
        return self.work

    def touch(self, at: datetime) -> None:
        """Note a change: the document has to be written anew."""
        self.modified_on = at
        self._serialized = None

    def name_jupyter(self, url: str) -> None:
        """Have the document name another address of its Jupyter server."""
        self.jupyter_url = url
        self._serialized = None

    def serialized(self) -> bytes:
        """The document as JSON, kept until the next change."""
        if self._serialized is None:
            self._serialized = msgspec.json.encode(self.document())
        return self._serialized

    def document(self) -> dict[str, Any]:
        """The ``ComputeResource``."""
        document: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "type": COMPUTES_TYPE,
            "location": self.location,
            "tags": self.tags,
        }
        if self.identity is not None:
            document["identity"] = self.identity
        document["properties"] = {
            "createdOn": timestamp(self.created_on),
            "modifiedOn": timestamp(self.modified_on),
            "disableLocalAuth": self.disable_local_auth,
            "description": self.description,
            "resourceId": None,
            "computeType": self.compute_type,
            "computeLocation": self.location,
            "provisioningState": self.provisioning_state,
            "provisioningErrors": self.provisioning_errors or None,
            "provisioningWarnings": {},
            "isAttachedCompute": False,
            "properties": self._properties(),
        }
        return document

    def _properties(self) -> dict[str, Any]:
        requested = msgspec.to_builtins(self.requested)
        return {
            "vmSize": self.vm_size,
            "imageVersion": None,
            "subnet": requested.get("subnet"),
            "sshSettings": self._ssh_settings(),
            "autologgerSettings": None,
            "errors": self.errors,
            "connectivityEndpoints": self._endpoints(),
            "applications": self._applications(),
            "state": self.state,
            "lastOperation": self.last_operation.document(),
            "createdBy": {
                "userName": self.created_by.user_name,
                "userOrgId": self.created_by.tenant_id,
                "userId": self.created_by.object_id,
            },
            "applicationSharingPolicy": requested.get("applicationSharingPolicy", "Shared"),
            "computeInstanceAuthorizationType": requested.get("computeInstanceAuthorizationType"),
            "personalComputeInstanceSettings": requested.get("personalComputeInstanceSettings"),
            "setupScripts": requested.get("setupScripts"),
            "schedules": {"computeStartStop": self.schedules},
            "idleTimeBeforeShutdown": requested.get("idleTimeBeforeShutdown"),
            "enableNodePublicIp": requested.get("enableNodePublicIp", True),
            "enableBatchPrivateLink": False,
            "enableOSPatching": requested.get("enableOSPatching", False),
            "enableRootAccess": requested.get("enableRootAccess", True),
            "releaseQuotaOnStop": requested.get("releaseQuotaOnStop", False),
            "enableSSO": requested.get("enableSSO", True),
            "dataMounts": self.data_mounts,
            "dataDisks": None,
            "containers": None,
            "updateStatus": None,
            "versions": {"runtime": "3.0.02755.0006"},
            "customServices": requested.get("customServices", []),
            "osImageMetadata": {
                "currentImageVersion": self.image_version,
                "latestImageVersion": self.latest_image_version,
                "isLatestOsImageVersion": self.image_version == self.latest_image_version,
                "osPatchingStatus": None,
            },
        }

    def _ssh_settings(self) -> dict[str, Any]:
        ssh = self.requested.ssh_settings
        return {
            "sshPublicAccess": (ssh.ssh_public_access if ssh else None) or "Disabled",
            "adminUserName": (ssh.admin_user_name if ssh else None) or "azureuser",
            "sshPort": 50000,
            "adminPublicKey": ssh.admin_public_key if ssh else None,
        }

    def _endpoints(self) -> dict[str, Any] | None:
        if self.state == "Creating":
            return None
        public = self.requested.enable_node_public_ip is not False
        return {
            "publicIpAddress": self.public_ip if public else None,
            "privateIpAddress": self.private_ip,
        }

    def _applications(self) -> list[dict[str, str]]:
        return [
            {"displayName": "Jupyter", "endpointUri": f"{self.jupyter_url}/tree/"},
            {"displayName": "Jupyter Lab", "endpointUri": f"{self.jupyter_url}/lab"},
            *(
                {"displayName": name, "endpointUri": f"{self.jupyter_url}/apps/{quote(name, '')}"}
                for name in self.custom_applications()
            ),
        ]

    def custom_applications(self) -> list[str]:
        """Names of the custom services that listen somewhere. That they are told here: [assumed].

        In Azure each has a host of its own; here it is below the Jupyter server.
        """
        services = self.requested.custom_services or []
        return [
            str(each["name"]) for each in services if each.get("name") and each.get("endpoints")
        ]
