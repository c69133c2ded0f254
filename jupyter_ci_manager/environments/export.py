"""An environment as a file to create it from again. It looks at nothing: it is given the records.

What comes out has no token, no password and no path of this machine, and ``specification.py`` reads
it. Sources: "Managing environments", conda documentation; "Output formats", conda-lock
documentation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from ..models import EnvironmentExport, ExportFormat, Package
from .channels import told_channel
from .masking import without_secrets
from .records import Record

_NAMES: Mapping[ExportFormat, str] = {
    "yml": "environment.yml",
    "history": "environment.yml",
    "explicit": "explicit-{platform}.txt",
    "lock": "conda-lock.yml",
}


def export(
    format_: ExportFormat,
    name: str,
    records: Sequence[Record],
    pip: Sequence[Package],
    variables: Mapping[str, str],
    *,
    platform: str,
) -> EnvironmentExport:
    """The environment in that format.

    Args:
        format_: Of the file.
        name: What the file calls the environment.
        records: What Conda has installed.
        pip: What pip has installed.
        variables: What activation sets; the formats that solve nothing have no place for them.
        platform: Conda's name of this machine's.
    """
    ordered = sorted(records, key=lambda record: record.name)
    if format_ == "explicit":
        content = _explicit(ordered, pip, platform)
    elif format_ == "lock":
        content = _lock(ordered, pip, platform)
    else:
        specs = (
            [f"{each.name}={each.version}={each.build}" for each in ordered]
            if format_ == "yml"
            else _requested(ordered)
        )
        content = _environment_yml(name, specs, ordered, pip, variables)
    return EnvironmentExport(_NAMES[format_].format(platform=platform), content)


def _environment_yml(
    name: str,
    specs: Sequence[str],
    records: Iterable[Record],
    pip: Sequence[Package],
    variables: Mapping[str, str],
) -> str:
    dependencies: list[Any] = list(specs)
    if pip:
        dependencies.append({"pip": [f"{package.name}=={package.version}" for package in pip]})
    document: dict[str, Any] = {
        "name": name,
        # Only these: what is installed is from them, whatever else is configured.
        "channels": [*_channels(records), "nodefaults"],
        "dependencies": dependencies,
    }
    if variables:
        document["variables"] = dict(variables)
    return _yaml(document)


def _requested(records: Sequence[Record]) -> list[str]:
    """What people have asked for, one spec for a package: its record has the newest one first.

    A clone or an environment made of a list has no such record: then it is what nothing else needs.
    """
    asked = [_without_address(record.requested[0]) for record in records if record.requested]
    if asked:
        return asked
    needed = {each.partition(" ")[0] for record in records for each in record.depends}
    return [f"{each.name}={each.version}" for each in records if each.name not in needed]


def _without_address(spec: str) -> str:
    """Where it is from is said by the channels, without secrets."""
    if "://" not in spec:
        return spec
    return spec.rpartition("::")[2] if "::" in spec else without_secrets(spec)


def _channels(records: Iterable[Record]) -> list[str]:
    """By how much is from each, as no record says which one was preferred."""
    counts: dict[str, int] = {}
    for record in records:
        channel = told_channel(record.channel or record.url)
        if channel:
            counts[channel] = counts.get(channel, 0) + 1
    return sorted(counts, key=lambda channel: -counts[channel])


def _explicit(records: Sequence[Record], pip: Sequence[Package], platform: str) -> str:
    lines = [
        "# This file may be used to create an environment using:",
        "# $ conda create --name NAME --file FILE",
        f"# platform: {platform}",
        *_left_out(records, pip),
        "@EXPLICIT",
    ]
    for record in records:
        if record.url:
            # Every conda understands an md5; few understand a sha256.
            checksum = record.md5 or (f"sha256:{record.sha256}" if record.sha256 else "")
            address = without_secrets(record.url).partition("#")[0]
            lines.append(f"{address}#{checksum}" if checksum else address)
    return "\n".join(lines) + "\n"


def _lock(records: Sequence[Record], pip: Sequence[Package], platform: str) -> str:
    packages = [_locked(record, platform) for record in records if record.url]
    document = {
        "version": 1,
        "metadata": {
            "content_hash": {platform: hashlib.sha256(repr(packages).encode()).hexdigest()},
            "channels": [{"url": channel, "used_env_vars": []} for channel in _channels(records)],
            "platforms": [platform],
            "sources": [],
        },
        "package": packages,
    }
    return "\n".join([*_left_out(records, pip), _yaml(document)])


def _locked(record: Record, platform: str) -> dict[str, Any]:
    hashes = {"md5": record.md5, "sha256": record.sha256}
    return {
        "name": record.name,
        "version": record.version,
        "manager": "conda",
        "platform": platform,
        "dependencies": {
            name: rest.strip()
            for name, _, rest in (each.partition(" ") for each in record.depends)
            if not name.startswith("__")
        },
        "url": without_secrets(record.url).partition("#")[0],
        "hash": {name: value for name, value in hashes.items() if value},
        "category": "main",
        "optional": False,
    }


def _left_out(records: Iterable[Record], pip: Sequence[Package]) -> list[str]:
    """Comments on what such a file cannot hold."""
    lines = [f"# left out: {each.name}=={each.version}, which pip has installed" for each in pip]
    lines += [
        f"# left out: {each.name}={each.version}={each.build}, of which no address is recorded"
        for each in records
        if not each.url
    ]
    return lines


def _yaml(document: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(
        document, sort_keys=False, allow_unicode=True, width=1000, default_flow_style=False
    )
    return text
