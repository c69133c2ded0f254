"""The panel in Notebook 7, newest and oldest, whose pages have no sidebar until it is asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.lab import JupyterLab
from tests.browser.conftest import OLDEST_JUPYTER, OpenTab, StartLab, recorded
from tests.browser.emulator_control import EmulatorControl
from tests.browser.lab_page import LabPage
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser

NOTEBOOK = {
    "cells": [],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture(
    scope="module", params=["newest", pytest.param("oldest", marks=OLDEST_JUPYTER.mark)]
)
def lab(
    request: pytest.FixtureRequest,
    azure: EmulatorControl,
    start_lab: StartLab,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[JupyterLab]:
    """A Notebook server with a notebook."""
    home = tmp_path_factory.mktemp("notebook")
    (home / "notebooks").mkdir()
    (home / "notebooks" / "analysis.ipynb").write_text(json.dumps(NOTEBOOK))
    python = sys.executable if request.param == "newest" else OLDEST_JUPYTER.python
    with start_lab(
        f"notebook-{request.param}", azure, home=home, application="notebook", python=python
    ) as lab:
        yield lab


@pytest.fixture
def notebook(
    lab: JupyterLab, open_tab: OpenTab, request: pytest.FixtureRequest, artifacts: Path
) -> Iterator[LabPage]:
    """A tab for a page of Notebook."""
    with open_tab(lab) as tab, recorded(tab, request, artifacts):
        yield tab


@pytest.mark.parametrize("page", ["tree", "notebooks/analysis.ipynb"])
def test_the_panel_opens_through_the_menu_and_works(
    notebook: LabPage, azure: EmulatorControl, artifacts: Path, page: str
) -> None:
    notebook.open_notebook(page)
    panel = Panel(notebook, artifacts)
    notebook.page.get_by_role("menuitem", name="Compute Instances").click()
    notebook.menu_item("Show compute instances").click()
    panel.expect_state("amy-notebooks", "Running")
    panel.action("amy-notebooks", "Stop").click()
    panel.expect_state("amy-notebooks", "Stopping")
    azure.advance()
    panel.expect_state("amy-notebooks", "Stopped")
    panel.picture(f"notebook-{Path(page).stem}")
    azure.restore()
    # Notebook's own scripts complain with or without an extension.
    ours = [error for error in notebook.console_errors if "jupyter-ci-manager" in error]
    assert ours == []
