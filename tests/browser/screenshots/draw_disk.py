"""The disk: its section and meter at every level, what fills it, cleaning up, stops at risk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import StartEmulator
from tests.browser.dialogs import CleanupDialog
from tests.browser.emulator_control import EmulatorControl
from tests.browser.panel import Panel
from tests.browser.screenshots.conftest import OpenPanel, OpenSheet
from tests.browser.screenshots.drawing import dialog_of, draw_panel, draw_themes
from tests.browser.small_disk import MB, SmallDisk, small_disk

pytestmark = pytest.mark.timeout(600)

OWN = "amy-notebooks"


@pytest.fixture
def azure(start_emulator: StartEmulator) -> Iterator[EmulatorControl]:
    """A team's instances."""
    with start_emulator("disk") as azure:
        yield azure


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk that can be filled."""
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def panel(azure: EmulatorControl, disk: SmallDisk, open_panel: OpenPanel) -> Iterator[Panel]:
    """The panel of a server that runs on an instance with that disk."""
    own = disk.environment(OWN)
    with open_panel(azure, *disk.arguments, home=disk.path, **own) as panel:
        expect(panel.row(OWN)).to_be_visible()
        yield panel


def meter(panel: Panel, level: str) -> Locator:
    """The status bar, when its meter says so."""
    bar = panel.page.locator("#jp-bottom-panel")
    panel.refresh()
    expect(bar.get_by_role("button", name=re.compile("free"))).to_contain_text(level)
    return bar


def test_draw_the_figures(panel: Panel, disk: SmallDisk, open_sheet: OpenSheet) -> None:
    levels = {
        "ok": disk.low_bytes + 50 * MB,
        "low": disk.critical_bytes + 20 * MB,
        "critically low": disk.critical_bytes - 20 * MB,
    }
    with open_sheet("disk") as sheet:
        for level, available in levels.items():
            disk.fill(disk.path / f"fills-{available}.bin", until_available=available)
            bar = meter(panel, "free" if level == "ok" else level)
            draw_panel(sheet, panel, level)
            draw_themes(sheet, panel, bar, f"meter, {level}")
        draw_themes(sheet, panel, panel.page, "in JupyterLab")


def test_draw_what_fills_it(panel: Panel, disk: SmallDisk, open_sheet: OpenSheet) -> None:
    for name, megabytes in {
        "notebooks/training/images.tar": 90,
        "notebooks/training/labels.parquet": 25,
        "notebooks/a-name-that-is-much-longer-than-there-is-room-for-in-a-column.bin": 15,
        "cache/pip/http-v2/0/wheel": 60,
        "cache/huggingface/hub/models--gpt/blobs/weights": 80,
        "share/Trash/files/old.bin": 30,
        "notebooks/Messdaten der Rechtsschutzversicherung/分析.csv": 10,
    }.items():
        file = disk.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"\1" * megabytes * MB)
    (disk.path / "share" / "Trash" / "info").mkdir()
    (disk.path / "share" / "Trash" / "info" / "old.bin.trashinfo").write_text(
        "[Trash Info]\nPath=/old.bin\nDeletionDate=2026-11-01T10:00:00\n"
    )
    with open_sheet("disk-usage") as sheet:
        panel.lab.execute("ci-manager:open-disk-usage")
        usage = panel.lab.main_area_tab("Disk usage")
        scan = usage.get_by_role("button", name=re.compile("^Scan"))
        expect(scan).to_be_visible()
        draw_themes(sheet, panel, usage, "before the first scan")
        scan.click()
        expect(usage.get_by_role("row").nth(2)).to_be_visible()
        draw_themes(sheet, panel, usage, "scanned")
        usage.get_by_role("row").filter(has_text="notebooks").dblclick()
        expect(usage.get_by_role("row").filter(has_text="training")).to_be_visible()
        draw_themes(sheet, panel, usage, "a folder")
        panel.page.set_viewport_size({"width": 800, "height": 900})
        draw_themes(sheet, panel, usage, "a folder, narrow")
        panel.page.set_viewport_size({"width": 1280, "height": 960})

    with open_sheet("cleanup") as sheet:
        panel.root.get_by_role("button", name="Clean up…").click()
        cleanup = CleanupDialog(panel.lab)
        expect(cleanup.steps.first).to_be_visible()
        draw_themes(sheet, panel, dialog_of(panel), "plan")
        cleanup.steps.first.get_by_text("What runs").click()
        draw_themes(sheet, panel, dialog_of(panel), "what runs")
        cleanup.steps.first.get_by_role("checkbox").check()
        cleanup.clean_up.click()
        expect(cleanup.root).to_contain_text(re.compile("MB freed"))
        draw_themes(sheet, panel, dialog_of(panel), "done")
        cleanup.done.click()


def test_draw_the_stops_at_risk(
    panel: Panel, azure: EmulatorControl, disk: SmallDisk, open_sheet: OpenSheet
) -> None:
    disk.fill(disk.path / "full.bin", until_available=disk.critical_bytes - 20 * MB)
    azure.leave_on_disk(OWN, 0)
    azure.leave_on_disk("amy-onboarding", 300 * MB)
    with open_sheet("stop-at-risk") as sheet:
        panel.stop_own_machine(OWN)
        held_back = panel.lab.dialog(f"The disk of {OWN} is nearly full")
        expect(held_back).to_be_visible()
        draw_themes(sheet, panel, dialog_of(panel), "held back")
        held_back.get_by_role("button", name="Stop anyway").click()
        expect(panel.lab.dialog("Azure refused")).to_be_visible()
        draw_themes(sheet, panel, dialog_of(panel), "refused by Azure")
        panel.page.keyboard.press("Escape")
        panel.action("amy-onboarding", "Stop").click()
        expect(panel.lab.dialog("The disk of amy-onboarding is nearly full")).to_be_visible()
        draw_themes(sheet, panel, dialog_of(panel), "of another instance")
        panel.page.keyboard.press("Escape")
