"""Operations, the other places in JupyterLab, and the picture of the README."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import StartEmulator
from tests.browser.panel import NARROW_PIXELS
from tests.browser.screenshots.conftest import OpenPanel, OpenSheet
from tests.browser.screenshots.drawing import (
    SCREENSHOTS,
    WIDE,
    WIDTHS,
    draw_panel,
    draw_themes,
)

pytestmark = pytest.mark.timeout(600)

NOTEBOOK = Path(__file__).with_name("forecast.ipynb")


def test_draw_activity_and_notifications(
    open_panel: OpenPanel, open_sheet: OpenSheet, start_emulator: StartEmulator
) -> None:
    with (
        # At Azure's own speed nothing ends before it is drawn.
        start_emulator("activity", speed=1) as azure,
        open_panel(azure) as panel,
        open_sheet("activity") as sheet,
    ):
        expect(panel.row("amy-gpu")).to_be_visible()
        azure.fail(
            "/computes/amy-onboarding/stop$",
            method="POST",
            status=409,
            code="StopComputeNotAllowed",
            message="StopCompute is not allowed while a snapshot is taken.",
        )
        panel.action("amy-onboarding", "Stop").click()
        expect(panel.operation("Stop amy-onboarding")).to_contain_text("Failed")
        panel.action("amy-gpu", "Start").click()
        panel.create("amy-experiments")
        panel.expect_state("amy-experiments", "Creating")
        draw_panel(sheet, panel, "failed, running", (*WIDTHS, WIDE))
        panel.lab.set_sidebar_width(NARROW_PIXELS)
        expect(panel.lab.notification("Create amy-experiments")).to_be_visible()
        draw_themes(sheet, panel, panel.page, "notifications")
        panel.operation("Stop amy-onboarding").get_by_text("Details").click()
        draw_panel(sheet, panel, "details of a failure")


def test_draw_the_places_in_jupyterlab(
    open_panel: OpenPanel, open_sheet: OpenSheet, start_emulator: StartEmulator
) -> None:
    with (
        start_emulator("jupyterlab") as azure,
        open_panel(azure) as panel,
        open_sheet("jupyterlab") as sheet,
    ):
        expect(panel.row("amy-gpu")).to_be_visible()
        draw_themes(sheet, panel, panel.page, "launcher")
        panel.page.get_by_role("menuitem", name="Compute Instances").click()
        expect(panel.lab.menu()).to_be_visible()
        sheet.draw(panel.page, "main menu")
        panel.page.keyboard.press("Escape")
        panel.page.get_by_role("tab", name=re.compile("^Running")).click()
        expect(panel.page.locator("#jp-running-sessions")).to_contain_text("amy-notebooks")
        draw_themes(sheet, panel, panel.page, "running")
        panel.page.keyboard.press("ControlOrMeta+Shift+C")
        panel.page.keyboard.type("compute")
        sheet.draw(panel.page, "palette")
        panel.page.keyboard.press("Escape")
        panel.lab.execute("settingeditor:open", query="Compute Instances")
        expect(panel.page.locator(".jp-SettingsPanel")).to_contain_text("Show only mine")
        sheet.draw(panel.page, "settings")


def test_draw_the_picture_of_the_readme(
    open_panel: OpenPanel, start_emulator: StartEmulator, tmp_path: Path
) -> None:
    (tmp_path / "notebooks").mkdir()
    shutil.copy(NOTEBOOK, tmp_path / "notebooks")
    with (
        start_emulator("readme", speed=1) as azure,
        open_panel(azure, home=tmp_path) as panel,
    ):
        page = panel.page
        page.set_viewport_size({"width": 1120, "height": 640})
        panel.action("amy-gpu", "Start").click()
        panel.expect_state("amy-gpu", "Starting")
        panel.lab.execute("docmanager:open", path="forecast.ipynb")
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
        panel.lab.set_sidebar_width(290)
        panel.lab.dismiss_notifications()
        expect(page.locator(".Toastify__toast")).to_have_count(0)
        page.mouse.move(600, 620)
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / "readme.png", animations="disabled")
