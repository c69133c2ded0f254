"""The panel with many instances in a real Chromium: first paint, scrolling, memory.

The reference is the same panel with ten instances in the same browser.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import NamedTuple, cast

from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.chromium import chromium
from scripts.lab import emulator, jupyter_lab
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.lab_page import LabPage

from .report import Figure, Report, log_file

COUNTS = (10, 1000, 5000)
ROUNDS = 3
LATE_MILLISECONDS = 1.5 * 1000 / 60
"""A frame that takes longer than one and a half of those at 60 a second."""
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

# Scrolls for two seconds, and notes how long each frame took: from top to bottom, as whoever drags
# the scroll bar does, or as fast as a flick of the wheel.
SCROLL = """async whole => {
  const grid = document.querySelector('.jp-ci-grid');
  const distance = grid.scrollHeight - grid.clientHeight;
  grid.scrollTop = 0;
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
    if (whole) {
      grid.scrollTop = distance * (now - began) / 2000;
    } else {
      grid.scrollTop += 200;
    }
  }
}"""


class Measured(NamedTuple):
    """What a person sees of a list of some length: medians, and frames of all rounds."""

    paint: float
    """Milliseconds until the first row."""
    whole: list[float]
    """Milliseconds of each frame while the whole list is scrolled through."""
    flick: list[float]
    heap: float
    """MB."""


def _megabytes(page: Page) -> float:
    """The tab's JavaScript heap after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    return cast("float", usage["usedSize"]) / 1e6


def _look(lab_page: LabPage) -> Measured:
    page = lab_page.page
    lab_page.open()
    lab_page.execute("application:toggle-left-area")
    before = _megabytes(page)
    paint = cast("float", page.evaluate(FIRST_ROW, OPEN))
    expect(page.locator(".jp-ci-row").first).to_be_visible()
    whole, flick = (cast("list[float]", page.evaluate(SCROLL, each)) for each in (True, False))
    return Measured(paint, whole, flick, _megabytes(page) - before)


def _measure(browser: Browser, count: int) -> Measured:
    looks = []
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
            looks.append(_look(LabPage(context.new_page(), lab)))
            context.close()
    return Measured(
        statistics.median(each.paint for each in looks),
        [frame for each in looks for frame in each.whole],
        [frame for each in looks for frame in each.flick],
        statistics.median(each.heap for each in looks),
    )


def _scrolling(what: str, frames: list[float], few: list[float]) -> Figure:
    """How long 95 % of the frames took at most, and how many came late."""
    slow, few_slow = (statistics.quantiles(each, n=100)[94] for each in (frames, few))
    return Figure(
        f"{what}: 95 % of frames within",
        f"{slow:.1f} ms, {_late(frames):.0%} late",
        f"{COUNTS[0]} rows: {few_slow:.1f} ms, {_late(few):.0%} late",
        f"{slow / few_slow:.2f}",
        "60 fps (< 25 ms)",
        slow < LATE_MILLISECONDS,
    )


def _late(frames: list[float]) -> float:
    return sum(frame > LATE_MILLISECONDS for frame in frames) / len(frames)


def run() -> Report:
    """One emulator and one JupyterLab for each number of instances."""
    report = Report("The panel with many instances")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        few = _measure(browser, COUNTS[0])
        for count in COUNTS[1:]:
            many = _measure(browser, count)
            report.add(
                Figure(
                    f"first paint, {count} rows",
                    f"{many.paint:.0f} ms",
                    f"{COUNTS[0]} rows: {few.paint:.0f} ms",
                    f"{many.paint / few.paint:.2f}",
                    "",
                )
            )
            report.add(_scrolling(f"all of {count} rows in 2 s", many.whole, few.whole))
            report.add(_scrolling(f"a flick through {count} rows", many.flick, few.flick))
            report.add(
                Figure(
                    f"heap that the panel adds, {count} rows",
                    f"{many.heap:.1f} MB",
                    f"{COUNTS[0]} rows: {few.heap:.1f} MB",
                    "",
                    f"< {PROMISED_MEGABYTES} MB",
                    many.heap < PROMISED_MEGABYTES,
                )
            )
        browser.close()
    report.notes.append(
        f"Headless Chromium without a GPU, {ROUNDS} tabs each; a flick is 200 pixels a frame."
    )
    report.notes.append(
        "First paint includes the requests to our server, whose list is known by then in all but "
        "the first tab."
    )
    return report
