"""The panel: rows in every state, and what stands in their place."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import StartEmulator
from tests.browser.emulator_control import AMY, BEN, LIST
from tests.browser.panel import NARROW_PIXELS
from tests.browser.screenshots.conftest import OpenPanel, OpenSheet
from tests.browser.screenshots.drawing import (
    ALWAYS,
    WIDE,
    WIDTHS,
    draw_panel,
)

pytestmark = pytest.mark.timeout(600)

STATES = (
    *("Running", "JobRunning", "Stopped", "Unusable", "Unknown"),
    *("Creating", "SettingUp", "UserSettingUp", "Starting", "Stopping", "Restarting", "Resizing"),
    *("Deleting", "CreateFailed", "SetupFailed", "UserSetupFailed"),
)


LONG_NAME = "Wissenschaftlerarbeits24"


def test_draw_the_list(
    open_panel: OpenPanel, open_sheet: OpenSheet, start_emulator: StartEmulator
) -> None:
    with start_emulator("states", "--empty") as azure, open_sheet("list") as sheet:
        for index, state in enumerate(STATES):
            azure.create(f"is-{state.lower()}", owner=AMY if index % 2 else BEN)
        for state in STATES:
            azure.force(f"is-{state.lower()}", state)
        with open_panel(azure, CI_NAME="is-running") as panel:
            expect(panel.rows).to_have_count(len(STATES))
            draw_panel(sheet, panel, "all states", (*WIDTHS, WIDE))
            panel.lab.set_sidebar_width(NARROW_PIXELS)
            panel.row("is-jobrunning").click()
            panel.row("is-running").hover()
            sheet.draw(panel.root, "one picked, one under the mouse")
            panel.filter.fill("setup")
            sheet.draw(panel.root, "filtered")
            panel.filter.fill("nothing like this")
            sheet.draw(panel.root, "nothing matches")
            panel.filter.fill("")
            panel.open_options()
            sheet.draw(panel.page, "options")
            panel.page.keyboard.press("Escape")
            panel.open_menu("is-running")
            sheet.draw(panel.page, "menu of a row")


def test_draw_what_stands_in_the_place_of_the_list(
    open_panel: OpenPanel, open_sheet: OpenSheet, start_emulator: StartEmulator, tmp_path: Path
) -> None:
    with start_emulator("conditions") as azure, open_sheet("conditions") as sheet:
        azure.fail("/workspaces/", delay_seconds=30, times=ALWAYS)
        with open_panel(azure) as panel:
            expect(panel.root.get_by_text("Loading compute instances")).to_be_attached()
            draw_panel(sheet, panel, "loading")
        azure.heal()

        with open_panel(azure) as panel:
            expect(panel.row("amy-gpu")).to_be_visible()
            azure.fail(LIST, status=403, message="Amy may not read this any more.", times=ALWAYS)
            panel.refresh()
            expect(panel.banner).to_be_visible()
            draw_panel(sheet, panel, "stale", (*WIDTHS, WIDE))
        with open_panel(azure) as panel:
            expect(panel.instances).to_contain_text("could not be listed")
            draw_panel(sheet, panel, "list failed")
        azure.heal()

        azure.fail("/workspaces/", status=403, message="No role in this workspace.", times=ALWAYS)
        with open_panel(azure) as panel:
            expect(panel.instances).to_contain_text("No access to this workspace")
            draw_panel(sheet, panel, "denied")
        azure.heal()
        azure.fail("/workspaces/", reset=True, times=ALWAYS)
        with open_panel(azure) as panel:
            expect(panel.instances).to_contain_text("could not be reached")
            draw_panel(sheet, panel, "unreachable")
        azure.heal()

        with open_panel(azure, JUPYTER_CI_WORKSPACE="") as panel:
            expect(panel.instances.get_by_role("list", name="Workspaces")).to_be_visible()
            draw_panel(sheet, panel, "no workspace")
        with open_panel(azure, "--CiManagerApp.endpoint=https://azure.invalid") as panel:
            expect(panel.instances).to_contain_text("Not signed in to Azure")
            draw_panel(sheet, panel, "signed out")
        switched_off = {"ServerApp": {"jpserver_extensions": {"jupyter_ci_manager": False}}}
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "jupyter_server_config.json").write_text(json.dumps(switched_off))
        with open_panel(azure, home=tmp_path) as panel:
            expect(panel.instances).to_contain_text("The server part")
            draw_panel(sheet, panel, "extension missing")
        with start_emulator("empty", "--empty") as empty, open_panel(empty) as panel:
            expect(panel.instances).to_contain_text("No compute instances yet")
            draw_panel(sheet, panel, "empty", (*WIDTHS, WIDE))


def test_draw_many_and_long(
    open_panel: OpenPanel, open_sheet: OpenSheet, start_emulator: StartEmulator
) -> None:
    with ExitStack() as running:
        sheet = running.enter_context(open_sheet("many-and-long"))
        many = running.enter_context(start_emulator("many", "--instances", "5000"))
        with open_panel(many) as panel:
            expect(panel.row("ci00000")).to_be_visible()
            draw_panel(sheet, panel, "5000 instances", (*WIDTHS, WIDE))
        azure = running.enter_context(start_emulator("long"))
        azure.create(LONG_NAME, owner=AMY, description="分析用コンピューティングインスタンス")
        azure.create("a" * 24)
        azure.force(LONG_NAME, "UserSetupFailed")
        with open_panel(azure) as panel:
            expect(panel.row(LONG_NAME)).to_be_visible()
            panel.action(LONG_NAME, "Stop").click()
            draw_panel(sheet, panel, "long names", (200, *WIDTHS, WIDE))
            panel.page.set_viewport_size({"width": 640, "height": 480})
            draw_panel(sheet, panel, "zoomed to 200 %", (NARROW_PIXELS,))
            dialog = panel.new_instance()
            dialog.name.fill("Wissenschaftler_innen-Arbeitsplatz")
            sheet.draw(panel.page, "new instance, zoomed to 200 %")
