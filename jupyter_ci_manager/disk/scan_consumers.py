"""Recognises who is known to fill disks: by what a folder holds, else by where it is.

It goes by the names of folders, and looks into a file only where names do not tell.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .scan_table import Table

FIXED = {
    "/tmp": "temporary_files",  # noqa: S108 - it is recognised, nothing is put there
    "/var/tmp": "temporary_files",  # noqa: S108
    "/var/log": "logs",
    "/var/crash": "core_dump",
    "/var/lib/systemd/coredump": "core_dump",
    "/var/lib/docker": "docker",
    "/var/lib/containerd": "docker",
}
"""Folders that the system always has in the same place (Filesystem Hierarchy Standard 3.0)."""

_CORE_NAME = re.compile(r"core(\.\d+|\.[\w.-]+\.\d+)?|.+\.core", re.ASCII)
_LOG_NAME = re.compile(r".+\.log([.-]\d[\d-]*|\.old)?(\.gz|\.xz|\.zst)?|nohup\.out", re.ASCII)
_ELF_CORE = 4
"""``e_type`` of a core file: elf(5)."""


@dataclass(frozen=True)
class Found:
    """A consumer: a folder, or a large file in it."""

    kind: str
    folder: int
    name: str | None = None
    """None: its path is its name."""
    file: int | None = None
    """Row among the large files."""


def package_caches(found: Sequence[Found]) -> list[int]:
    """Folders that Conda unpacks packages into; environments have hard links to what is there."""
    return [each.folder for each in found if each.kind == "conda_packages"]


def consumers(table: Table) -> list[Found]:
    """All that are there. One may lie in another."""
    found: dict[int, Found] = {}
    for each in (*_fixed(table), *_by_name(table, _BY_NAME)):
        found.setdefault(each.folder, each)
    return [*found.values(), *_files(table)]


# --- folders ----------------------------------------------------------------------------------


def _fixed(table: Table) -> Iterator[Found]:
    for path, kind in FIXED.items():
        folder = table.folder_at(path)
        if folder is not None:
            yield Found(kind, folder)


def _by_name(table: Table, rules: dict[str, Rule]) -> Iterator[Found]:
    for folder, name in enumerate(table.names):
        if name in rules or name.startswith(".Trash-"):
            found = rules.get(name, _trash_of_user)(table, folder)
            if found is not None:
                yield found


Rule = Callable[[Table, int], "Found | None"]


def _above(table: Table, folder: int) -> str:
    """The name of the folder that a folder is in, also where that is above the root."""
    parent = table.parents[folder]
    return os.path.basename(table.path(parent)) if folder else ""


def _has_file(table: Table, folder: int, *names: str) -> bool:
    path = table.path(folder)
    return any(os.path.lexists(f"{path}/{name}") for name in names)


def _conda_packages(table: Table, folder: int) -> Found | None:
    # conda keeps `urls.txt` beside what it unpacked, micromamba and rattler `urls`.
    if _has_file(table, folder, "urls.txt", "urls"):
        return Found("conda_packages", folder)
    return None


def _conda_environment(table: Table, folder: int) -> Found | None:
    if not folder or not _has_file(table, folder, "history"):
        return None
    prefix = table.parents[folder]
    path = table.path(prefix)
    if _above(table, prefix) == "envs":
        return Found("conda_environment", prefix, os.path.basename(path))
    if "condabin" in table.named_in(prefix) or "pkgs" in table.named_in(prefix):
        return Found("conda_environment", prefix, "base")
    return Found("conda_environment", prefix)


def _pip_cache(table: Table, folder: int) -> Found | None:
    # pip's documentation, "Caching": ~/.cache/pip, and ~/Library/Caches/pip on macOS.
    inner = table.named_in(folder)
    if _above(table, folder) in (".cache", "Caches") or {"http-v2", "selfcheck"} & inner.keys():
        return Found("pip_cache", folder)
    return None


def _huggingface(table: Table, folder: int) -> Found | None:
    inner = table.named_in(folder)
    if _above(table, folder) == ".cache" or "hub" in inner:
        return Found("huggingface_cache", folder)
    return None


def _hub(table: Table, folder: int) -> Found | None:
    """HF_HOME may be anywhere; what is below is always laid out the same."""
    if _above(table, folder) != "huggingface" and any(
        name.startswith(("models--", "datasets--", "spaces--")) for name in table.named_in(folder)
    ):
        return Found("huggingface_cache", folder)
    return None


def _torch(table: Table, folder: int) -> Found | None:
    if _above(table, folder) == ".cache":
        return Found("torch_cache", folder)
    return None


def _docker(table: Table, folder: int) -> Found | None:
    if {"image", "containers", "volumes"} <= table.named_in(folder).keys():
        return Found("docker", folder)
    return None


def _trash(table: Table, folder: int) -> Found | None:
    # The FreeDesktop.org Trash specification 1.0.
    if {"files", "info"} <= table.named_in(folder).keys():
        return Found("trash", folder)
    return None


def _trash_of_user(table: Table, folder: int) -> Found | None:
    if table.names[folder].removeprefix(".Trash-").isdecimal():
        return Found("trash", folder)
    return None


def _checkpoints(_: Table, folder: int) -> Found | None:
    return Found("checkpoints", folder)


_BY_NAME: dict[str, Rule] = {
    "pkgs": _conda_packages,
    "conda-meta": _conda_environment,
    "pip": _pip_cache,
    "huggingface": _huggingface,
    "hub": _hub,
    "torch": _torch,
    "docker": _docker,
    "Trash": _trash,
    ".ipynb_checkpoints": _checkpoints,
}


# --- files ------------------------------------------------------------------------------------


def _files(table: Table) -> Iterator[Found]:
    large = table.large
    for row, name in enumerate(large.names):
        if _CORE_NAME.fullmatch(name):
            path = f"{table.path(large.folders[row])}/{name}"
            if _is_core(path):
                yield Found("core_dump", large.folders[row], file=row)
        elif _LOG_NAME.fullmatch(name):
            yield Found("logs", large.folders[row], file=row)


def _is_core(path: str) -> bool:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        file = os.open(path, flags)
    except OSError:
        return False
    try:
        head = os.read(file, 18)
    except OSError:
        return False
    finally:
        os.close(file)
    if len(head) < 18 or head[:4] != b"\x7fELF":
        return False
    return int.from_bytes(head[16:18], "little" if head[5] == 1 else "big") == _ELF_CORE
