"""`make screenshots`: every screen in every state, on one contact sheet per screen.

pytest draws only when the files are named, so that `make test` does not. Each screen comes to lie
in screenshots/; readme.png there is copied to docs/images/panel.png by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenTab, StartLab
from tests.browser.contact_sheet import ContactSheet, contact_sheet
from tests.browser.emulator_control import EmulatorControl
from tests.browser.panel import Panel
from tests.browser.screenshots.drawing import SCREENSHOTS

OpenPanel = Callable[..., AbstractContextManager[Panel]]
OpenSheet = Callable[[str], AbstractContextManager[ContactSheet]]


@pytest.fixture
def open_sheet(browser: Browser) -> OpenSheet:
    """Starts the sheet of a screen."""
    return lambda screen: contact_sheet(browser, SCREENSHOTS, screen)


@pytest.fixture
def open_panel(
    open_tab: OpenTab,
    start_lab: StartLab,
    artifacts: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> OpenPanel:
    """Starts a JupyterLab that is set up in a way of its own, with the panel open but not ready."""

    @contextmanager
    def opened(
        azure: EmulatorControl, *arguments: str, home: Path | None = None, **environment: str
    ) -> Iterator[Panel]:
        home = home or tmp_path_factory.mktemp("jupyter")
        with (
            start_lab("screenshots", azure, *arguments, home=home, environment=environment) as lab,
            open_tab(lab) as tab,
        ):
            tab.page.set_viewport_size({"width": 1280, "height": 960})
            tab.open()
            panel = Panel(tab, artifacts)
            panel.sidebar_tab.click()
            expect(panel.root).to_be_visible()
            yield panel

    return opened
