"""Scans for tests, by the very process that the server starts, and what coreutils say to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyter_ci_manager.disk.scan_process import Line
from jupyter_ci_manager.models import Consumer, ScanNode, ScanResult, ScanStatus

Scan = Callable[..., ScanStatus]

WORKER = [sys.executable, "-X", "utf8", "-m", "jupyter_ci_manager.disk.scan_worker"]

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="du and mounts are Linux's")
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount"
)


def request_of(root: Path, kept: Path, **changes: Any) -> bytes:
    request = {"root": str(root), "anew": False, "folder": str(kept), "keep_free_bytes": 0}
    return msgspec.json.encode(request | changes) + b"\n"


def scanned(root: Path, kept: Path, *, user: int | None = None, **changes: Any) -> ScanStatus:
    """What the scanning process says of a folder."""
    with subprocess.Popen(
        WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, user=user
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


def du(root: Path, *options: str, user: int | None = None) -> int:
    """Bytes as ``du -x`` counts them."""
    done = subprocess.run(
        ["du", "-x", "-s", "--block-size=1", *options, "--", str(root)],
        capture_output=True,
        check=False,
        user=user,
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
