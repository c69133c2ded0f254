"""The panel with many instances in a real Chromium: first paint, scrolling, memory.

The reference is the same panel with ten instances in the same browser.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.chromium import chromium
from scripts.lab import emulator, jupyter_lab
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.lab_page import LabPage

from .report import Figure, Report, log_file

COUNTS = (10, 1000, 5000)
ROUNDS = 3
FRAME_SECONDS = 1 / 60
PROMISED_MEGABYTES = 150

OPEN = "ci-manager:open-panel"

# The time from the command to the first row on screen.
FIRST_ROW = """async command => {
  const began = performance.now();
  await window.jupyterapp.commands.execute(command);
  while (document.querySelector('.jp-ci-row') === null) {
    await new Promise(requestAnimationFrame);
  }
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""

# Scrolls for two seconds as fast as a flick of the wheel, and notes how long each frame took.
SCROLL = """async () => {
  const grid = document.querySelector('.jp-ci-grid');
  const frames = [];
  const began = performance.now();
  let last = began;
  for (;;) {
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
    if (now - began > 2000) {
      return frames.slice(2);
    }
    grid.scrollTop += 200;
  }
}"""


def _megabytes(page: Page) -> float:
    """The tab's JavaScript heap after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    return cast("float", usage["usedSize"]) / 1e6


def _look(browser: Browser, lab_page: LabPage) -> tuple[float, list[float], float]:
    page = lab_page.page
    lab_page.open()
    lab_page.execute("application:toggle-left-area")
    before = _megabytes(page)
    paint = cast("float", page.evaluate(FIRST_ROW, OPEN))
    expect(page.locator(".jp-ci-row").first).to_be_visible()
    frames = cast("list[float]", page.evaluate(SCROLL))
    return paint, frames, _megabytes(page) - before


def _measure(browser: Browser, count: int) -> tuple[float, float, float, float]:
    """First paint and worst frames in milliseconds, dropped frames as a share, heap in MB."""
    paints, frames, heaps = [], [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        log_file(folder) as log,
        emulator(arguments=["--instances", str(count)], log=log) as azure,
        jupyter_lab(
            azure, home=Path(folder), arguments=["--expose-app-in-browser"], log=log
        ) as lab,
    ):
        for _ in range(ROUNDS):
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            paint, seen, heap = _look(browser, LabPage(context.new_page(), lab))
            paints.append(paint)
            frames += seen
            heaps.append(heap)
            context.close()
    late = sum(frame > 1.5 * FRAME_SECONDS * 1000 for frame in frames) / len(frames)
    return (
        statistics.median(paints),
        statistics.quantiles(frames, n=100)[94],
        late,
        statistics.median(heaps),
    )


def run() -> Report:
    """One emulator and one JupyterLab for each number of instances."""
    report = Report("The panel with many instances")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        few_paint, few_frame, few_late, few_heap = _measure(browser, COUNTS[0])
        for count in COUNTS[1:]:
            paint, frame, late, heap = _measure(browser, count)
            report.add(
                Figure(
                    f"first paint, {count} rows",
                    f"{paint:.0f} ms",
                    f"{COUNTS[0]} rows: {few_paint:.0f} ms",
                    f"{paint / few_paint:.2f}",
                    "",
                )
            )
            report.add(
                Figure(
                    f"scrolling, {count} rows: 95 % of frames within",
                    f"{frame:.1f} ms, {late:.0%} late",
                    f"{COUNTS[0]} rows: {few_frame:.1f} ms, {few_late:.0%} late",
                    f"{frame / few_frame:.2f}",
                    "60 fps (< 25 ms)",
                    frame < 1.5 * FRAME_SECONDS * 1000,
                )
            )
            report.add(
                Figure(
                    f"heap that the panel adds, {count} rows",
                    f"{heap:.1f} MB",
                    f"{COUNTS[0]} rows: {few_heap:.1f} MB",
                    "",
                    f"< {PROMISED_MEGABYTES} MB",
                    heap < PROMISED_MEGABYTES,
                )
            )
        browser.close()
    report.notes.append(
        f"Headless Chromium without a GPU, {ROUNDS} tabs each, 200 pixels a frame; first paint "
        "includes the requests to our server, whose list is known by then in all but the first tab."
    )
    return report
