"""A real JupyterLab, wired to a real emulator, in a real Chromium.

Servers, browser and a tab live as long as the tests of this folder run: loading JupyterLab takes
longer than most of them. `panel` puts things back in order after each test. A module that needs
servers of its own overrides `azure` or `lab`, and then gets a tab of its own, too.

What a failed test leaves behind (a picture of the tab, a trace for `playwright show-trace`, the
logs of all servers) is in tests/browser/artifacts/, beside pictures that tests took on their way.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from scripts.chromium import chromium
from scripts.lab import JupyterLab, emulator, jupyter_lab
from tests.browser.emulator_control import EmulatorControl
from tests.browser.lab_page import LabPage
from tests.browser.panel import Panel

ARTIFACTS = Path(__file__).parent / "artifacts"

SPEED = 30
"""How much faster than Azure the emulator's clock runs: slow enough that every state is seen, and
fast enough that Azure is asked every second what became of an operation. Tests do not wait for the
end of the work, they advance the clock."""

POLL_SECONDS = 1.0
"""How often Azure is asked while somebody looks and nothing changes: for the impatient."""

PATIENCE_MILLISECONDS = 15_000
"""How long a step may take on a busy machine before it counts as failed."""

CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


@dataclass(frozen=True)
class OtherEnvironment:
    """An environment other than the one of the tests, which `make test` makes."""

    variable: str

    @property
    def python(self) -> str:
        """Its interpreter."""
        return os.environ[self.variable]

    @property
    def mark(self) -> pytest.MarkDecorator:
        """Skips what needs it where there is none."""
        return pytest.mark.skipif(
            self.variable not in os.environ,
            reason=f"{self.variable} names no Python of such an environment; `make test` makes one",
        )


OLDEST_JUPYTER = OtherEnvironment("OLDEST_JUPYTER_PYTHON")
"""The oldest JupyterLab and Notebook that are supported (oldest.txt), with the built wheel."""

StartEmulator = Callable[..., AbstractContextManager[EmulatorControl]]
StartLab = Callable[..., AbstractContextManager[JupyterLab]]
OpenTab = Callable[[JupyterLab], AbstractContextManager[LabPage]]

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
    """The folder for what tests leave behind, empty at the start."""
    shutil.rmtree(ARTIFACTS, ignore_errors=True)
    ARTIFACTS.mkdir()
    return ARTIFACTS


@pytest.fixture(scope="package")
def start_emulator(artifacts: Path) -> StartEmulator:
    """Runs an emulator; `name` is that of its log."""

    @contextmanager
    def start(name: str, *arguments: str, speed: float = SPEED) -> Iterator[EmulatorControl]:
        with (
            (artifacts / f"{name}-emulator.log").open("w+") as log,
            emulator(speed=speed, arguments=arguments, log=log) as running,
        ):
            yield EmulatorControl(running)

    return start


@pytest.fixture(scope="package")
def start_lab(artifacts: Path, tmp_path_factory: pytest.TempPathFactory) -> StartLab:
    """Runs a JupyterLab with the options of `jupyter_lab`; `name` is that of its log."""

    @contextmanager
    def start(
        name: str,
        azure: EmulatorControl,
        *arguments: str,
        home: Path | None = None,
        poll_seconds: float = POLL_SECONDS,
        **options: Any,
    ) -> Iterator[JupyterLab]:
        home = home or tmp_path_factory.mktemp("jupyter")
        _settle_down(home)
        with (
            (artifacts / f"{name}.log").open("a+") as log,
            jupyter_lab(
                azure.emulator,
                home=home,
                arguments=[
                    "--expose-app-in-browser",
                    f"--CiManagerApp.poll_seconds={poll_seconds}",
                    "--CiManagerApp.poll_seconds_in_transition=0.5",
                    *arguments,
                ],
                log=log,
                **options,
            ) as lab,
        ):
            yield lab

    return start


def _settle_down(home: Path) -> None:
    """Keep JupyterLab from what it does at its first start, which has nothing to do with us.

    It asks whether it may fetch news, and that question would lie over what is drawn; and it spends
    a second on the question whether extensions from source need a build.
    """
    lab = home / "config" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    page = home / "config" / "labconfig"
    for folder in (lab, page):
        folder.mkdir(parents=True, exist_ok=True)
    (lab / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    (page / "page_config.json").write_text('{"buildCheck": false, "buildAvailable": false}')


@pytest.fixture(scope="package")
def shared_azure(start_emulator: StartEmulator) -> Iterator[EmulatorControl]:
    """The emulator of Azure that most browser tests share."""
    with start_emulator("shared") as azure:
        yield azure


@pytest.fixture(scope="package")
def shared_lab(shared_azure: EmulatorControl, start_lab: StartLab) -> Iterator[JupyterLab]:
    """The JupyterLab that most browser tests share."""
    with start_lab("shared", shared_azure) as lab:
        yield lab


@pytest.fixture(scope="package")
def shared_tab(shared_lab: JupyterLab, open_tab: OpenTab) -> Iterator[LabPage]:
    """The tab that most browser tests share."""
    with open_tab(shared_lab) as tab:
        tab.open()
        yield tab


@pytest.fixture(scope="module")
def azure(shared_azure: EmulatorControl) -> EmulatorControl:
    """The emulator of the module's tests."""
    return shared_azure


@pytest.fixture(scope="module")
def lab(shared_lab: JupyterLab) -> JupyterLab:
    """The JupyterLab of the module's tests."""
    return shared_lab


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def open_tab(browser: Browser) -> OpenTab:
    """Opens a tab with nothing in it yet, in a browser profile of its own."""

    @contextmanager
    def opened(lab: JupyterLab) -> Iterator[LabPage]:
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="en-US", timezone_id="Europe/Berlin"
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        context.set_default_navigation_timeout(4 * PATIENCE_MILLISECONDS)
        context.tracing.start(snapshots=True)
        try:
            yield LabPage(context.new_page(), lab)
        finally:
            context.close()

    return opened


@pytest.fixture(scope="module")
def tab(
    lab: JupyterLab, shared_lab: JupyterLab, open_tab: OpenTab, request: pytest.FixtureRequest
) -> Iterator[LabPage]:
    """The module's JupyterLab in a tab, open and ready."""
    if lab is shared_lab:
        yield request.getfixturevalue("shared_tab")
        return
    with open_tab(lab) as tab:
        tab.open()
        yield tab


@contextmanager
def recorded(tab: LabPage, request: pytest.FixtureRequest, artifacts: Path) -> Iterator[None]:
    """Keep a picture and a trace of the tab when the test fails, be it in here or around it."""
    tracing = tab.page.context.tracing
    tracing.start_chunk(title=request.node.name)
    name = re.sub(r"[^\w-]+", "-", request.node.name)
    failed = True
    try:
        yield
        failed = request.node.stash.get(_failed, False)
    finally:
        if failed:
            tab.page.screenshot(path=artifacts / f"{name}.png")
            tracing.stop_chunk(path=artifacts / f"{name}.zip")
        else:
            tracing.stop_chunk()


@pytest.fixture
def panel(
    tab: LabPage, azure: EmulatorControl, request: pytest.FixtureRequest, artifacts: Path
) -> Iterator[Panel]:
    """The panel, open in the module's tab; afterwards Azure and the tab are as before."""
    with recorded(tab, request, artifacts):
        panel = Panel(tab, artifacts)
        panel.open()
        tab.forget()
        yield panel
    azure.restore()
    if request.node.stash.get(_failed, False):
        tab.open()
    panel.tidy_up(azure.seeded)
