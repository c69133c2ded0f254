"""Pictures of one screen in all its states, side by side on one sheet; knows no screen."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

STYLE = """
    body { font: 14px sans-serif; margin: 24px; background: #888; }
    main { display: flex; flex-wrap: wrap; gap: 24px; align-items: flex-start; }
    figure { margin: 0; }
    figcaption { color: #fff; padding-bottom: 6px; }
    img { display: block; box-shadow: 0 2px 8px #0008; }
"""


class ContactSheet:
    """The pictures of a screen, each kept by itself and all together as `<screen>.png`."""

    def __init__(self, folder: Path, screen: str) -> None:
        self.screen = screen
        self.folder = folder
        self._states: list[str] = []
        (folder / screen).mkdir(parents=True, exist_ok=True)

    def draw(self, what: Page | Locator, state: str) -> None:
        """Take a picture of the screen as it is now; `state` is its caption and file name."""
        what.screenshot(path=self._file(state), animations="disabled")
        self._states.append(state)

    def write(self, browser: Browser) -> Path:
        """Lay the pictures out on one sheet; its path."""
        figures = "".join(
            f"<figure><figcaption>{html.escape(state)}</figcaption>"
            f'<img src="{self._file(state).as_uri()}"></figure>'
            for state in self._states
        )
        page_file = self.folder / self.screen / "index.html"
        page_file.write_text(
            f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><main>{figures}</main>",
            encoding="utf-8",
        )
        sheet = self.folder / f"{self.screen}.png"
        page = browser.new_page(viewport={"width": 1800, "height": 900})
        page.goto(page_file.as_uri())
        page.screenshot(path=sheet, full_page=True)
        page.close()
        return sheet

    def _file(self, state: str) -> Path:
        return self.folder / self.screen / f"{state.replace(' ', '-').replace('/', '-')}.png"


@contextmanager
def contact_sheet(browser: Browser, folder: Path, screen: str) -> Iterator[ContactSheet]:
    """A sheet that is laid out at the end, with what was drawn until then if something failed."""
    sheet = ContactSheet(folder, screen)
    try:
        yield sheet
    finally:
        sheet.write(browser)
