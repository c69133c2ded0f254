"""Five thousand instances: the list scrolls, finds, and keeps the page small."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from scripts.lab import JupyterLab
from tests.browser.conftest import StartEmulator, StartLab
from tests.browser.emulator_control import EmulatorControl
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser

COUNT = 5000
MOST_ROWS_IN_PAGE = 60
SETTLED_ROWS = 24
"""More than are in sight."""


@pytest.fixture(scope="module")
def azure(start_emulator: StartEmulator) -> Iterator[EmulatorControl]:
    """An emulator of a very large workspace."""
    with start_emulator("many", "--instances", str(COUNT), "--page-size", "1000") as azure:
        yield azure


@pytest.fixture(scope="module")
def lab(azure: EmulatorControl, start_lab: StartLab) -> Iterator[JupyterLab]:
    """A JupyterLab of its own, which is in no hurry."""
    with start_lab("many", azure, poll_seconds=5) as lab:
        yield lab


def scroll_away(panel: Panel) -> str:
    """Turn the mouse wheel over the list until its beginning is out of sight; a row in sight."""
    panel.row("ci00003").hover()
    panel.page.mouse.wheel(0, 50_000)
    # The very first row stays in the page, as Tab leads to it.
    expect(panel.row("ci00003")).to_have_count(0)
    # Those around what is in sight are drawn once the list has come to rest.
    expect(panel.rows.nth(SETTLED_ROWS)).to_be_attached()
    names = panel.names()
    return names[len(names) // 2]


def test_the_list_scrolls_to_its_end_and_draws_only_what_is_in_sight(panel: Panel) -> None:
    expect(panel.count()).to_have_text(str(COUNT))
    expect(panel.grid).to_have_attribute("aria-rowcount", str(COUNT))
    assert panel.rows.count() < MOST_ROWS_IN_PAGE
    assert panel.names()[:2] == ["ci00000", "ci00001"]

    panel.row(scroll_away(panel)).focus()
    panel.page.keyboard.press("End")
    expect(panel.row("ci04999")).to_be_focused()
    expect(panel.row("ci04999")).to_have_attribute("aria-rowindex", str(COUNT))
    assert panel.rows.count() < MOST_ROWS_IN_PAGE
    panel.picture("many-end")


def test_the_filter_finds_one_among_all_of_them(panel: Panel) -> None:
    panel.filter.fill("ci04321")
    panel.expect_names(["ci04321"])
    expect(panel.count()).to_have_text(f"1 of {COUNT}")
    panel.filter.fill("chloe jobrunning e4ds")
    expect(panel.rows.first).to_contain_text("JobRunning")
    assert panel.rows.count() < MOST_ROWS_IN_PAGE


def test_a_refresh_keeps_the_place_in_the_list(panel: Panel, azure: EmulatorControl) -> None:
    seen = scroll_away(panel)
    place = panel.row(seen).bounding_box()
    azure.force("ci00001", "Unusable")
    panel.refresh()
    expect(panel.live_region).to_have_text("ci00001 is Unusable")
    assert panel.row(seen).bounding_box() == place
