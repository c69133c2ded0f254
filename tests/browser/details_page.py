"""The page about an instance as a person uses it; knows nothing of how it is fetched."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.lab_page import LabPage


class DetailsPage:
    """The tab about one instance."""

    def __init__(self, lab: LabPage, name: str) -> None:
        self.lab = lab
        self.name = name
        self.root = lab.main_area_tab(name)
        self.head = self.root.locator(".jp-ci-details-head")

    def open(self) -> None:
        """From the command that panel, menu and palette share."""
        self.lab.execute("ci-manager:open-details", name=self.name)
        self.expect_known()

    def expect_known(self) -> None:
        """Wait until there is something to read."""
        expect(self.root.get_by_role("heading", name=self.name, exact=True)).to_be_visible()

    def card(self, title: str) -> Locator:
        """One of its cards."""
        return self.root.get_by_role("region", name=title, exact=True)

    def button(self, name: str) -> Locator:
        """One of its buttons."""
        return self.root.get_by_role("button", name=name, exact=True)

    @property
    def times(self) -> TimesEditor:
        """The card of schedules and idle shutdown."""
        return TimesEditor(self.card("Schedules and idle shutdown"))


class TimesEditor:
    """Schedules and idle shutdown, read or changed."""

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.change = root.get_by_role("button", name="Change schedules and idle shutdown")
        self.save = root.get_by_role("button", name="Save", exact=True)
        self.cancel = root.get_by_role("button", name="Cancel", exact=True)
        self.idle = root.get_by_role("checkbox", name="Stop it when nobody uses it")
        self.idle_amount = root.get_by_role("spinbutton", name="After")
        self.idle_unit = root.get_by_role("group", name="Idle shutdown").get_by_label("Counted in")

    def schedule(self, number: int) -> Locator:
        """The editor of one schedule, counted from 1."""
        return self.root.get_by_role("group", name=f"Schedule {number}", exact=True)

    def add(self, action: str) -> None:
        """Add one that starts or stops it."""
        self.root.get_by_role("button", name=f"{action} at set times").click()

    def saved(self) -> None:
        """Save, and wait until it is read again."""
        expect(self.save).to_have_attribute("aria-disabled", "false")
        self.save.click()
        expect(self.change).to_be_visible()
