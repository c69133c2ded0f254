"""Lists of packages as ``conda list --explicit`` and ``conda list --export`` print them.

Source: "Building identical conda environments", conda documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import InvalidEnvironmentFile
from .masking import masked
from .names import check_pip_requirement, check_spec, has_a_host
from .specified import Specification

MAX_PACKAGES = 20_000

_PACKAGE = re.compile(
    r"(?:https?|file|s3)://[^\s\"'<>\\^`{|}#]+\.(?:conda|tar\.bz2)"
    r"(?:#(?:[0-9a-f]{32}|(?:sha256:)?[0-9a-f]{64}))?"
)
_SUBDIR = re.compile(r"/((?:linux|osx|win|zos|emscripten|wasi)-[a-z0-9_]+|noarch)/[^/]+$")
_PLATFORM = re.compile(r"^#\s*platform:\s*(\S+)", re.MULTILINE)
_EXPORTED = re.compile(r"([A-Za-z0-9_][A-Za-z0-9_.-]*)=([^=\s]+)=([^=\s]+)")
_OF_PIP = "pypi"


def is_explicit(text: str) -> bool:
    """Whether it is a list of addresses."""
    return any(line.strip() == "@EXPLICIT" for line in text.splitlines()[:200])


def is_export(text: str) -> bool:
    """Whether it is a list of ``name=version=build``."""
    first = next(_lines(text), "")
    return _EXPORTED.fullmatch(first) is not None


def read_explicit(text: str, platform: str) -> Specification:
    """Addresses of packages. Raises InvalidEnvironmentFile."""
    check_platform(text, platform)
    packages: list[str] = []
    for line in _lines(text):
        if line == "@EXPLICIT":
            continue
        address = Path(line).as_uri() if line.startswith("/") and "#" not in line else line
        packages.append(check_package(address, platform))
    if not packages:
        raise InvalidEnvironmentFile("The list has no package in it.")
    warnings = []
    unchecked = sum("#" not in package for package in packages)
    if unchecked:
        warnings.append(f"{unchecked} of the packages have no checksum in the list.")
    return Specification("explicit", explicit=tuple(packages), warnings=tuple(warnings))


def check_package(address: str, platform: str) -> str:
    """The address of a package for this machine. Raises InvalidEnvironmentFile."""
    shown = masked(address[:300])
    if not _PACKAGE.fullmatch(address) or not has_a_host(address):
        raise InvalidEnvironmentFile(f"{shown!r} in the list is not the address of a package.")
    subdir = _SUBDIR.search(address.partition("#")[0])
    if subdir is not None and subdir.group(1) not in ("noarch", platform):
        raise InvalidEnvironmentFile(
            f"{shown!r} in the list is for {subdir.group(1)}, and this machine is {platform}."
        )
    return address


def read_export(text: str, platform: str) -> Specification:
    """Names with versions and builds. Raises InvalidEnvironmentFile and InvalidSpec."""
    check_platform(text, platform)
    specs: list[str] = []
    pip: list[str] = []
    for line in _lines(text):
        exported = _EXPORTED.fullmatch(line)
        if exported is None:
            raise InvalidEnvironmentFile(f"{masked(line[:200])!r} is not name=version=build.")
        name, version, build = exported.groups()
        if build.startswith(_OF_PIP):
            pip.append(check_pip_requirement(f"{name}=={version}"))
        else:
            specs.append(check_spec(line))
    return Specification("export", specs=tuple(specs), pip=tuple(pip))


def check_platform(text: str, platform: str) -> None:
    """Raises InvalidEnvironmentFile where a list says that it is for another kind of machine."""
    said = _PLATFORM.search(text)
    if said is not None and said.group(1) != platform:
        raise InvalidEnvironmentFile(
            f"The list is for {said.group(1)[:40]}, and this machine is {platform}.",
            hint="Use an environment.yml, or a lock file for several platforms.",
        )


def _lines(text: str) -> Iterator[str]:
    count = 0
    for line in text.splitlines():
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            count += 1
            if count > MAX_PACKAGES:
                raise InvalidEnvironmentFile(f"The list has more than {MAX_PACKAGES} packages.")
            yield stripped
