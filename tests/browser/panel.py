"""The panel "Compute Instances" as a person sees and uses it; knows no server and no emulator.

What people and screen readers find by role and name is found so here; classes name only what has
neither.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.dialogs import CreateDialog, DeleteDialog
from tests.browser.lab_page import LabPage

NARROW_PIXELS = 250
MOST_ROWS_IN_SIGHT = 8


class Panel:
    """The panel in an open JupyterLab."""

    def __init__(self, lab: LabPage, artifacts: Path) -> None:
        self.lab = lab
        self.page = lab.page
        self._artifacts = artifacts
        self.root = lab.page.get_by_role("region", name="Compute Instances", exact=True)
        self.grid = self.root.get_by_role("grid", name="Compute instances")
        self.rows = self.grid.locator(".jp-ci-row")
        self.filter = self.root.get_by_role("textbox", name=re.compile("^Filter"))
        self.activity = self.root.get_by_role("region", name="Activity Section")
        self.instances = self.root.get_by_role("region", name="Instances Section")
        self.live_region = self.instances.locator(".jp-ci-hidden-text[aria-live=polite]")
        self.banner = self.root.locator(".jp-ci-banner")

    # --- the panel as a whole ------------------------------------------------------------------

    def open(self) -> None:
        """Show it, and wait until it has something to say."""
        if not self.root.is_visible():
            self.sidebar_tab.click()
        expect(self.root).to_be_visible()
        expect(self.root.get_by_text("Loading compute instances")).to_have_count(0)

    def close(self) -> None:
        """Collapse the sidebar."""
        self.sidebar_tab.click()
        expect(self.root).to_be_hidden()

    @property
    def sidebar_tab(self) -> Locator:
        """The tab in the sidebar that shows and hides the panel."""
        return self.page.get_by_role("tab", name="Compute Instances")

    def refresh(self) -> None:
        """Ask Azure for the newest state."""
        self.button("Ask Azure for the newest state").click()

    def button(self, name: str) -> Locator:
        """A button of the panel by its name."""
        return self.root.get_by_role("button", name=name, exact=True)

    def open_options(self) -> None:
        """Open the menu behind the three dots."""
        self.button("Only mine, sort and more").click()
        expect(self.lab.menu()).to_be_visible()

    def picture(self, name: str) -> None:
        """Keep a picture of the whole tab among the artifacts."""
        self.page.screenshot(path=self._artifacts / f"{name}.png")

    # --- rows ----------------------------------------------------------------------------------

    def row(self, name: str) -> Locator:
        """The row of an instance."""
        return self.grid.get_by_role("row", name=re.compile(rf"^{re.escape(name)}\s"))

    def names(self) -> list[str]:
        """The names of the drawn rows from top to bottom."""
        names: list[str] = self.rows.evaluate_all(
            """rows => rows
                .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
                .map(row => row.dataset.name)"""
        )
        return names

    def expect_names(self, names: list[str]) -> None:
        """Wait until these rows are drawn from top to bottom."""
        expect(self.rows).to_have_count(len(names))
        assert self.names() == names

    def expect_state(self, name: str, state: str) -> None:
        """Wait until the row of an instance says that state."""
        said = re.compile(rf"^{re.escape(name)} (this machine )?{state}(?!\w)")
        expect(self.row(name)).to_have_accessible_name(said)

    def action(self, name: str, action: str) -> Locator:
        """The button of a row for its likely action, such as "Stop"."""
        return self.row(name).get_by_role("button", name=f"{action} {name}", exact=True)

    def stop_own_machine(self, name: str) -> None:
        """Stop the instance that the server runs on, in the knowledge of what that means."""
        self.action(name, "Stop").click()
        question = self.lab.dialog(f"You are working on {name}")
        question.get_by_role("button", name="Stop", exact=True).click()
        expect(question).to_have_count(0)

    def open_menu(self, name: str) -> None:
        """Open the menu of a row by its button."""
        self.row(name).get_by_role("button", name=f"More actions for {name}").click()
        expect(self.lab.menu()).to_be_visible()

    def choose(self, name: str, item: str) -> None:
        """Choose an item of the menu of a row."""
        self.open_menu(name)
        self.lab.menu_item(item).click()

    def count(self) -> Locator:
        """The number in the heading of the instances."""
        return self.root.get_by_role("heading", name="Instances Section").locator(".jp-ci-count")

    # --- activity ------------------------------------------------------------------------------

    def operation(self, title: str) -> Locator:
        """The items of the section Activity with that title, such as "Stop ds-amy"."""
        return self.activity.get_by_role("listitem").filter(
            has=self.page.get_by_text(title, exact=True)
        )

    # --- dialogs -------------------------------------------------------------------------------

    def new_instance(self) -> CreateDialog:
        """Open the dialog for a new instance, and wait until sizes can be chosen."""
        self.button("New").click()
        dialog = CreateDialog(self.lab)
        # JupyterLab puts the focus there a moment after it shows the dialog.
        expect(dialog.name).to_be_focused()
        expect(dialog.sizes.first).to_be_visible()
        return dialog

    def create(self, name: str) -> None:
        """Create an instance of the proposed size."""
        dialog = self.new_instance()
        dialog.name.fill(name)
        dialog.submit()
        expect(dialog.root).to_have_count(0)
        expect(self.row(name)).to_be_visible()

    def ask_to_delete(self, name: str) -> DeleteDialog:
        """Open the dialog that deletes an instance."""
        self.choose(name, "Delete…")
        dialog = DeleteDialog(self.lab, name)
        expect(dialog.root).to_be_visible()
        return dialog

    # --- order ---------------------------------------------------------------------------------

    def tidy_up(self, states: Mapping[str, str]) -> None:
        """Put the tab back to where every test finds it: nothing open, all rows in these states."""
        for open_now in (self.page.get_by_role("dialog"), self.page.locator(".lm-Menu")):
            while open_now.count() > 0:
                self.page.keyboard.press("Escape")
        self.lab.close_main_area()
        if self.lab.is_toggled("ci-manager:show-only-mine"):
            self.lab.execute("ci-manager:show-only-mine")
        # Sorting by what it is sorted by already would reverse it.
        self.lab.execute("ci-manager:sort", by="state")
        self.lab.execute("ci-manager:sort", by="name")
        self.lab.use_theme("light")
        self.open()
        self.lab.set_sidebar_width(NARROW_PIXELS)
        self.filter.fill("")
        self.refresh()
        self.rows.first.press("Home")
        # Not to the first row again: until the list has moved that is still another one.
        self.page.keyboard.press("Escape")
        for name, state in islice(states.items(), MOST_ROWS_IN_SIGHT):
            self.expect_state(name, state)
        expect(self.activity.get_by_role("progressbar")).to_have_count(0)
        self.lab.execute("ci-manager:clear-activity")
        self.lab.dismiss_notifications()
