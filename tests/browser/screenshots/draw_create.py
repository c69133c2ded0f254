"""The full form for a new instance: empty, filled in, with problems, its scripts, and narrow."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import StartEmulator
from tests.browser.screenshots.conftest import OpenPanel, OpenSheet
from tests.browser.screenshots.drawing import draw_themes
from tests.browser.spec_page import SpecPage

pytestmark = pytest.mark.timeout(900)

NARROW: ViewportSize = {"width": 760, "height": 1400}
WIDE: ViewportSize = {"width": 1680, "height": 1400}
SECTIONS = (
    "Schedules",
    "SSH",
    "Network",
    "On behalf of",
    "Managed identity",
    "Applications",
    "Data",
    "Advanced",
)
SCRIPT = "#!/bin/bash\nconda create -n forecast python=3.12\npip install lightgbm\n"


def test_draw_the_full_form(
    start_emulator: StartEmulator, open_panel: OpenPanel, open_sheet: OpenSheet
) -> None:
    with (
        start_emulator("create", "--run-scripts") as azure,
        open_panel(azure) as panel,
        open_sheet("create") as sheet,
    ):
        page = panel.page
        form = SpecPage(panel.lab)
        form.open("forecast")
        page.set_viewport_size(WIDE)
        form.expect_ready()
        draw_themes(sheet, panel, form.root, "a name")
        form.review.get_by_role("tab", name="Show as").click()
        expect(form.review.locator("pre").first).to_be_visible()
        draw_themes(sheet, panel, form.root, "the same request as")
        form.review.get_by_role("tab", name="Summary").click()

        form.go_to("Setup scripts")
        script = form.script("Creation")
        script.write(SCRIPT)
        expect(script.findings).to_be_visible()
        script.try_it.click()
        expect(script.root.get_by_role("alert")).to_be_visible(timeout=60_000)
        draw_themes(sheet, panel, form.root, "a script that was tried")

        for section in SECTIONS:
            form.go_to(section)
        form.root.get_by_role("checkbox", name=re.compile("^Allow SSH")).check()
        form.root.get_by_role("textbox", name="Public key").fill("no key")
        form.root.get_by_role("checkbox", name="Create it for someone else").check()
        form.root.get_by_role("button", name="Stop at set times").click()
        for section in ("Schedules", "On behalf of", "Applications"):
            form.go_to(section)
            draw_themes(sheet, panel, form.root, f"{section}, unfolded")
        page.set_viewport_size(NARROW)
        draw_themes(sheet, panel, form.root, "narrow")
