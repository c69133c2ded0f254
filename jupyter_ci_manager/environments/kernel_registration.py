"""Registers an environment as a kernel, renames and removes kernelspecs: whole or not at all.

The process that works on environments registers kernels too: it must know no server. All of it
blocks.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from ..errors import CiManagerError, InvalidKernel, KernelExists, KernelProtected, NotEnoughRoom
from ..models import KernelRequest
from .kernel_requests import (
    check_display_name,
    check_kernel_name,
    check_kernel_request,
    name_made_of,
)
from .kernel_specs import KernelPlaces, kernel_folders_of
from .own_kernels import METADATA_KEY, SPEC_FILE, OwnKernel, own_kernel, read_whole_spec

LAUNCHER = Path(__file__).with_name("kernel_launcher.py")
OLDEST_LAUNCHING_PYTHON = (3, 8)

NATIVE_KERNEL = "python3"
"""Jupyter has it also where no folder does."""

_MAKING = ".ci-manager-kernel-"
_FORGOTTEN_SECONDS = 3600.0
_MOST_RESOURCES = 50
_LARGEST_RESOURCE_BYTES = 2_000_000
_MOST_OF_A_NAME = 1000
_TAKEN = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_FILLED_IN = re.compile(r"\{[A-Za-z0-9_]+\}")
"""What Jupyter replaces in a kernelspec's arguments."""


class RegisteredKernel(Struct, frozen=True):
    """A kernelspec that has just been written."""

    name: str
    folder: str


def check_name_is_free(name: str, places: KernelPlaces) -> str:
    """The name as Jupyter compares it. Raises InvalidKernel or KernelExists.

    Jupyter shows one kernel of a name: a second one would hide the first, or be hidden by it.
    """
    lower = check_kernel_name(name)
    if lower in _taken_names(places):
        raise KernelExists(f"There is a kernel {lower!r} already.", details={"field": "name"})
    return lower


def check_name_is_shown(name: str | None, allowed: Collection[str]) -> None:
    """Raise KernelProtected for a kernel that Jupyter would not show: only these are ``allowed``.

    None allowed are all. Source: ``KernelSpecManager.allowed_kernelspecs`` of jupyter_client.
    """
    if allowed and (name is None or check_kernel_name(name) not in allowed):
        raise KernelProtected(
            "The administrator of this Jupyter lets it show these kernels only: "
            f"{', '.join(sorted(allowed))}.",
            hint="Ask for the name of your kernel to be allowed, and give it that name.",
            details={"field": "name"},
        )


def register_kernel(prefix: Path, request: KernelRequest, places: KernelPlaces) -> RegisteredKernel:
    """Make a kernel of a Conda prefix.

    It starts what the environment's own kernelspec starts, in the environment as activated. Raises
    InvalidKernel, KernelExists, KernelFailed where the environment has no kernel of that language,
    KernelProtected or NotEnoughRoom. A process that is killed meanwhile leaves no kernel.
    """
    check_kernel_request(request)
    if _FILLED_IN.search(str(prefix)):
        raise InvalidKernel(f"Jupyter starts no kernel in {prefix}: it would fill in the braces.")
    own = own_kernel(prefix, request.language)
    names = _names(prefix, request, places)
    place = places.of_scope(request.scope)
    with _told(place):
        place.mkdir(parents=True, exist_ok=True)
        _sweep(place.parent)
        making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=place.parent))
        try:
            _copy_resources(own.folder, making)
            for name in names:
                folder = place / name
                _write(making, kernelspec(prefix, request, own, folder))
                if request.scope != "user":
                    _let_others_read(making)
                if _moved(making, folder):
                    return RegisteredKernel(name, str(folder))
        finally:
            # It is not there any more where it has got its name.
            shutil.rmtree(making, ignore_errors=True)
    raise KernelExists(f"There is a kernel {name!r} already.", details={"field": "name"})


def kernelspec(
    prefix: Path, request: KernelRequest, own: OwnKernel, folder: Path
) -> dict[str, Any]:
    """What is written of a kernel that lies in ``folder``."""
    kept = sorted(request.env.keys() - {"PATH"})
    launch = [_launching_python(prefix), "-I", "-S", str(folder / LAUNCHER.name), str(prefix)]
    whole = {
        "argv": [*launch, *kept, "--", *own.spec.argv],
        "display_name": check_display_name(request.display_name),
        "language": own.spec.language,
        "env": {**own.spec.env, **request.env},
        "metadata": {**own.spec.metadata, METADATA_KEY: {"prefix": str(prefix)}},
        "interrupt_mode": own.spec.interrupt_mode,
        "kernel_protocol_version": own.spec.kernel_protocol_version,
    }
    return {name: value for name, value in whole.items() if value is not None}


def rename_kernel(folder: Path, display_name: str) -> None:
    """Give a kernel another name for people. Raises as ``register_kernel``, and UnreadableSpec."""
    shown = check_display_name(display_name)
    whole = read_whole_spec(folder)
    with _told(folder):
        _write(folder, {**whole, "display_name": shown})


def remove_kernel(folder: Path) -> None:
    """Remove a kernelspec. Raises KernelProtected or NotEnoughRoom.

    Of one that was installed as a symbolic link only the link is removed. One that is gone already
    is no error: two may want the same.
    """
    with _told(folder), contextlib.suppress(FileNotFoundError):
        if folder.is_symlink():
            folder.unlink()
            return
        # First, so that no half of it is ever a kernel.
        (folder / SPEC_FILE).unlink(missing_ok=True)
        shutil.rmtree(folder)


def remove_kernels_of(prefix: Path, places: KernelPlaces) -> tuple[list[str], list[str]]:
    """Remove the kernels of a prefix that do not lie in it.

    The names of those that are removed, and why others could not be.
    """
    return remove_kernels(kernel_folders_of(prefix, places))


def remove_kernels(folders: Iterable[Path]) -> tuple[list[str], list[str]]:
    """Remove these kernelspecs, as far as they are still there. What it returns is the same."""
    removed, problems = [], []
    for folder in folders:
        if not folder.exists():
            continue
        try:
            remove_kernel(folder)
        except CiManagerError as error:
            problems.append(error.message)
        else:
            removed.append(folder.name)
    return removed, problems


# --- names --------------------------------------------------------------------------------------


def _taken_names(places: KernelPlaces) -> set[str]:
    return {NATIVE_KERNEL, *(folder.name.lower() for folder in places.folders())}


def _names(prefix: Path, request: KernelRequest, places: KernelPlaces) -> list[str]:
    """What it may be called: the name that was asked for, else the first that is free."""
    if request.name is not None:
        return [check_name_is_free(request.name, places)]
    made = name_made_of(request.display_name, prefix.name)
    taken = _taken_names(places)
    numbered = (made, *(f"{made}-{number}" for number in range(2, _MOST_OF_A_NAME)))
    return [name for name in numbered if name not in taken] or [made]


# --- writing ------------------------------------------------------------------------------------


def _launching_python(prefix: Path) -> str:
    """The environment's own, so that its kernel depends on nothing else; else this one."""
    python = prefix / "bin" / "python"
    version = re.fullmatch(r"python(\d+)\.(\d+)", os.path.basename(os.path.realpath(python)))  # noqa: PTH119
    if version and (int(version[1]), int(version[2])) >= OLDEST_LAUNCHING_PYTHON:
        return str(python)
    return sys.executable


def _copy_resources(source: Path | None, folder: Path) -> None:
    """The launcher, and logos and scripts of the environment's own kernelspec."""
    shutil.copyfile(LAUNCHER, folder / LAUNCHER.name)
    files = sorted(source.iterdir()) if source else []
    for path in files[:_MOST_RESOURCES]:
        is_file = path.is_file() and path.name not in (SPEC_FILE, LAUNCHER.name)
        if is_file and path.stat().st_size <= _LARGEST_RESOURCE_BYTES:
            shutil.copyfile(path, folder / path.name)


def _write(folder: Path, whole: dict[str, Any]) -> None:
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    # Variables may be nobody else's business.
    descriptor, name = tempfile.mkstemp(prefix=f".{SPEC_FILE}-", dir=folder)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(text + "\n")
        if (folder / SPEC_FILE).exists():
            shutil.copymode(folder / SPEC_FILE, name)
        Path(name).replace(folder / SPEC_FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _let_others_read(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)


def _moved(making: Path, folder: Path) -> bool:
    """Whether it has got its name. Another process may have taken that meanwhile."""
    try:
        making.rename(folder)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise
    return True


def _sweep(folder: Path) -> None:
    """Remove what a process that was killed has left half-made."""
    for path in folder.glob(f"{_MAKING}*"):
        with contextlib.suppress(OSError):
            # Another one may be making it now, or removes it too.
            if time.time() - path.stat().st_mtime > _FORGOTTEN_SECONDS:
                shutil.rmtree(path)


@contextlib.contextmanager
def _told(place: Path) -> Iterator[None]:
    """Tell errors of the file system as ours."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        if error.errno in _NO_ROOM:
            raise NotEnoughRoom(f"The kernel could not be written to {place}: {reason}.") from None
        raise KernelProtected(
            f"{place} cannot be changed: {reason}.",
            hint="Register the kernel for yourself, or ask who administers this machine.",
        ) from None
