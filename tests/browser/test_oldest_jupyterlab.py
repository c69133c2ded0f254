"""The oldest JupyterLab that is supported, with the wheel as its users install it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from scripts.lab import JupyterLab
from tests.browser.conftest import OLDEST_JUPYTER, StartLab
from tests.browser.emulator_control import EmulatorControl
from tests.browser.panel import Panel

pytestmark = [pytest.mark.browser, OLDEST_JUPYTER.mark]


@pytest.fixture(scope="module")
def lab(azure: EmulatorControl, start_lab: StartLab) -> Iterator[JupyterLab]:
    """A JupyterLab of its own environment."""
    with start_lab("oldest-lab", azure, python=OLDEST_JUPYTER.python) as lab:
        yield lab


def test_the_panel_lists_creates_and_tells(panel: Panel, azure: EmulatorControl) -> None:
    panel.picture("oldest-lab")
    panel.create("in-the-oldest")
    panel.expect_state("in-the-oldest", "Creating")
    azure.advance()
    panel.expect_state("in-the-oldest", "Running")
    expect(panel.lab.notification("Create in-the-oldest: Running")).to_be_visible()
    panel.row("in-the-oldest").dblclick()
    expect(panel.lab.main_area_tab("in-the-oldest")).to_contain_text("westeurope")
    assert panel.lab.console_errors == []


def test_the_panel_running_lists_my_instances(panel: Panel) -> None:
    panel.page.get_by_role("tab", name="Running Terminals and Kernels").click()
    running = panel.page.locator("#jp-running-sessions")
    expect(running).to_contain_text("amy-notebooks")
    expect(running).not_to_contain_text("ben-features")
