"""``GET disk`` of a real server, on the real disks of this machine."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyter_ci_manager.models import DiskStatus
from tests.disk.mounting import fill, tmpfs
from tests.web.conftest import Ask

MUCH = 2**53


@pytest.fixture(autouse=True)
def nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI_NAME", raising=False)


async def status_of(ask: Ask) -> DiskStatus:
    answer = await ask("GET", "disk")
    assert answer.status == 200
    return msgspec.json.decode(answer.body, type=DiskStatus)


async def test_the_disks_of_this_machine_are_told_with_the_os_disk_first(ask: Ask) -> None:
    status = await status_of(ask)

    os_disk = status.filesystems[0]
    assert "os" in os_disk.roles
    assert os_disk.total_bytes == shutil.disk_usage("/").total
    assert (os_disk.warn_below_bytes, os_disk.critical_below_bytes) == (5 * 10**9, 10**9)
    assert os_disk.hold_back_below_bytes == 5 * 10**9
    assert status.instance is None
    assert status.machine != "compute_instance"


async def test_a_compute_instance_knows_its_name(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_NAME", "amy-ci")

    status = await status_of(ask)

    assert (status.machine, status.instance) == ("compute_instance", "amy-ci")


@pytest.mark.parametrize(
    ("ci_manager_config", "level"),
    [
        ({"disk_warn_bytes": MUCH}, "warn"),
        ({"disk_critical_bytes": MUCH}, "critical"),
        ({"disk_warn_bytes": 0, "disk_critical_bytes": 0}, "ok"),
    ],
)
async def test_the_administrators_thresholds_decide_the_level(ask: Ask, level: str) -> None:
    status = await status_of(ask)

    assert status.filesystems[0].level == level
    assert (status.filesystems[0].reason is None) == (level == "ok")


async def test_a_temporary_disk_that_fills_is_critical_until_it_has_room(
    ask: Ask, jp_serverapp: Any, small_disk: Path
) -> None:
    filler = fill(small_disk, leave_bytes=500_000)
    full = await status_of(ask)
    filler.unlink()
    empty = await status_of(ask)

    levels = [
        {each.mount_point: each.level for each in status.filesystems} for status in (full, empty)
    ]
    assert [each[str(small_disk)] for each in levels] == ["critical", "ok"]
    assert (full.level, empty.level) == ("critical", "ok")


@pytest.fixture
def small_disk(tmp_path: Path) -> Any:
    with tmpfs(tmp_path / "mnt", size="4m") as disk:
        yield disk


@pytest.fixture
def ci_manager_config(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    return (
        {
            "disk_warn_bytes": 0,
            "disk_critical_bytes": 0,
            "temporary_disk": str(tmp_path / "mnt"),
            "temporary_disk_critical_bytes": 1_000_000,
        }
        if "small_disk" in request.fixturenames
        else {}
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "disk?path=/etc"),
        ("GET", "disk?%00=%ff"),
        ("GET", "disk/"),
        ("GET", "disk/%2e%2e/%2e%2e/etc"),
        ("POST", "disk"),
        ("DELETE", "disk"),
        ("PUT", "disk"),
    ],
)
async def test_nothing_that_is_sent_along_makes_it_fail(ask: Ask, method: str, path: str) -> None:
    answer = await ask(method, path, raw=b"\xff" if method != "GET" else None)

    assert answer.status == 200 or 400 <= answer.status < 500
    if answer.status == 200:
        msgspec.json.decode(answer.body, type=DiskStatus)
    else:
        assert answer.error.message
