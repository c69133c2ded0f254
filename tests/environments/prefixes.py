"""Conda environments as they lie on disk, without their packages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_ci_manager.environments.condarc import CondaConfiguration
from jupyter_ci_manager.models import Engine, EngineStatus

CHANNEL = "https://conda.anaconda.org/conda-forge"
MD5, SHA256 = "0123456789abcdef" * 2, "0123456789abcdef" * 4


def record(
    name: str,
    version: str,
    *,
    build: str = "h1_0",
    requested: str | None = None,
    files: Mapping[str, int] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """What conda writes of a package; ``files``: sizes by path."""
    files = files or {}
    address = f"{CHANNEL}/linux-64"
    return {
        "name": name,
        "version": version,
        "build": build,
        "build_number": 0,
        "channel": address,
        "subdir": "linux-64",
        "fn": f"{name}-{version}-{build}.conda",
        "url": f"{address}/{name}-{version}-{build}.conda",
        "md5": MD5,
        "sha256": SHA256,
        "size": 1000,
        "depends": ["__glibc >=2.17", "tzdata"],
        "files": list(files),
        "requested_spec": requested or "None",
        "paths_data": {
            "paths_version": 1,
            "paths": [
                {"_path": path, "path_type": "hardlink", "size_in_bytes": size}
                for path, size in files.items()
            ],
        },
        **more,
    }


def make_prefix(
    prefix: Path, records: Sequence[Mapping[str, Any]] = (), *, interpreter: bool = True
) -> Path:
    """An environment with these records."""
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True)
    (meta / "history").write_text("", encoding="utf-8")
    (prefix / "bin").mkdir()
    for each in records:
        name = f"{each['name']}-{each['version']}-{each['build']}.json"
        (meta / name).write_text(json.dumps(each), encoding="utf-8")
        program = {"python": "python", "r-base": "R"}.get(each["name"])
        if program and interpreter:
            (prefix / "bin" / program).touch(mode=0o755)
    return prefix


def python_prefix(prefix: Path, version: str = "3.12.1") -> Path:
    """One with Python, some files and a package that only Python needs."""
    return make_prefix(
        prefix,
        [
            record("python", version, requested="python=3.12", files={"bin/python3": 700}),
            record("tzdata", "2024a", build="0", files={"share/zoneinfo": 300}),
        ],
    )


def make_pip_package(prefix: Path, name: str, version: str, *, python: str = "3.12") -> None:
    """What pip leaves of a package that a person has asked for."""
    folder = prefix / "lib" / f"python{python}" / "site-packages" / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: not this\n",
        encoding="utf-8",
    )
    (folder / "RECORD").write_text(f"{name}.py,sha256=x,120\n{name}/a.py,,\n", encoding="utf-8")
    (folder / "REQUESTED").touch()


class Engines:
    """What the machine has: a base environment or none."""

    def __init__(self, envs_dirs: Sequence[Path], root: Path | None = None) -> None:
        self.conda = CondaConfiguration(envs_dirs=tuple(envs_dirs), root=root)
        self.engine = Engine("rattler", "0.28.0")

    async def status(self) -> EngineStatus:
        return EngineStatus(
            engine=self.engine,
            others=[],
            note=None,
            channels=["conda-forge"],
            platform="linux-64",
            envs_folder=str(self.conda.envs_folder),
        )

    async def configuration(self) -> CondaConfiguration:
        return self.conda
