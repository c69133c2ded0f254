"""Logs of setup scripts: followed while the script runs, understood, and never with a gap."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from scripts.lab import JupyterLab, free_port
from tests.browser.axe import accessibility_violations
from tests.browser.conftest import OpenTab, StartEmulator, StartLab, recorded
from tests.browser.emulator_control import EmulatorControl
from tests.browser.log_page import LogPage
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser

SCRIPT = """#!/bin/bash
echo "Installing tools for $CI_NAME"
for step in $(seq 1 100); do
  printf 'step %s of 100\\n' "$step"
  sleep 0.1
done
printf '\\033[31mERROR: no such package\\033[0m\\n'
no-such-conda() { echo "setup.sh: line 8: conda: command not found" >&2; return 127; }
no-such-conda || exit 3
"""


def ask(page: Page, lab: JupyterLab, method: str, path: str, body: Any = None) -> bytes:
    """What the extension's API answers to somebody with the server's token."""
    answer = page.context.request.fetch(
        f"{lab.base_url}ci-manager/{path}",
        method=method,
        headers={"Authorization": f"token {lab.token}"},
        data=body,
    )
    assert answer.ok, answer.text()
    return answer.body()


def log_files(azure: EmulatorControl, name: str) -> list[Path]:
    """The logs of an instance, as they lie in the share."""
    folder = azure.emulator.share / "Logs" / name
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_script_that_fails_is_followed_live_and_its_log_says_why(
    start_emulator: StartEmulator,
    start_lab: StartLab,
    open_tab: OpenTab,
    request: pytest.FixtureRequest,
    artifacts: Path,
) -> None:
    with ExitStack() as running:
        azure = running.enter_context(start_emulator("scripts", "--empty", "--run-scripts"))
        lab = running.enter_context(start_lab("scripts", azure))
        tab = running.enter_context(open_tab(lab))
        running.enter_context(recorded(tab, request, artifacts))
        tab.open()
        panel = Panel(tab, artifacts)
        panel.open()
        ask(
            tab.page,
            lab,
            "POST",
            "instances",
            {
                "spec": {
                    "name": "fails",
                    "vm_size": "Standard_DS11_v2",
                    "setup_scripts": {"creation": {"source": "inline", "data": SCRIPT}},
                }
            },
        )
        panel.refresh()
        expect(panel.row("fails")).to_be_visible()
        panel.choose("fails", "View log")

        log = LogPage(tab, "Log of fails")
        expect(log.lines.first).to_be_visible(timeout=30_000)
        log.expect_following()
        expect(log.line("step 90 of 100")).to_be_visible(timeout=30_000)
        expect(log.line("step 100 of 100")).to_have_count(0)
        panel.picture("logs-1-following")
        expect(log.root).to_contain_text("Failed with exit status 3", timeout=30_000)
        panel.expect_state("fails", "SetupFailed")

        log.first_error.click()
        expect(log.line("ERROR: no such package")).to_have_class(
            "jp-ci-log-line jp-mod-error jp-mod-selected"
        )
        expect(log.hint("The script does not know Conda")).to_be_visible()
        panel.picture("logs-2-failed")
        assert accessibility_violations(tab.page, ".jp-ci-log-page") == []

        log.search.fill("step \\d+ of")
        log.toolbar.get_by_role("button", name="Regular expression").click()
        expect(log.toolbar).to_contain_text("100 matches")

        (written,) = log_files(azure, "fails")
        with tab.page.expect_download() as downloading:
            log.root.get_by_role("button", name="Download").or_(
                log.root.get_by_role("link", name="Download")
            ).click()
        assert downloading.value.path().read_bytes() == written.read_bytes()
        expect(panel.row("fails")).to_contain_text("exit status 3")


def test_whoever_follows_loses_and_repeats_nothing_when_the_server_is_killed(
    start_emulator: StartEmulator,
    start_lab: StartLab,
    open_tab: OpenTab,
    request: pytest.FixtureRequest,
    artifacts: Path,
    tmp_path: Path,
) -> None:
    with ExitStack() as running:
        azure = running.enter_context(start_emulator("follow"))
        place = {"home": tmp_path, "port": free_port(), "token": "of-both-servers"}
        first = running.enter_context(start_lab("follow", azure, **place))
        tab = running.enter_context(open_tab(first))
        running.enter_context(recorded(tab, request, artifacts))
        tab.open()
        panel = Panel(tab, artifacts)
        panel.open()
        path = azure.emulator.share / "Logs" / "amy-gpu" / "followed.log"
        path.parent.mkdir(parents=True, exist_ok=True)

        def write(first_line: int, last_line: int) -> None:
            with path.open("a", encoding="utf-8") as file:
                for line in range(first_line, last_line):
                    file.write(f"line {line}: Fortschritt 進捗 \u2713\n")
                    file.flush()

        write(0, 1000)
        tab.execute("ci-manager:open-log", name="amy-gpu", log="followed.log")
        log = LogPage(tab, "Log of amy-gpu")
        expect(log.line("line 999:")).to_be_visible(timeout=30_000)
        write(1000, 1500)
        expect(log.line("line 1499:")).to_be_visible(timeout=30_000)

        tab.close_connection_errors()
        os.killpg(first.process.pid, signal.SIGKILL)
        first.process.wait()
        write(1500, 2000)
        expect(log.status).to_contain_text("Reconnecting", timeout=60_000)
        panel.picture("logs-3-reconnecting")
        running.enter_context(start_lab("follow", azure, **place))
        write(2000, 2500)

        expect(log.line("line 2499:")).to_be_visible(timeout=60_000)
        write(2500, 2600)
        expect(log.line("line 2599:")).to_be_visible(timeout=60_000)
        time.sleep(0.5)
        seen = log.copied()
        assert digest(seen) == digest(path.read_text(encoding="utf-8"))


def test_a_line_stays_in_sight_when_a_hint_takes_room_and_when_lines_are_wrapped(
    panel: Panel,
) -> None:
    page = panel.page
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": 900, "height": 500})
    try:
        panel.lab.execute("ci-manager:open-log", name="ben-etl")
        log = LogPage(panel.lab, "Log of ben-etl")
        expect(log.lines.first).to_be_visible()
        log.first_error.click()
        # Its number: the line itself is wider than the page.
        wrong = log.line("conda: command not found").get_by_role("link")
        expect(log.hint("The script does not know Conda")).to_be_visible()
        expect(wrong).to_be_in_viewport(ratio=1)

        wrap = log.toolbar.get_by_role("button", name="Wrap")
        wrap.click()
        expect(wrap).to_have_attribute("aria-pressed", "true")
        expect(wrong).to_be_in_viewport(ratio=1)

        page.set_viewport_size({"width": 700, "height": 1400})
        log.lines.first.click()
        page.keyboard.press("End")
        expect(log.lines.last).to_be_in_viewport(ratio=0.9)
        page.keyboard.press("Home")
        expect(log.lines.first).to_be_in_viewport(ratio=0.9)
        expect(log.lines.last).not_to_be_in_viewport()
        page.set_viewport_size({"width": 900, "height": 500})
        wrap.click()
        log.first_error.click()
        wrong.hover()
        page.mouse.wheel(0, -400)
        expect(wrong).not_to_be_in_viewport()
    finally:
        page.set_viewport_size(size)


def digest(text: str) -> str:
    """Of the text without what ends its last line."""
    return hashlib.sha256(text.rstrip("\n").encode()).hexdigest()
