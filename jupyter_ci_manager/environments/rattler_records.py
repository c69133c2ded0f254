"""Packages as py-rattler has them: of an environment, of a list of addresses, of a solution."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .masking import without_secrets
from .rattler_solve import Refused
from .room import Planned, unpacked_bytes

if TYPE_CHECKING:
    from rattler import RepoDataRecord
    from rattler.prefix import PrefixRecord

    from .rattler_solve import Solver


def installed_records(
    prefix: Path, folder: Path | None = None, *, drop_unreadable: bool = False
) -> list[PrefixRecord]:
    """What is in an environment, by the records in ``folder``, else by its own.

    With ``drop_unreadable`` a record that was written in part is removed; else it raises Refused.
    """
    from rattler.prefix import PrefixRecord

    records = []
    for file in sorted((folder or prefix / "conda-meta").glob("*.json")):
        try:
            records.append(PrefixRecord.from_path(file))
        except Exception as error:  # noqa: BLE001
            # Rattler raises what its parser does, which says neither what it reads nor where.
            if not drop_unreadable:
                raise Refused(
                    "EnvironmentBroken", f"{file} cannot be read: {str(error).rstrip('.')}."
                ) from None
            file.unlink()
    return records


def is_same(one: RepoDataRecord, other: RepoDataRecord) -> bool:
    """Whether two records are of one and the same package."""
    return (str(one.version), str(one.build), one.subdir) == (
        str(other.version),
        str(other.build),
        other.subdir,
    )


def forget_access(prefix: Path) -> None:
    """Take users, passwords and tokens out of the addresses in the records of an environment."""
    for file in (prefix / "conda-meta").glob("*.json"):
        record = json.loads(file.read_bytes())
        told = {name: record[name] for name in ("url", "channel") if record.get(name)}
        clean = {name: without_secrets(value) for name, value in told.items()}
        if clean != told:
            partial = file.with_suffix(".partial")
            partial.touch(mode=0o600)
            partial.write_text(json.dumps(record | clean, indent=2))
            partial.replace(file)


def requested_names(specs: Sequence[str]) -> list[Any]:
    """Specs as ``install`` takes them: 0.28 wants what its own class wraps."""
    from rattler import MatchSpec

    parsed = (MatchSpec(spec) for spec in specs)
    return [getattr(each, "_match_spec", each) for each in parsed]


def still_requested(installed: Sequence[PrefixRecord], specs: Sequence[str]) -> list[str]:
    """What was asked for before and is not asked for anew: rattler forgets what it is not told."""
    from rattler import MatchSpec

    anew = {MatchSpec(spec).name.normalized for spec in specs}
    return [
        spec
        for record in installed
        if record.name.normalized not in anew
        for spec in record.requested_specs
    ]


def clone_records(source: Path) -> tuple[list[RepoDataRecord], list[str]]:
    """The packages of an environment, and what was asked for when it was made."""
    records = installed_records(source)
    specs = dict.fromkeys(spec for record in records for spec in record.requested_specs)
    return list(records), [*specs]


async def explicit_records(
    addresses: Sequence[str], solver: Solver, folder: Path
) -> list[RepoDataRecord]:
    """The packages at these addresses, with ``#`` and a checksum where there is one.

    The index of their channel describes them; a package that is not in it any more is downloaded
    to be read.
    """
    from rattler.exceptions import ExtractError
    from rattler.package_streaming import download_to_path
    from rattler.repo_data import RepoDataRecord

    records = []
    for text in addresses:
        address, _, checksum = text.partition("#")
        record = await solver.record_at(address)
        if record is None:
            file = folder / address.rpartition("/")[2]
            try:
                if address.startswith("file://"):
                    record = await RepoDataRecord.from_package_archive(Path(address[7:]))
                else:
                    await download_to_path(solver.client, address, file)
                    record = await RepoDataRecord.from_package_archive(file)
                    file.unlink()
            except (ExtractError, RuntimeError) as error:
                if "os error 28" in str(error):
                    raise
                why = str(error).splitlines()[0].rstrip(".")
                raise Refused(
                    "ChannelUnreachable", f"{without_secrets(address)} cannot be read: {why}."
                ) from None
            record.url, record.channel = address, address.rsplit("/", 2)[0]
        _check(record, address, checksum)
        records.append(record)
    return records


def _check(record: RepoDataRecord, address: str, checksum: str) -> None:
    wanted = checksum.removeprefix("sha256:").removeprefix("md5:").lower()
    known = [each.hex() for each in (record.md5, record.sha256) if each]
    if wanted and known and wanted not in known:
        raise Refused(
            "EngineFailed",
            f"{address} is not the package that the list was made of: its checksum is another.",
        )


def planned(
    installed: Sequence[PrefixRecord], records: Sequence[RepoDataRecord], packages: Path
) -> list[Planned]:
    """What would happen to each package, by name."""
    before = {record.name.normalized: record for record in installed}
    after = {record.name.normalized: record for record in records}
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if new is None and old is not None:
            found.append(Planned(name, str(old.version), "remove", str(old.build)))
        elif new is not None and (old is None or not is_same(old, new)):
            found.append(_coming(old, new, packages))
    return found


def _coming(old: PrefixRecord | None, new: RepoDataRecord, packages: Path) -> Planned:
    action = "install" if old is None else "downgrade" if new.version < old.version else "update"
    folder = packages / _folder_name(new)
    cached = folder.is_dir()
    unpacked = _listed_bytes(folder) if cached else unpacked_bytes(new.file_name, new.size)
    return Planned(
        new.name.normalized,
        str(new.version),
        action,
        build=str(new.build),
        channel=new.channel,
        from_version=str(old.version) if old is not None else None,
        download_bytes=0 if cached else new.size,
        installed_bytes=unpacked,
        link_script=has_link_script(packages, new),
    )


def _folder_name(record: RepoDataRecord) -> str:
    return f"{record.name.normalized}-{record.version}-{record.build}"


def has_link_script(packages: Path, record: RepoDataRecord) -> bool:
    """Whether a package in the cache brings a script that wants to be run when it is linked."""
    script = f".{record.name.normalized}-post-link.sh"
    return (packages / _folder_name(record) / "bin" / script).exists()


def _listed_bytes(folder: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        listed = json.loads((folder / "info" / "paths.json").read_bytes())["paths"]
        return sum(int(path.get("size_in_bytes") or 0) for path in listed)
    return None
