"""``GET disk``, against ``GET api`` of the same Jupyter server, which only answers its version."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp
import msgspec

from jupyter_ci_manager.models import DiskStatus
from scripts.lab import JupyterLab, emulator, jupyter_lab

from .report import Figure, Report, log_file, milliseconds

ROUNDS = 300
PROMISED_SECONDS = 0.005


async def _measure(lab: JupyterLab) -> tuple[list[float], list[float], int]:
    """Seconds of each answer, ours and the trivial one in turn, and how many file systems."""
    ours, trivial = [], []
    async with aiohttp.ClientSession(headers={"Authorization": f"token {lab.token}"}) as session:

        async def timed(path: str) -> tuple[float, bytes]:
            began = time.perf_counter()
            async with session.get(lab.base_url + path) as response:
                response.raise_for_status()
                body = await response.read()
            return time.perf_counter() - began, body

        await timed("ci-manager/disk")
        for _ in range(ROUNDS):
            seconds, body = await timed("ci-manager/disk")
            ours.append(seconds)
            trivial.append((await timed("api"))[0])
    status = msgspec.json.decode(body, type=DiskStatus)
    if any(each.available_bytes is None for each in status.filesystems):
        raise RuntimeError(f"A file system of this machine does not answer: {status}")
    return ours, trivial, len(status.filesystems)


def run() -> Report:
    """One server, asked in turn."""
    with (
        tempfile.TemporaryDirectory() as folder,
        log_file(folder) as log,
        emulator(log=log) as azure,
        jupyter_lab(azure, home=Path(folder), log=log) as lab,
    ):
        ours, trivial, count = asyncio.run(_measure(lab))
    report = Report("Figures of the disks")
    middle = statistics.median(ours)
    report.add(
        Figure(
            "GET disk",
            milliseconds(ours),
            f"GET api {milliseconds(trivial)}",
            f"{middle / statistics.median(trivial):.2f}",
            f"< {PROMISED_SECONDS * 1000:.0f} ms",
            middle < PROMISED_SECONDS,
        )
    )
    report.add(
        Figure(
            "the slowest of twenty",
            milliseconds([statistics.quantiles(ours, n=20)[-1]]),
            f"GET api {milliseconds([statistics.quantiles(trivial, n=20)[-1]])}",
            "",
            "",
        )
    )
    report.notes.append(
        f"{ROUNDS} requests one after the other over one connection; {count} file system(s), each"
        " asked anew with `statvfs` on a thread of its own."
    )
    return report
