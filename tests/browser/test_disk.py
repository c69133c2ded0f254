"""A disk that fills: the meter says so, a stop is held back, cleaning makes room, the stop works.

The server runs on `amy-notebooks`, with all of a person's home on a small disk (small_disk.py says
where that is a stand-in): the journal, the settings and the trash are on the disk that is full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from scripts.lab import JupyterLab
from tests.browser.axe import accessibility_violations
from tests.browser.conftest import StartEmulator, StartLab
from tests.browser.dialogs import CleanupDialog, StopAtRiskDialog
from tests.browser.emulator_control import EmulatorControl, compute
from tests.browser.panel import Panel
from tests.browser.small_disk import MB, SmallDisk, small_disk

pytestmark = pytest.mark.browser

OWN = "amy-notebooks"
OTHER = "amy-onboarding"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    """The disk of the machine."""
    with small_disk(tmp_path_factory.mktemp("machine") / "disk") as disk:
        yield disk


@pytest.fixture(scope="module")
def azure(start_emulator: StartEmulator) -> Iterator[EmulatorControl]:
    """An emulator of its own: what is on its disks is not put back between tests."""
    with start_emulator("disk") as azure:
        yield azure


@pytest.fixture(scope="module")
def lab(azure: EmulatorControl, start_lab: StartLab, disk: SmallDisk) -> Iterator[JupyterLab]:
    """A JupyterLab on an instance with a small disk."""
    with start_lab(
        "disk",
        azure,
        *disk.arguments,
        home=disk.path,
        environment=disk.environment(OWN),
    ) as lab:
        yield lab


@pytest.fixture
def full_trash(disk: SmallDisk, panel: Panel) -> Iterator[None]:
    """Data that a person has thrown away, and that still fills the disk."""
    file = disk.path / "notebooks" / "old-model.bin"
    disk.fill(file, until_available=disk.critical_bytes - 20 * MB)
    panel.lab.delete_file("old-model.bin")
    assert not file.exists()
    assert disk.available_bytes < disk.critical_bytes
    yield
    for left in (disk.path / "share" / "Trash").rglob("old-model*"):
        left.unlink()


def section(panel: Panel) -> Locator:
    """The section of the disk."""
    return panel.root.get_by_role("region", name=re.compile(rf"Disk of {OWN}", re.IGNORECASE))


def meter(panel: Panel) -> Locator:
    """The meter in the status bar."""
    return panel.page.locator("#jp-bottom-panel").get_by_role("button", name=re.compile("free"))


def test_a_full_disk_is_told_holds_the_stop_back_is_cleaned_and_then_the_stop_works(
    panel: Panel, azure: EmulatorControl, disk: SmallDisk, full_trash: None
) -> None:
    panel.lab.execute("ci-manager:show-disk")
    panel.refresh()
    expect(section(panel).get_by_role("meter")).to_have_attribute(
        "aria-valuetext", re.compile("critically low")
    )
    expect(meter(panel)).to_contain_text("critically low")
    panel.picture("disk-1-critical")

    stops = azure.count("POST", f"{compute(OWN)[:-1]}/stop$")
    panel.stop_own_machine(OWN)
    risk = StopAtRiskDialog(panel.lab, f"The disk of {OWN} is nearly full")
    expect(risk.root).to_contain_text("would go on costing $0.29/h")
    expect(risk.clean_up).to_be_focused()
    panel.picture("disk-2-held-back")
    assert azure.count("POST", f"{compute(OWN)[:-1]}/stop$") == stops

    risk.clean_up.click()
    cleanup = CleanupDialog(panel.lab)
    trash = cleanup.step(re.compile("trash", re.IGNORECASE))
    trash.get_by_role("checkbox").check()
    panel.picture("disk-3-plan")
    cleanup.clean_up.click()
    expect(trash).to_contain_text(re.compile(r"\d+ MB freed"))
    panel.picture("disk-4-freed")
    cleanup.done.click()
    assert disk.available_bytes > disk.low_bytes
    expect(meter(panel)).not_to_contain_text("low")

    panel.stop_own_machine(OWN)
    panel.expect_state(OWN, "Stopping")
    azure.advance()
    panel.expect_state(OWN, "Stopped")
    expect(panel.operation(f"Stop {OWN}")).to_contain_text("Done")
    assert panel.lab.console_errors == [] or all("409" in each for each in panel.lab.console_errors)


def test_who_stops_it_anyway_learns_that_azure_refuses(
    panel: Panel, azure: EmulatorControl, full_trash: None
) -> None:
    azure.leave_on_disk(OWN, 0)
    panel.stop_own_machine(OWN)
    StopAtRiskDialog(panel.lab, f"The disk of {OWN} is nearly full").stop_anyway.click()

    refused = StopAtRiskDialog(panel.lab, f"Azure refused: the disk of {OWN} is full")
    expect(refused.root).to_contain_text("StopCompute is not allowed")
    panel.picture("disk-refused")
    refused.cancel.click()
    expect(refused.root).to_have_count(0)
    panel.expect_state(OWN, "Running")
    azure.leave_on_disk(OWN, 60_000 * MB)


def test_another_instance_is_asked_for_its_disk_before_it_is_stopped(
    panel: Panel, azure: EmulatorControl
) -> None:
    azure.leave_on_disk(OTHER, 300 * MB)
    panel.action(OTHER, "Stop").click()

    risk = StopAtRiskDialog(panel.lab, f"The disk of {OTHER} is nearly full")
    expect(risk.root.get_by_role("link", name=re.compile(f"on {OTHER}"))).to_be_visible()
    panel.picture("disk-of-another")
    panel.expect_state(OTHER, "Running")
    risk.stop_anyway.click()
    panel.expect_state(OTHER, "Stopping")
    azure.advance()
    panel.expect_state(OTHER, "Stopped")
    azure.leave_on_disk(OTHER, 60_000 * MB)


def test_what_fills_the_disk_is_scanned_looked_into_and_thrown_away(
    panel: Panel, disk: SmallDisk
) -> None:
    data = disk.path / "notebooks" / "data"
    data.mkdir()
    (data / "measured.bin").write_bytes(b"\1" * 40 * MB)
    (data / "Ünïcode\nand a line.bin").write_bytes(b"\1" * 10 * MB)

    panel.lab.execute("ci-manager:open-disk-usage")
    usage = panel.page.get_by_role("tabpanel", name=re.compile("Disk usage"))
    usage.get_by_role("button", name=re.compile("^Scan")).click()
    rows = usage.get_by_role("row")
    notebooks = rows.filter(has_text="notebooks")
    expect(notebooks).to_be_visible()
    panel.picture("usage-1-root")

    notebooks.focus()
    panel.page.keyboard.press("Enter")
    expect(rows.filter(has_text="data")).to_be_focused()
    panel.page.keyboard.press("Enter")
    expect(rows.filter(has_text="measured.bin")).to_contain_text("40")
    panel.picture("usage-2-folder")
    panel.page.keyboard.press("Backspace")
    expect(rows.filter(has_text="data")).to_be_visible()
    assert accessibility_violations(panel.page, ".jp-ci-usage-page") == []

    rows.filter(has_text="data").focus()
    panel.page.keyboard.press("Delete")
    dialog = CleanupDialog(panel.lab)
    expect(dialog.root).to_contain_text("The trash is on the same disk")
    dialog.root.get_by_role("button", name=re.compile("trash", re.IGNORECASE)).click()
    expect(dialog.steps.first).to_contain_text(re.compile("freed|trash"))
    dialog.done.click()
    assert not data.exists()
