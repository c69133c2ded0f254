"""A tab that nobody looks at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from scripts.lab import JupyterLab
from tests.browser.conftest import StartEmulator, StartLab
from tests.browser.emulator_control import EmulatorControl
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser

QUIET_SECONDS = 3
"""Long enough for several polls of a panel that somebody looks at."""


@pytest.fixture(scope="module")
def azure(start_emulator: StartEmulator) -> Iterator[EmulatorControl]:
    """An emulator of its own: logs of instances that others have started are looked for a while."""
    with start_emulator("quiet") as azure:
        yield azure


@pytest.fixture(scope="module")
def lab(azure: EmulatorControl, start_lab: StartLab) -> Iterator[JupyterLab]:
    """A JupyterLab in which nothing has been started."""
    with start_lab("quiet", azure) as lab:
        yield lab


def hide(page: Page, *, hidden: bool) -> None:
    """Have the page believe that its tab is hidden; a headless browser shows all its tabs."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
            Object.defineProperty(document, 'visibilityState', {
                configurable: true, value: hidden ? 'hidden' : 'visible'
            });
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden,
    )


@pytest.mark.parametrize("how", ["closed", "hidden"])
def test_nobody_is_asked_anything_while_nobody_looks(
    panel: Panel, azure: EmulatorControl, how: str
) -> None:
    asked = azure.count()
    panel.lab.let_time_pass(QUIET_SECONDS)
    assert azure.count() > asked

    if how == "closed":
        panel.close()
    else:
        hide(panel.page, hidden=True)
    # What is under way comes to its end.
    panel.lab.let_time_pass(1)
    asked, questions_then = azure.count(), panel.lab.questions
    panel.lab.let_time_pass(QUIET_SECONDS)
    assert panel.lab.questions == questions_then
    assert azure.count() == asked

    azure.force("amy-gpu", "Running")
    if how == "closed":
        panel.open()
    else:
        hide(panel.page, hidden=False)
    panel.expect_state("amy-gpu", "Running")
