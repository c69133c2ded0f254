"""The dialogs of the panel as a person sees and uses them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.lab_page import LabPage


class CreateDialog:
    """The dialog "New compute instance"."""

    def __init__(self, lab: LabPage) -> None:
        self.root = lab.dialog("New compute instance")
        self.name = self.root.get_by_role("textbox", name="Name", exact=True)
        self.search = self.root.get_by_role("combobox", name="VM size")
        self.sizes = self.root.get_by_role("option")
        self.create = self.root.get_by_role("button", name="Create", exact=True)
        self.use_existing = self.root.get_by_role("button", name="Use existing", exact=True)
        self.cancel = self.root.get_by_role("button", name="Cancel", exact=True)

    def size(self, name: str) -> Locator:
        """A VM size to choose."""
        return self.root.get_by_role("option", name=re.compile(rf"^{name}\s"))

    @property
    def chosen(self) -> Locator:
        """The VM size that is chosen."""
        return self.root.get_by_role("option", selected=True)

    def says(self, text: str | re.Pattern[str]) -> None:
        """Wait until the dialog says so."""
        expect(self.root.get_by_text(text)).to_be_visible()

    def submit(self) -> None:
        """Create it, as soon as that is possible."""
        expect(self.create).to_be_enabled()
        self.create.click()


class DeleteDialog:
    """The dialog that wants the name of an instance typed before it is deleted."""

    def __init__(self, lab: LabPage, name: str) -> None:
        self.root = lab.dialog(f"Delete {name}?")
        self.name = self.root.get_by_role("textbox")
        self.delete = self.root.get_by_role("button", name="Delete", exact=True)
        self.cancel = self.root.get_by_role("button", name="Cancel", exact=True)


class CleanupDialog:
    """The dialog that shows what can be removed, and removes what is chosen."""

    def __init__(self, lab: LabPage) -> None:
        self.root = lab.dialog(re.compile("^(Clean up|Move to trash.)$"))
        self.steps = self.root.get_by_role("list", name="What can be removed").get_by_role(
            "listitem"
        )
        self.dry_run = self.root.get_by_role("checkbox", name=re.compile("^Dry run"))
        self.clean_up = self.root.get_by_role("button", name="Clean up", exact=True)
        self.done = self.root.get_by_role("button", name="Done", exact=True)

    def step(self, title: str | re.Pattern[str]) -> Locator:
        """The step of that title."""
        return self.steps.filter(has=self.root.page.get_by_text(title))


class StopAtRiskDialog:
    """The dialog in the place of a stop that a full disk holds back."""

    def __init__(self, lab: LabPage, title: str) -> None:
        self.root = lab.dialog(title)
        self.clean_up = self.root.get_by_role("button", name="Clean up…", exact=True)
        self.stop_anyway = self.root.get_by_role("button", name="Stop anyway", exact=True)
        self.cancel = self.root.get_by_role("button", name="Cancel", exact=True)
