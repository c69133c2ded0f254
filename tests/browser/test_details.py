"""The page about an instance: what is read there, and what is changed in place."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import accessibility_violations
from tests.browser.details_page import DetailsPage
from tests.browser.emulator_control import AMY, EmulatorControl
from tests.browser.panel import Panel
from tests.browser.spec_page import SpecPage
from tests.browser.test_accessibility import THEMES

pytestmark = pytest.mark.browser

EVENINGS = {
    "computeStartStop": [
        {
            "action": "Stop",
            "triggerType": "Cron",
            "cron": {"expression": "0 18 * * 1-5", "timeZone": "W. Europe Standard Time"},
            "status": "Enabled",
        }
    ]
}
"""Schedules as Azure has them."""


def schedules_of(azure: EmulatorControl, name: str) -> list[dict[str, Any]]:
    """What Azure has of them."""
    properties = azure.resource(name)["properties"]["properties"]
    found: list[dict[str, Any]] = properties["schedules"]["computeStartStop"]
    return found


def opened(panel: Panel, name: str) -> DetailsPage:
    """The page of an instance."""
    page = DetailsPage(panel.lab, name)
    page.open()
    return page


def test_a_schedule_is_edited_on_a_running_instance(panel: Panel, azure: EmulatorControl) -> None:
    azure.create("det-times", owner=AMY, schedules=EVENINGS)
    page = opened(panel, "det-times")
    times = page.times
    expect(times.root).to_contain_text(re.compile(r"Stop Mon.Fri 18:00 \(Europe/Berlin\)"))

    times.change.click()
    expect(times.idle).to_be_focused()
    evening = times.schedule(1)
    evening.get_by_label("By", exact=True).select_option(label="Days of the week")
    evening.get_by_role("checkbox", name="Friday").uncheck()
    evening.get_by_label("At", exact=True).fill("19:30")
    expect(evening.get_by_role("listitem")).to_have_count(5)
    expect(evening.get_by_role("listitem").first).to_contain_text("07:30 PM GMT+1")
    times.add("Start")
    morning = times.schedule(2)
    morning.get_by_label("By", exact=True).select_option(label="Cron expression")
    cron = morning.get_by_label("Cron expression", exact=True)
    expect(cron).to_have_value("0 8 * * 1-5")
    cron.fill("0 25 * * *")
    expect(cron).to_have_attribute("aria-invalid", "true")
    expect(times.save).to_have_attribute("aria-disabled", "true")
    cron.fill("15 7 * * 1-5")
    expect(cron).to_have_attribute("aria-invalid", "false")
    panel.picture("details-schedules")
    times.saved()

    expect(times.root).to_contain_text("Stop Mon, Tue, Wed, Thu 19:30 (Europe/Berlin)")
    expect(times.root).to_contain_text(re.compile("Start Mon.Fri 07:15"))
    evening_sent, morning_sent = schedules_of(azure, "det-times")
    assert evening_sent["recurrence"]["schedule"]["hours"] == [19]
    assert evening_sent["recurrence"]["schedule"]["minutes"] == [30]
    assert evening_sent["recurrence"]["timeZone"] == "W. Europe Standard Time"
    assert morning_sent["cron"]["expression"] == "15 7 * * 1-5"
    panel.expect_state("det-times", "Running")


def test_a_schedule_that_was_added_stops_it(panel: Panel, azure: EmulatorControl) -> None:
    azure.create("det-fires", owner=AMY)
    page = opened(panel, "det-fires")
    times = page.times
    times.change.click()
    times.add("Stop")
    schedule = times.schedule(1)
    schedule.get_by_label("By", exact=True).select_option(label="Cron expression")
    schedule.get_by_label("Cron expression", exact=True).fill("0 * * * *")
    expect(schedule.get_by_role("listitem")).to_have_count(5)
    times.saved()
    panel.expect_state("det-fires", "Running")
    # Past the next full hour, and then past the stop itself.
    azure.advance(3600)
    azure.advance()
    panel.expect_state("det-fires", "Stopped")
    expect(page.head).to_contain_text("Stopped")
    expect(page.card("Operations")).to_contain_text("Stop, Succeeded, triggered by Schedule")


def test_idle_shutdown_is_switched_on_changed_and_switched_off(
    panel: Panel, azure: EmulatorControl
) -> None:
    azure.create("det-idle", owner=AMY)
    times = opened(panel, "det-idle").times
    times.change.click()
    times.idle.check()
    times.idle_amount.fill("5")
    times.idle_unit.select_option(label="minutes")
    expect(times.root).to_contain_text("Between 15 minutes and 3 days.")
    expect(times.save).to_have_attribute("aria-disabled", "true")
    times.idle_amount.fill("45")
    times.saved()
    expect(times.root).to_contain_text("after 45 min")

    times.change.click()
    times.idle.uncheck()
    times.saved()
    expect(times.root).to_contain_text("off")
    properties = azure.resource("det-idle")["properties"]["properties"]
    assert properties["idleTimeBeforeShutdown"] is None


def test_what_is_being_changed_can_be_left_as_it_was(panel: Panel, azure: EmulatorControl) -> None:
    azure.create("det-cancel", owner=AMY, schedules=EVENINGS)
    times = opened(panel, "det-cancel").times
    times.change.click()
    times.root.get_by_role("button", name=re.compile("^Remove schedule 1")).click()
    expect(times.root.get_by_role("button", name="Stop at set times")).to_be_focused()
    times.cancel.click()
    expect(times.change).to_be_focused()
    expect(times.root).to_contain_text(re.compile("Stop Mon.Fri 18:00"))
    assert len(schedules_of(azure, "det-cancel")) == 1


def test_what_azure_refuses_is_said_and_what_was_typed_stays(
    panel: Panel, azure: EmulatorControl
) -> None:
    azure.create("det-refused", owner=AMY)
    azure.fail("updateIdleShutdownSetting$", method="POST", status=403, message="Not you.")
    times = opened(panel, "det-refused").times
    times.change.click()
    times.idle.check()
    times.idle_amount.fill("2")
    times.save.click()
    expect(times.root).to_contain_text("Not you.")
    expect(times.idle_amount).to_have_value("2")


def test_a_stopped_instance_gets_another_size(panel: Panel, azure: EmulatorControl) -> None:
    page = opened(panel, "amy-gpu")
    had = azure.resource("amy-gpu")["properties"]["properties"]["vmSize"]
    page.button("Resize…").click()
    dialog = panel.lab.dialog("Resize amy-gpu")
    dialog.get_by_role("combobox", name="New VM size").fill("ds3")
    dialog.get_by_role("option", name=re.compile("^Standard_DS3_v2")).click()
    dialog.get_by_role("button", name="Resize", exact=True).click()
    expect(dialog).to_have_count(0)
    azure.advance()
    expect(page.card("Compute")).to_contain_text("Standard_DS3_v2")
    expect(page.card("Operations")).to_contain_text("Resize amy-gpu")
    panel.picture("details-resized")

    page.button("Resize…").click()
    dialog.get_by_role("combobox", name="New VM size").fill(had)
    dialog.get_by_role("option", name=re.compile(f"^{had}", re.IGNORECASE)).click()
    dialog.get_by_role("button", name="Resize", exact=True).click()
    expect(dialog).to_have_count(0)
    azure.advance()
    expect(page.card("Compute")).to_contain_text(re.compile(had, re.IGNORECASE))


def test_a_running_instance_is_not_resized_and_says_why(panel: Panel) -> None:
    page = opened(panel, "amy-notebooks")
    expect(page.button("Resize…")).to_have_attribute("aria-disabled", "true")
    expect(page.card("Compute")).to_contain_text("only a stopped instance is resized")


def test_a_setup_that_failed_has_its_log_one_click_away(panel: Panel) -> None:
    page = opened(panel, "ben-etl")
    expect(page.head).to_contain_text("SetupFailed")
    page.head.get_by_role("button", name="View log").click()
    log = panel.page.locator(".jp-ci-log:visible, .jp-ci-log-page:visible").first
    expect(log).to_be_visible()
    expect(log).to_contain_text("127")


def test_a_new_one_like_it_begins_with_all_that_it_was_asked_for_with(
    panel: Panel, azure: EmulatorControl
) -> None:
    azure.create("det-old", owner=AMY, vm_size="Standard_DS4_v2", schedules=EVENINGS)
    opened(panel, "det-old").button("New one like it…").click()
    form = SpecPage(panel.lab)
    expect(form.name).to_have_value("")
    expect(form.root).to_contain_text("Chosen: Standard_DS4_v2")
    schedules = form.root.get_by_role("group").filter(has_text="Schedules and idle shutdown")
    expect(schedules.first).to_contain_text(re.compile("Stop Mon.Fri 18:00"))


def test_it_comes_back_after_a_reload(panel: Panel) -> None:
    page = opened(panel, "amy-notebooks")
    # The layout is saved a moment after it changed.
    panel.lab.let_time_pass(2)
    panel.page.reload()
    page.expect_known()
    expect(page.card("Compute")).to_contain_text("Standard_DS3_v2")
    panel.lab.close_main_area()


def test_it_is_used_with_the_keyboard_alone(panel: Panel, azure: EmulatorControl) -> None:
    azure.create("det-keys", owner=AMY)
    page = opened(panel, "det-keys")
    times = page.times
    keyboard = panel.page.keyboard
    page.button("Stop det-keys").focus()
    for _ in range(40):
        if times.change.evaluate("button => button === document.activeElement"):
            break
        keyboard.press("Tab")
    expect(times.change).to_be_focused()
    keyboard.press("Enter")
    expect(times.idle).to_be_focused()
    keyboard.press("Space")
    keyboard.press("Tab")
    expect(times.idle_amount).to_be_focused()
    keyboard.press("Control+A")
    keyboard.type("3")
    for _ in range(40):
        if times.save.evaluate("button => button === document.activeElement"):
            break
        keyboard.press("Tab")
    expect(times.save).to_be_focused()
    keyboard.press("Enter")
    expect(times.change).to_be_focused()
    expect(times.root).to_contain_text("after 3 h")


@pytest.mark.parametrize("theme", THEMES)
def test_editing_has_no_violations(panel: Panel, azure: EmulatorControl, theme: str) -> None:
    name = f"det-axe-{theme}"
    azure.create(name, owner=AMY, schedules=EVENINGS)
    panel.lab.use_theme("dark" if theme == "dark" else "light")
    times = opened(panel, name).times
    times.change.click()
    times.idle.check()
    times.idle_amount.fill("1000")
    times.add("Start")
    first = times.schedule(1)
    first.get_by_label("Cron expression", exact=True).fill("never")
    expect(first.get_by_label("Cron expression", exact=True)).to_have_attribute(
        "aria-invalid", "true"
    )
    times.schedule(2).get_by_label("By", exact=True).select_option(label="Recurrence")
    panel.picture(f"details-editing-{theme}")
    assert accessibility_violations(panel.page, ".jp-ci-details-page:not(.lm-mod-hidden)") == []
