"""The dialogs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import StartEmulator
from tests.browser.dialogs import CreateDialog
from tests.browser.screenshots.conftest import OpenPanel, OpenSheet
from tests.browser.screenshots.drawing import (
    ALWAYS,
    dialog_of,
    draw_themes,
)

pytestmark = pytest.mark.timeout(600)


def test_draw_the_dialog_for_a_new_instance(
    open_panel: OpenPanel, open_sheet: OpenSheet, start_emulator: StartEmulator
) -> None:
    with (
        start_emulator("create") as azure,
        open_panel(azure) as panel,
        open_sheet("create") as sheet,
    ):
        expect(panel.row("amy-gpu")).to_be_visible()
        dialog = panel.new_instance()
        draw_themes(sheet, panel, panel.page, "in JupyterLab")
        states = (
            ("empty", "", re.compile("3 to 24 letters")),
            ("invalid name", "my_instance", re.compile("Only letters")),
            ("free", "amy-experiments", re.compile("Free in this region")),
            ("taken", "sandbox", re.compile("already in use")),
            ("existing", "amy-notebooks", re.compile("use it")),
        )
        for state, name, says in states:
            dialog.name.fill(name)
            dialog.says(says)
            draw_themes(sheet, panel, dialog_of(panel), state)
        dialog.name.fill("amy-experiments")
        dialog.search.fill("f16s")
        dialog.size("Standard_F16s_v2").click(force=True)
        draw_themes(sheet, panel, dialog_of(panel), "no quota")
        dialog.search.fill("nobody sells this")
        draw_themes(sheet, panel, dialog_of(panel), "no such size")
        dialog.cancel.click()

        azure.fail("checkComputeNameAvailability$", method="POST", status=403, times=ALWAYS)
        dialog = panel.new_instance()
        dialog.name.fill("amy-experiments")
        dialog.says(re.compile("could not be checked"))
        draw_themes(sheet, panel, dialog_of(panel), "name cannot be checked")
        azure.fail("/computes/amy-experiments$", status=403, message="No.", times=ALWAYS)
        dialog.submit()
        expect(dialog.root.get_by_role("alert")).to_be_visible()
        draw_themes(sheet, panel, dialog_of(panel), "refused")
        dialog.cancel.click()
        azure.heal()

    azure_without_sizes = start_emulator("create-without-sizes")
    with azure_without_sizes as azure, open_sheet("create-without-sizes") as sheet:
        azure.fail("/vmSizes$", status=403, message="You may not see sizes.", times=ALWAYS)
        with open_panel(azure) as panel:
            expect(panel.row("amy-gpu")).to_be_visible()
            panel.button("New").click()
            expect(CreateDialog(panel.lab).root).to_contain_text("You may not see sizes.")
            draw_themes(sheet, panel, dialog_of(panel), "sizes failed")


def test_draw_the_questions(
    open_panel: OpenPanel, open_sheet: OpenSheet, start_emulator: StartEmulator
) -> None:
    with (
        start_emulator("questions") as azure,
        open_panel(azure, CI_NAME="amy-notebooks", JUPYTER_CI_WORKSPACE="") as panel,
        open_sheet("questions") as sheet,
    ):
        panel.instances.get_by_role("button", name=re.compile("^ml-workspace")).click()
        expect(panel.row("amy-gpu")).to_be_visible()
        question = panel.ask_to_delete("amy-gpu")
        draw_themes(sheet, panel, panel.page, "delete, in JupyterLab")
        draw_themes(sheet, panel, dialog_of(panel), "delete")
        question.name.fill("amy-gpu")
        draw_themes(sheet, panel, dialog_of(panel), "delete, name typed")
        azure.fail("/computes/amy-gpu$", status=403, message="You may not delete.", times=ALWAYS)
        question.cancel.click()
        azure.heal()

        panel.open_options()
        panel.lab.menu_item("Stop all my running instances…").click()
        expect(dialog_of(panel)).to_be_visible()
        draw_themes(sheet, panel, dialog_of(panel), "stop all")
        panel.page.keyboard.press("Escape")

        panel.action("amy-notebooks", "Stop").click()
        expect(dialog_of(panel)).to_contain_text("You are working on")
        draw_themes(sheet, panel, dialog_of(panel), "stop the own machine")
        panel.page.keyboard.press("Escape")

        panel.open_options()
        panel.lab.menu_item("Switch workspace…").click()
        expect(dialog_of(panel).get_by_role("list", name="Workspaces")).to_be_visible()
        draw_themes(sheet, panel, dialog_of(panel), "switch workspace")
