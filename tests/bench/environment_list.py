"""Listing two hundred environments: the first time in a server, and every further time.

Against reading every record of each, which a list that tells packages would have to do.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from jupyter_ci_manager.environments.engines import Engines
from jupyter_ci_manager.environments.kernel_specs import KernelPlaces, kernels_by_prefix
from jupyter_ci_manager.environments.listing import EnvironmentListing
from jupyter_ci_manager.environments.sizes import SizeBook
from scripts.lab import JupyterLab, emulator, jupyter_lab
from tests.environments.prefixes import make_prefix, record

from .report import Figure, Report, log_file, milliseconds

COUNT = 200
PACKAGES = 30
COLD_ROUNDS = 5
WARM_ROUNDS = 20
PROMISED_COLD = 0.150
PROMISED_WARM = 0.020
PROMISED_STALL = 0.020
_LOOK_SECONDS = 0.001


def _make(envs: Path) -> None:
    """Environments whose records are as large as real ones; they share them, as time is short."""
    files = {f"lib/python3.12/module_{number}.py": 4000 for number in range(60)}
    many = {f"lib/python3.12/module_{number}.py": 4000 for number in range(2500)}
    packages = [record(f"package-{number}", "1.0", files=files) for number in range(PACKAGES - 1)]
    first = make_prefix(envs / "env-000", [record("python", "3.12.1", files=many), *packages])
    for number in range(1, COUNT):
        prefix = make_prefix(envs / f"env-{number:03}")
        (prefix / "bin" / "python").touch()
        for file in (first / "conda-meta").glob("*.json"):
            os.link(file, prefix / "conda-meta" / file.name)


def _listing(home: Path, envs: Path) -> EnvironmentListing:
    environ = os.environ | {"HOME": str(home), "CONDA_ENVS_DIRS": str(envs)}
    return EnvironmentListing(
        Engines(environ, home),
        SizeBook(home / "sizes.json", log=logging.getLogger(__name__)),
        environ=environ,
        home=home,
        kernels=lambda: kernels_by_prefix(KernelPlaces.of_jupyter()),
    )


async def _stalls(late: list[float]) -> None:
    """How late the event loop wakes who has slept a millisecond."""
    while True:
        asked = time.perf_counter()
        await asyncio.sleep(_LOOK_SECONDS)
        late.append(time.perf_counter() - asked - _LOOK_SECONDS)


async def _late(home: Path, envs: Path) -> tuple[list[float], list[float]]:
    """While a first list and further ones are made, and sizes are worked out; and while nothing is.

    What else the machine does makes a loop late, too.
    """
    listing = _listing(home, envs)
    late: list[float] = []
    idle: list[float] = []
    for seen in (late, idle):
        watching = asyncio.ensure_future(_stalls(seen))
        for _ in range(WARM_ROUNDS):
            if seen is late:
                await listing.list()
            await asyncio.sleep(0.05)
        watching.cancel()
    await listing.close()
    return late, idle


def _all_records(envs: Path) -> float:
    began = time.perf_counter()
    for file in envs.glob("*/conda-meta/*.json"):
        json.loads(file.read_bytes())
    return time.perf_counter() - began


def _answer(connection: http.client.HTTPConnection, lab: JupyterLab, route: str) -> Any:
    headers = {"Authorization": f"token {lab.token}"}
    connection.request("GET", f"/ci-manager/{route}", headers=headers)
    return json.loads(connection.getresponse().read())


def _get(connection: http.client.HTTPConnection, lab: JupyterLab) -> tuple[float, int]:
    """Seconds, and how many sizes are known."""
    began = time.perf_counter()
    answer = _answer(connection, lab, "environments")
    seconds = time.perf_counter() - began
    ours = [
        item for item in answer["items"] if item["prefix"].rpartition("/")[2].startswith("env-")
    ]
    if len(ours) != COUNT:
        raise RuntimeError(f"{len(ours)} environments were listed, {COUNT} exist.")
    return seconds, sum(item["bytes"] is not None for item in ours)


def _by_http(lab: JupyterLab) -> tuple[float, list[float]]:
    """The first list, and further ones when nothing is worked out behind them any more."""
    connection = http.client.HTTPConnection("127.0.0.1", lab.port, timeout=60)
    # The services of a server are made after its start, or for the first who asks anything.
    _answer(connection, lab, "operations")
    first, known = _get(connection, lab)
    while known < COUNT:
        time.sleep(0.5)
        _, known = _get(connection, lab)
    warm = [_get(connection, lab)[0] for _ in range(WARM_ROUNDS)]
    connection.close()
    return first, warm


def _cold(folder: Path, envs: Path) -> list[float]:
    """Of a service that has just been made, in a process where everything has been imported."""

    async def once(number: int) -> float:
        listing = _listing(folder / f"home-{number}", envs)
        began = time.perf_counter()
        await listing.list()
        seconds = time.perf_counter() - began
        await listing.close()
        return seconds

    return [asyncio.run(once(number)) for number in range(COLD_ROUNDS)]


def run() -> Report:
    """Measure it."""
    report = Report(f"{COUNT} environments")
    with tempfile.TemporaryDirectory() as temporary, log_file(temporary) as log:
        folder = Path(temporary)
        envs = folder / "envs"
        _make(envs)
        cold = _cold(folder, envs)
        environment = {"CONDA_ENVS_DIRS": str(envs), "HOME": str(folder)}
        with (
            emulator(log=log) as azure,
            jupyter_lab(azure, home=folder / "lab", environment=environment, log=log) as lab,
        ):
            first, warm = _by_http(lab)
        late, idle = asyncio.run(_late(folder / "home-late", envs))
        records = _all_records(envs)
    _add(report, "the first list of a server, by HTTP", [first], records, PROMISED_COLD)
    _add(report, "the first list of a service, in process", cold, records, PROMISED_COLD)
    _add(report, "each further list, by HTTP", warm, records, PROMISED_WARM)
    stall, nothing = (statistics.quantiles(each, n=100)[98] for each in (late, idle))
    report.add(
        Figure(
            "event loop late while sizes are worked out, p99",
            f"{stall * 1000:.1f} ms (at most {max(late) * 1000:.1f})",
            f"while nothing is done {nothing * 1000:.1f} ms (at most {max(idle) * 1000:.1f})",
            f"{stall / nothing:.1f}",
            f"< {PROMISED_STALL * 1000:.0f} ms",
            stall < PROMISED_STALL,
        )
    )
    report.notes.append(
        f"{PACKAGES} packages each. mamba-gator 6.1.1 takes 840 to 1 800 ms for one environment."
    )
    return report


def _add(report: Report, what: str, seconds: list[float], records: float, promised: float) -> None:
    middle = statistics.median(seconds)
    report.add(
        Figure(
            what,
            milliseconds(seconds),
            f"reading all records {records * 1000:.0f} ms",
            f"{middle / records:.3f}",
            f"< {promised * 1000:.0f} ms",
            middle < promised,
        )
    )
