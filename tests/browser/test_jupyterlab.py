"""The extension's places in JupyterLab beside its panel: Running, launcher, menus, settings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.dialogs import CreateDialog
from tests.browser.emulator_control import EmulatorControl
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser


def test_jupyterlab_opens_with_the_extension_and_a_clean_console(panel: Panel) -> None:
    panel.lab.reload()
    panel.open()
    expect(panel.rows.first).to_be_visible()
    assert panel.lab.has_plugin("jupyter-ci-manager:plugin")
    assert panel.lab.console_errors == []


def test_the_panel_running_lists_my_instances_and_stops_one_or_all(
    panel: Panel, azure: EmulatorControl
) -> None:
    page = panel.page
    page.get_by_role("tab", name=re.compile("^Running")).click()
    running = page.get_by_role("region", name="Running Sessions section")
    section = running.get_by_role("region", name="Compute instances Section")
    expect(section).to_contain_text("amy-notebooks")
    expect(section).to_contain_text("amy-onboarding")
    expect(section).not_to_contain_text("ben-features")
    panel.picture("running-panel")

    item = section.get_by_role("treeitem", name=re.compile("^amy-notebooks"))
    item.hover()
    item.get_by_title("Stop").click()
    azure.advance()
    expect(item).to_have_count(0)

    running.get_by_role("button", name="Stop all").click()
    dialog = panel.lab.dialog("Stop all")
    expect(dialog).to_contain_text("Disk, public IP and load balancer are still billed")
    dialog.get_by_role("button", name="Stop all").click()
    expect(section).not_to_contain_text("amy-onboarding")
    azure.advance()
    assert azure.states()["amy-onboarding"] == "Stopped"


def test_the_launcher_has_a_card_that_creates_an_instance(panel: Panel) -> None:
    panel.close()
    panel.page.locator(".jp-LauncherCard", has_text="New compute instance").click()
    dialog = CreateDialog(panel.lab)
    dialog.name.fill("from-the-launcher")
    dialog.submit()
    expect(panel.root).to_be_visible()
    expect(panel.row("from-the-launcher")).to_have_attribute("aria-selected", "true")


def test_the_command_palette_knows_every_command_and_asks_which_instance(
    panel: Panel, azure: EmulatorControl
) -> None:
    page = panel.page
    panel.close()
    page.keyboard.press("ControlOrMeta+Shift+C")
    palette = page.locator(".lm-CommandPalette")
    palette.get_by_role("textbox").fill("compute instances")
    expect(palette.get_by_role("menuitem", name="Show compute instances")).to_be_visible()
    palette.get_by_role("textbox").fill("start an instance")
    panel.picture("palette")
    palette.get_by_role("menuitem", name="Start an instance…", exact=True).click()
    question = panel.lab.dialog("Start which instance?")
    question.get_by_role("combobox").select_option("amy-gpu")
    question.get_by_role("button", name="Start").click()
    expect(panel.lab.notification("Start amy-gpu")).to_be_visible()
    azure.advance()
    expect(panel.lab.notification("Start amy-gpu: Running")).to_be_visible()
    panel.open()
    panel.expect_state("amy-gpu", "Running")


def test_the_main_menu_acts_on_what_is_picked_in_the_panel(
    panel: Panel, azure: EmulatorControl
) -> None:
    panel.row("amy-notebooks").click()
    panel.page.get_by_role("menuitem", name="Compute Instances").click()
    expect(panel.lab.menu_item("Start")).to_be_disabled()
    panel.picture("main-menu")
    panel.lab.menu_item("Stop").click()
    panel.expect_state("amy-notebooks", "Stopping")
    azure.advance()
    panel.expect_state("amy-notebooks", "Stopped")


def test_the_settings_open_from_the_panel_and_can_switch_notifications_off(
    panel: Panel, azure: EmulatorControl
) -> None:
    panel.open_options()
    panel.lab.menu_item("Compute Instances Settings…").click()
    settings = panel.page.locator(".jp-SettingsPanel")
    notifications = settings.get_by_role("combobox").filter(has_text="Those that fail")

    def choose(label: str) -> None:
        # The editor saves a moment after the choice.
        with panel.page.expect_response(re.compile("/api/settings/jupyter-ci-manager")):
            notifications.select_option(label=label)

    choose("None")
    try:
        panel.picture("settings")
        panel.action("amy-gpu", "Start").click()
        azure.advance()
        expect(panel.operation("Start amy-gpu")).to_contain_text("Done")
        expect(panel.lab.notification("amy-gpu")).to_have_count(0)
    finally:
        choose("All, with progress")
