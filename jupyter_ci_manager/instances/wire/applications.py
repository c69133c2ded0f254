"""Custom applications and data mounts on the wire: ``CustomService``, ``ComputeInstanceDataMount``.

Source: Azure Machine Learning REST API 2025-12-01.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from ...models import ApplicationEndpoint, ApplicationVolume, CustomApplication, DataMount
from .base import Arm
from .merging import merged, without

_LOCAL = "local"
"""The one type of environment variable that holds its value itself."""
_READ_ONLY, _READ_WRITE = "ReadOnly", "ReadWrite"
_MOUNT_READ_ONLY_KEYS = ("createdBy", "mountState", "mountedOn", "error")


class _Image(Arm, frozen=True):
    reference: str = ""
    type: Literal["docker", "azureml"] | None = None


class _Docker(Arm, frozen=True):
    privileged: bool | None = None


class _Endpoint(Arm, frozen=True):
    target: int
    published: int
    name: str | None = None
    protocol: Literal["http", "tcp", "udp"] | None = None
    host_ip: str | None = None


class _Volume(Arm, frozen=True):
    source: str | None = None
    target: str | None = None
    type: Literal["bind", "volume", "tmpfs", "npipe"] | None = None
    read_only: bool | None = None


class _Variable(Arm, frozen=True):
    type: str | None = None
    value: str | None = None


class _Service(Arm, frozen=True):
    name: str | None = None
    image: _Image | None = None
    docker: _Docker | None = None
    endpoints: list[_Endpoint] | None = None
    environment_variables: dict[str, _Variable] | None = None
    volumes: list[dict[str, Any]] | None = None


class _Mount(Arm, frozen=True):
    source: str | None = None
    source_type: Literal["URI", "Datastore", "Dataset"] | None = None
    mount_name: str | None = None
    mount_path: str | None = None
    mount_mode: str | None = None


def applications_to_arm(applications: Iterable[CustomApplication]) -> list[dict[str, Any]]:
    """The value of ``customServices``."""
    return [_application_to_arm(application) for application in applications]


def _application_to_arm(application: CustomApplication) -> dict[str, Any]:
    own: dict[str, Any] = {
        "name": application.name,
        "image": {"type": application.image_type, "reference": application.image},
        "docker": {"privileged": application.privileged},
        "endpoints": [_endpoint_to_arm(endpoint) for endpoint in application.endpoints],
        "environmentVariables": {
            name: {"type": _LOCAL, "value": value}
            for name, value in application.environment.items()
        },
        "volumes": [
            merged(
                volume.more,
                {
                    "type": volume.type,
                    "readOnly": volume.read_only,
                    "source": volume.source,
                    "target": volume.target,
                },
            )
            for volume in application.volumes
        ],
    }
    return merged(application.more, own)


def _endpoint_to_arm(endpoint: ApplicationEndpoint) -> dict[str, Any]:
    own: dict[str, Any] = {
        "name": endpoint.name,
        "target": endpoint.target,
        "published": endpoint.published,
        "protocol": endpoint.protocol,
    }
    if endpoint.host_ip is not None:
        own["hostIp"] = endpoint.host_ip
    return own


def applications_from_arm(items: list[dict[str, Any]]) -> list[CustomApplication]:
    """Raises msgspec.ValidationError for what is no custom service."""
    return [_application_from_arm(item) for item in items]


def _application_from_arm(item: dict[str, Any]) -> CustomApplication:
    service = msgspec.convert(item, _Service)
    image, docker = service.image or _Image(), service.docker or _Docker()
    variables = service.environment_variables or {}
    local = {name: each.value or "" for name, each in variables.items() if each.type == _LOCAL}
    more = without(item, ("name", "endpoints", "volumes"))
    for key, known in (
        ("image", ("type", "reference")),
        ("docker", ("privileged",)),
        ("environmentVariables", tuple(local)),
    ):
        left = without(more.pop(key, None) or {}, known)
        if left:
            more[key] = left
    return CustomApplication(
        name=service.name or "",
        image=image.reference,
        image_type=image.type or "docker",
        endpoints=[
            ApplicationEndpoint(
                target=endpoint.target,
                published=endpoint.published,
                name=endpoint.name or "connect",
                protocol=endpoint.protocol or "http",
                host_ip=endpoint.host_ip,
            )
            for endpoint in service.endpoints or []
        ],
        environment=local,
        volumes=[_volume_from_arm(volume) for volume in service.volumes or []],
        privileged=docker.privileged or False,
        more=more,
    )


def _volume_from_arm(item: dict[str, Any]) -> ApplicationVolume:
    volume = msgspec.convert(item, _Volume)
    return ApplicationVolume(
        source=volume.source or "",
        target=volume.target or "",
        type=volume.type or "bind",
        read_only=volume.read_only or False,
        more=without(item, ("type", "readOnly", "source", "target")),
    )


def data_mounts_to_arm(mounts: Iterable[DataMount]) -> list[dict[str, Any]]:
    """The body of ``updateDataMounts`` that mounts them."""
    return [
        merged(mount.more, {**_mount_to_arm(mount), "mountAction": "Mount"}) for mount in mounts
    ]


def unmounting_to_arm(mounts: Iterable[DataMount]) -> list[dict[str, Any]]:
    """The body of ``updateDataMounts`` that takes them away."""
    return [
        merged(mount.more, {**_mount_to_arm(mount), "mountAction": "Unmount"}) for mount in mounts
    ]


def _mount_to_arm(mount: DataMount) -> dict[str, Any]:
    own = {
        "source": mount.source,
        "sourceType": mount.source_type,
        "mountPath": mount.mount_path,
        "mountMode": _READ_ONLY if mount.read_only else _READ_WRITE,
    }
    if mount.mount_name is not None:
        own["mountName"] = mount.mount_name
    return own


def data_mounts_from_arm(items: list[dict[str, Any]]) -> list[DataMount]:
    """Those that are mounted. Raises msgspec.ValidationError for what is no data mount."""
    return [_mount_from_arm(item) for item in items if item.get("mountAction") != "Unmount"]


def _mount_from_arm(item: dict[str, Any]) -> DataMount:
    mount = msgspec.convert(item, _Mount)
    known = ("source", "sourceType", "mountName", "mountPath", "mountMode", "mountAction")
    return DataMount(
        source=mount.source or "",
        mount_path=mount.mount_path or "",
        source_type=mount.source_type or "URI",
        mount_name=mount.mount_name,
        read_only=mount.mount_mode != _READ_WRITE,
        more=without(item, (*known, *_MOUNT_READ_ONLY_KEYS)),
    )
