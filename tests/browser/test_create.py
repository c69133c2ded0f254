"""The dialog for a new instance: what it accepts, and what it says to the rest."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.emulator_control import EmulatorControl, compute
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser

TAKEN = re.compile("already|in use|exists")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ab", "At least 3 characters"),
        ("a-name-that-is-far-too-long", "At most 24 characters"),
        ("1st-instance", "Start with a letter"),
        ("my_instance", "Only letters from A to Z, digits and hyphens"),
        ("instanz-für-äöü", "Only letters from A to Z, digits and hyphens"),
        ("分析用", "Start with a letter"),
        ("instance-", "Follow each hyphen with a letter or digit"),
    ],
)
def test_a_name_that_breaks_a_rule_is_refused_while_it_is_typed(
    panel: Panel, azure: EmulatorControl, name: str, says: str
) -> None:
    asked = azure.count("POST", "checkComputeNameAvailability")
    dialog = panel.new_instance()
    dialog.name.fill(name)
    dialog.says(re.compile(says))
    expect(dialog.name).to_have_attribute("aria-invalid", "true")
    expect(dialog.create).to_be_disabled()
    dialog.name.press("Enter")
    expect(dialog.root).to_be_visible()
    assert azure.count("POST", "checkComputeNameAvailability") == asked


def test_a_free_name_and_the_proposed_size_are_all_it_takes(
    panel: Panel, azure: EmulatorControl
) -> None:
    dialog = panel.new_instance()
    expect(dialog.name).to_be_focused()
    expect(dialog.create).to_be_disabled()
    expect(dialog.chosen).to_be_visible()
    dialog.name.press_sequentially("free-name")
    dialog.says(re.compile("Free in this region"))
    panel.picture("create-free")
    dialog.name.press("Enter")
    expect(dialog.root).to_have_count(0)
    expect(panel.row("free-name")).to_be_visible()
    azure.advance()
    panel.expect_state("free-name", "Running")


def test_a_name_taken_elsewhere_in_the_region_comes_with_another_one_to_use(
    panel: Panel, azure: EmulatorControl
) -> None:
    dialog = panel.new_instance()
    dialog.name.fill("sandbox")
    dialog.says(TAKEN)
    expect(dialog.name).to_have_attribute("aria-invalid", "true")
    expect(dialog.create).to_be_disabled()
    panel.picture("create-taken")

    suggestion = dialog.root.get_by_role("button", name=re.compile("^Use "))
    proposed = (suggestion.text_content() or "").removeprefix("Use ")
    suggestion.click()
    expect(dialog.name).to_have_value(proposed)
    dialog.says(re.compile("Free in this region"))
    dialog.submit()
    azure.advance()
    panel.expect_state(proposed, "Running")


def test_a_name_of_this_workspace_is_used_and_nothing_is_created(
    panel: Panel, azure: EmulatorControl
) -> None:
    dialog = panel.new_instance()
    dialog.name.fill("amy-notebooks")
    dialog.says(re.compile(r"already \(Running\): use it. Nothing is created"))
    panel.picture("create-existing")
    dialog.use_existing.click()
    expect(dialog.root).to_have_count(0)
    expect(panel.row("amy-notebooks")).to_have_attribute("aria-selected", "true")
    assert azure.count("PUT", compute("amy-notebooks")) == 0


def test_a_size_without_quota_says_why_and_cannot_be_created(panel: Panel) -> None:
    dialog = panel.new_instance()
    dialog.name.fill("no-quota")
    dialog.says(re.compile("Free in this region"))
    dialog.search.fill("f16s")
    size = dialog.size("Standard_F16s_v2")
    expect(size).to_contain_text("0 of 16 cores left")
    # A size that cannot be had can be looked at all the same.
    size.click(force=True)
    dialog.says(re.compile("Standard_F16s_v2 cannot be created: It needs 16 cores; 0 of 16"))
    expect(dialog.create).to_be_disabled()
    panel.picture("create-no-quota")

    dialog.search.fill("ds3")
    dialog.size("Standard_DS3_v2").click()
    expect(dialog.create).to_be_enabled()


def test_sizes_are_searched_by_what_they_have_and_chosen_by_keys(panel: Panel) -> None:
    dialog = panel.new_instance()
    dialog.search.fill("gpu 4 cores")
    expect(dialog.sizes).to_have_count(1)
    dialog.search.press("ArrowDown")
    expect(dialog.chosen).to_contain_text("Standard_NC4as_T4_v3")
    dialog.search.fill("a size that nobody sells")
    dialog.says("No VM size of this region has all of these words.")
    dialog.says("Chosen: Standard_NC4as_T4_v3")


def test_the_size_that_was_used_last_is_proposed_the_next_time(
    panel: Panel, azure: EmulatorControl
) -> None:
    dialog = panel.new_instance()
    dialog.search.fill("ds4")
    dialog.size("Standard_DS4_v2").click()
    dialog.name.fill("size-remembered")
    dialog.submit()
    expect(dialog.root).to_have_count(0)
    azure.advance()
    panel.expect_state("size-remembered", "Running")

    again = panel.new_instance()
    expect(again.chosen).to_contain_text("Standard_DS4_v2")


def test_where_a_name_cannot_be_checked_creating_it_tells_and_nothing_is_listed(
    panel: Panel, azure: EmulatorControl
) -> None:
    azure.fail("checkComputeNameAvailability$", method="POST", status=403, times=2)
    dialog = panel.new_instance()
    dialog.name.fill("sandbox")
    dialog.says(re.compile("could not be checked .*; creating it will tell"))
    dialog.submit()
    expect(dialog.root).to_have_count(0)
    operation = panel.operation("Create sandbox")
    expect(operation).to_contain_text("Failed")
    expect(operation).to_contain_text(TAKEN)
    expect(panel.row("sandbox")).to_have_count(0)
    panel.picture("create-refused")


def test_the_dialog_says_what_an_instance_costs_whether_it_runs_or_not(panel: Panel) -> None:
    dialog = panel.new_instance()
    costs = dialog.root.get_by_role("list", name="What it costs").get_by_role("listitem")
    expect(costs).to_contain_text(
        [
            "A running instance is billed by the hour",
            "A stopped one still pays for its disk, public IP and load balancer",
            "There is no automatic scale-down",
        ]
    )
    expect(dialog.size("Standard_DS3_v2")).to_contain_text("$0.29/h")
    expect(dialog.size("Standard_F32s_v2")).to_contain_text("price unknown")
