"""Names of time zones, ours and Azure's."""

from __future__ import annotations

import pytest

from jupyter_ci_manager.specs.time_zones import (
    iana_name,
    local_time_zone,
    time_zone_names,
    windows_name,
    zone,
)


@pytest.mark.parametrize(
    ("iana", "windows"),
    [
        ("UTC", "UTC"),
        ("Europe/Berlin", "W. Europe Standard Time"),
        ("America/Los_Angeles", "Pacific Standard Time"),
        ("America/New_York", "Eastern Standard Time"),
        ("Asia/Tokyo", "Tokyo Standard Time"),
    ],
)
def test_a_zone_goes_to_azure_and_comes_back(iana: str, windows: str) -> None:
    assert windows_name(iana) == windows
    assert iana_name(windows) == iana
    assert windows_name(windows.upper()) == windows


@pytest.mark.parametrize(
    ("iana", "alike"),
    [
        ("Europe/Vienna", "Europe/Berlin"),
        ("Asia/Kolkata", "Asia/Calcutta"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Etc/UTC", "UTC"),
        ("GMT", "UTC"),
    ],
)
def test_a_zone_that_windows_does_not_know_is_one_whose_clocks_go_alike(
    iana: str, alike: str
) -> None:
    assert windows_name(iana) == windows_name(alike)


def test_every_zone_that_is_offered_has_clocks_and_a_name_that_azure_takes() -> None:
    names = time_zone_names()

    assert len(names) > 300
    assert names[0] == "UTC"
    assert len(set(names)) == len(names)
    for name in names:
        assert zone(name) is not None
        assert zone(windows_name(name) or "") is not None


@pytest.mark.parametrize(
    "name", ["", " ", "../../etc/passwd", "/etc/localtime", "Europe/", "a\0b", "x" * 300, "Nope"]
)
def test_what_is_no_zone_is_none(name: str) -> None:
    assert zone(name) is None
    assert windows_name(name) is None


@pytest.mark.parametrize(
    ("setting", "expected"), [("Europe/Vienna", "Europe/Vienna"), ("UTC", "UTC"), ("XYZ", "UTC")]
)
def test_the_zone_of_this_machine_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, setting: str, expected: str
) -> None:
    monkeypatch.setenv("TZ", setting)

    assert local_time_zone() == expected
