"""Environments and kernels as a person makes, uses and deletes them, on a real Conda channel.

The engine is the embedded one; the channel is that of ``tests/environments/channel``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Page, expect

from scripts.lab import JupyterLab
from tests.browser.axe import accessibility_violations
from tests.browser.conda_home import CondaHome, conda_home
from tests.browser.conftest import StartLab
from tests.browser.emulator_control import EmulatorControl
from tests.browser.environment_page import LONG, EnvironmentsSection, WizardPage
from tests.browser.lab_page import Theme
from tests.browser.panel import Panel

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CondaHome]:
    """Of somebody without Conda."""
    with conda_home(tmp_path_factory.mktemp("conda-home")) as home:
        yield home


@pytest.fixture(scope="module")
def jupyter_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Jupyter keeps what is theirs."""
    return tmp_path_factory.mktemp("jupyter")


@pytest.fixture(scope="module")
def lab(
    azure: EmulatorControl, start_lab: StartLab, home: CondaHome, jupyter_folder: Path
) -> Iterator[JupyterLab]:
    """A JupyterLab of that person."""
    with start_lab("environments", azure, home=jupyter_folder, environment=home.environment) as lab:
        yield lab


def expect_no_violations(panel: Panel, selector: str) -> None:
    """Neither in the dark theme nor in the light one, which is left."""
    for theme in reversed(get_args(Theme)):
        panel.lab.use_theme(theme)
        assert accessibility_violations(panel.page, selector) == [], theme


def run_in_notebook(page: Page, number: int, code: str) -> str:
    """Run code in that cell of the notebook that is open, counted from 0; what it shows."""
    notebook = page.locator(".jp-NotebookPanel:visible")
    # The indicator in the notebook is idle before the kernel is connected, too.
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=LONG)
    cell = notebook.locator(".jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.type(code)
    page.keyboard.press("Shift+Enter")
    result = cell.locator(".jp-OutputArea-executeResult .jp-OutputArea-output")
    expect(result).to_be_visible(timeout=LONG)
    return result.inner_text().strip()


def test_from_the_wizard_to_a_notebook_and_back(
    panel: Panel, home: CondaHome, jupyter_folder: Path
) -> None:
    page = panel.page
    wizard = WizardPage(panel.lab)
    wizard.open()
    wizard.choose_source("Python")
    expect_no_violations(panel, ".jp-ci-wizard")
    panel.picture("environments-1-source")
    wizard.go_to_review("journey", "activate-demo")
    expect(wizard.root).to_contain_text("activate-demo", timeout=LONG)
    panel.picture("environments-2-review")
    expect_no_violations(panel, ".jp-ci-wizard")
    wizard.make()
    panel.picture("environments-3-making")
    expect(wizard.button("Open a notebook with it")).to_be_visible(timeout=LONG)
    panel.picture("environments-4-made")
    expect_no_violations(panel, ".jp-ci-wizard")

    prefix = home.envs / "journey"
    assert (prefix / "conda-meta" / "history").is_file()
    kernels = jupyter_folder / "data" / "kernels"
    assert list(kernels.glob("*journey*"))
    wizard.button("Open a notebook with it").click()
    assert run_in_notebook(page, 0, "import sys; sys.prefix") == f"'{prefix}'"
    assert run_in_notebook(page, 1, "import os; os.environ['DEMO_HOME']") == (
        f"'{prefix}/share/demo'"
    )
    panel.picture("environments-5-notebook")

    page.get_by_title("Close Untitled.ipynb").click()
    panel.lab.dialog("Save your work").get_by_role("button", name="Discard").click()

    panel.lab.execute("ci-manager:show-environments")
    section = EnvironmentsSection(panel.lab)
    expect(section.row("journey")).to_be_visible()
    expect_no_violations(panel, ".jp-ci-environments")
    section.row("journey").click()
    expect(page.get_by_role("button", name="Update activate-demo")).to_be_visible()
    expect_no_violations(panel, ".jp-ci-environment-page:has(.jp-ci-environment-columns)")

    panel.lab.execute("launcher:create")
    cards = page.locator(".jp-LauncherCard:visible", has_text="Python (journey)")
    expect(cards).not_to_have_count(0)
    section.row("journey").focus()
    page.keyboard.press("Delete")
    dialog = panel.lab.dialog("Delete environment journey?")
    expect(dialog).to_contain_text("Remove its kernel, too")
    dialog.get_by_role("textbox").fill("journey")
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(section.row("journey")).to_have_count(0, timeout=LONG)
    assert not prefix.exists()
    assert list(kernels.glob("*journey*")) == []
    expect(cards).to_have_count(0)


def test_cancelled_in_the_middle_nothing_is_left_and_the_name_is_free(
    panel: Panel, home: CondaHome
) -> None:
    wizard = WizardPage(panel.lab)
    wizard.open()
    wizard.choose_source("Python")
    wizard.go_to_review("halfway", "big-demo")
    home.channel.bytes_per_second = 2_000_000
    try:
        wizard.make()
        expect(wizard.root.locator(".jp-ci-work-facts")).to_contain_text(" of ", timeout=LONG)
        panel.picture("environments-6-downloading")
        # Who closes the page and comes back finds the work still running.
        panel.page.reload()
        expect(wizard.cancel).to_be_visible(timeout=LONG)
        wizard.cancel.click()
        expect(wizard.ending).to_contain_text("Cancelled", timeout=LONG)
    finally:
        home.channel.bytes_per_second = None
    assert not (home.envs / "halfway").exists()
    assert [each for each in home.packages.glob("*big-demo*") if each.is_dir()] == []

    wizard.button("Back to the review").click()
    wizard.make()
    expect(wizard.button("Done")).to_be_visible(timeout=LONG)
    assert (home.envs / "halfway" / "share" / "big" / "0.bin").is_file()
    shutil.rmtree(home.envs / "halfway")
