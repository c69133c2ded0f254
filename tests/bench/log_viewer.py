"""A log of a million lines in a real Chromium: first paint, loading, scrolling, memory.

The reference is the same viewer with a thousand lines in the same browser. Frames are those of
Chromium's own trace, not of a script that runs beside them.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, cast

from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.chromium import chromium
from scripts.lab import Emulator, JupyterLab, emulator, jupyter_lab
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.lab_page import LabPage
from tests.browser.log_page import LogPage

from .report import Figure, Report, log_file

INSTANCE = "amy-gpu"
COUNTS = (1000, 1_000_000)
LATE_MILLISECONDS = 1.5 * 1000 / 60
"""A frame that takes longer than one and a half of those at 60 a second."""
PROMISED_MEGABYTES = 150
LOADING_SECONDS = 120

# Scrolls for two seconds as somebody does who drags the scroll bar through all of it.
SCROLL = """async () => {
  const lines = document.querySelector('.jp-ci-log-lines');
  const distance = lines.scrollHeight - lines.clientHeight;
  const began = performance.now();
  for (;;) {
    const now = await new Promise(requestAnimationFrame);
    if (now - began > 2000) {
      return;
    }
    lines.scrollTop = distance * (now - began) / 2000;
  }
}"""


class Measured(NamedTuple):
    """What a person sees of a log of some length."""

    paint: float
    """Seconds from the command to the first line."""
    loaded: float
    """Seconds until all of it is there."""
    frames: list[float]
    """Milliseconds from each frame to the next while it is scrolled through."""
    heap: float
    """MB, of the whole tab."""


def _write(path: Path, lines: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for line in range(lines):
            colour = "\033[32m" if line % 10 == 0 else ""
            file.write(f"{colour}{line:>8} Collecting package-{line % 977} (from requirements)\n")


def _megabytes(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    # The bytes of a log lie in buffers, outside of the heap proper.
    return cast("float", usage["usedSize"] + usage["backingStorageSize"]) / 1e6


def _frames(browser: Browser, page: Page) -> list[float]:
    """Between the frames that Chromium has drawn while the log is scrolled through."""
    categories = ["devtools.timeline", "disabled-by-default-devtools.timeline.frame"]
    browser.start_tracing(page=page, categories=[*categories, "devtools.timeline.frame"])
    page.evaluate(SCROLL)
    trace: dict[str, Any] = json.loads(browser.stop_tracing())
    drawn = sorted(each["ts"] for each in trace["traceEvents"] if each["name"] == "DrawFrame")
    if len(drawn) < 2:
        raise RuntimeError("Chromium's trace has no frames.")
    return [(later - earlier) / 1000 for earlier, later in pairwise(drawn)]


def _look(browser: Browser, azure: Emulator, lab: JupyterLab, lines: int) -> Measured:
    _write(azure.share / "Logs" / INSTANCE / f"{lines}.log", lines)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    lab_page = LabPage(page, lab)
    lab_page.open()
    began = time.perf_counter()
    lab_page.execute("ci-manager:open-log", name=INSTANCE, log=f"{lines}.log")
    log = LogPage(lab_page, f"Log of {INSTANCE}")
    expect(log.lines.first).to_be_visible()
    paint = time.perf_counter() - began
    expect(log.root).to_contain_text(f"{lines:,} lines", timeout=LOADING_SECONDS * 1000)
    loaded = time.perf_counter() - began
    frames = _frames(browser, page)
    heap = _megabytes(page)
    context.close()
    return Measured(paint, loaded, frames, heap)


def _slow(frames: list[float]) -> float:
    """What 95 % of the frames took at most."""
    return statistics.quantiles(frames, n=100)[94]


def _late(frames: list[float]) -> float:
    return sum(frame > LATE_MILLISECONDS for frame in frames) / len(frames)


def run() -> Report:
    """One emulator, one JupyterLab, and a tab for each length."""
    report = Report("The log viewer")
    with (
        tempfile.TemporaryDirectory() as folder,
        log_file(folder) as log,
        emulator(log=log) as azure,
        jupyter_lab(
            azure, home=Path(folder), arguments=["--expose-app-in-browser"], log=log
        ) as lab,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        few, many = (_look(browser, azure, lab, count) for count in COUNTS)
        browser.close()
    report.add(
        Figure(
            f"first line, {COUNTS[1]:,} lines",
            f"{many.paint:.2f} s",
            f"{COUNTS[0]:,} lines: {few.paint:.2f} s",
            f"{many.paint / few.paint:.2f}",
            "",
        )
    )
    report.add(
        Figure(f"all of {COUNTS[1]:,} lines", f"{many.loaded:.1f} s", f"{few.loaded:.1f} s", "", "")
    )
    report.add(
        Figure(
            f"scrolling through {COUNTS[1]:,} lines in 2 s: 95 % of frames within",
            f"{_slow(many.frames):.1f} ms, {_late(many.frames):.0%} late",
            f"{COUNTS[0]:,} lines: {_slow(few.frames):.1f} ms, {_late(few.frames):.0%} late",
            f"{_slow(many.frames) / _slow(few.frames):.2f}",
            "60 fps (< 25 ms)",
            _slow(many.frames) < LATE_MILLISECONDS,
        )
    )
    report.add(
        Figure(
            f"memory of the tab's scripts, {COUNTS[1]:,} lines",
            f"{many.heap:.0f} MB",
            f"{COUNTS[0]:,} lines: {few.heap:.0f} MB",
            "",
            f"< {PROMISED_MEGABYTES} MB",
            many.heap < PROMISED_MEGABYTES,
        )
    )
    report.notes.append("Headless Chromium without a GPU; the log comes from the file share.")
    return report
