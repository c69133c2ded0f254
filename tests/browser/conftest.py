"""A real JupyterLab, wired to a real emulator, in a real Chromium.

Servers and browser live as long as the tests of this folder run; each test gets a tab of its own
with an empty JupyterLab workspace. What a failed test leaves behind (a picture of the tab, a trace
for `playwright show-trace`, the logs of both servers) is in tests/browser/artifacts/.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.chromium import chromium
from scripts.lab import Emulator, JupyterLab, emulator, jupyter_lab
from tests.browser.lab_page import LabPage

ARTIFACTS = Path(__file__).parent / "artifacts"
SPEED = 60
"""How much faster than Azure the emulator's clock runs: a create of minutes takes seconds."""

CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]

_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report


@pytest.fixture
def jp_asyncio_loop() -> None:
    """None here: Playwright's own event loop runs on this thread until the browser is closed."""


@pytest.fixture(scope="package")
def artifacts() -> Path:
    """The folder for what a failed test leaves behind, empty at the start."""
    shutil.rmtree(ARTIFACTS, ignore_errors=True)
    ARTIFACTS.mkdir()
    return ARTIFACTS


@pytest.fixture(scope="package")
def azure(artifacts: Path) -> Iterator[Emulator]:
    """The emulator of Azure that all browser tests share."""
    with (artifacts / "emulator.log").open("w+") as log, emulator(speed=SPEED, log=log) as azure:
        yield azure


@pytest.fixture(scope="package")
def lab(
    azure: Emulator, artifacts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JupyterLab]:
    """The JupyterLab that all browser tests share."""
    home = tmp_path_factory.mktemp("jupyter")
    with (
        (artifacts / "jupyterlab.log").open("w+") as log,
        jupyter_lab(azure, home=home, arguments=["--expose-app-in-browser"], log=log) as lab,
    ):
        yield lab


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, artifacts: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab of its own; pictured and traced when the test fails."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.tracing.start(screenshots=True, snapshots=True)
    page = context.new_page()
    yield page
    if request.node.stash.get(_failed, False):
        page.screenshot(path=artifacts / f"{request.node.name}.png")
        context.tracing.stop(path=artifacts / f"{request.node.name}.zip")
    context.close()


@pytest.fixture
def lab_page(page: Page, lab: JupyterLab) -> LabPage:
    """JupyterLab, open and ready."""
    lab_page = LabPage(page, lab)
    lab_page.open()
    return lab_page
