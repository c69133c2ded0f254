"""The process that scans a disk: ``python -m jupyter_ci_manager.disk.scan_worker``.

It takes one JSON request as a line on stdin and answers in lines of JSON on stdout: how far it has
come, then the result, or why there is none. When stdin ends, whoever asked is gone, and so is it,
with all processes it began. It must stay small and quick to start: it imports no server and no
models.
"""

from __future__ import annotations

import gc
import json
import os
import select
import sys
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import disk_usage
from typing import Any, TextIO

from ..mounts import mounted_below
from .paths import name_of
from .scan_board import Progress
from .scan_consumers import consumers, package_caches
from .scan_crew import Before, Crew, ReaderDied, Stuck, cores
from .scan_files import NEWEST, forget_halves, write_whole
from .scan_merge import LinksUnknown, merge
from .scan_request import Request
from .scan_table import Table
from .scan_tree import changes, describe, time_of
from .scan_walk import BLOCK_BYTES

NICENESS = 10
"""Others come first, at the processor and so at the disk too: ioprio_set(2)."""
PROGRESS_SECONDS = 0.25
KEPT_TABLES = 4
_CAN_WATCH = os.name != "nt"
"""Windows cannot wait for a pipe as it does for a socket."""
NOTHING = Before([], [], b"", lambda _: {}, [], [], [], [])


class AskerGone(Exception):
    """Nobody waits for the result any more."""


class Reporter:
    """Tells how far it has come, a few times a second, and sees when nobody listens."""

    def __init__(self, output: TextIO, asked_by: int) -> None:
        self._output = output
        self._asked_by = asked_by
        self._next = 0.0
        self.fraction: Callable[[Progress], float | None] = lambda _: None
        """How much of the work is done, as far as that can be known."""

    def __call__(self, progress: Progress) -> None:
        """Raises AskerGone."""
        if _CAN_WATCH and self._asker_gone():
            raise AskerGone
        now = time.monotonic()
        if now >= self._next:
            self._next = now + PROGRESS_SECONDS
            self.write(
                "progress",
                {
                    "folders": progress.folders,
                    "files": progress.files,
                    "bytes": progress.blocks * BLOCK_BYTES,
                    "path": name_of(os.fsencode(progress.path)),
                    "fraction": self.fraction(progress),
                },
            )

    def _asker_gone(self) -> bool:
        readable, _, _ = select.select([self._asked_by], [], [], 0)
        return bool(readable) and not os.read(self._asked_by, 4096)

    def write(self, name: str, document: Mapping[str, Any]) -> str:
        """Write a line; the line without its end."""
        line = json.dumps({name: document}, separators=(",", ":"))
        self._output.write(line + "\n")
        self._output.flush()
        return line


def main() -> None:
    """Do what is asked on stdin."""
    gc.disable()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    request = Request(**json.loads(_line(sys.stdin.fileno())))
    report = Reporter(sys.stdout, sys.stdin.fileno())
    try:
        scan(request, report)
    except (AskerGone, BrokenPipeError):
        os._exit(1)
    except Stuck as stuck:
        report.write("failed", {"message": f"The file system does not answer at {stuck}."})
    except (ReaderDied, OSError) as error:
        report.write("failed", {"message": str(error)})


def _line(source: int) -> bytes:
    """One line, and nothing of what follows, which ``select`` is to tell of."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(source, 1)
        if not byte:
            raise SystemExit(1)
        line += byte
    return line


def scan(request: Request, report: Reporter) -> None:
    """Scan, tell the result, and keep it for the next scan."""
    started_at = time.time()
    folder = Path(request.folder)
    kept = folder / f"{zlib.crc32(os.fsencode(request.root)):08x}.table"
    before = Table.read(kept, request.root)
    report.fraction = _fraction(request, before)
    table, revisited, vanished = _gather(request, None if request.anew else before, report)
    table.scanned_at = time.time()
    found = consumers(table)
    table.add_up(package_caches(found))
    written = _meanwhile(lambda: table.write(kept, keep_free_bytes=request.keep_free_bytes))
    result = describe(table, found, vanished=vanished)
    result |= {
        "started_at": time_of(started_at),
        "ended_at": time_of(table.scanned_at),
        "revisited_directories": revisited,
        "bytes_before": before.total_blocks[0] * BLOCK_BYTES if before else None,
        "before_at": time_of(before.scanned_at) if before else None,
    }
    told = changes(before, table) if before else []
    line = report.write("scan", {"operation_id": None, "result": result, "changes": told})
    if written():
        write_whole(folder / NEWEST, line.encode(), keep_free_bytes=request.keep_free_bytes)
        _forget_oldest(folder)


def _meanwhile(work: Callable[[], bool]) -> Callable[[], bool]:
    """Begin to do it on another core; what this returns waits for the end and says how it went.

    Where there is no fork it is done then.
    """
    if not hasattr(os, "fork"):
        return work
    pid = os.fork()
    if pid:
        return lambda: os.waitpid(pid, 0)[1] == 0
    done = False
    try:
        done = work()
    finally:
        os._exit(not done)


def _fraction(request: Request, before: Table | None) -> Callable[[Progress], float | None]:
    """Of the folders of the scan before; else, for a whole file system, of what is used of it."""
    if before is not None:
        total = len(before)
        return lambda progress: min(0.99, progress.folders / total)
    if not os.path.ismount(request.root):
        return lambda _: None
    used = max(1, disk_usage(request.root).used)
    return lambda progress: min(0.99, progress.blocks * BLOCK_BYTES / used)


def _gather(request: Request, before: Table | None, report: Reporter) -> tuple[Table, int, int]:
    """The table, how many folders were read for it, and how many entries vanished meanwhile."""
    root = request.root
    mounts = mounted_below(root)
    crew = Crew(
        root,
        _by_folder(mounts),
        before.before(mounts) if before else NOTHING,
        readers=cores(),
        tick=report,
        racy_seconds=request.racy_seconds,
    )
    gathered = crew.gather()
    try:
        table = merge(root, before, gathered)
    except LinksUnknown:
        return _gather(request, None, report)
    table.skipped += mounts
    found = gathered.found
    return table, sum(len(each.names) for each in found), sum(each.vanished for each in found)


def _by_folder(mounts: list[str]) -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = {}
    for path in mounts:
        folder, name = os.path.split(path)
        names.setdefault(folder, set()).add(name)
    return {folder: frozenset(each) for folder, each in names.items()}


def _forget_oldest(folder: Path) -> None:
    """Keep the tables of a few folders that were scanned lately, and no half of one."""
    tables = sorted(folder.glob("*.table"), key=lambda path: path.stat().st_mtime)
    for path in tables[:-KEPT_TABLES]:
        path.unlink(missing_ok=True)
    forget_halves(folder)


if __name__ == "__main__":
    main()
    # All is written: taking a large table apart would only take time.
    os._exit(0)
