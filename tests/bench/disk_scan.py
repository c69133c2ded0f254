"""What fills the disk, of a million files: against `du -x` and gdu, and a rescan of what changed.

All run warm, in turn, at the same low priority that the scan gives itself. The scan is run as a
server runs it, from an event loop that ticks meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_ci_manager.disk.scan_worker import NICENESS
from jupyter_ci_manager.disk.scans import ScanService
from jupyter_ci_manager.models import ScanResult, StartScan
from jupyter_ci_manager.operations import OperationRegistry

from .report import Figure, Report

FILES = 1_000_000
ROUNDS = 5
TICK_SECONDS = 0.002
PROMISED_RATIO = 1.0
PROMISED_RESCAN = 0.2
PROMISED_MEGABYTES = 200
PROMISED_STALL_SECONDS = 0.020

DU = ["du", "-x", "-s", "--block-size=1"]
GDU = ["gdu", "--non-interactive", "--no-progress", "--summarize", "--no-cross"]


class Tree:
    """A home full of small files: about twelve in a folder, a few large folders, deep in places."""

    def __init__(self, root: Path, files: int) -> None:
        self._random = random.Random(1)  # noqa: S311 - the same tree each time
        self.folders = [root]
        self._made = 0
        for name, count in (("all-in-one", files // 10), *((f"m{n}", files // 100) for n in "abc")):
            self._fill(self._folder(root, name), count)
        while self._made < files:
            near = self.folders[-self._random.randrange(1, 40) :][0]
            parent = near if self._random.random() < 0.7 else self._random.choice(self.folders)
            if len(parent.parts) < 20:
                folder = self._folder(parent, f"folder-{len(self.folders)}")
                self._fill(folder, self._random.choice([0, 1, 2, 5, 8, 10, 12, 20, 30]))

    def _folder(self, parent: Path, name: str) -> Path:
        folder = parent / name
        folder.mkdir()
        self.folders.append(folder)
        return folder

    def _fill(self, folder: Path, count: int) -> None:
        opened = os.open(folder, os.O_RDONLY)
        for number in range(count):
            file = os.open(f"module_{number}.py", os.O_CREAT | os.O_WRONLY, dir_fd=opened)
            if self._random.random() < 0.05:
                os.write(file, b"x" * self._random.choice([10, 100, 5000, 40_000, 300_000]))
            os.close(file)
        os.close(opened)
        self._made += count

    def change_folders(self, share: float) -> None:
        """Add a file to some of the folders, and remove one."""
        for folder in self._random.sample(self.folders, int(len(self.folders) * share)):
            (folder / f"new-{self._random.getrandbits(60)}").write_bytes(b"x" * 5000)
            for number in range(3):
                (folder / f"module_{number}.py").unlink(missing_ok=True)


@dataclass
class Run:
    """One scan, as the server sees it."""

    seconds: float
    result: ScanResult
    late: list[float] = field(default_factory=list)
    """By how much each tick of the event loop came too late."""
    megabytes: float = 0.0
    """The largest sum of the resident memory of all its processes: shared pages count in each."""


class Server:
    """The part of the Jupyter server that scans."""

    def __init__(self, data: Path) -> None:
        log = logging.getLogger(__name__)
        self._operations = OperationRegistry(data / "operations.sqlite", log=log)
        self._scans = ScanService(self._operations, folder=data / "scans", os_disk="/", log=log)

    async def scan(self, root: Path, *, anew: bool = False) -> Run:
        began = time.perf_counter()
        operation = await self._scans.start(StartScan(str(root), anew=anew))
        watching = asyncio.ensure_future(_memory())
        late: list[float] = []
        ticking = asyncio.ensure_future(_tick(late))
        ended = await self._operations.wait(operation.id)
        seconds = time.perf_counter() - began
        status = await self._scans.status()
        ticking.cancel()
        watching.cancel()
        peak = await asyncio.gather(watching, ticking, return_exceptions=True)
        if ended.state != "succeeded" or status.result is None:
            raise RuntimeError(f"The scan ended as {ended.state}: {ended.message}")
        return Run(seconds, status.result, late, peak[0] if isinstance(peak[0], float) else 0.0)

    async def close(self) -> None:
        await self._operations.close()


async def _tick(late: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + TICK_SECONDS
        await asyncio.sleep(TICK_SECONDS)
        late.append(loop.time() - due)


async def _memory() -> float:
    """Watches the processes of a scan until it is cancelled; megabytes."""
    peak = 0.0
    try:
        while True:
            peak = max(peak, await asyncio.to_thread(_resident))
            await asyncio.sleep(0.05)
    except asyncio.CancelledError:
        return peak


def _resident() -> float:
    total = 0
    parents = [os.getpid()]
    while parents:
        parent = parents.pop()
        for threads in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                for pid in threads.read_text().split():
                    parents.append(int(pid))
                    total += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            except OSError:
                # It has ended meanwhile.
                continue
    return total * os.sysconf("SC_PAGE_SIZE") / 1e6


def _timed(command: Sequence[str], root: Path) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(
        ["nice", "-n", str(NICENESS), *command, root], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - began, done.stdout


@dataclass
class Rounds:
    """What was measured, round by round."""

    du: list[float] = field(default_factory=list)
    gdu: list[float] = field(default_factory=list)
    anew: list[Run] = field(default_factory=list)
    unchanged: list[Run] = field(default_factory=list)
    folders_changed: list[Run] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    """How late ticks come while nothing is scanned."""

    def time_others(self, root: Path) -> None:
        self.du.append(_timed(DU, root)[0])
        if shutil.which("gdu"):
            self.gdu.append(_timed(GDU, root)[0])

    def check(self, last: Run, root: Path) -> None:
        counted = int(_timed(DU, root)[1].split()[0])
        if last.result.bytes != counted:
            raise RuntimeError(f"du says {counted}, the scan {last.result.bytes}.")


async def _measure(tree: Tree, root: Path, data: Path) -> Rounds:
    rounds = Rounds()
    server = Server(data)
    _timed(DU, root)
    await server.scan(root, anew=True)
    for number in range(ROUNDS):
        for ours in (True, False) if number % 2 else (False, True):
            if ours:
                rounds.anew.append(await server.scan(root, anew=True))
            else:
                await asyncio.to_thread(rounds.time_others, root)
        rounds.check(rounds.anew[-1], root)
        rounds.unchanged.append(await server.scan(root))
        tree.change_folders(0.01)
        rounds.folders_changed.append(await server.scan(root))
        rounds.check(rounds.folders_changed[-1], root)
    ticking = asyncio.ensure_future(_tick(rounds.idle))
    await asyncio.sleep(3)
    ticking.cancel()
    await server.close()
    return rounds


def _seconds(values: Sequence[float]) -> str:
    ordered = sorted(values)
    return f"{statistics.median(ordered):.2f} s ({ordered[0]:.2f} to {ordered[-1]:.2f})"


def _paired(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def run(files: int = FILES) -> Report:
    """Make the tree, measure, remove it."""
    report = Report(f"What fills the disk, {files:,} files")
    with tempfile.TemporaryDirectory() as folder:
        root, data = Path(folder) / "tree", Path(folder) / "data"
        root.mkdir()
        data.mkdir()
        tree = Tree(root, files)
        rounds = asyncio.run(_measure(tree, root, data))
    _fill(report, rounds)
    return report


def _fill(report: Report, rounds: Rounds) -> None:
    def seconds(runs: Sequence[Run]) -> list[float]:
        return [each.seconds for each in runs]

    first, du = seconds(rounds.anew), rounds.du
    ratio = _paired(first, du)
    report.add(
        Figure(
            "scan of everything",
            _seconds(first),
            f"du -x {_seconds(du)}",
            f"{ratio:.2f}",
            f"< {PROMISED_RATIO} of du",
            ratio < PROMISED_RATIO,
        )
    )
    if rounds.gdu:
        report.add(
            Figure(
                "scan of everything",
                _seconds(first),
                f"gdu {_seconds(rounds.gdu)}",
                f"{_paired(first, rounds.gdu):.2f}",
                "",
            )
        )
    for what, runs in (
        ("rescan after a change in 1 % of the folders", rounds.folders_changed),
        ("rescan, nothing changed", rounds.unchanged),
    ):
        ratio = _paired(seconds(runs), first)
        report.add(
            Figure(
                what,
                _seconds(seconds(runs)),
                f"first scan {_seconds(first)}",
                f"{ratio:.2f}",
                f"< {PROMISED_RESCAN} of the first",
                ratio < PROMISED_RESCAN,
            )
        )
    megabytes = max(each.megabytes for each in (*rounds.anew, *rounds.folders_changed))
    report.add(
        Figure(
            "memory of all processes",
            f"{megabytes:.0f} MB",
            "",
            "",
            f"< {PROMISED_MEGABYTES} MB",
            megabytes < PROMISED_MEGABYTES,
        )
    )
    late = [tick for each in rounds.anew for tick in each.late]
    report.add(
        Figure(
            "event loop late while scanning, p99",
            f"{_p99(late) * 1000:.1f} ms (at most {max(late) * 1000:.0f})",
            f"not scanning {_p99(rounds.idle) * 1000:.1f} ms",
            "",
            f"< {PROMISED_STALL_SECONDS * 1000:.0f} ms",
            _p99(late) < PROMISED_STALL_SECONDS,
        )
    )
    result = rounds.anew[-1].result
    report.notes.append(
        f"{result.files:,} files in {result.directories:,} folders; every total was the same as "
        f"that of du. All at niceness {NICENESS}, {ROUNDS} rounds in turn, ratios pair by pair."
    )
