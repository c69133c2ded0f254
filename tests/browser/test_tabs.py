"""Several tabs on one server, and tabs that nobody looks at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scripts.lab import JupyterLab
from tests.browser.conftest import OpenTab
from tests.browser.emulator_control import LIST, EmulatorControl
from tests.browser.lab_page import LabPage
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


def questions(lab: LabPage) -> int:
    """How often a tab has asked our server anything."""
    return sum("/ci-manager/" in request.url for request in lab.requests)


def let_time_pass(page: Page, seconds: float) -> None:
    """Wait by the page's own clock: that nothing happens takes time to see."""
    page.wait_for_function(
        "([began, duration]) => performance.now() - began > duration",
        arg=[page.evaluate("() => performance.now()"), seconds * 1000],
    )


def hide(page: Page, *, hidden: bool) -> None:
    """Have the page believe that its tab is hidden; a headless browser shows all its tabs."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
            Object.defineProperty(document, 'visibilityState', {
                configurable: true, value: hidden ? 'hidden' : 'visible'
            });
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden,
    )


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
        let_time_pass(panel.page, QUIET_SECONDS)
        return azure.count("GET", LIST) - before

    with_two = lists_in_quiet_time()
    assert with_two <= QUIET_SECONDS + 1
    assert with_two >= 2
    assert questions(other.lab) > 2


@pytest.mark.parametrize("how", ["closed", "hidden"])
def test_nobody_is_asked_anything_while_nobody_looks(
    panel: Panel, azure: EmulatorControl, how: str
) -> None:
    asked = azure.count()
    let_time_pass(panel.page, QUIET_SECONDS)
    assert azure.count() > asked

    if how == "closed":
        panel.close()
    else:
        hide(panel.page, hidden=True)
    # What is under way comes to its end.
    let_time_pass(panel.page, 1)
    asked, questions_then = azure.count(), questions(panel.lab)
    let_time_pass(panel.page, QUIET_SECONDS)
    assert questions(panel.lab) == questions_then
    assert azure.count() == asked

    azure.force("amy-gpu", "Running")
    if how == "closed":
        panel.open()
    else:
        hide(panel.page, hidden=False)
    panel.expect_state("amy-gpu", "Running")
