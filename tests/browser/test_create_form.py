"""The full form for a new instance: the journeys that it is made for, against Azure's own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from scripts.lab import JupyterLab
from tests.browser.axe import accessibility_violations
from tests.browser.conftest import StartEmulator, StartLab
from tests.browser.details_page import DetailsPage
from tests.browser.emulator_control import EmulatorControl, compute
from tests.browser.lab_page import Theme
from tests.browser.panel import Panel
from tests.browser.spec_page import SpecPage
from tests.browser.test_accessibility import THEMES

pytestmark = pytest.mark.browser

BEN = "8b6f2f0e-2a8f-4d55-9d3b-5a6a4b8f2b02"
TENANT = "72f0c1de-3a4e-4b7a-9a64-6d1d5a2f0c11"
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5Dsc4xJr4m1Z1nZPZTnZ5cM0bBjyVZgKfFMTFZVd2K amy"
FAILING = """#!/bin/bash
echo "setting up $CI_NAME"
conda create -n forecast python=3.12
no-such-command --now
exit 3
"""
"""A script that steps into traps, and fails."""

LONG = 60_000
"""Milliseconds within which a script has really run on a busy machine."""


@pytest.fixture(scope="module")
def azure(start_emulator: StartEmulator) -> Iterator[EmulatorControl]:
    """One whose setup scripts really run."""
    with start_emulator("create-form", "--run-scripts") as azure:
        yield azure


@pytest.fixture(scope="module")
def lab(azure: EmulatorControl, start_lab: StartLab) -> Iterator[JupyterLab]:
    """A JupyterLab wired to it."""
    with start_lab("create-form", azure) as lab:
        yield lab


def opened(panel: Panel, name: str) -> SpecPage:
    """The form, with a name."""
    page = SpecPage(panel.lab)
    page.open(name)
    return page


def test_a_gpu_size_without_quota_says_how_to_get_it_and_another_is_found(
    panel: Panel, azure: EmulatorControl
) -> None:
    page = opened(panel, "gpu-form")
    page.root.get_by_role("combobox", name="Processor").select_option(label="With GPU")
    without = page.root.get_by_role("option", name=re.compile("^Standard_NC24ads_A100_v4"))
    expect(without).to_contain_text("0 of 0 are left")
    # A size that cannot be had can be looked at all the same.
    without.click(force=True)
    expect(page.in_outline("VM size")).to_contain_text(re.compile("problem|quota", re.IGNORECASE))
    expect(page.create).to_have_attribute("aria-disabled", "true")
    more = page.root.get_by_role("link", name=re.compile("quota|more cores", re.IGNORECASE)).first
    expect(more).to_have_attribute("href", re.compile(r"^https://learn\.microsoft\.com/.*quota"))
    panel.picture("form-no-quota")

    page.root.get_by_role("checkbox", name="Only with enough quota").check()
    expect(without).to_have_count(0)
    page.root.get_by_role("option", name=re.compile("^Standard_NC4as_T4_v3")).click()
    page.expect_ready()
    page.create.click()
    expect(panel.row("gpu-form")).to_be_visible()
    azure.advance()
    panel.expect_state("gpu-form", "Running")
    made = azure.resource("gpu-form")["properties"]["properties"]
    assert made["vmSize"].lower() == "standard_nc4as_t4_v3"


def test_on_behalf_of_somebody_and_an_ssh_key_are_caught_here(
    panel: Panel, azure: EmulatorControl
) -> None:
    page = opened(panel, "ben-form")
    page.go_to("SSH")
    page.root.get_by_role("checkbox", name=re.compile("^Allow SSH")).check()
    key = page.root.get_by_role("textbox", name="Public key")
    key.fill("ssh-ed25519 not-a-key")
    expect(key).to_have_attribute("aria-invalid", "true")
    key.fill(PUBLIC_KEY)
    expect(key).to_have_attribute("aria-invalid", "false")
    page.expect_ready()

    page.go_to("On behalf of")
    page.root.get_by_role("checkbox", name="Create it for someone else").check()
    page.root.get_by_role("textbox", name="Object id of the person").fill(BEN)
    page.root.get_by_role("textbox", name="Tenant id").fill(TENANT)
    expect(page.create).to_have_attribute("aria-disabled", "true")
    conflict = (
        page.in_outline("SSH")
        .or_(page.in_outline("On behalf of"))
        .filter(has_text=re.compile("problem", re.IGNORECASE))
    )
    expect(conflict.first).to_be_visible()
    panel.picture("form-conflict")
    assert azure.count("PUT", compute("ben-form")) == 0

    page.root.get_by_role("checkbox", name=re.compile("^Allow SSH")).uncheck()
    page.expect_ready()
    page.create.click()
    expect(panel.row("ben-form")).to_be_visible()
    azure.advance()
    panel.expect_state("ben-form", "Running")
    settings = azure.resource("ben-form")["properties"]["properties"]
    assert settings["personalComputeInstanceSettings"]["assignedUser"]["objectId"] == BEN

    details = DetailsPage(panel.lab, "ben-form")
    details.open()
    expect(details.card("Owner")).to_contain_text(BEN)
    expect(details.head).to_contain_text(re.compile("only", re.IGNORECASE))
    expect(details.head.get_by_role("link")).to_have_count(0)


def test_a_script_is_linted_tried_and_its_failed_setup_has_its_log_one_click_away(
    panel: Panel, azure: EmulatorControl
) -> None:
    page = opened(panel, "script-form")
    page.go_to("Setup scripts")
    script = page.script("Creation")
    script.write(FAILING)
    expect(script.text.get_by_text("#!/bin/bash")).to_be_in_viewport()
    expect(script.findings).to_contain_text("set -e")
    expect(script.findings).to_contain_text("azureuser")
    panel.picture("form-findings")

    script.try_it.click()
    expect(script.root.get_by_role("alert")).to_contain_text("exited with code 3", timeout=LONG)
    expect(script.root).to_contain_text("setting up script-form")
    expect(script.root).to_contain_text("no-such-command: command not found")
    panel.picture("form-dry-run")

    page.expect_ready()
    page.create.click()
    expect(panel.row("script-form")).to_be_visible()
    # Two steps: the virtual machine is there, then the script has run.
    azure.advance()
    panel.expect_state("script-form", "SetupFailed")
    panel.picture("form-setup-failed")
    details = DetailsPage(panel.lab, "script-form")
    details.open()
    scripts = details.card("Setup scripts")
    scripts.get_by_text("Contents").click()
    expect(scripts).to_contain_text("no-such-command --now")
    details.head.get_by_role("button", name="View log").click()
    shown = panel.page.locator(".jp-ci-log:visible, .jp-ci-log-page:visible").last
    expect(shown).to_contain_text("no-such-command")


def test_what_is_filled_in_survives_a_reload(panel: Panel) -> None:
    page = opened(panel, "reload-form")
    page.go_to("SSH")
    page.root.get_by_role("checkbox", name=re.compile("^Allow SSH")).check()
    page.root.get_by_role("textbox", name="Public key").fill(PUBLIC_KEY)
    # The layout is saved a moment after it changed.
    panel.lab.let_time_pass(3)
    panel.page.reload()
    expect(page.name).to_have_value("reload-form")
    page.go_to("SSH")
    expect(page.root.get_by_role("textbox", name="Public key")).to_have_value(PUBLIC_KEY)


@pytest.mark.parametrize("theme", THEMES)
def test_the_form_has_no_violations(panel: Panel, theme: Theme) -> None:
    panel.lab.use_theme(theme)
    page = opened(panel, f"axe-{theme}")
    for section in (
        *("Setup scripts", "Schedules", "SSH", "Network", "On behalf of"),
        *("Managed identity", "Applications", "Data", "Advanced"),
    ):
        page.go_to(section)
    page.root.get_by_role("checkbox", name=re.compile("^Allow SSH")).check()
    page.root.get_by_role("textbox", name="Public key").fill("no key")
    page.root.get_by_role("checkbox", name="Create it for someone else").check()
    page.root.get_by_role("button", name="Stop at set times").click()
    page.script("Creation").write(FAILING)
    expect(page.script("Creation").findings).to_be_visible()
    panel.picture(f"form-axe-{theme}")
    assert accessibility_violations(panel.page, ".jp-ci-create-page:not(.lm-mod-hidden)") == []
