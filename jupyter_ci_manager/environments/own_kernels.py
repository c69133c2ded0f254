"""What a Conda environment itself knows of the kernels in it, and how one kernelspec is read.

Packages bring their kernelspecs along (``share/jupyter/kernels``); ipykernel and IRkernel are known
without one too. It must not know where Jupyter looks for kernels. Everything here blocks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from ..errors import KernelFailed
from ..models import KernelLanguage

SPEC_FILE = "kernel.json"
LARGEST_SPEC_BYTES = 1_000_000

KERNEL_PACKAGES: dict[KernelLanguage, str] = {"python": "ipykernel", "R": "r-irkernel"}
"""Conda's names of what a language's kernel is in."""

_USUAL: dict[KernelLanguage, str] = {"python": "python3", "R": "ir"}
"""The kernelspec that is meant where there are several."""

IPYKERNEL_SIGN = "lib/python3*/site-packages/ipykernel_launcher.py"
"""Below a prefix: ipykernel is installed."""

_WITHOUT_SPEC: dict[KernelLanguage, tuple[str, list[str]]] = {
    "python": (
        IPYKERNEL_SIGN,
        ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    ),
    "R": (
        "lib/R/library/IRkernel/DESCRIPTION",
        ["R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"],
    ),
}
"""A file that is there with the kernel, and what it is started with: what ``ipykernel install`` and
``IRkernel::installspec`` write."""


METADATA_KEY = "jupyter_ci_manager"
"""Below a kernelspec's metadata: which prefix it belongs to, where it was registered here."""

T = TypeVar("T")


class UnreadableSpec(Exception):
    """A kernelspec that Jupyter cannot read either; the text says why."""


class SpecFile(Struct, frozen=True):
    """What we need to know of a ``kernel.json``. It may hold more."""

    argv: list[str] = field(default_factory=list)
    display_name: str = ""
    language: str = ""
    env: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    interrupt_mode: str | None = None
    kernel_protocol_version: str | None = None


@dataclass(frozen=True)
class OwnKernel:
    """A kernel that lies in an environment."""

    spec: SpecFile
    """Its program is an absolute path."""
    folder: Path | None
    """Of its kernelspec, None where it has none."""


def read_spec(folder: Path) -> SpecFile:
    """The kernelspec in a folder. Raises UnreadableSpec."""
    return _read(folder, SpecFile)


def read_whole_spec(folder: Path) -> dict[str, Any]:
    """All that the kernelspec in a folder holds. Raises UnreadableSpec."""
    return _read(folder, dict[str, Any])


def _read(folder: Path, as_type: type[T]) -> T:
    try:
        with (folder / SPEC_FILE).open("rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size > LARGEST_SPEC_BYTES:
                raise UnreadableSpec(f"it has more than {LARGEST_SPEC_BYTES} bytes")
            text = file.read()
    except OSError as error:
        raise UnreadableSpec(error.strerror or "it cannot be opened") from None
    try:
        return msgspec.json.decode(text, type=as_type)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UnreadableSpec(str(error)) from None


def is_ours(spec: SpecFile) -> bool:
    """Whether it was registered here."""
    return isinstance(spec.metadata.get(METADATA_KEY), dict)


def missing_package(prefix: Path, language: KernelLanguage) -> str | None:
    """What has to be installed before the environment has a kernel; None where it has one."""
    return None if _find(prefix, language) else KERNEL_PACKAGES[language]


def own_kernel(prefix: Path, language: KernelLanguage) -> OwnKernel:
    """The environment's kernel of a language. Raises KernelFailed where it has none."""
    found = _find(prefix, language)
    if found is None:
        package = KERNEL_PACKAGES[language]
        raise KernelFailed(
            f"{prefix} has no kernel for {language.title()}: {package} is not installed in it.",
            hint=f"Add {package} to its packages.",
        )
    return found


def _find(prefix: Path, language: KernelLanguage) -> OwnKernel | None:
    usual = _USUAL[language]
    own = sorted(_kernels_in(prefix, language), key=lambda each: each.name != usual)
    for folder in own:
        spec = read_spec(folder)
        program = _program(prefix, spec.argv[0])
        if program is not None:
            argv = [program, *spec.argv[1:]]
            return OwnKernel(msgspec.structs.replace(spec, argv=argv), folder)
    sign, argv = _WITHOUT_SPEC[language]
    program = _program(prefix, argv[0])
    if program is None or next(prefix.glob(sign), None) is None:
        return None
    return OwnKernel(SpecFile([program, *argv[1:]], language=language), None)


def _kernels_in(prefix: Path, language: KernelLanguage) -> Iterator[Path]:
    for path in sorted((prefix / "share" / "jupyter" / "kernels").glob(f"*/{SPEC_FILE}")):
        try:
            spec = read_spec(path.parent)
        except UnreadableSpec:
            # Jupyter does not start it either; there may be another one.
            continue
        if spec.argv and spec.language.lower() == language.lower() and not is_ours(spec):
            yield path.parent


def _program(prefix: Path, program: str) -> str | None:
    """Where in the environment a kernelspec's program is; None where it is not in it.

    A kernelspec from a wheel has only ``python``, which Jupyter takes for its own.
    """
    path = prefix / "bin" / program
    is_inside = os.path.realpath(path.parent).startswith(os.path.realpath(prefix) + os.sep)
    return str(path) if is_inside and os.access(path, os.X_OK) else None
