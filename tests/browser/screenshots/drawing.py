"""Drawing the panel, and what belongs to it, in both themes and in several widths."""

from __future__ import annotations

from typing import get_args

from playwright.sync_api import Locator, Page

from scripts.lab import REPOSITORY
from tests.browser.contact_sheet import ContactSheet
from tests.browser.lab_page import Theme
from tests.browser.panel import NARROW_PIXELS, Panel

SCREENSHOTS = REPOSITORY / "screenshots"
THEMES: tuple[Theme, ...] = get_args(Theme)
WIDTHS = (NARROW_PIXELS, 500)
WIDE = 900
ALWAYS = 1000
"""More requests than a sheet makes."""


def draw_panel(
    sheet: ContactSheet, panel: Panel, state: str, widths: tuple[int, ...] = WIDTHS
) -> None:
    """The panel in both themes and in several widths."""
    for theme in THEMES:
        panel.lab.use_theme(theme)
        for width in widths:
            panel.lab.set_sidebar_width(width)
            panel.page.mouse.move(0, 0)
            sheet.draw(panel.root, f"{state}, {theme} {width} px")
    panel.lab.use_theme("light")


def draw_themes(sheet: ContactSheet, panel: Panel, what: Page | Locator, state: str) -> None:
    """Anything in both themes."""
    for theme in THEMES:
        panel.lab.use_theme(theme)
        sheet.draw(what, f"{state}, {theme}")
    panel.lab.use_theme("light")


def dialog_of(panel: Panel) -> Locator:
    """The box of the open dialog."""
    return panel.page.locator(".jp-Dialog-content")
