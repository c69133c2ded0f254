"""What our launcher adds to the start of a kernel, and what a check of one costs the server."""

from __future__ import annotations

import asyncio
import json
import operator
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from jupyter_ci_manager.environments.kernel_check import Patience, try_kernel
from jupyter_ci_manager.environments.kernel_registration import register_kernel
from tests.environments.kernel_environments import (
    KernelEnvironment,
    a_request,
    places_in,
    specs_in,
)

from .report import Figure, Report, milliseconds

ROUNDS = 10
PROMISED_SECONDS = 0.3
STALL_SECONDS = 0.020
_LOOK_SECONDS = 0.001

PLAIN, OURS, WITH_SCRIPTS, CONDA_RUN = "plain", "ours", "with-scripts", "conda-run"


async def _ready_seconds(name: str, specs: KernelSpecManager) -> float:
    manager = AsyncKernelManager(kernel_name=name, kernel_spec_manager=specs)
    began = time.perf_counter()
    await manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels(stdin=False, hb=False)
    try:
        await client.kernel_info(reply=True, timeout=60)
        return time.perf_counter() - began
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def _stalls(worst: list[float]) -> None:
    """How late the event loop wakes who has slept a millisecond."""
    while True:
        asked = time.perf_counter()
        await asyncio.sleep(_LOOK_SECONDS)
        worst.append(time.perf_counter() - asked - _LOOK_SECONDS)


async def _check(specs: KernelSpecManager) -> tuple[float, list[float]]:
    async def nothing(_: object) -> None:
        """Neither output nor steps are of interest."""

    late: list[float] = []
    watching = asyncio.ensure_future(_stalls(late))
    began = time.perf_counter()
    await try_kernel(OURS, specs, on_output=nothing, on_step=nothing, patience=Patience())
    seconds = time.perf_counter() - began
    watching.cancel()
    return seconds, late


def _plain_spec(folder: Path, argv: list[str]) -> None:
    folder.mkdir(parents=True)
    spec = {"argv": argv, "display_name": folder.name, "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))


async def _measure(folder: Path) -> Report:
    environment = KernelEnvironment.made_at(folder / "envs" / "bench")
    scripted = KernelEnvironment.made_at(folder / "envs" / "scripted")
    for number in range(5):
        scripted.script(f"{number}-any", f"export VARIABLE_{number}=1")
    places = places_in(folder / "jupyter")
    register_kernel(environment.prefix, a_request("Ours", name=OURS), places)
    register_kernel(scripted.prefix, a_request("Scripts", name=WITH_SCRIPTS), places)
    kernel = [environment.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    _plain_spec(Path(places.user, PLAIN), kernel)
    names = [PLAIN, OURS, WITH_SCRIPTS]
    conda = shutil.which("conda")
    if conda is not None:
        run = [conda, "run", "--no-capture-output", "-p", str(environment.prefix)]
        _plain_spec(Path(places.user, CONDA_RUN), [*run, *kernel])
        names.append(CONDA_RUN)
    specs = specs_in(places)
    for name in names:
        await _ready_seconds(name, specs)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            seconds[name].append(await _ready_seconds(name, specs))
    return _report(seconds, *await _check(specs))


def _report(seconds: dict[str, list[float]], check: float, late: list[float]) -> Report:
    report = Report("Kernel start")
    plain = statistics.median(seconds[PLAIN])
    for name, what in (
        (OURS, "kernel ready, activated by our launcher"),
        (WITH_SCRIPTS, "the same with five `activate.d` scripts"),
    ):
        added = statistics.median(map(operator.sub, seconds[name], seconds[PLAIN]))
        report.add(
            Figure(
                what,
                milliseconds(seconds[name]),
                f"plain kernel {milliseconds(seconds[PLAIN])}",
                f"{1 + added / plain:.2f}, {added * 1000:.0f} ms more",
                f"< {PROMISED_SECONDS * 1000:.0f} ms more",
                added < PROMISED_SECONDS,
            )
        )
    if CONDA_RUN in seconds:
        report.add(Figure("`conda run`", "", milliseconds(seconds[CONDA_RUN]), "", ""))
    report.add(Figure("check: start, `1+1`, shut down", f"{check * 1000:.0f} ms", "", "", ""))
    stall = statistics.quantiles(late, n=100)[98]
    report.add(
        Figure(
            "event loop late during the check, p99",
            f"{stall * 1000:.1f} ms (at most {max(late) * 1000:.1f})",
            "",
            "",
            f"< {STALL_SECONDS * 1000:.0f} ms",
            stall < STALL_SECONDS,
        )
    )
    report.notes.append(
        f"{ROUNDS} rounds in turn after one of each, until the answer to `kernel_info`."
    )
    return report


def run() -> Report:
    """Alternate kernels with and without the launcher, then check one."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))
