"""The full form for a new instance as a person uses it; knows nothing of what becomes of it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.lab_page import LabPage


class SpecPage:
    """The tab "New compute instance"."""

    def __init__(self, lab: LabPage) -> None:
        self.lab = lab
        self.root = lab.page.locator(".jp-ci-create-page:visible")
        self.outline = self.root.get_by_role("navigation", name="Sections")
        self.review = self.root.get_by_role("complementary", name="Review")
        self.name = self.root.get_by_role("textbox", name="Name", exact=True)
        self.size_search = self.root.get_by_role("combobox", name="VM size")
        self.create = self.review.get_by_role("button", name="Create", exact=True)

    def open(self, name: str, size: str | None = None) -> None:
        """From the command that dialog, palette and launcher share."""
        # As wide as it takes for outline, form and summary to stand beside each other.
        self.lab.page.set_viewport_size({"width": 1680, "height": 1000})
        arguments = {} if size is None else {"size": size}
        self.lab.execute("ci-manager:create-full", name=name, **arguments)
        expect(self.name).to_have_value(name)
        expect(self.root.get_by_role("listbox", name="VM sizes")).to_be_visible()

    def go_to(self, section: str) -> None:
        """A section, unfolded."""
        self.outline.get_by_role("button", name=re.compile(f"^{section}")).click()

    def in_outline(self, section: str) -> Locator:
        """What the outline says of a section."""
        return self.outline.get_by_role("button", name=re.compile(f"^{section}"))

    def script(self, phase: str) -> ScriptFields:
        """The fields of one of the setup scripts."""
        return ScriptFields(self.root.get_by_role("region", name=f"{phase} script"))

    def expect_ready(self) -> None:
        """Wait until it can be created."""
        expect(self.create).to_have_attribute("aria-disabled", "false")


class ScriptFields:
    """A setup script of a new instance."""

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.source = root.get_by_role("combobox", name="Where it is")
        self.text = root.get_by_role("textbox", name="Text of the script")
        self.findings = root.get_by_role("list", name="What was found in the script")
        self.try_it = root.get_by_role("button", name="Try it here")

    def write(self, text: str) -> None:
        """Write it into the editor, in the place of what is there."""
        self.source.select_option(label="Written here, sent along")
        self.text.click()
        self.text.press("Control+A")
        self.root.page.keyboard.insert_text(text)
