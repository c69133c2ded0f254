"""The page of an instance: running, failed, somebody else's, stopped, and what is changed in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import StartEmulator
from tests.browser.details_page import DetailsPage
from tests.browser.screenshots.conftest import OpenPanel, OpenSheet
from tests.browser.screenshots.drawing import dialog_of, draw_themes

pytestmark = pytest.mark.timeout(900)

NARROW: ViewportSize = {"width": 720, "height": 1800}
WIDE: ViewportSize = {"width": 1400, "height": 1500}


def test_draw_details(
    start_emulator: StartEmulator, open_panel: OpenPanel, open_sheet: OpenSheet
) -> None:
    with (
        start_emulator("details") as azure,
        open_panel(azure) as panel,
        open_sheet("details") as sheet,
    ):
        page = panel.page
        page.set_viewport_size(WIDE)
        for name, state in (
            ("amy-notebooks", "running"),
            ("ben-etl", "its setup failed"),
            ("chloe-archive", "somebody else's, stopped"),
        ):
            details = DetailsPage(panel.lab, name)
            details.open()
            draw_themes(sheet, panel, details.root, state)

        details = DetailsPage(panel.lab, "amy-notebooks")
        details.open()
        times = details.times
        times.change.click()
        expect(times.schedule(1).get_by_role("listitem")).to_have_count(5)
        draw_themes(sheet, panel, details.root, "editing")
        times.idle_amount.fill("200")
        times.schedule(1).get_by_label("Cron expression", exact=True).fill("0 25 * * *")
        times.add("Start")
        times.schedule(2).get_by_label("By", exact=True).select_option(label="Recurrence")
        expect(times.schedule(2).get_by_role("listitem")).to_have_count(5)
        page.set_viewport_size(NARROW)
        times.root.scroll_into_view_if_needed()
        draw_themes(sheet, panel, details.root, "problems, narrow")
        times.cancel.click()
        page.set_viewport_size(WIDE)

        details = DetailsPage(panel.lab, "amy-gpu")
        details.open()
        details.button("Resize…").click()
        expect(panel.lab.dialog("Resize amy-gpu")).to_be_visible()
        panel.lab.dialog("Resize amy-gpu").get_by_role("combobox").fill("gpu")
        draw_themes(sheet, panel, dialog_of(panel), "another size")
