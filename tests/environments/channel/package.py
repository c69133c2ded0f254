"""Writes one Conda package. Source of the format: "Package specification", conda documentation."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SUBDIR = "linux-64" if os.uname().machine == "x86_64" else "linux-aarch64"
PLACEHOLDER = "/opt/" + "_placehold" * 25
"""As long as the one of conda-build: 255 characters."""
BUILT_AT = 1_700_000_000


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str


@dataclass
class Package:
    """What a package holds: paths relative to the prefix, and what its index says."""

    name: str
    version: str = "1.0"
    build: str = "0"
    files: Mapping[str, bytes | Link] = field(default_factory=dict)
    depends: Sequence[str] = ()
    noarch: str | None = None
    entry_points: Sequence[str] = ()
    placeholders: Mapping[str, str] = field(default_factory=dict)
    """Path → the prefix that is written in it."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Of ``index.json``."""

    def write(self, channel: Path) -> Path:
        """Write it below the channel."""
        subdir = "noarch" if self.noarch else SUBDIR
        index: dict[str, Any] = {
            "name": self.name,
            "version": self.version,
            "build": self.build,
            "build_number": 0,
            "depends": list(self.depends),
            "license": "see upstream",
            "subdir": subdir,
            "timestamp": BUILT_AT * 1000,
            **self.more,
        }
        if self.noarch:
            index["noarch"] = self.noarch
        target = channel / subdir / f"{self.name}-{self.version}-{self.build}.tar.bz2"
        target.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(target, "w:bz2", compresslevel=1) as archive:
            for path, content in [*self._info(index).items(), *sorted(self.files.items())]:
                _add(archive, path, content)
        return target

    def _info(self, index: dict[str, Any]) -> dict[str, bytes]:
        paths = [self._described(path, content) for path, content in sorted(self.files.items())]
        info = {
            "index.json": index,
            "paths.json": {"paths": paths, "paths_version": 1},
            "about.json": {"summary": f"{self.name}, repacked for tests"},
        }
        if self.noarch == "python":
            info["link.json"] = {
                "noarch": {"type": "python", "entry_points": list(self.entry_points)},
                "package_metadata_version": 1,
            }
        documents = {f"info/{name}": json.dumps(each).encode() for name, each in info.items()}
        documents["info/files"] = "".join(f"{path}\n" for path in sorted(self.files)).encode()
        return documents

    def _described(self, path: str, content: bytes | Link) -> dict[str, Any]:
        data = b"" if isinstance(content, Link) else content
        entry: dict[str, Any] = {
            "_path": path,
            "path_type": "softlink" if isinstance(content, Link) else "hardlink",
            "sha256": hashlib.sha256(data).hexdigest(),
            "size_in_bytes": len(data),
        }
        if path in self.placeholders:
            entry |= {"prefix_placeholder": self.placeholders[path], "file_mode": "text"}
        return entry


def _add(archive: tarfile.TarFile, path: str, content: bytes | Link) -> None:
    member = tarfile.TarInfo(path)
    member.mtime = BUILT_AT
    if isinstance(content, Link):
        member.type, member.linkname, member.mode = tarfile.SYMTYPE, content.target, 0o777
        archive.addfile(member)
        return
    member.size = len(content)
    member.mode = 0o755 if path.startswith("bin/") or ".so" in path else 0o644
    archive.addfile(member, io.BytesIO(content))
