"""`make screenshots`: every screen in every state, on one contact sheet per screen.

pytest runs it only when it is named, so that `make test` does not draw.
"""

from __future__ import annotations

from typing import get_args

from playwright.sync_api import Browser

from scripts.lab import REPOSITORY
from tests.browser.contact_sheet import contact_sheet
from tests.browser.lab_page import LabPage, Theme

SCREENSHOTS = REPOSITORY / "screenshots"
WIDTHS = (250, 500)
THEMES: tuple[Theme, ...] = get_args(Theme)


def test_draw_the_panel(lab_page: LabPage, browser: Browser) -> None:
    lab_page.execute("ci-manager:open-panel")
    panel = lab_page.page.locator(".jp-ci-panel")
    with contact_sheet(browser, SCREENSHOTS, "panel") as sheet:
        for theme in THEMES:
            lab_page.use_theme(theme)
            for width in WIDTHS:
                lab_page.set_sidebar_width(width)
                sheet.draw(panel, f"{theme} {width} px")
