"""What a compute instance is besides its spec and state, on the wire: addresses, SSH, OS image.

Source: Azure Machine Learning REST API 2025-12-01, ComputeInstanceProperties.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ...models import InstanceAddresses, OsImage, SshEndpoint
from .base import Arm

_USER, _PORT = "azureuser", 50000
"""Source: "Access the SSH terminal of a compute instance", Azure Machine Learning."""


_WORD = re.compile(r"[A-Za-z_][\w-]{0,63}", re.ASCII)
_HOST = re.compile(r"[0-9A-Za-z][\w.:-]{0,255}", re.ASCII)


class _Ssh(Arm, frozen=True):
    ssh_public_access: str | None = None
    admin_user_name: str | None = None
    ssh_port: int | None = None


class _Endpoints(Arm, frozen=True):
    public_ip_address: str | None = None
    private_ip_address: str | None = None


class _Image(Arm, frozen=True):
    current_image_version: str | None = None
    latest_image_version: str | None = None
    is_latest_os_image_version: bool | None = None


class _Subnet(Arm, frozen=True):
    id: str | None = None


class _Properties(Arm, frozen=True):
    ssh_settings: _Ssh | None = None
    connectivity_endpoints: _Endpoints | None = None
    os_image_metadata: _Image | None = None
    subnet: _Subnet | None = None


class _Compute(Arm, frozen=True):
    properties: _Properties | None = None


class _Resource(Arm, frozen=True):
    properties: _Compute


class Surroundings(msgspec.Struct, frozen=True):
    """Where an instance is, how it is reached, and what it was made from."""

    addresses: InstanceAddresses | None = None
    ssh: SshEndpoint | None = None
    os_image: OsImage | None = None


def surroundings_of_resource(resource: dict[str, Any]) -> Surroundings:
    """What the resource says of them; nothing where it cannot be understood."""
    try:
        own = msgspec.convert(resource, _Resource).properties.properties
    except msgspec.ValidationError:
        return Surroundings()
    if own is None:
        return Surroundings()
    return Surroundings(
        addresses=_addresses(own),
        ssh=_ssh(own),
        os_image=_os_image(own.os_image_metadata),
    )


def _addresses(own: _Properties) -> InstanceAddresses | None:
    endpoints = own.connectivity_endpoints or _Endpoints()
    addresses = InstanceAddresses(
        public_ip=endpoints.public_ip_address or None,
        private_ip=endpoints.private_ip_address or None,
        subnet_id=own.subnet.id if own.subnet else None,
    )
    return None if addresses == InstanceAddresses() else addresses


def _ssh(own: _Properties) -> SshEndpoint | None:
    ssh, endpoints = own.ssh_settings, own.connectivity_endpoints
    host = (endpoints.public_ip_address or endpoints.private_ip_address) if endpoints else None
    if ssh is None or ssh.ssh_public_access != "Enabled" or not host:
        return None
    user, port = ssh.admin_user_name or _USER, ssh.ssh_port or _PORT
    if not (_WORD.fullmatch(user) and _HOST.fullmatch(host)):
        # It is to be copied into a shell.
        return None
    return SshEndpoint(user=user, host=host, port=port, command=f"ssh -p {port} {user}@{host}")


def _os_image(image: _Image | None) -> OsImage | None:
    if image is None or not image.current_image_version:
        return None
    return OsImage(
        current=image.current_image_version,
        latest=image.latest_image_version or None,
        outdated=image.is_latest_os_image_version is False,
    )
