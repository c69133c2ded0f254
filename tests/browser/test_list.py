"""The list of instances: finding, ordering and picking rows, and what can be done with them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.emulator_control import EmulatorControl
from tests.browser.panel import Panel

pytestmark = pytest.mark.browser

MINE = ["amy-gpu", "amy-notebooks", "amy-onboarding"]
"""Created by the person who is signed in, or assigned to her."""


def test_the_filter_finds_rows_by_any_of_their_words_and_escape_ends_it(panel: Panel) -> None:
    everybody = panel.names()
    panel.filter.fill("chloe stopped")
    panel.expect_names(["chloe-archive"])
    expect(panel.count()).to_have_text("1 of 8")
    panel.filter.fill("F16s")
    panel.expect_names(["ben-features"])
    panel.filter.press("Escape")
    expect(panel.filter).to_have_value("")
    panel.expect_names(everybody)


def test_a_filter_that_hides_everything_says_so_and_can_be_taken_back(panel: Panel) -> None:
    panel.filter.fill("nothing has this name")
    expect(panel.instances).to_contain_text("The filter hides all 8 instances.")
    panel.picture("list-nothing-matches")
    panel.instances.get_by_role("button", name="Show all").click()
    expect(panel.rows).to_have_count(8)
    expect(panel.filter).to_have_value("")


def test_only_mine_shows_what_i_created_and_what_was_assigned_to_me(panel: Panel) -> None:
    panel.open_options()
    panel.lab.menu_item("Only mine").click()
    panel.expect_names(MINE)
    panel.lab.reload()
    panel.open()
    panel.expect_names(MINE)


def test_columns_sort_the_wide_list_in_both_directions(panel: Panel) -> None:
    panel.lab.set_sidebar_width(900)
    expect(panel.grid.get_by_role("columnheader").first).to_be_visible()
    panel.picture("list-wide")
    header = panel.grid.get_by_role("columnheader", name="Cost")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert panel.names()[:3] == ["chloe-old", "amy-onboarding", "amy-notebooks"]
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    assert panel.names()[:3] == ["chloe-train", "ben-features", "amy-gpu"]


def test_a_row_keeps_its_place_while_its_state_changes(
    panel: Panel, azure: EmulatorControl
) -> None:
    panel.lab.execute("ci-manager:sort", by="state")
    before = panel.names()
    panel.action("amy-notebooks", "Stop").click()
    panel.expect_state("amy-notebooks", "Stopping")
    azure.advance()
    panel.expect_state("amy-notebooks", "Stopped")
    assert panel.names() == before


def test_what_a_colleague_does_elsewhere_shows_up_by_itself(
    panel: Panel, azure: EmulatorControl
) -> None:
    azure.create("bens-new-one")
    panel.expect_state("bens-new-one", "Running")
    azure.delete("bens-new-one")
    expect(panel.row("bens-new-one")).to_have_count(0)


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("Running", {"Stop", "Restart", "Delete…"}),
        ("Stopped", {"Start", "Delete…"}),
        ("Starting", {"Delete…"}),
        ("Unusable", {"Stop", "Restart", "Delete…"}),
        ("CreateFailed", {"Delete…"}),
        ("Deleting", set()),
    ],
)
def test_the_menu_of_a_row_offers_what_its_state_allows(
    panel: Panel, azure: EmulatorControl, state: str, offered: set[str]
) -> None:
    azure.force("amy-gpu", state)
    panel.refresh()
    panel.expect_state("amy-gpu", state)
    panel.row("amy-gpu").click(button="right")
    expect(panel.lab.menu()).to_be_visible()
    enabled = {
        item
        for item in ("Start", "Stop", "Restart", "Delete…")
        if panel.lab.menu_item(item).is_enabled()
    }
    assert enabled == offered


def test_several_picked_rows_are_stopped_together(panel: Panel, azure: EmulatorControl) -> None:
    panel.row("amy-notebooks").click()
    panel.row("amy-onboarding").click(modifiers=["ControlOrMeta"])
    panel.row("amy-onboarding").click(button="right")
    panel.lab.menu_item("Stop 2 instances").click()
    for name in ("amy-notebooks", "amy-onboarding"):
        panel.expect_state(name, "Stopping")
    azure.advance()
    for name in ("amy-notebooks", "amy-onboarding"):
        panel.expect_state(name, "Stopped")


def test_all_my_running_instances_are_stopped_after_a_look_at_what_that_saves(
    panel: Panel, azure: EmulatorControl
) -> None:
    panel.open_options()
    panel.lab.menu_item("Stop all my running instances…").click()
    dialog = panel.lab.dialog("Stop your 2 running instances?")
    expect(dialog.get_by_role("listitem")).to_contain_text(["amy-notebooks", "amy-onboarding"])
    # 0.29 for the one and 0.18 for the other.
    expect(dialog).to_contain_text("Saves about $0.47 per hour (estimate).")
    expect(dialog).to_contain_text("Stopped instances still pay for disk")
    panel.picture("list-stop-mine")
    dialog.get_by_role("button", name="Stop all").click()
    for name in ("amy-notebooks", "amy-onboarding"):
        panel.expect_state(name, "Stopping")
    azure.advance()
    for name in ("amy-notebooks", "amy-onboarding"):
        panel.expect_state(name, "Stopped")
    panel.expect_state("ben-features", "Running")

    panel.open_options()
    panel.lab.menu_item("Stop all my running instances…").click()
    expect(panel.lab.notification("None of your instances is running.")).to_be_visible()


def test_a_double_click_opens_the_details_of_an_instance(panel: Panel) -> None:
    panel.row("amy-notebooks").dblclick()
    details = panel.lab.main_area_tab("amy-notebooks")
    expect(details.get_by_role("heading", name="amy-notebooks")).to_be_visible()
    expect(details).to_contain_text("Standard_DS3_v2", ignore_case=True)
    expect(details.get_by_role("link", name="Jupyter Lab")).to_be_visible()
    panel.picture("details")
