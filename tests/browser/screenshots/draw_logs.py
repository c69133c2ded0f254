"""Logs: rows that lead to one, the viewer with what it shows, and what it says where it cannot."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import StartEmulator
from tests.browser.log_page import LogPage
from tests.browser.screenshots.conftest import OpenPanel, OpenSheet
from tests.browser.screenshots.drawing import WIDE, WIDTHS, draw_panel, draw_themes

pytestmark = pytest.mark.timeout(600)

FAILED = "ben-etl"
WITHOUT_LOG = "chloe-train"


def test_draw_the_logs(
    start_emulator: StartEmulator, open_panel: OpenPanel, open_sheet: OpenSheet
) -> None:
    with (
        start_emulator("logs") as azure,
        open_panel(azure) as panel,
        open_sheet("logs") as sheet,
    ):
        expect(panel.row(FAILED)).to_be_visible()
        draw_panel(sheet, panel, "rows", widths=(*WIDTHS, WIDE))
        panel.lab.set_sidebar_width(WIDTHS[0])

        panel.lab.execute("ci-manager:open-log", name=FAILED)
        log = LogPage(panel.lab, f"Log of {FAILED}")
        expect(log.lines.first).to_be_visible()
        draw_themes(sheet, panel, log.root, "failed")
        log.first_error.click()
        draw_themes(sheet, panel, log.root, "first error")
        log.search.fill("conda")
        expect(log.toolbar).to_contain_text("match")
        draw_themes(sheet, panel, log.root, "searched")
        log.root.get_by_role("button", name="Script", exact=True).click()
        log.toolbar.get_by_role("button", name="Wrap").click()
        log.toolbar.get_by_role("button", name="Times").click()
        draw_themes(sheet, panel, log.root, "script, wrapped, times")
        panel.page.set_viewport_size({"width": 800, "height": 900})
        draw_themes(sheet, panel, log.root, "narrow")
        panel.page.set_viewport_size({"width": 1280, "height": 960})

        panel.lab.execute("ci-manager:open-log", name=WITHOUT_LOG)
        empty = panel.lab.main_area_tab(f"Log of {WITHOUT_LOG}")
        expect(empty).to_contain_text("There is no log yet")
        draw_themes(sheet, panel, empty, "no log yet")

        azure.storage(network_allowed=False)
        panel.lab.execute("ci-manager:open-log", name="chloe-old")
        refused = panel.lab.main_area_tab("Log of chloe-old")
        expect(refused.get_by_role("button", name="Look again")).to_be_visible(timeout=30_000)
        draw_themes(sheet, panel, refused, "behind a virtual network")
        azure.storage()

        panel.lab.execute("ci-manager:open-details", name=FAILED)
        details = panel.lab.main_area_tab(FAILED)
        expect(details).to_contain_text("Setup scripts")
        draw_themes(sheet, panel, details, "details")
