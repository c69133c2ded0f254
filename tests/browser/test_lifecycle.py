"""The life of an instance from its creation to its end, through the panel."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.emulator_control import EmulatorControl, compute
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser


def test_an_instance_is_created_stopped_started_restarted_and_deleted(
    panel: Panel, azure: EmulatorControl
) -> None:
    name = "whole-life"
    panel.create(name)
    panel.expect_state(name, "Creating")
    expect(panel.lab.notification(f"Create {name}: Creating")).to_be_visible()
    expect(panel.operation(f"Create {name}").get_by_role("progressbar")).to_be_visible()
    panel.picture("lifecycle-1-creating")

    azure.advance()
    panel.expect_state(name, "Running")
    expect(panel.lab.notification(f"Create {name}: Running")).to_be_visible()
    expect(panel.operation(f"Create {name}")).to_contain_text("Done")
    panel.picture("lifecycle-2-running")

    panel.action(name, "Stop").click()
    panel.expect_state(name, "Stopping")
    azure.advance()
    panel.expect_state(name, "Stopped")
    expect(panel.row(name)).to_contain_text("disk still billed")
    expect(panel.operation(f"Stop {name}")).to_contain_text("Done")
    panel.picture("lifecycle-3-stopped")

    panel.action(name, "Start").click()
    panel.expect_state(name, "Starting")
    azure.advance()
    panel.expect_state(name, "Running")

    panel.choose(name, "Restart")
    panel.expect_state(name, "Restarting")
    azure.advance()
    panel.expect_state(name, "Running")
    expect(panel.operation(f"Restart {name}")).to_contain_text("Done")

    dialog = panel.ask_to_delete(name)
    expect(dialog.delete).to_be_disabled()
    dialog.name.fill("whole-lif")
    expect(dialog.delete).to_be_disabled()
    dialog.name.fill(name)
    panel.picture("lifecycle-4-delete")
    dialog.delete.click()
    panel.expect_state(name, "Deleting")
    azure.advance()
    expect(panel.row(name)).to_have_count(0)
    expect(panel.lab.notification(f"Delete {name}: Deleted")).to_be_visible()
    panel.picture("lifecycle-5-deleted")

    assert azure.count("PUT", compute(name)) == 1
    assert azure.count("DELETE", compute(name)) == 1
    assert panel.lab.console_errors == []


def test_what_an_instance_did_is_listed_newest_first_and_can_be_cleared(
    panel: Panel, azure: EmulatorControl
) -> None:
    panel.action("amy-gpu", "Start").click()
    expect(panel.operation("Start amy-gpu")).to_contain_text("Running")
    azure.advance()
    expect(panel.operation("Start amy-gpu")).to_contain_text("Done")
    panel.action("amy-gpu", "Stop").click()
    azure.advance()
    expect(panel.operation("Stop amy-gpu")).to_contain_text("Done")
    expect(panel.activity.get_by_role("listitem")).to_contain_text(
        ["Stop amy-gpu", "Start amy-gpu"]
    )

    panel.button("Remove “Start amy-gpu” from this list").click()
    expect(panel.operation("Start amy-gpu")).to_have_count(0)
    panel.button("Remove finished operations from the list").click()
    expect(panel.activity.get_by_role("listitem")).to_have_count(0)


def test_an_operation_that_fails_says_what_azure_said_and_keeps_saying_it(
    panel: Panel, azure: EmulatorControl
) -> None:
    azure.fail(
        "/computes/amy-gpu/start$",
        method="POST",
        operation_error={
            "code": "NoCapacity",
            "message": "There is no capacity for Standard_NC4as_T4_v3 in westeurope.",
        },
    )
    panel.action("amy-gpu", "Start").click()
    panel.expect_state("amy-gpu", "Starting")
    azure.advance()
    operation = panel.operation("Start amy-gpu")
    expect(operation).to_contain_text("Failed")
    expect(operation).to_contain_text("There is no capacity")
    panel.expect_state("amy-gpu", "Stopped")
    notification = panel.lab.notification("There is no capacity")
    expect(notification).to_have_count(1)
    expect(notification).to_contain_text("NoCapacity")
    panel.picture("operation-failed")
