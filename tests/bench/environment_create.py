"""Creating environments, a small and a usual one: ours against py-rattler alone, and conda.

All take the same packages from the same channel, over HTTP on this machine, in turn. Cold: nothing
is in the cache of packages. Ours is what a person waits for: from the request, by a worker, to the
operation's end, with room checked and log written; py-rattler alone is a program that solves and
installs. The event loop of the server ticks meanwhile, and while the others work, too.
"""

from __future__ import annotations

import asyncio
import compileall
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager

import jupyter_ci_manager
from jupyter_ci_manager.environments.kernel_check import Patience, try_kernel
from jupyter_ci_manager.models import CreateEnvironment, KernelRequest
from jupyter_ci_manager.operations import OperationRegistry
from tests.environments.channel.build import built_channel
from tests.environments.channel.serving import serving
from tests.environments.working import work_of

from .report import Figure, Report

COLD_ROUNDS, WARM_ROUNDS = 2, 4
"""How often from an empty cache, and how often after each of these from a full one."""
SMALL = ("python", "ipykernel")
WHEELS = ("jupyterlab", "matplotlib", "pandas", "scikit-learn")
USUAL = (*SMALL, *WHEELS)
TICK_SECONDS = 0.002
PROMISED_RATIO = 1.1
PROMISED_STALL_SECONDS = 0.020

ALONE = """
import asyncio, os, sys
from pathlib import Path
from rattler import Gateway, VirtualPackage, install, solve
from rattler.networking import Client

async def main(channel, prefix, cache, *specs):
    client = Client.default_client()
    gateway = Gateway(cache_dir=Path(cache, "repodata"), client=client)
    detected = VirtualPackage.detect()
    records = await solve([channel], specs, gateway=gateway, virtual_packages=detected)
    await install(
        records, prefix, cache_dir=Path(cache, "pkgs"), client=client, show_progress=False
    )

asyncio.run(main(*sys.argv[1:]))
os._exit(0)
"""


@dataclass
class Ours:
    """The part of the Jupyter server that makes environments, for a user with that home."""

    home: Path

    def __post_init__(self) -> None:
        (self.home / "data").mkdir()
        log = logging.getLogger(__name__)
        self._operations = OperationRegistry(self.home / "data" / "operations.sqlite", log=log)
        self._work = work_of(self.home, self._operations)

    async def create(
        self, name: str, specs: Sequence[str], kernel: KernelRequest | None = None
    ) -> None:
        request = CreateEnvironment(name=name, specs=list(specs), kernel=kernel, engine="rattler")
        operation = await self._work.create(request)
        ended = await self._operations.wait(operation.id, timeout_seconds=300)
        if ended.state != "succeeded":
            raise RuntimeError(f"It ended as {ended.state}: {ended.message}")

    async def create_and_run(self, name: str) -> None:
        """From the request until a kernel in it has been asked for ``1+1`` and has answered."""

        async def nothing(_: object) -> None:
            """Neither output nor steps are of interest."""

        await self.create(name, SMALL, KernelRequest(name, name=name))
        kernels = KernelSpecManager(kernel_dirs=[str(self.home / "jupyter" / "kernels")])
        await try_kernel(name, kernels, on_output=nothing, on_step=nothing, patience=Patience())

    async def close(self) -> None:
        await self._operations.close()


async def _tick(late: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + TICK_SECONDS
        await asyncio.sleep(TICK_SECONDS)
        late.append(loop.time() - due)


@contextmanager
def _user(home: Path, channel: str) -> Iterator[None]:
    """The variables of a user with that home and nothing of Conda's."""
    before = dict(os.environ)
    home.mkdir()
    # A Conda on this machine would have them beside its own.
    places = f"envs_dirs: [{home / '.conda' / 'envs'}]\n"
    (home / ".condarc").write_text(f"channels: [{channel}]\n{places}")
    for name in before:
        if name.startswith(("CONDA", "MAMBA")):
            del os.environ[name]
    os.environ |= {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "JUPYTER_DATA_DIR": str(home / "jupyter"),
    }
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


async def _alone(channel: str, prefix: Path, cache: Path, specs: Sequence[str]) -> None:
    command = (sys.executable, "-c", ALONE, channel, str(prefix), str(cache), *specs)
    # In a session of its own, as ours is: Linux shares the processors among sessions first.
    await asyncio.to_thread(subprocess.run, command, check=True, start_new_session=True)


async def _conda(
    program: str, channel: str, prefix: Path, cache: Path, specs: Sequence[str]
) -> None:
    command = [program, "create", "--yes", "--quiet", "--prefix", str(prefix)]
    command += ["--override-channels", "--channel", channel, *specs]
    environ = os.environ | {"CONDA_PKGS_DIRS": str(cache)}
    await asyncio.to_thread(
        subprocess.run,
        command,
        check=True,
        env=environ,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


async def _timed(work: Awaitable[None], late: list[float]) -> float:
    ticking = asyncio.ensure_future(_tick(late))
    began = time.perf_counter()
    await work
    took = time.perf_counter() - began
    ticking.cancel()
    return took


@dataclass
class Rounds:
    """Seconds, round by round."""

    ours: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    conda: list[float] = field(default_factory=list)
    kernel: list[float] = field(default_factory=list)
    """From the request to a kernel that has answered and been shut down again."""


@dataclass
class Measured:
    """One environment."""

    cold: Rounds = field(default_factory=Rounds)
    warm: Rounds = field(default_factory=Rounds)
    late: list[float] = field(default_factory=list)
    """By how many seconds a tick of the event loop was late while ours was made."""


async def _measure(folder: Path, channel: str, specs: Sequence[str]) -> Measured:
    measured = Measured()
    program = shutil.which("conda")
    for number in range(COLD_ROUNDS):
        home, other = folder / f"home-{number}", folder / f"other-{number}"
        with _user(home, channel):
            ours = Ours(home)
            for again in range(1 + WARM_ROUNDS):
                rounds = measured.warm if again else measured.cold
                await _pair(ours, other, f"e{again}", channel, specs, rounds, measured.late)
                # Once is enough: its figures differ from ours by far more than among themselves.
                if program is not None and number == 0 and again < 2:
                    by_conda = _conda(program, channel, other / f"c{again}", other / "conda", specs)
                    rounds.conda.append(await _timed(by_conda, []))
            if specs == SMALL:
                kernel = _timed(ours.create_and_run("kernel"), measured.late)
                measured.warm.kernel.append(await kernel)
            await ours.close()
        shutil.rmtree(home)
        shutil.rmtree(other)
    return measured


async def _pair(
    ours: Ours,
    other: Path,
    name: str,
    channel: str,
    specs: Sequence[str],
    rounds: Rounds,
    late: list[float],
) -> None:
    """One of each, in turn who is first."""
    for is_ours in (True, False) if len(rounds.ours) % 2 else (False, True):
        if is_ours:
            rounds.ours.append(await _timed(ours.create(name, specs), late))
        else:
            alone = _alone(channel, other / name, other / "cache", specs)
            rounds.alone.append(await _timed(alone, []))


def _seconds(values: Sequence[float]) -> str:
    ordered = sorted(values)
    return f"{statistics.median(ordered):.2f} s ({ordered[0]:.2f} to {ordered[-1]:.2f})"


def run() -> Report:
    """Make environments, measure, remove them."""
    report = Report("Environments from a channel over HTTP")
    # As pip does when it installs us; a checkout that nobody has run yet would compile each time.
    compileall.compile_dir(Path(jupyter_ci_manager.__file__).parent, quiet=1)
    measured: dict[str, Measured] = {}
    with serving(built_channel(*WHEELS)) as channel:
        for what, specs in (("small", SMALL), ("usual", USUAL)):
            with tempfile.TemporaryDirectory() as folder:
                measured[what] = asyncio.run(_measure(Path(folder), channel.url, specs))
    for what, each in measured.items():
        for heat, rounds in (("cold", each.cold), ("warm", each.warm)):
            _add(report, f"create, {what}, {heat}", rounds)
    small = measured["small"].warm
    report.add(
        Figure(
            "create, small, warm, to a kernel that has answered",
            _seconds(small.kernel),
            f"create alone {_seconds(small.ours)}",
            "",
            "",
        )
    )
    ordered = sorted(late for each in measured.values() for late in each.late)
    p99 = ordered[int(len(ordered) * 0.99)]
    report.add(
        Figure(
            "event loop late meanwhile, p99",
            f"{p99 * 1000:.1f} ms (at most {ordered[-1] * 1000:.0f})",
            "",
            "",
            f"< {PROMISED_STALL_SECONDS * 1000:.0f} ms",
            p99 < PROMISED_STALL_SECONDS,
        )
    )
    return report


def _add(report: Report, what: str, rounds: Rounds) -> None:
    pairs = list(zip(rounds.ours, rounds.alone, strict=True))
    ratio = statistics.median(ours / alone for ours, alone in pairs)
    more = statistics.median(ours - alone for ours, alone in pairs)
    report.add(
        Figure(
            what,
            _seconds(rounds.ours),
            f"py-rattler alone {_seconds(rounds.alone)}",
            f"{ratio:.2f}",
            f"< {PROMISED_RATIO} of py-rattler alone",
            ratio < PROMISED_RATIO,
        )
    )
    report.notes.append(f"{what}: {more * 1000:.0f} ms more than py-rattler alone.")
    if rounds.conda:
        against = statistics.median(rounds.ours) / statistics.median(rounds.conda)
        report.add(
            Figure(
                what,
                _seconds(rounds.ours),
                f"conda {_seconds(rounds.conda)}",
                f"{against:.2f}",
                "",
            )
        )
