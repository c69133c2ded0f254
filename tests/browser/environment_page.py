"""The pages of environments as a person uses them; knows nothing of how they are made."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.lab_page import LabPage

LONG = 120_000
"""Milliseconds within which an environment is made on a busy machine."""


class WizardPage:
    """The wizard that makes an environment."""

    def __init__(self, lab: LabPage) -> None:
        self.lab = lab
        self.root = lab.page.locator(".jp-ci-wizard:visible")
        self.name = self.root.get_by_role("textbox", name="Name", exact=True)
        self.display_name = self.root.get_by_role("textbox", name="Name in the launcher")
        self.search = self.root.get_by_role("searchbox", name=re.compile("package", re.IGNORECASE))
        self.proceed = self.root.get_by_role("button", name="Continue", exact=True)
        self.create = self.root.get_by_role("button", name="Create", exact=True)
        self.cancel = self.root.get_by_role("button", name=re.compile("^Cancel “"))
        self.phases = self.root.get_by_role("list", name="Phases")
        self.ending = self.root.locator(".jp-ci-ending")

    def open(self) -> None:
        """From the command that launcher, panel and palette share."""
        self.lab.execute("ci-manager:create-environment")
        expect(self.root).to_be_visible()

    def expect_step(self, title: str) -> None:
        """Wait until the step is there."""
        expect(self.root.get_by_role("heading", name=title, exact=True)).to_be_visible()

    def choose_source(self, label: str) -> None:
        """What it is made from."""
        self.expect_step("Source")
        self.root.get_by_role("radio", name=re.compile(f"^{label}")).check()

    def proceed_to(self, title: str) -> None:
        """Go on to the next step."""
        self.proceed.click()
        self.expect_step(title)

    def go_to_review(self, name: str, *packages: str) -> None:
        """From the first step to the last one, with a name and packages to add."""
        self.proceed_to("Name and place")
        self.name.fill(name)
        self.name.press("Enter")
        self.expect_step("Packages")
        for package in packages:
            self.add(package)
        self.proceed_to("Kernel")
        self.proceed_to("Review")

    def add(self, package: str) -> None:
        """Search for a package and take it."""
        self.search.fill(package)
        self.search.press("Enter")
        expect(self.root.get_by_role("list", name="Packages to add")).to_contain_text(package)

    def make(self) -> None:
        """Create it, as soon as it was worked out what that comes to."""
        expect(self.create).to_have_attribute("aria-disabled", "false", timeout=LONG)
        self.create.click()

    def button(self, name: str) -> Locator:
        """One of the buttons of the end."""
        return self.root.get_by_role("button", name=name, exact=True)


class EnvironmentsSection:
    """The section of the panel."""

    def __init__(self, lab: LabPage) -> None:
        self.rows = lab.page.get_by_role("grid", name="Environments").locator("[data-environment]")

    def row(self, name: str) -> Locator:
        """The row of an environment."""
        return self.rows.filter(has_text=name)
