"""The panel without a mouse, and what a screen reader is told."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dialogs import CreateDialog, DeleteDialog
from tests.browser.emulator_control import EmulatorControl
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, wherever the focus is."""
    for key in keys:
        page.keyboard.press(key)


def tab_to(panel: Panel, name: str) -> None:
    """Press Tab until the focus is on the row of an instance, as it gets there sooner or later."""
    row = panel.row(name)
    for _ in range(20):
        if row.evaluate("row => row === document.activeElement"):
            return
        panel.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


def test_the_panel_is_reached_and_its_list_walked_by_keys_alone(panel: Panel) -> None:
    page = panel.page
    panel.close()
    press(page, "ControlOrMeta+Shift+C")
    page.keyboard.type("Show compute instances")
    press(page, "Enter")
    expect(panel.root).to_be_visible()
    panel.button("New").focus()
    names = panel.names()
    tab_to(panel, names[0])

    press(page, "ArrowDown", "ArrowDown")
    expect(panel.row(names[2])).to_be_focused()
    press(page, "End")
    expect(panel.row(names[-1])).to_be_focused()
    press(page, "Home")
    expect(panel.row(names[0])).to_be_focused()
    press(page, "ArrowUp")
    expect(panel.row(names[0])).to_be_focused()

    press(page, "Space", "Shift+ArrowDown")
    for name in names[:2]:
        expect(panel.row(name)).to_have_attribute("aria-selected", "true")
    press(page, "Escape")
    expect(panel.grid.locator("[aria-selected=true]")).to_have_count(0)
    press(page, "ControlOrMeta+a")
    expect(panel.grid.locator("[aria-selected=true]")).to_have_count(len(names))


def test_tab_leaves_the_list_after_one_stop_and_comes_back_to_the_same_row(panel: Panel) -> None:
    tab_stops = panel.rows.locator("[tabindex='0']")
    expect(tab_stops).to_have_count(0)
    panel.row("ben-etl").focus()
    press(panel.page, "Tab")
    expect(panel.row("ben-etl")).not_to_be_focused()
    expect(panel.grid.locator(":focus")).to_have_count(0)
    press(panel.page, "Shift+Tab")
    expect(panel.row("ben-etl")).to_be_focused()


def test_the_buttons_of_a_row_are_reached_by_the_right_arrow(
    panel: Panel, azure: EmulatorControl
) -> None:
    panel.row("amy-gpu").focus()
    press(panel.page, "ArrowRight")
    expect(panel.action("amy-gpu", "Start")).to_be_focused()
    press(panel.page, "Enter")
    panel.expect_state("amy-gpu", "Starting")
    azure.advance()
    panel.expect_state("amy-gpu", "Running")
    # The button that had the focus is gone; its row has it now.
    expect(panel.grid.locator(".jp-ci-row:focus")).to_have_count(1)


def test_the_menu_of_a_row_opens_and_acts_by_keys_and_escape_gives_the_focus_back(
    panel: Panel, azure: EmulatorControl
) -> None:
    page = panel.page
    panel.row("amy-notebooks").focus()
    press(page, "Shift+F10")
    expect(panel.lab.menu_item("Stop")).to_be_visible()
    press(page, "Escape")
    expect(panel.page.locator(".lm-Menu")).to_have_count(0)
    expect(panel.row("amy-notebooks")).to_be_focused()

    press(page, "Shift+F10")
    expect(panel.lab.menu_item("Stop")).to_be_visible()
    press(page, "s", "t", "o", "p", "Enter")
    panel.expect_state("amy-notebooks", "Stopping")
    azure.advance()
    panel.expect_state("amy-notebooks", "Stopped")


def test_enter_opens_the_details_of_the_row(panel: Panel) -> None:
    panel.row("amy-gpu").focus()
    press(panel.page, "Enter")
    expect(panel.lab.main_area_tab("amy-gpu")).to_be_visible()


def test_an_instance_is_created_and_deleted_by_keys_alone_and_the_focus_comes_back(
    panel: Panel, azure: EmulatorControl
) -> None:
    page = panel.page
    panel.button("New").focus()
    press(page, "Enter")
    dialog = CreateDialog(panel.lab)
    expect(dialog.name).to_be_focused()
    press(page, "Escape")
    expect(dialog.root).to_have_count(0)
    expect(panel.button("New")).to_be_focused()

    press(page, "Enter")
    expect(dialog.name).to_be_focused()
    page.keyboard.type("by-keys")
    dialog.says(re.compile("Free in this region"))
    press(page, "Tab")
    expect(dialog.search).to_be_focused()
    proposed = dialog.chosen.text_content() or ""
    press(page, "ArrowDown")
    expect(dialog.chosen).not_to_have_text(proposed)
    expect(dialog.create).to_be_enabled()
    press(page, "Enter")
    expect(dialog.root).to_have_count(0)
    azure.advance()
    panel.expect_state("by-keys", "Running")

    tab_to(panel, "by-keys")
    press(page, "Delete")
    question = DeleteDialog(panel.lab, "by-keys")
    expect(question.name).to_be_focused()
    press(page, "Escape")
    expect(question.root).to_have_count(0)
    expect(panel.row("by-keys")).to_be_focused()

    press(page, "Delete")
    expect(question.name).to_be_focused()
    press(page, "Enter")
    expect(question.root).to_be_visible()
    page.keyboard.type("by-keys")
    press(page, "Enter")
    expect(question.root).to_have_count(0)
    panel.expect_state("by-keys", "Deleting")
    azure.advance()
    expect(panel.row("by-keys")).to_have_count(0)
    # The row that took its place has the focus: it is not lost in the page.
    expect(panel.grid.locator(".jp-ci-row:focus")).to_have_count(1)


def test_tab_stays_within_a_dialog(panel: Panel) -> None:
    dialog = panel.new_instance()
    dialog.name.fill("stays-within")
    dialog.says(re.compile("Free in this region"))
    for _ in range(12):
        press(panel.page, "Tab")
        expect(dialog.root.locator(":focus")).to_have_count(1)


def test_changes_are_announced_to_screen_readers(panel: Panel, azure: EmulatorControl) -> None:
    panel.action("amy-notebooks", "Stop").click()
    expect(panel.live_region).to_have_text("amy-notebooks is Stopping")
    azure.advance()
    expect(panel.live_region).to_have_text("amy-notebooks is Stopped")
    azure.create("announced")
    expect(panel.live_region).to_have_text("announced is Running")
    azure.delete("announced")
    expect(panel.live_region).to_have_text("announced is gone")
