"""Environments and kernels: the section, each step of the wizard, the page, and what goes wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conda_home import conda_home
from tests.browser.conftest import StartEmulator
from tests.browser.environment_page import LONG, EnvironmentsSection, WizardPage
from tests.browser.screenshots.conftest import OpenPanel, OpenSheet
from tests.browser.screenshots.drawing import dialog_of, draw_panel, draw_themes

pytestmark = pytest.mark.timeout(900)

NARROW: ViewportSize = {"width": 800, "height": 960}
WIDE: ViewportSize = {"width": 1280, "height": 960}


def test_draw_environments(
    start_emulator: StartEmulator,
    open_panel: OpenPanel,
    open_sheet: OpenSheet,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with (
        conda_home(tmp_path_factory.mktemp("conda-home")) as home,
        start_emulator("environments") as azure,
        open_panel(azure, **home.environment) as panel,
        open_sheet("environments") as sheet,
    ):
        page = panel.page
        panel.lab.execute("ci-manager:show-environments")
        section = EnvironmentsSection(panel.lab)
        expect(panel.root).to_contain_text("No environments of your own yet")
        draw_panel(sheet, panel, "none of one's own")

        wizard = WizardPage(panel.lab)
        wizard.open()
        wizard.choose_source("Python")
        draw_themes(sheet, panel, wizard.root, "source")
        wizard.proceed_to("Name and place")
        wizard.name.fill("a name with spaces")
        draw_themes(sheet, panel, wizard.root, "a name that Conda does not take")
        wizard.name.fill("analysis")
        wizard.proceed_to("Packages")
        wizard.search.fill("demo")
        expect(wizard.root.get_by_role("button", name="Add activate-demo")).to_be_visible()
        draw_themes(sheet, panel, wizard.root, "packages")
        wizard.add("unsat-demo")
        wizard.proceed_to("Kernel")
        draw_themes(sheet, panel, wizard.root, "kernel")
        wizard.proceed_to("Review")
        expect(wizard.root.get_by_role("button", name="Change: Packages")).to_be_visible(
            timeout=LONG
        )
        draw_themes(sheet, panel, wizard.root, "no solution")
        wizard.root.get_by_role("button", name="Change: Packages").click()
        wizard.root.get_by_role("button", name="Leave out unsat-demo").click()
        wizard.add("big-demo")
        wizard.proceed_to("Kernel")
        wizard.proceed_to("Review")
        expect(wizard.create).to_have_attribute("aria-disabled", "false", timeout=LONG)
        draw_themes(sheet, panel, wizard.root, "review")
        page.set_viewport_size(NARROW)
        draw_themes(sheet, panel, wizard.root, "review, narrow")
        page.set_viewport_size(WIDE)
        home.channel.bytes_per_second = 2_000_000
        wizard.make()
        expect(wizard.root.locator(".jp-ci-work-facts")).to_contain_text(" of ", timeout=LONG)
        draw_themes(sheet, panel, wizard.root, "downloading")
        draw_panel(sheet, panel, "at work")
        home.channel.bytes_per_second = None
        expect(wizard.button("Open a notebook with it")).to_be_visible(timeout=LONG)
        draw_themes(sheet, panel, wizard.root, "made")

        wizard.button("Manage it").click()
        environment = page.locator(".jp-ci-environment-page:visible")
        expect(environment).to_contain_text("big-demo")
        draw_themes(sheet, panel, environment, "an environment")
        page.set_viewport_size(NARROW)
        draw_themes(sheet, panel, environment, "an environment, narrow")
        page.set_viewport_size(WIDE)
        draw_panel(sheet, panel, "one environment")

        section.row("analysis").focus()
        page.keyboard.press("Delete")
        expect(panel.lab.dialog("Delete environment analysis?")).to_be_visible()
        draw_themes(sheet, panel, dialog_of(panel), "delete")
