"""Which kernels Jupyter finds, and what is known of each without starting it.

It knows no environments but the prefixes that it is told of. Everything here blocks.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from ..models import Kernel
from .kernel_specs import KernelPlaces, has_records, prefix_of
from .own_kernels import (
    IPYKERNEL_SIGN,
    SPEC_FILE,
    SpecFile,
    UnreadableSpec,
    is_ours,
    read_spec,
)

_JUPYTERS_OWN = frozenset({"python", "python3"})
"""Programs for which Jupyter takes the interpreter that it runs in (``format_kernel_cmd``)."""


def list_kernels(
    specs: KernelSpecManager, places: KernelPlaces, environment_ids: Mapping[str, str]
) -> list[Kernel]:
    """All kernels by name. ``environment_ids`` is by real path of a prefix."""
    found = specs.find_kernel_specs()
    return [
        _kernel(name, Path(folder), specs, places, environment_ids)
        for name, folder in sorted(found.items())
    ]


def find_kernel(
    name: str,
    specs: KernelSpecManager,
    places: KernelPlaces,
    environment_ids: Mapping[str, str],
) -> Kernel | None:
    """The kernel of a name, None where Jupyter finds none."""
    lower = name.lower()
    folder = specs.find_kernel_specs().get(lower)
    return _kernel(lower, Path(folder), specs, places, environment_ids) if folder else None


def why_protected(folder: Path, kernel_is_ours: bool, stale: bool, places: KernelPlaces) -> str:
    """Why a kernelspec is neither renamed nor removed here; empty where it is."""
    if str(folder.parent) not in (*places.search, places.user, places.environment):
        return "It comes with what it is part of, such as a package."
    if not os.access(folder.parent, os.W_OK):
        return f"{folder.parent} cannot be written."
    if places.scope_of(folder) == "user" or kernel_is_ours or stale:
        return ""
    return "It was not registered here, and others on this machine may need it."


def _kernel(
    name: str,
    folder: Path,
    specs: KernelSpecManager,
    places: KernelPlaces,
    environment_ids: Mapping[str, str],
) -> Kernel:
    try:
        spec = _read(name, folder, specs)
    except UnreadableSpec as error:
        spec, problem = SpecFile(), f"Its {SPEC_FILE} cannot be used: {error}."
    else:
        problem = _what_is_missing(spec, folder)
    prefix = prefix_of(spec, folder)
    return Kernel(
        name=name,
        display_name=spec.display_name or name,
        language=spec.language,
        scope=places.scope_of(folder),
        resource_folder=str(folder),
        argv=spec.argv,
        env=spec.env,
        environment_id=environment_ids.get(os.path.realpath(prefix)) if prefix else None,
        prefix=prefix,
        state="stale" if problem else "ok",
        problem=problem or None,
        removable=not why_protected(folder, is_ours(spec), bool(problem), places),
        is_ours=is_ours(spec),
    )


def _read(name: str, folder: Path, specs: KernelSpecManager) -> SpecFile:
    if type(specs) is KernelSpecManager and (folder / SPEC_FILE).is_file():
        return read_spec(folder)
    # Jupyter's own kernel has no file, and another manager, such as that of nb_conda_kernels,
    # starts something else than the file says.
    try:
        return msgspec.convert(specs.get_kernel_spec(name).to_dict(), SpecFile)
    except NoSuchKernel:
        raise UnreadableSpec("Jupyter does not know how to start it") from None
    except Exception as error:  # noqa: BLE001
        # What another manager raises nobody can know; a kernel it cannot read is one to be shown.
        raise UnreadableSpec(str(error) or type(error).__name__) from None


def _what_is_missing(spec: SpecFile, folder: Path) -> str:
    """What a kernel needs for its start and is not there, for a person; else empty."""
    if not spec.argv:
        # Something else than a process on this machine may be started.
        return "" if "kernel_provisioner" in spec.metadata else "It does not say what to start."
    prefix = prefix_of(spec, folder)
    if prefix and is_ours(spec) and not has_records(Path(prefix)):
        return f"The environment {prefix} is not there any more."
    programs = [spec.argv[0]]
    if is_ours(spec) and "--" in spec.argv[:-1]:
        programs.append(spec.argv[spec.argv.index("--") + 1])
    missing = next((each for each in programs if not _is_program(each)), None)
    if missing is not None:
        return f"{missing}, which it starts, is not there any more."
    needs_ipykernel = is_ours(spec) and "ipykernel_launcher" in spec.argv
    if prefix and needs_ipykernel and next(Path(prefix).glob(IPYKERNEL_SIGN), None) is None:
        return f"ipykernel is not in {prefix} any more."
    return ""


def _is_program(program: str) -> bool:
    if program in _JUPYTERS_OWN:
        return True
    return shutil.which(os.path.expanduser(program)) is not None  # noqa: PTH111
