"""The panel where something is missing: a sign-in, a workspace, access to it, the server part."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.conftest import OpenTab, StartLab, recorded
from tests.browser.dialogs import CreateDialog
from tests.browser.emulator_control import LIST, EmulatorControl
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser

OpenPanel = Callable[..., AbstractContextManager[Panel]]

ALWAYS = 1000
"""More requests than a test makes."""

MOST_PRESSES = 30


def retry_until(wanted: Locator, retry: Locator) -> None:
    """Press a button, as people do, until it helps: Azure is asked once a second at most."""
    for _ in range(MOST_PRESSES):
        if wanted.is_visible():
            return
        # The press before may help at this very moment, and take the button away.
        with suppress(NotInTime):
            retry.click(timeout=1_000)
    expect(wanted).to_be_visible()


@pytest.fixture
def open_panel(
    open_tab: OpenTab,
    start_lab: StartLab,
    azure: EmulatorControl,
    request: pytest.FixtureRequest,
    artifacts: Path,
    tmp_path: Path,
) -> OpenPanel:
    """Starts a JupyterLab that is set up in a way of its own, and opens the panel in it."""

    @contextmanager
    def opened(*arguments: str, of: EmulatorControl = azure, **environment: str) -> Iterator[Panel]:
        with (
            start_lab(
                "first-contact", of, *arguments, home=tmp_path, environment=environment
            ) as lab,
            open_tab(lab) as tab,
            recorded(tab, request, artifacts),
        ):
            tab.open()
            panel = Panel(tab, artifacts)
            panel.open()
            yield panel
        azure.restore()

    return opened


def test_without_a_workspace_one_is_chosen_and_remembered(
    open_panel: OpenPanel, tmp_path: Path
) -> None:
    with open_panel(JUPYTER_CI_WORKSPACE="") as panel:
        expect(panel.instances).to_contain_text("Choose a workspace")
        workspaces = panel.instances.get_by_role("list", name="Workspaces")
        panel.picture("no-workspace")
        workspaces.get_by_role("button", name=re.compile("ml-workspace")).click()
        panel.expect_state("amy-notebooks", "Running")

        panel.open_options()
        panel.lab.menu_item("Switch workspace…").click()
        dialog = panel.lab.dialog("Switch to another workspace")
        current = dialog.get_by_role("button", name=re.compile("ml-workspace"))
        expect(current).to_have_attribute("aria-current", "true")
        panel.picture("switch-workspace")
        dialog.get_by_role("button", name="Cancel").click()
        expect(dialog).to_have_count(0)

        panel.lab.reload()
        panel.open()
        panel.expect_state("amy-notebooks", "Running")


def test_without_a_sign_in_the_panel_lists_what_was_tried_and_what_to_do(
    open_panel: OpenPanel, tmp_path: Path
) -> None:
    nobody = tmp_path / "azure"
    with open_panel(
        # No name ends so (RFC 2606), and without a token nothing is asked there anyway.
        "--CiManagerApp.endpoint=https://azure.invalid",
        "--CiManagerApp.credential=azure_cli",
        # Wherever the Azure CLI is installed, nobody is signed in with it here.
        AZURE_CONFIG_DIR=str(nobody),
    ) as panel:
        expect(panel.instances).to_contain_text("Not signed in to Azure")
        expect(panel.instances.get_by_text("az login", exact=True)).to_be_visible()
        expect(panel.instances.get_by_role("term")).to_have_text(["azure_cli"])
        expect(panel.instances.get_by_role("definition").first).not_to_be_empty()
        panel.picture("signed-out")
        panel.instances.get_by_role("button", name="Retry").click()
        expect(panel.instances).to_contain_text("Not signed in to Azure")


def test_a_workspace_that_is_denied_or_out_of_reach_or_answers_by_halves_leads_out_each_time(
    open_panel: OpenPanel, azure: EmulatorControl
) -> None:
    azure.fail(
        "/workspaces/",
        status=403,
        code="AuthorizationFailed",
        message="amy@contoso.com does not have authorization over the scope of the workspace.",
        times=ALWAYS,
    )
    with open_panel() as panel:
        retry = panel.instances.get_by_role("button", name="Retry")
        expect(panel.instances).to_contain_text("No access to this workspace")
        expect(panel.instances).to_contain_text("does not have authorization over the scope")
        panel.picture("denied")

        azure.heal()
        azure.fail("/workspaces/", reset=True, times=ALWAYS)
        retry.click()
        expect(panel.instances).to_contain_text("Azure could not be reached")
        panel.picture("unreachable")

        azure.heal()
        azure.fail(LIST, status=400, message="The list is closed today.", times=ALWAYS)
        retry.click()
        expect(panel.instances).to_contain_text("The instances could not be listed")
        expect(panel.instances).to_contain_text("The list is closed today.")
        panel.picture("list-failed")

        azure.heal()
        azure.fail("/vmSizes$", status=400, message="No sizes today.", times=ALWAYS)
        retry_until(panel.row("amy-notebooks"), retry)
        # The list can do without sizes: it shows Azure's names of them.
        expect(panel.row("amy-notebooks")).to_contain_text("STANDARD_DS3_V2")
        panel.button("New").click()
        dialog = CreateDialog(panel.lab)
        expect(dialog.root).to_contain_text("No sizes today.")
        panel.picture("no-sizes")

        azure.heal()
        retry_until(dialog.sizes.first, dialog.root.get_by_role("button", name="Retry"))


def test_without_the_server_part_the_panel_says_what_to_install_and_where(
    open_panel: OpenPanel, tmp_path: Path
) -> None:
    switched_off = {"ServerApp": {"jpserver_extensions": {"jupyter_ci_manager": False}}}
    configuration = tmp_path / "config" / "jupyter_server_config.json"
    configuration.parent.mkdir(parents=True)
    configuration.write_text(json.dumps(switched_off))
    with open_panel() as panel:
        expect(panel.instances).to_contain_text("The server part of this extension is not running")
        expect(panel.instances).to_contain_text("jupyter server extension list")
        panel.picture("extension-missing")
