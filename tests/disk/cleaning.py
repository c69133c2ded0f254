"""What tests of the cleanup are made of: a home folder of their own, and stand-ins for programs.

Neither the real home nor its caches nor Docker's daemon is ever reached: HOME, the XDG folders,
pip's cache and PATH all lie in the test's folder.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from jupyter_ci_manager.disk.cleanup import CleanupService
from jupyter_ci_manager.disk.paths import uri_of
from jupyter_ci_manager.disk.surroundings import Surroundings
from jupyter_ci_manager.disk.trash import Trash
from jupyter_ci_manager.models import (
    CleanupPlan,
    CleanupReport,
    CleanupStep,
    Operation,
    PlanCleanup,
    RunCleanup,
)
from jupyter_ci_manager.operations import OperationRegistry

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)


def uri(path: Path | bytes) -> str:
    return uri_of(os.fsencode(path))


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@dataclass
class Home:
    """A user's home, and all that the cleanup knows of the machine."""

    path: Path
    programs: Path
    environ: dict[str, str]
    surroundings: Surroundings

    @classmethod
    def made_in(cls, folder: Path, *, pip: bool = False) -> Home:
        """``pip``: with a Python that has it, which costs a second for each plan."""
        for name in ("home", "programs", "data", "served", "proc"):
            (folder / name).mkdir(exist_ok=True)
        environ = {
            "HOME": str(folder / "home"),
            "XDG_DATA_HOME": str(folder / "home/.local/share"),
            "PIP_CACHE_DIR": str(folder / "home/.cache/pip"),
            "PATH": str(folder / "programs"),
        }
        surroundings = Surroundings(
            served=folder / "served",
            data=folder / "data",
            environ=environ,
            processes=folder / "proc",
            interpreter=sys.executable if pip else str(folder / "no-python"),
        )
        return cls(folder / "home", folder / "programs", environ, surroundings)

    @property
    def trash(self) -> Trash:
        return Trash(os.fsencode(self.path / ".local/share/Trash"), None)

    @property
    def trash_files(self) -> Path:
        return self.path / ".local/share/Trash/files"

    @property
    def trash_info(self) -> Path:
        return self.path / ".local/share/Trash/info"

    def file(self, name: str | bytes, content: bytes = b"text") -> Path:
        path = self.path / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def trashed(self, name: str, content: bytes = b"text") -> Path:
        """Something that was deleted earlier."""
        self.trash_info.mkdir(parents=True, exist_ok=True)
        path = self.trash_files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        top = path.relative_to(self.trash_files).parts[0]
        (self.trash_info / f"{top}.trashinfo").write_text(
            f"[Trash Info]\nPath=/home/amy/{top}\nDeletionDate=2026-11-01T08:00:00\n",
            encoding="utf-8",
        )
        return path

    def program(self, name: str, script: str) -> Path:
        """A stand-in for a program that this machine has not got."""
        path = self.programs / name
        path.write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
        path.chmod(0o755)
        return path


@dataclass
class Cleaning:
    """A cleanup service as a client sees it."""

    home: Home
    operations: OperationRegistry
    service: CleanupService

    @classmethod
    def of(cls, home: Home, journal: Path, clock: Callable[[], float] = time.monotonic) -> Cleaning:
        log = logging.getLogger(__name__)
        operations = OperationRegistry(journal, log=log, renew_seconds=0.05, watch_seconds=0.05)
        service = CleanupService(
            operations, home.surroundings, now=lambda: NOON, log=log, clock=clock
        )
        return cls(home, operations, service)

    async def plan(self, *trash: Path | bytes) -> CleanupPlan:
        return await self.service.plan(PlanCleanup([uri(path) for path in trash]))

    async def start(
        self, plan: CleanupPlan, *steps: CleanupStep, dry_run: bool = False
    ) -> Operation:
        chosen = [step.id for step in steps or plan.steps]
        return await self.service.run(RunCleanup(plan.id, chosen, dry_run))

    async def done(
        self, plan: CleanupPlan, *steps: CleanupStep, dry_run: bool = False
    ) -> tuple[Operation, CleanupReport]:
        operation = await self.start(plan, *steps, dry_run=dry_run)
        ended = await self.operations.wait(operation.id, timeout_seconds=60)
        return ended, await self.report()

    async def report(self) -> CleanupReport:
        report = (await self.service.status()).report
        assert report is not None
        return report


CONDA = '''
"""Stands in for conda 26.7.0: answers as it was seen to, and cleans a package cache as it does."""
import json, os, shutil, sys

PKGS = os.environ["CONDA_PKGS_DIRS"]
SOFT = os.path.exists(os.path.join(PKGS, "allow_softlinks"))

def size(path):
    found = 0
    for root, _, files in os.walk(path):
        for name in files:
            status = os.lstat(os.path.join(root, name))
            if status.st_nlink > 1:
                return None
            found += status.st_size
    return found

packages, tarballs = {}, {}
for name in sorted(os.listdir(PKGS)):
    path = os.path.join(PKGS, name)
    if os.path.isdir(os.path.join(path, "info")) and size(path) is not None:
        packages[name] = size(path)
    elif name.endswith((".conda", ".tar.bz2")):
        tarballs[name] = os.path.getsize(path)

def part(found):
    sizes = {PKGS: found} if found else {}
    return {
        "warnings": [],
        "pkg_sizes": sizes,
        "pkgs_dirs": {key: list(value) for key, value in sizes.items()},
        "total_size": sum(found.values()),
    }

arguments = sys.argv[1:]
if arguments[:2] == ["config", "--show"]:
    print(json.dumps({"allow_softlinks": SOFT, "pkgs_dirs": [PKGS]}, indent=2))
elif "--dry-run" in arguments:
    print(json.dumps({"success": True, "tarballs": part(tarballs), "packages": part(packages)}))
elif arguments == ["clean", "--packages", "--yes"]:
    print(f"Will remove {len(packages)} (98 KB) package(s).")
    for name in packages:
        shutil.rmtree(os.path.join(PKGS, name))
elif arguments == ["clean", "--tarballs", "--yes"]:
    print(f"Will remove {len(tarballs)} (49 KB) tarball(s).")
    for name in tarballs:
        os.unlink(os.path.join(PKGS, name))
elif arguments == ["clean", "--index-cache", "--yes"]:
    print("Will remove 1 index cache(s).")
    shutil.rmtree(os.path.join(PKGS, "cache"))
else:
    sys.exit(f"conda: error: {arguments}")
'''

DOCKER = '''
"""Stands in for docker 28 with a daemon: its answers are written as docker/cli formats them."""
import json, os, sys

arguments = [word for word in sys.argv[1:] if word not in ("--host", "unix:///var/run/docker.sock")]
if arguments[:2] == ["context", "inspect"]:
    print(json.dumps(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")))
elif arguments[:2] == ["system", "df"]:
    print(json.dumps({
        "Images": [
            {"Repository": "<none>", "Tag": "<none>", "Containers": "0", "UniqueSize": "1.2GB"},
            {"Repository": "train", "Tag": "v1", "Containers": "0", "UniqueSize": "7GB"},
            {"Repository": "<none>", "Tag": "<none>", "Containers": "1", "UniqueSize": "3GB"},
        ],
        "Containers": [
            {"State": "exited", "Size": "50MB"},
            {"State": "running", "Size": "900MB"},
        ],
        "Volumes": [{"Name": "data", "Size": "4GB"}],
        "BuildCache": [
            {"InUse": "false", "Shared": "false", "Size": "2.5GB"},
            {"InUse": "true", "Shared": "false", "Size": "1GB"},
            {"InUse": "false", "Shared": "true", "Size": "1GB"},
        ],
    }))
elif arguments[:1] == ["info"]:
    print(json.dumps("/var/lib/docker"))
elif arguments in (["system", "prune", "--force"], ["builder", "prune", "--all", "--force"]):
    print("Deleted build cache objects:\\nabc\\n\\nTotal reclaimed space: 1.25GB")
else:
    sys.exit(f"unknown command: docker {arguments}")
'''
