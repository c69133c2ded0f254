"""Long and foreign texts, narrow panels, large letters: nothing is pushed out of the panel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.emulator_control import EmulatorControl
from tests.browser.panel import NARROW_PIXELS, Panel

pytestmark = pytest.mark.browser

LONGEST = "Wissenschaftlerarbeits24"
JAPANESE = "データサイエンティスト向けの分析用コンピューティングインスタンス"

# What sticks out of the panel at its side: elements whose right edge is beyond the panel's.
STICKING_OUT = """panel => {
    const edge = panel.getBoundingClientRect().right + 0.5;
    const scrolls = [panel, ...panel.querySelectorAll('*')]
        .filter(each => each.scrollWidth > each.clientWidth + 1
            && ['auto', 'scroll'].includes(getComputedStyle(each).overflowX))
        .map(each => `scrolls: ${each.className}`);
    const out = [...panel.querySelectorAll('button, input, .jp-ci-name, .jp-ci-second, p')]
        .filter(each => each.getBoundingClientRect().right > edge)
        .map(each => `sticks out: ${each.outerHTML}`);
    return [...scrolls, ...out];
}"""


@pytest.fixture(scope="module")
def azure(shared_azure: EmulatorControl) -> Iterator[EmulatorControl]:
    """The emulator of a team that likes long names and writes in its own languages."""
    shared_azure.create(LONGEST, description=JAPANESE)
    shared_azure.create("a" * 24, description="Rechtsschutzversicherungsgesellschaften" * 3)
    with shared_azure.kept():
        yield shared_azure
    shared_azure.restore()


@pytest.mark.parametrize("width", [200, NARROW_PIXELS, 500, 900])
def test_long_names_stay_within_the_panel(panel: Panel, width: int) -> None:
    expect(panel.row(LONGEST)).to_be_visible()
    panel.lab.set_sidebar_width(width)
    assert panel.root.evaluate(STICKING_OUT) == []
    panel.picture(f"layout-{width}")


def test_failures_with_long_words_stay_within_the_panel(
    panel: Panel, azure: EmulatorControl
) -> None:
    azure.fail(
        f"/computes/{LONGEST}/stop$",
        method="POST",
        status=409,
        code="ComputeInstanceDiskFull",
        message=f"/subscriptions/{'a1b2c3d4-' * 12}/{JAPANESE}",
    )
    panel.action(LONGEST, "Stop").click()
    expect(panel.operation(f"Stop {LONGEST}")).to_contain_text(JAPANESE)
    azure.fail("/computes$", status=403, message="Nichtdelegationsfähigkeit" * 6, times=1000)
    panel.refresh()
    expect(panel.banner).to_be_visible()
    assert panel.root.evaluate(STICKING_OUT) == []
    panel.picture("layout-failures")


def test_twice_the_size_of_everything_leaves_the_panel_usable(panel: Panel) -> None:
    page = panel.page
    # What the browser's zoom of 200 % comes to: half as many pixels, each twice as large.
    page.set_viewport_size({"width": 640, "height": 400})
    try:
        panel.lab.set_sidebar_width(NARROW_PIXELS)
        assert panel.root.evaluate(STICKING_OUT) == []
        panel.picture("layout-zoomed")
        expect(panel.action("amy-notebooks", "Stop")).to_be_visible()
        dialog = panel.new_instance()
        expect(dialog.create).to_be_in_viewport()
        expect(dialog.name).to_be_in_viewport()
        panel.picture("layout-zoomed-create")
        dialog.cancel.click()
    finally:
        page.set_viewport_size({"width": 1280, "height": 800})


def test_larger_interface_letters_leave_the_panel_usable(panel: Panel) -> None:
    panel.page.evaluate("document.body.style.setProperty('--jp-ui-font-size1', '20px')")
    panel.page.evaluate("document.body.style.setProperty('--jp-ui-font-size0', '17px')")
    assert panel.root.evaluate(STICKING_OUT) == []
    first, second = (panel.rows.nth(index).bounding_box() for index in (0, 1))
    assert first is not None
    assert second is not None
    assert second["y"] >= first["y"] + first["height"] - 0.5
    panel.picture("layout-larger-letters")
    panel.page.evaluate("document.body.removeAttribute('style')")


def test_the_details_show_a_description_in_japanese_as_it_was_written(panel: Panel) -> None:
    panel.row(LONGEST).dblclick()
    details = panel.lab.main_area_tab(LONGEST)
    expect(details).to_contain_text(JAPANESE)
    panel.picture("layout-details")
