"""The log viewer as a person uses it; knows nothing of how logs are read."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.lab_page import LabPage


class LogPage:
    """A log in the main area."""

    def __init__(self, lab: LabPage, title: str) -> None:
        self.lab = lab
        self.root = lab.main_area_tab(title)
        self.lines = self.root.locator(".jp-ci-log-line")
        self.status = self.root.locator(".jp-ci-log-footer [role=status]")
        self.toolbar = self.root.get_by_role("toolbar", name="Log")
        self.search = self.root.get_by_role("searchbox", name="Search this log")
        self.first_error = self.toolbar.get_by_role("button", name="First error")

    def line(self, text: str) -> Locator:
        """The drawn lines that contain that text."""
        return self.lines.filter(has_text=text)

    def hint(self, title: str) -> Locator:
        """What probably went wrong."""
        return self.root.locator(".jp-ci-log-hint").filter(has_text=title)

    def expect_following(self) -> None:
        """Wait until the newest line is kept in sight."""
        expect(self.status).to_contain_text("Following")

    def copied(self) -> str:
        """All of its text, by the button that copies it."""
        page = self.lab.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.evaluate("() => navigator.clipboard.writeText('')")
        self.root.get_by_role("button", name="Copy", exact=True).click()
        page.wait_for_function("async () => (await navigator.clipboard.readText()) !== ''")
        text = page.evaluate("() => navigator.clipboard.readText()")
        assert isinstance(text, str)
        return text

    def line_count(self) -> int:
        """How many lines the footer says there are."""
        said = self.root.locator(".jp-ci-log-figures").inner_text()
        found = re.search(r"([\d,]+) lines?", said)
        assert found is not None, said
        return int(found[1].replace(",", ""))
