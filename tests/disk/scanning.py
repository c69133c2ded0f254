"""Scans for tests, by the very process that the server starts, and what coreutils say to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyter_ci_manager.disk.scan_process import Line
from jupyter_ci_manager.models import Consumer, ScanNode, ScanResult, ScanStatus

Scan = Callable[..., ScanStatus]

WORKER = [sys.executable, "-X", "utf8", "-m", "jupyter_ci_manager.disk.scan_worker"]

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="du and mounts are Linux's")


def without_rights_over_files() -> list[str]:
    """What to start a process with, so that the permissions of files hold for it, root or not.

    Root keeps its name and loses the capabilities. Another user would do only where it may read
    the interpreter, which lies in root's home on some machines.
    """
    if os.geteuid() != 0:
        return []
    rights = "-dac_override,-dac_read_search"
    before = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]
    tried = subprocess.run([*before, "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"root may not give up its capabilities here: {tried.stderr.decode()}")
    return before


def request_of(root: Path, kept: Path, **changes: Any) -> bytes:
    request = {"root": str(root), "anew": False, "folder": str(kept), "keep_free_bytes": 0}
    return msgspec.json.encode(request | changes) + b"\n"


def scanned(root: Path, kept: Path, *, before: Sequence[str] = (), **changes: Any) -> ScanStatus:
    """What the scanning process says of a folder, started by the command ``before`` it."""
    with subprocess.Popen(
        [*before, *WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(request_of(root, kept, **changes))
        # It stays open until the process has ended: where it is closed nobody waits any more.
        process.stdin.flush()
        lines = process.stdout.read().splitlines()
        assert process.wait(30) == 0
    last = msgspec.json.decode(lines[-1], type=Line)
    assert last.scan is not None, lines[-1]
    return last.scan


def result_of(root: Path, kept: Path, **changes: Any) -> ScanResult:
    result = scanned(root, kept, **changes).result
    assert result is not None
    return result


def du(root: Path, *options: str, before: Sequence[str] = ()) -> int:
    """Bytes as ``du -x`` counts them, started by the command ``before`` it."""
    done = subprocess.run(
        [*before, "du", "-x", "-s", "--block-size=1", *options, "--", str(root)],
        capture_output=True,
        check=False,
    )
    return int(done.stdout.split()[0])


def file(path: Path, size: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


def nodes(tree: ScanNode) -> Iterator[ScanNode]:
    yield tree
    for child in tree.children:
        yield from nodes(child)


def node(tree: ScanNode, path: Path) -> ScanNode:
    """The node of a path."""
    return next(each for each in nodes(tree) if each.uri == path.as_uri())


def consumer(result: ScanResult, path: Path) -> Consumer:
    return next(each for each in result.consumers if each.uri == path.as_uri())
