"""Real file systems for a test, where it may mount them; it skips with the reason elsewhere."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def tmpfs(folder: Path, **options: str) -> Iterator[Path]:
    """A file system of its own in ``folder``: ``size="1m"``, ``nr_inodes="100"``."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = ",".join(f"{name}={value}" for name, value in options.items())
    with _mounted(["-t", "tmpfs", "-o", chosen, "tmpfs", str(folder)], folder):
        yield folder


@contextmanager
def bind(source: Path, folder: Path) -> Iterator[Path]:
    """What is in ``source`` seen in ``folder`` as well."""
    with _mounted(["--bind", str(source), str(folder)], folder):
        yield folder


def remount(folder: Path, options: str) -> None:
    """Change a mounted file system: ``ro``, ``size=2m``."""
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def fill(folder: Path, *, leave_bytes: int = 0) -> Path:
    """Write until nothing, or ``leave_bytes``, can be written any more; the file it wrote."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(b"x" * 4096)
            except OSError:
                break
        if leave_bytes:
            file.truncate(file.tell() - leave_bytes)
    return filler


@contextmanager
def hanging(folder: Path) -> Iterator[Callable[[], None]]:
    """A network mount whose server never answers; whoever asks it waits until it is called.

    It is FUSE with nobody behind it. Calling what it gives ends the connection, as ``umount -f``
    would: all who wait get an error.
    """
    _require_root()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        device = os.open("/dev/fuse", os.O_RDWR)
    except OSError:
        pytest.skip("this machine has no FUSE")
    open_devices = [device]

    def come_back() -> None:
        while open_devices:
            os.close(open_devices.pop())

    options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
    libc = ctypes.CDLL(None)
    if libc.mount(b"gone", os.fsencode(folder), b"fuse", 0, options) != 0:
        come_back()
        pytest.skip("this machine does not let root mount FUSE")
    try:
        yield come_back
    finally:
        come_back()
        libc.umount2(os.fsencode(folder), 2)


@contextmanager
def _mounted(arguments: list[str], folder: Path) -> Iterator[None]:
    _require_root()
    if subprocess.run(["mount", *arguments]).returncode != 0:
        pytest.skip("this machine does not let root mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _require_root() -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
