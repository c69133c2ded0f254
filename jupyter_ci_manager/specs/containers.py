"""Rules of custom applications and data mounts. No I/O.

Sources: "Add custom applications such as RStudio or Posit Workbench" and CustomService, Azure
Machine Learning; distribution/reference for the names of images.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence

from ..models import ApplicationVolume, CustomApplication, DataMount, SpecProblem
from .nesting import nesting_problems

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_. -]{0,62}[A-Za-z0-9])?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_PORT = r":[0-9]{1,5}"
# Docker takes the first part of a name for a host only where it looks like one.
_HOST = rf"(?:(?:localhost(?:{_PORT})?|{_LABEL}(?:\.{_LABEL})+(?:{_PORT})?|{_LABEL}{_PORT})/)?"
_IMAGE = re.compile(
    rf"{_HOST}{_COMPONENT}(?:/{_COMPONENT})*(?::[\w][\w.-]{{0,127}})?(?:@sha256:[0-9a-f]{{64}})?"
)
_AZURE_IMAGE = re.compile(
    r"azureml:[\w.-]+(?::[\w.-]+|@latest)|azureml://[\w./%-]+"
    r"|/subscriptions/[\w./()-]+/environments/[\w.-]+(?:/versions/[\w.-]+)?",
    re.IGNORECASE,
)
_DATA = re.compile(r"azureml://\S+|(?:https|abfss|wasbs)://\S+", re.IGNORECASE)
_ASSET = re.compile(r"[\w.-]+(?::[\w.-]+|@latest)?|/subscriptions/\S+")
_PROTECTED = (
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/home/azureuser",
    "/lib",
    "/mnt",
    "/proc",
    "/root",
    "/sbin",
    "/sys",
    "/usr",
    "/var",
)
"""Where a mount would hide what the instance runs on."""


def application_problems(applications: Sequence[CustomApplication]) -> Iterator[SpecProblem]:
    """What is wrong with the containers that are to run on an instance."""
    names: set[str] = set()
    ports: set[tuple[int, str]] = set()
    for index, application in enumerate(applications):
        path = f"custom_applications.{index}"
        yield from _name(path, application.name, names)
        yield from _image(path, application)
        yield from _endpoints(path, application, ports)
        yield from _environment(path, application)
        yield from _volumes(path, application.volumes)
        yield from nesting_problems(f"{path}.more", application.more)


def _name(path: str, name: str, names: set[str]) -> Iterator[SpecProblem]:
    if not _NAME.fullmatch(name):
        yield SpecProblem(
            f"{path}.name",
            "InvalidApplication",
            f"{name[:40]!r} cannot be the name of an application.",
            "Use up to 64 letters, digits, blanks, hyphens, periods and underscores.",
        )
    elif name.lower() in names:
        yield SpecProblem(
            f"{path}.name", "InvalidApplication", f"Another application is called {name}, too."
        )
    names.add(name.lower())


def _image(path: str, application: CustomApplication) -> Iterator[SpecProblem]:
    docker = application.image_type == "docker"
    if (_IMAGE if docker else _AZURE_IMAGE).fullmatch(application.image):
        return
    example = "ghcr.io/open-webui/open-webui:main" if docker else "azureml:my-environment:3"
    yield SpecProblem(
        f"{path}.image",
        "InvalidImage",
        f"{application.image[:80]!r} names no {'image' if docker else 'environment'}.",
        f"It looks like {example}.",
    )


def _endpoints(
    path: str, application: CustomApplication, ports: set[tuple[int, str]]
) -> Iterator[SpecProblem]:
    if not application.endpoints:
        yield SpecProblem(
            f"{path}.endpoints",
            "NoEndpoint",
            f"{application.name[:40]} has no endpoint, so that it cannot be opened.",
            severity="warning",
        )
    for index, endpoint in enumerate(application.endpoints):
        at = f"{path}.endpoints.{index}"
        port = (endpoint.published, "udp" if endpoint.protocol == "udp" else "tcp")
        if port in ports:
            yield SpecProblem(
                f"{at}.published",
                "PortTaken",
                f"Port {endpoint.published} of the instance is published twice.",
            )
        ports.add(port)
        if endpoint.host_ip is not None and not _is_address(endpoint.host_ip):
            yield SpecProblem(
                f"{at}.host_ip",
                "InvalidAddress",
                f"{endpoint.host_ip[:64]!r} is not an IP address.",
                "Leave it empty for all addresses of the instance.",
            )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _environment(path: str, application: CustomApplication) -> Iterator[SpecProblem]:
    for name, value in application.environment.items():
        if not _VARIABLE.fullmatch(name) or "\0" in value:
            yield SpecProblem(
                f"{path}.environment.{name[:64]}",
                "InvalidVariable",
                f"{name[:64]!r} and its value are no environment variable.",
                "A name has letters, digits and underscores, and does not start with a digit.",
            )


def _volumes(path: str, volumes: Sequence[ApplicationVolume]) -> Iterator[SpecProblem]:
    targets: set[str] = set()
    for index, volume in enumerate(volumes):
        at = f"{path}.volumes.{index}"
        yield from nesting_problems(f"{at}.more", volume.more)
        if volume.type == "bind" and not _is_absolute(volume.source):
            yield _no_folder(f"{at}.source", volume.source)
        if not _is_absolute(volume.target):
            yield _no_folder(f"{at}.target", volume.target)
        elif volume.target in targets:
            yield SpecProblem(
                f"{at}.target", "InvalidFolder", f"Two volumes are mounted at {volume.target}."
            )
        targets.add(volume.target)


def _is_absolute(path: str) -> bool:
    parts = path.split("/")
    return path.startswith("/") and path.isprintable() and ".." not in parts and ":" not in path


def _no_folder(field: str, path: str) -> SpecProblem:
    return SpecProblem(
        field,
        "InvalidFolder",
        f"{path[:80]!r} is not the absolute path of a folder.",
        "It begins with a slash and has no .. in it, such as /home/azureuser/cloudfiles.",
    )


def data_mount_problems(mounts: Sequence[DataMount]) -> Iterator[SpecProblem]:
    """What is wrong with the data that an instance is to mount."""
    taken: set[str] = set()
    for index, mount in enumerate(mounts):
        path = f"data_mounts.{index}"
        yield from nesting_problems(f"{path}.more", mount.more)
        pattern = _DATA if mount.source_type == "URI" else _ASSET
        if not (pattern.fullmatch(mount.source) and mount.source.isprintable()):
            yield SpecProblem(
                f"{path}.source",
                "InvalidSource",
                f"{mount.source[:80]!r} is no {mount.source_type}.",
                "A URI looks like azureml://subscriptions/…/data/NAME/versions/1.",
            )
        folder = mount.mount_path.rstrip("/") or "/"
        if not _is_absolute(mount.mount_path):
            yield _no_folder(f"{path}.mount_path", mount.mount_path)
        elif folder in _PROTECTED:
            yield SpecProblem(
                f"{path}.mount_path",
                "ProtectedFolder",
                f"Data mounted at {folder} would hide what the instance needs there.",
                "Mount it in a folder of its own, such as /home/azureuser/data.",
            )
        elif folder in taken:
            yield SpecProblem(f"{path}.mount_path", "InvalidFolder", f"Two mounts are at {folder}.")
        taken.add(folder)
