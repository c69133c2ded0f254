"""The packages that the embedded engine of environments keeps, removed while nobody uses them.

It must not know plans, nor how environments are made: who holds the cache is told from outside.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from ..errors import CleanupFailed
from ..models import CleanupStep
from .cleanup_step import NotAsPlanned, Run
from .identity import Identity, contents_of, identity_at
from .threads import Stop, on_thread

MEASURE_SECONDS = 60.0
REMOVE_SECONDS = 1800.0

_PARTS = ("pkgs", "repodata")
_REMOVED = ".removed-"

Alone = Callable[[], AbstractContextManager[object]]
"""Held while it is removed. Raises BlockingIOError where somebody makes environments."""


@dataclass
class PackagesStep:
    """Removes what is in the cache, and leaves an empty one."""

    wire: CleanupStep
    disk: bytes
    cache: Path
    identity: Identity
    alone: Alone

    async def carry_out(self, run: Run) -> str:
        """That it is done. Raises NotAsPlanned or CleanupFailed."""
        try:
            await on_thread(self._remove, timeout_seconds=REMOVE_SECONDS)
        except BlockingIOError:
            raise NotAsPlanned(
                "An environment is being worked on. Clean up when that has ended."
            ) from None
        except asyncio.TimeoutError:
            raise CleanupFailed("Removing the packages took too long; part is gone.") from None
        except OSError as error:
            raise CleanupFailed(
                f"The packages could not be removed: {error.strerror}.",
                hint="Environments are as they were. Packages are fetched again when they lack.",
            ) from error
        return "Done."

    def _remove(self, stop: Stop) -> None:
        now = identity_at(os.fsencode(self.cache))
        if now is None or not now.same_inode(self.identity):
            raise NotAsPlanned(f"{self.cache} is not the folder of the plan any more.")
        with self.alone():
            away = self.cache / f"{_REMOVED}{secrets.token_hex(4)}"
            away.mkdir()
            for name in _PARTS:
                # Whoever comes next finds a whole cache or an empty one.
                with contextlib.suppress(FileNotFoundError):
                    (self.cache / name).rename(away / name)
        for left in self.cache.glob(f"{_REMOVED}*"):
            for package in [*left.glob("*/*"), left]:
                if stop.is_set():
                    return
                _remove_tree(package)


def _remove_tree(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for folder, _, _ in os.walk(path):
        # Packages have folders that nobody may write.
        Path(folder).chmod(0o700)
    shutil.rmtree(path)


async def embedded_packages_steps(cache: Path, alone: Alone) -> list[PackagesStep]:
    """The step; none where there is nothing in the cache."""
    return await on_thread(lambda stop: _steps(cache, alone, stop), timeout_seconds=MEASURE_SECONDS)


def _steps(cache: Path, alone: Alone, stop: Stop) -> list[PackagesStep]:
    identity = identity_at(os.fsencode(cache))
    if identity is None or not identity.is_folder:
        return []
    places = [cache / name for name in _PARTS]
    places += cache.glob(f"{_REMOVED}*")
    contents = [contents_of(os.fsencode(place), stop.is_set) for place in places if place.exists()]
    if not sum(each.files for each in contents):
        return []
    reason = None
    try:
        with alone():
            pass
    except BlockingIOError:
        reason = "An environment is being worked on. Clean up when that has ended."
    wire = CleanupStep(
        id="",
        kind="embedded_packages",
        title="Packages that were downloaded to make environments",
        why_safe=(
            "Environments stay as they are: what they use is linked or copied into them. A package "
            "is downloaded again when it is next wanted."
        ),
        command=["remove packages and indexes in", str(cache)],
        bytes=sum(each.bytes for each in contents) if all(c.complete for c in contents) else None,
        available=reason is None,
        reason=reason,
    )
    return [PackagesStep(wire, os.fsencode(cache), cache, identity, alone)]
