"""The first instance of an empty workspace, whose Jupyter server dies while it is created."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from scripts.lab import free_port
from tests.browser.conftest import OpenTab, StartEmulator, StartLab, recorded
from tests.browser.dialogs import CreateDialog
from tests.browser.emulator_control import compute
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser


def test_the_first_instance_survives_a_kill_of_the_server_and_is_never_asked_for_twice(
    start_emulator: StartEmulator,
    start_lab: StartLab,
    open_tab: OpenTab,
    request: pytest.FixtureRequest,
    artifacts: Path,
    tmp_path: Path,
) -> None:
    with ExitStack() as running:
        azure = running.enter_context(start_emulator("killed", "--empty"))
        place = {"home": tmp_path, "port": free_port(), "token": "of-both-servers"}
        first = running.enter_context(start_lab("killed", azure, **place))
        tab = running.enter_context(open_tab(first))
        running.enter_context(recorded(tab, request, artifacts))
        tab.open()
        panel = Panel(tab, artifacts)
        panel.open()
        expect(panel.instances).to_contain_text("No compute instances yet")
        expect(panel.instances).to_contain_text("A running instance is billed by the hour")
        panel.picture("killed-0-empty")
        panel.instances.get_by_role("button", name="New instance…").click()
        dialog = CreateDialog(tab)
        expect(dialog.name).to_be_focused()
        dialog.name.fill("survivor")
        dialog.submit()
        panel.expect_state("survivor", "Creating")

        tab.close_connection_errors()
        os.killpg(first.process.pid, signal.SIGKILL)
        first.process.wait()
        expect(panel.banner).to_contain_text("The Jupyter server could not be reached")
        panel.expect_state("survivor", "Creating")
        panel.picture("killed-1-disconnected")
        # Azure goes on, whoever looks.
        azure.advance()

        running.enter_context(start_lab("killed", azure, **place))
        panel.expect_state("survivor", "Running")
        expect(panel.banner).to_have_count(0)
        expect(panel.operation("Create survivor")).to_contain_text("Done")
        expect(panel.operation("Create survivor")).to_have_count(1)
        panel.picture("killed-2-back")
        assert azure.count("PUT", compute("survivor")) == 1
