"""The extension in JupyterLab, before anybody uses it."""

from __future__ import annotations

import pytest

from tests.browser.lab_page import LabPage

pytestmark = pytest.mark.browser


def test_jupyterlab_opens_with_the_extension_and_a_clean_console(lab_page: LabPage) -> None:
    assert lab_page.has_plugin("jupyter-ci-manager:plugin")
    assert lab_page.console_errors == []
