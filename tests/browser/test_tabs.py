"""Several tabs on one server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from scripts.lab import JupyterLab
from tests.browser.conftest import OpenTab
from tests.browser.emulator_control import LIST, EmulatorControl
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser

QUIET_SECONDS = 3
"""Long enough for several polls of a panel that somebody looks at."""


@pytest.fixture
def other(lab: JupyterLab, open_tab: OpenTab, artifacts: Path) -> Iterator[Panel]:
    """The panel in a second tab, in a browser of its own."""
    with open_tab(lab) as tab:
        tab.open()
        panel = Panel(tab, artifacts)
        panel.open()
        yield panel


def test_what_one_tab_does_the_other_shows_at_once_and_only_the_first_notifies(
    panel: Panel, other: Panel, azure: EmulatorControl
) -> None:
    panel.action("amy-gpu", "Start").click()
    other.expect_state("amy-gpu", "Starting")
    expect(other.operation("Start amy-gpu").get_by_role("progressbar")).to_be_visible()
    azure.advance()
    for each in (panel, other):
        each.expect_state("amy-gpu", "Running")
        expect(each.operation("Start amy-gpu")).to_have_count(1)
        expect(each.operation("Start amy-gpu")).to_contain_text("Done")
    expect(panel.lab.notification("Start amy-gpu")).to_have_count(1)
    expect(other.lab.notification("Start amy-gpu")).to_have_count(0)
    other.picture("tabs-other")


def test_two_tabs_cost_azure_no_more_lists_than_one(
    panel: Panel, other: Panel, azure: EmulatorControl
) -> None:
    def lists_in_quiet_time() -> int:
        before = azure.count("GET", LIST)
        panel.lab.let_time_pass(QUIET_SECONDS)
        return azure.count("GET", LIST) - before

    with_two = lists_in_quiet_time()
    assert with_two <= QUIET_SECONDS + 1
    assert with_two >= 2
    assert other.lab.questions > 2
