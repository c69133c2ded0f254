"""What the extension adds to the start of `jupyter server`, pair by pair with the bare server."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile

from .report import Figure, Report, milliseconds

PAIRS = 30
PROMISED_SECONDS = 0.060

PROGRAM = """
import asyncio, json, sys, time
began = time.perf_counter()
from jupyter_server.serverapp import ServerApp
enabled = {"jupyter_ci_manager": sys.argv[1] == "with"}
app = ServerApp.instance(jpserver_extensions=enabled, allow_root=True, open_browser=False, port=0)
app.initialize(argv=[], new_httpserver=True)
async def start():
    await app.extension_manager.start_all_extensions()
app.io_loop.run_sync(start)
seconds = time.perf_counter() - began
began = time.perf_counter()
async def services():
    for apps in app.extension_manager.extension_apps.values():
        for each in apps:
            if each.name == "jupyter_ci_manager":
                await each.service_start.services()
app.io_loop.run_sync(services)
later = time.perf_counter() - began
names = [name for name in sys.modules if name.startswith(("azure", "rattler", "aiohttp"))]
loaded = "jupyter_ci_manager.app" in sys.modules
print(json.dumps({"seconds": seconds, "later": later, "heavy": names, "loaded": loaded}))
"""


def _start(mode: str, home: str) -> tuple[float, float, float, list[str]]:
    environ = {**os.environ, "HOME": home, "JUPYTER_CONFIG_PATH": home, "JUPYTER_NO_CONFIG": "1"}
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
        environ[name] = home
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, mode],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    after = os.times()
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    found = json.loads(done.stdout.strip().splitlines()[-1])
    if found["loaded"] is not (mode == "with"):
        raise RuntimeError(f"The extension was not {mode} in the run that should be so.")
    return found["seconds"], cpu, found["later"], found["heavy"]


def run() -> Report:
    """Alternate servers with and without the extension."""
    wall: list[float] = []
    cpu: list[float] = []
    bare_wall: list[float] = []
    later: list[float] = []
    heavy: set[str] = set()
    with tempfile.TemporaryDirectory() as home:
        _start("with", home)
        _start("without", home)
        for _ in range(PAIRS):
            with_it, without_it = _start("with", home), _start("without", home)
            wall.append(with_it[0] - without_it[0])
            cpu.append(with_it[1] - without_it[1])
            bare_wall.append(without_it[0])
            later.append(with_it[2])
            heavy.update(with_it[3])
    report = Report("Server start")
    added = statistics.median(wall)
    report.add(
        Figure(
            "wall time the extension adds",
            milliseconds(wall),
            f"bare server {milliseconds(bare_wall)}",
            f"{1 + added / statistics.median(bare_wall):.3f}",
            f"< {PROMISED_SECONDS * 1000:.0f} ms",
            added < PROMISED_SECONDS,
        )
    )
    report.add(Figure("services ready, after the start", milliseconds(later), "", "", ""))
    report.add(Figure("CPU time the extension adds", milliseconds(cpu), "", "", ""))
    report.add(
        Figure(
            "`azure.*`, `rattler`, `aiohttp` modules imported",
            str(len(heavy)),
            "0",
            "",
            "0",
            not heavy,
        )
    )
    report.notes.append(f"{PAIRS} pairs in turn, each a process of its own, after one of each.")
    return report
