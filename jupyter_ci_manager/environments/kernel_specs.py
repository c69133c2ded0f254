"""Kernelspecs on disk: where they lie and whom they belong to.

It must know no server, and imports nothing of Jupyter but its folders: the process that works on
environments uses it too. Everything here blocks. What a kernelspec holds is described in "Kernel
specs", jupyter_client documentation.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir, jupyter_path
from msgspec import Struct

from ..models import KernelScope
from .own_kernels import METADATA_KEY, SPEC_FILE, SpecFile, UnreadableSpec, read_spec


class KernelPlaces(Struct, frozen=True):
    """The folders that Jupyter looks for kernelspecs in."""

    user: str
    environment: str
    """Of the prefix that Jupyter runs in."""
    search: list[str]
    """All, in the order in which one hides the next."""

    @classmethod
    def of_jupyter(cls) -> KernelPlaces:
        """Those of the Python that this runs in."""
        return cls(
            str(Path(jupyter_data_dir(), "kernels")),
            str(Path(sys.prefix, "share", "jupyter", "kernels")),
            list(dict.fromkeys(jupyter_path("kernels"))),
        )

    def of_scope(self, scope: KernelScope) -> Path:
        """Where kernelspecs of that scope are registered."""
        return Path(self.environment if scope == "environment" else self.user)

    def scope_of(self, folder: Path) -> KernelScope:
        """Of a kernelspec in that folder."""
        parent = str(folder.parent)
        if parent == self.user:
            return "user"
        return "environment" if _is_below(folder, Path(sys.prefix)) else "system"

    def folders(self) -> Iterator[Path]:
        """The folder of each kernelspec, hidden ones too. Places that cannot be read have none."""
        for place in dict.fromkeys([*self.search, self.user, self.environment]):
            try:
                folders = sorted(Path(place).iterdir())
            except OSError:
                # Most of them do not exist, and one that is forbidden shows Jupyter nothing either.
                continue
            # Not ``Path.is_file``, which raises for a folder that only others may look into.
            yield from (each for each in folders if os.path.isfile(each / SPEC_FILE))  # noqa: PTH113


def prefix_of(spec: SpecFile, folder: Path) -> str | None:
    """The Conda prefix that a kernelspec starts in; None where it is in none.

    Ours say so, and so do those of nb_conda_kernels. Else it is where its program or, as a package
    brings it, the kernelspec itself lies.
    """
    ours = spec.metadata.get(METADATA_KEY)
    own = ours.get("prefix") if isinstance(ours, dict) else None
    told = next(
        (each for each in (own, spec.metadata.get("conda_env_path")) if _is_path(each)), None
    )
    if told is not None:
        return str(told)
    program = Path(*spec.argv[:1])
    candidates = [*program.parents] if program.is_absolute() else []
    # Not any folder above: somebody's home may lie in a prefix, or be one.
    if folder.parts[-4:-1] == ("share", "jupyter", "kernels"):
        candidates.append(folder.parents[3])
    return next((str(each) for each in candidates if has_records(each)), None)


def has_records(prefix: Path) -> bool:
    """Whether it is a Conda prefix; also of a path that no file system takes."""
    # Not ``Path.is_dir``, which raises for one that is too long.
    return os.path.isdir(prefix / "conda-meta")  # noqa: PTH112


def _is_path(told: object) -> bool:
    return isinstance(told, str) and os.path.isabs(told) and "\0" not in told  # noqa: PTH117


def kernels_by_prefix(places: KernelPlaces) -> dict[str, list[str]]:
    """Names of kernelspecs by the real path of the prefix that they belong to."""
    shown: dict[str, Path] = {}
    for folder in places.folders():
        shown.setdefault(folder.name.lower(), folder)
    by_path: dict[str, list[str]] = {}
    for name, folder in shown.items():
        spec = _read_or_none(folder)
        prefix = prefix_of(spec, folder) if spec else None
        if prefix:
            by_path.setdefault(prefix, []).append(name)
    found: dict[str, list[str]] = {}
    for prefix, names in by_path.items():
        found.setdefault(os.path.realpath(prefix), []).extend(names)
    return found


def kernel_folders_of(prefix: Path, places: KernelPlaces) -> list[Path]:
    """Kernelspecs that belong to a prefix and lie outside of it: they do not go with it."""
    real = os.path.realpath(prefix)
    found = []
    for folder in places.folders():
        spec = _read_or_none(folder)
        belongs_to = prefix_of(spec, folder) if spec else None
        if belongs_to and os.path.realpath(belongs_to) == real and not _is_below(folder, prefix):
            found.append(folder)
    return found


def _read_or_none(folder: Path) -> SpecFile | None:
    try:
        return read_spec(folder)
    except UnreadableSpec:
        return None


def _is_below(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
