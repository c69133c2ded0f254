"""What a compute instance is asked to be, on the wire: the body of ``Compute_CreateOrUpdate``.

What Azure adds to a resource by itself is no part of a spec; keys that this version does not know
are kept as they are. Source: ComputeInstanceProperties, Azure Machine Learning REST API 2025-12-01.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from ...models import (
    AssignedUser,
    InstanceIdentity,
    InstanceNetwork,
    InstanceSpec,
    SshAccess,
)
from .applications import applications_from_arm, applications_to_arm, data_mounts_from_arm
from .base import Arm
from .compute import COMPUTE_INSTANCE
from .merging import merged, without
from .schedules import schedules_from_arm, schedules_to_arm
from .setup_scripts import setup_scripts_from_arm, setup_scripts_to_arm

HAVE_FIELDS = frozenset(
    {
        "applicationSharingPolicy",
        "computeInstanceAuthorizationType",
        "customServices",
        "dataMounts",
        "enableNodePublicIp",
        "enableOSPatching",
        "enableRootAccess",
        "enableSSO",
        "idleTimeBeforeShutdown",
        "personalComputeInstanceSettings",
        "releaseQuotaOnStop",
        "schedules",
        "setupScripts",
        "sshSettings",
        "subnet",
        "vmSize",
    }
)
"""Properties of a compute instance that a spec says with a field of its own."""

AZURES_OWN = frozenset(
    {
        "applications",
        "connectivityEndpoints",
        "containers",
        "createdBy",
        "dataDisks",
        "enableBatchPrivateLink",
        "errors",
        "lastOperation",
        "osImageMetadata",
        "state",
        "updateStatus",
        "versions",
    }
)
"""Properties that are read-only, or that Azure answers with and nobody asked for."""

SYSTEM, USER = "SystemAssigned", "UserAssigned"


class _Ssh(Arm, frozen=True):
    ssh_public_access: str | None = None
    admin_public_key: str | None = None


class _Id(Arm, frozen=True):
    id: str | None = None


class _User(Arm, frozen=True):
    object_id: str | None = None
    tenant_id: str | None = None


class _Personal(Arm, frozen=True):
    assigned_user: _User | None = None


class _Schedules(Arm, frozen=True):
    compute_start_stop: list[Any] | None = None


class _Properties(Arm, frozen=True):
    vm_size: str | None = None
    subnet: _Id | None = None
    ssh_settings: _Ssh | None = None
    personal_compute_instance_settings: _Personal | None = None
    application_sharing_policy: Literal["Personal", "Shared"] | None = None
    custom_services: list[dict[str, Any]] | None = None
    data_mounts: list[dict[str, Any]] | None = None
    schedules: _Schedules | None = None
    setup_scripts: Any = None
    idle_time_before_shutdown: str | None = None
    enable_node_public_ip: bool | None = None
    enable_sso: bool | None = msgspec.field(default=None, name="enableSSO")
    enable_root_access: bool | None = None
    enable_os_patching: bool | None = msgspec.field(default=None, name="enableOSPatching")
    release_quota_on_stop: bool | None = None


class _Compute(Arm, frozen=True):
    compute_type: str | None = None
    description: str | None = None
    disable_local_auth: bool | None = None
    properties: dict[str, Any] | None = None


class _Identity(Arm, frozen=True):
    type: str | None = None
    user_assigned_identities: dict[str, Any] | None = None


class _Resource(Arm, frozen=True):
    name: str
    properties: _Compute
    tags: dict[str, str | None] | None = None
    identity: _Identity | None = None


def spec_to_arm(spec: InstanceSpec, location: str) -> dict[str, Any]:
    """The body of ``PUT computes/{name}``.

    Data mounts are not in it: Azure takes them of an instance that exists (``updateDataMounts``),
    and ``dataMounts`` of the resource is read-only.
    """
    compute: dict[str, Any] = {
        "computeType": COMPUTE_INSTANCE,
        "properties": merged(spec.more, _properties_to_arm(spec)),
    }
    if spec.description is not None:
        compute["description"] = spec.description
    if spec.disable_local_auth is not None:
        compute["disableLocalAuth"] = spec.disable_local_auth
    body: dict[str, Any] = {"location": location, "properties": compute}
    if spec.tags:
        body["tags"] = spec.tags
    if spec.identity is not None and (identity := _identity_to_arm(spec.identity)):
        body["identity"] = identity
    return body


def _properties_to_arm(spec: InstanceSpec) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "vmSize": spec.vm_size,
        "sshSettings": _ssh_to_arm(spec.ssh),
        **_network_to_arm(spec.network),
        **_assigned_to_arm(spec.assigned_to),
    }
    if spec.schedules:
        properties["schedules"] = {"computeStartStop": schedules_to_arm(spec.schedules)}
    if spec.setup_scripts is not None and (scripts := setup_scripts_to_arm(spec.setup_scripts)):
        properties["setupScripts"] = scripts
    if spec.custom_applications:
        properties["customServices"] = applications_to_arm(spec.custom_applications)
    switches = {
        "applicationSharingPolicy": spec.application_sharing,
        "idleTimeBeforeShutdown": spec.idle_shutdown,
        "enableSSO": spec.sso,
        "enableRootAccess": spec.root_access,
        "enableOSPatching": spec.os_patching,
        "releaseQuotaOnStop": spec.release_quota_on_stop,
    }
    return {**properties, **without(switches, ())}


def _ssh_to_arm(ssh: SshAccess | None) -> dict[str, Any]:
    if ssh is None:
        return {"sshPublicAccess": "Disabled"}
    key = {"adminPublicKey": ssh.public_key.strip()} if ssh.public_key.strip() else {}
    return {"sshPublicAccess": "Enabled", **key}


def _network_to_arm(network: InstanceNetwork | None) -> dict[str, Any]:
    if network is None:
        return {}
    subnet = {"subnet": {"id": network.subnet_id}} if network.subnet_id else {}
    return {**subnet, "enableNodePublicIp": network.public_ip}


def _assigned_to_arm(user: AssignedUser | None) -> dict[str, Any]:
    if user is None:
        return {}
    assigned = {"objectId": user.object_id, "tenantId": user.tenant_id}
    return {
        "computeInstanceAuthorizationType": "personal",
        "personalComputeInstanceSettings": {"assignedUser": assigned},
    }


def _identity_to_arm(identity: InstanceIdentity) -> dict[str, Any] | None:
    kinds = [SYSTEM] if identity.system_assigned else []
    if not identity.user_assigned:
        return {"type": SYSTEM} if kinds else None
    return {
        "type": ",".join([*kinds, USER]),
        "userAssignedIdentities": {each: {} for each in identity.user_assigned},
    }


def spec_of_resource(resource: dict[str, Any]) -> InstanceSpec | None:
    """What a resource would have been asked for with; None where it cannot be understood.

    Azure does not say which public key an instance has: then it is empty.
    """
    try:
        return _spec(msgspec.convert(resource, _Resource))
    except msgspec.ValidationError:
        return None


def _spec(resource: _Resource) -> InstanceSpec:
    compute = resource.properties
    given = compute.properties or {}
    own = msgspec.convert(given, _Properties)
    schedules = own.schedules.compute_start_stop if own.schedules else None
    return InstanceSpec(
        name=resource.name,
        vm_size=own.vm_size or "",
        description=compute.description,
        tags={name: value or "" for name, value in (resource.tags or {}).items()},
        idle_shutdown=own.idle_time_before_shutdown,
        schedules=schedules_from_arm(schedules or []),
        setup_scripts=setup_scripts_from_arm(msgspec.Raw(msgspec.json.encode(own.setup_scripts))),
        ssh=_ssh_from_arm(own.ssh_settings),
        network=_network_from_arm(own),
        assigned_to=_assigned_from_arm(own.personal_compute_instance_settings),
        identity=_identity_from_arm(resource.identity),
        application_sharing=own.application_sharing_policy,
        custom_applications=applications_from_arm(own.custom_services or []),
        data_mounts=data_mounts_from_arm(own.data_mounts or []),
        sso=own.enable_sso,
        root_access=own.enable_root_access,
        os_patching=own.enable_os_patching,
        release_quota_on_stop=own.release_quota_on_stop,
        disable_local_auth=compute.disable_local_auth,
        more=without(given, HAVE_FIELDS | AZURES_OWN),
    )


def _ssh_from_arm(ssh: _Ssh | None) -> SshAccess | None:
    if ssh is None or ssh.ssh_public_access != "Enabled":
        return None
    return SshAccess(public_key=ssh.admin_public_key or "")


def _network_from_arm(own: _Properties) -> InstanceNetwork | None:
    subnet_id = own.subnet.id if own.subnet else None
    public_ip = own.enable_node_public_ip is not False
    if subnet_id is None and public_ip:
        return None
    return InstanceNetwork(subnet_id=subnet_id, public_ip=public_ip)


def _assigned_from_arm(personal: _Personal | None) -> AssignedUser | None:
    user = personal.assigned_user if personal else None
    if user is None:
        return None
    return AssignedUser(object_id=user.object_id or "", tenant_id=user.tenant_id or "")


def _identity_from_arm(identity: _Identity | None) -> InstanceIdentity | None:
    if identity is None or not identity.type or identity.type == "None":
        return None
    return InstanceIdentity(
        system_assigned=SYSTEM in identity.type,
        user_assigned=list(identity.user_assigned_identities or {}),
    )
