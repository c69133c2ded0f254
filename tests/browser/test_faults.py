"""Azure fails: what the panel says to each failure, what it keeps, and how it recovers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.emulator_control import LIST, EmulatorControl, compute
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser

ALWAYS = 1000
"""More requests than a test makes."""


def test_a_list_that_fails_is_kept_and_says_since_when_and_why_until_azure_is_back(
    panel: Panel, azure: EmulatorControl
) -> None:
    names = panel.names()
    azure.fail(LIST, status=500, times=ALWAYS, message="The service is down for maintenance.")
    panel.refresh()
    expect(panel.banner).to_contain_text(re.compile(r"As of \d\d:\d\d"))
    expect(panel.banner).to_contain_text("The service is down for maintenance.")
    assert panel.names() == names
    panel.picture("fault-stale")

    # A retry is offered, and one that fails, too, changes nothing; then Azure comes back.
    panel.banner.get_by_role("button", name="Retry").click()
    expect(panel.banner).to_be_visible()
    azure.heal()
    expect(panel.banner).to_have_count(0)
    assert panel.names() == names


def test_a_list_that_is_throttled_is_kept_and_recovers_by_itself(
    panel: Panel, azure: EmulatorControl
) -> None:
    names = panel.names()
    azure.fail(LIST, status=429, retry_after=6, code="TooManyRequests", message="Slow down.")
    panel.refresh()
    expect(panel.banner).to_contain_text("Slow down.")
    assert panel.names() == names
    panel.picture("fault-throttled")
    expect(panel.banner).to_have_count(0)


def test_a_connection_that_is_reset_is_tried_again_without_a_word(
    panel: Panel, azure: EmulatorControl
) -> None:
    asked = azure.count("GET", LIST)
    azure.fail(LIST, reset=True, times=2)
    azure.create("after-the-reset")
    panel.refresh()
    panel.expect_state("after-the-reset", "Running")
    expect(panel.banner).to_have_count(0)
    assert azure.count("GET", LIST) >= asked + 3


def test_a_list_that_is_denied_from_now_on_is_kept_and_says_who_can_help(
    panel: Panel, azure: EmulatorControl
) -> None:
    azure.fail(
        LIST,
        status=403,
        code="AuthorizationFailed",
        message="amy@contoso.com does not have authorization to perform computes/read.",
        times=ALWAYS,
    )
    panel.refresh()
    expect(panel.banner).to_contain_text("does not have authorization")
    expect(panel.row("amy-gpu")).to_be_visible()
    panel.banner.get_by_text("Details").click()
    expect(panel.banner).to_contain_text("AuthorizationFailed")
    panel.picture("fault-denied-list")


def test_an_action_that_azure_refuses_says_why_at_once_and_changes_nothing(
    panel: Panel, azure: EmulatorControl
) -> None:
    azure.fail(
        "/computes/amy-notebooks/stop$",
        method="POST",
        status=409,
        code="StopComputeNotAllowed",
        message="StopCompute is not allowed while a snapshot is taken.",
    )
    panel.action("amy-notebooks", "Stop").click()
    operation = panel.operation("Stop amy-notebooks")
    expect(operation).to_contain_text("Failed")
    expect(operation).to_contain_text("a snapshot is taken")
    panel.expect_state("amy-notebooks", "Running")
    expect(panel.lab.notification("a snapshot is taken")).to_have_count(1)
    panel.picture("fault-stop-refused")


def test_an_action_whose_answer_is_lost_is_followed_and_not_sent_again(
    panel: Panel, azure: EmulatorControl
) -> None:
    name = "answer-lost"
    azure.fail(compute(name), method="PUT", reset=True, after=True)
    panel.create(name)
    panel.expect_state(name, "Creating")
    azure.advance()
    panel.expect_state(name, "Running")
    expect(panel.operation(f"Create {name}")).to_contain_text("Done")
