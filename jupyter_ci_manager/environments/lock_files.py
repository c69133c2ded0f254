"""Lock files of conda-lock (format 1) and of pixi and rattler (formats 4 to 7).

Sources: "Output formats", conda-lock documentation; "Lock file", pixi documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ..errors import InvalidEnvironmentFile
from .explicit_lists import check_package
from .names import check_channel, check_pip_requirement
from .plain_yaml import Plain
from .specified import Specification

CONDA_LOCK_VERSION = "1"
PIXI_VERSIONS = frozenset({"4", "5", "6", "7"})

_INSTALLED = frozenset({"main", "dev"})
"""What ``conda-lock install`` takes without being told."""
_MD5, _SHA256 = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")
_PIP = re.compile(r"/pip-[0-9][^/]*$")
_WHEEL = re.compile(r"https?://[^\s\"'<>\\^`{|}#]+")

Entry = Mapping[str, Plain]


def read_conda_lock(content: Entry, platform: str) -> Specification:
    """What it locks for this machine. Raises InvalidEnvironmentFile."""
    if content.get("version") != CONDA_LOCK_VERSION:
        raise InvalidEnvironmentFile(
            f"The lock file has format {str(content.get('version'))[:20]!r}; "
            f"{CONDA_LOCK_VERSION} is the one that is understood."
        )
    entries = list(_entries(content["package"]))
    ours = [entry for entry in entries if entry.get("platform") == platform]
    if not ours:
        raise _for_others(platform, (_text(entry, "platform") for entry in entries))
    wanted = [entry for entry in ours if entry.get("category", "main") in _INSTALLED]
    left = len(ours) - len(wanted)
    conda = [_conda(entry, platform) for entry in wanted if entry.get("manager") == "conda"]
    wheels = [_wheel(entry) for entry in wanted if entry.get("manager") == "pip"]
    _check_pip(conda, wheels)
    return Specification(
        "conda-lock",
        channels=_channels(_mapping(content, "metadata").get("channels", [])),
        explicit=tuple(conda),
        pip=tuple(wheels),
        pip_without_dependencies=True,
        warnings=(f"{left} packages of optional categories are left out.",) if left else (),
    )


def read_pixi_lock(content: Entry, platform: str) -> Specification:
    """What it locks for this machine. Raises InvalidEnvironmentFile."""
    version = content.get("version")
    if version not in PIXI_VERSIONS:
        raise InvalidEnvironmentFile(
            f"The lock file has format {str(version)[:20]!r}; 4 to 7 are understood."
        )
    environments = _mapping(content, "environments")
    environment = _mapping(environments, _chosen(environments))
    platforms = _mapping(environment, "packages")
    name = _platform_name(content, platforms, platform)
    known = {address: entry for entry in _entries(content["packages"]) for address in _of(entry)}
    conda: list[str] = []
    wheels: list[str] = []
    for reference in _entries(platforms[name]):
        for address in _of(reference):
            entry = {"url": address, **known.get(address, {})}
            if "pypi" in reference:
                wheels.append(_wheel(entry))
            else:
                conda.append(_conda(entry, platform))
    _check_pip(conda, wheels)
    return Specification(
        "pixi-lock",
        channels=_channels(environment.get("channels", [])),
        explicit=tuple(conda),
        pip=tuple(wheels),
        pip_without_dependencies=True,
    )


def _chosen(environments: Entry) -> str:
    if "default" in environments:
        return "default"
    if len(environments) == 1:
        return next(iter(environments))
    names = ", ".join(name[:40] for name in list(environments)[:10])
    raise InvalidEnvironmentFile(
        f"The lock file has more than one environment ({names}), and none is the default."
    )


def _platform_name(content: Entry, platforms: Entry, platform: str) -> str:
    """In format 7 a platform may have a name of its own, and say what Conda calls it."""
    if platform in platforms:
        return platform
    for entry in _entries(content.get("platforms", [])):
        name = _text(entry, "name")
        if entry.get("subdir") == platform and name in platforms:
            return name
    raise _for_others(platform, platforms)


def _of(entry: Entry) -> Iterator[str]:
    """The address that an entry is about: it stands where the kind does, or beside it."""
    for key in ("conda", "pypi"):
        if key in entry:
            yield _text(entry, key)
            return
    yield _text(entry, "url")


def _conda(entry: Entry, platform: str) -> str:
    address = _text(entry, "url")
    hashes = {**entry, **(_mapping(entry, "hash") if "hash" in entry else {})}
    md5, sha256 = str(hashes.get("md5", "")), str(hashes.get("sha256", ""))
    if _MD5.fullmatch(md5):
        # Every conda understands that one.
        address = f"{address}#{md5}"
    elif _SHA256.fullmatch(sha256):
        address = f"{address}#sha256:{sha256}"
    return check_package(address, platform)


def _wheel(entry: Entry) -> str:
    """A line for pip. Without the checksum of each one pip would take none of them."""
    name, address = _text(entry, "name"), _text(entry, "url")
    hashes = {**entry, **(_mapping(entry, "hash") if "hash" in entry else {})}
    sha256 = str(hashes.get("sha256", ""))
    if not _WHEEL.fullmatch(address) or not _SHA256.fullmatch(sha256):
        raise InvalidEnvironmentFile(
            f"{name[:80]!r} in the lock file has no address with a sha256 for pip."
        )
    return f"{check_pip_requirement(f'{name} @ {address}')} --hash=sha256:{sha256}"


def _check_pip(conda: Iterable[str], wheels: list[str]) -> None:
    if wheels and not any(_PIP.search(address) for address in conda):
        raise InvalidEnvironmentFile(
            f"The lock file has {len(wheels)} packages for pip, and pip itself is not among those "
            "for Conda.",
            hint="Add pip to what is locked, and lock it again.",
        )


def _channels(value: Plain) -> tuple[str, ...]:
    found: list[str] = []
    for entry in value if isinstance(value, list) else []:
        channel = entry.get("url") if isinstance(entry, dict) else entry
        if isinstance(channel, str):
            found.append(check_channel(channel))
    return tuple(found)


def _entries(value: Plain) -> Iterator[Entry]:
    if not isinstance(value, list):
        raise _malformed()
    for entry in value:
        if not isinstance(entry, dict):
            raise _malformed()
        yield entry


def _mapping(entry: Entry, key: str) -> Entry:
    value = entry.get(key)
    if not isinstance(value, dict):
        raise _malformed()
    return value


def _text(entry: Entry, key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str):
        raise _malformed()
    return value


def _malformed() -> InvalidEnvironmentFile:
    return InvalidEnvironmentFile("The lock file is not put together as its format says.")


def _for_others(platform: str, others: Iterable[str]) -> InvalidEnvironmentFile:
    names = ", ".join(sorted({name[:20] for name in others})[:10]) or "no platform"
    return InvalidEnvironmentFile(
        f"The lock file is for {names}, and this machine is {platform}.",
        hint=f"Lock it for {platform}, too.",
    )
