"""Behind a JupyterHub, below a base URL, with an administrator who allows starting and stopping."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from scripts.lab import JupyterLab
from tests.browser.conftest import StartLab
from tests.browser.emulator_control import EmulatorControl
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser

BASE_URL = "/user/x/"


@pytest.fixture(scope="module")
def lab(azure: EmulatorControl, start_lab: StartLab) -> Iterator[JupyterLab]:
    """A JupyterLab as a hub runs it."""
    with start_lab(
        "hub",
        azure,
        "--CiManagerApp.allowed_actions=start",
        "--CiManagerApp.allowed_actions=stop",
        base_url=BASE_URL,
    ) as lab:
        yield lab


def test_everything_goes_through_the_base_url(panel: Panel, azure: EmulatorControl) -> None:
    panel.action("amy-gpu", "Start").click()
    panel.expect_state("amy-gpu", "Starting")
    azure.advance()
    panel.expect_state("amy-gpu", "Running")
    expect(panel.operation("Start amy-gpu")).to_contain_text("Done")
    asked = [request.url for request in panel.lab.requests if "ci-manager" in request.url]
    assert asked
    assert [url for url in asked if BASE_URL not in url] == []
    assert panel.lab.console_errors == []


def test_what_the_administrator_does_not_allow_cannot_be_chosen_and_says_why(
    panel: Panel,
) -> None:
    expect(panel.button("New")).to_be_disabled()
    expect(panel.root.get_by_title(re.compile("administrator")).first).to_be_visible()
    panel.open_menu("amy-notebooks")
    expect(panel.lab.menu_item("Stop")).to_be_enabled()
    for item in ("Restart", "Delete…"):
        expect(panel.lab.menu_item(item)).to_be_disabled()
    panel.picture("hub-denied")


def test_the_delete_key_does_nothing_where_deleting_is_not_allowed(panel: Panel) -> None:
    panel.row("amy-notebooks").focus()
    panel.page.keyboard.press("Delete")
    expect(panel.page.get_by_role("dialog")).to_have_count(0)
