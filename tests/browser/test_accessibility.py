"""What axe-core finds in the panel, its dialogs and its details: nothing of ours."""

from __future__ import annotations

from typing import get_args

import pytest
from playwright.sync_api import expect

from tests.browser.axe import accessibility_violations
from tests.browser.emulator_control import EmulatorControl
from tests.browser.lab_page import Theme
from tests.browser.panel import NARROW_PIXELS, Panel

pytestmark = pytest.mark.browser

PANEL = "#jp-ci-manager-panel"
DIALOG = ".jp-Dialog"

THEMES: tuple[Theme, ...] = get_args(Theme)


def test_the_judge_sees_what_is_wrong_inside_the_panel(panel: Panel) -> None:
    panel.instances.evaluate(
        """element => element.insertAdjacentHTML('afterbegin',
            '<p id="pale" style="color: #ccc; background: #fff">pale<button></button></p>')"""
    )
    found = accessibility_violations(panel.page, PANEL)
    panel.instances.evaluate("element => document.querySelector('#pale').remove()")
    assert [each.split(":")[0] for each in found] == ["button-name", "color-contrast"]


@pytest.mark.parametrize("theme", THEMES)
def test_the_panel_has_no_violations_narrow_or_wide(
    panel: Panel, azure: EmulatorControl, theme: Theme
) -> None:
    panel.action("amy-gpu", "Start").click()
    panel.expect_state("amy-gpu", "Starting")
    panel.row("amy-notebooks").click()
    panel.lab.use_theme(theme)
    for width in (NARROW_PIXELS, 900):
        panel.lab.set_sidebar_width(width)
        assert accessibility_violations(panel.page, PANEL) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_dialogs_have_no_violations(panel: Panel, theme: Theme) -> None:
    panel.lab.use_theme(theme)
    dialog = panel.new_instance()
    assert accessibility_violations(panel.page, DIALOG) == []
    dialog.name.fill("sandbox")
    expect(dialog.name).to_have_attribute("aria-invalid", "true")
    dialog.search.fill("f16s")
    assert accessibility_violations(panel.page, DIALOG) == []
    dialog.cancel.click()

    question = panel.ask_to_delete("amy-gpu")
    assert accessibility_violations(panel.page, DIALOG) == []
    question.cancel.click()

    panel.open_options()
    panel.lab.menu_item("Stop all my running instances…").click()
    expect(panel.page.get_by_role("dialog")).to_be_visible()
    assert accessibility_violations(panel.page, DIALOG) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_details_have_no_violations(panel: Panel, theme: Theme) -> None:
    panel.lab.use_theme(theme)
    panel.row("ben-etl").dblclick()
    expect(panel.lab.main_area_tab("ben-etl").get_by_role("heading").first).to_be_visible()
    assert accessibility_violations(panel.page, ".jp-ci-details-page") == []


def test_a_failure_has_no_violations(panel: Panel, azure: EmulatorControl) -> None:
    azure.fail("/computes$", status=403, message="Not any more.", times=1000)
    panel.refresh()
    expect(panel.banner).to_be_visible()
    panel.banner.get_by_text("Details").click()
    assert accessibility_violations(panel.page, PANEL) == []
