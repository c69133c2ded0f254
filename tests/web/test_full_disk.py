"""A server whose own folder is on a disk with nothing left: a real one, of one megabyte.

Stopping an instance is what somebody with a full disk must be able to do, and nothing that this
extension keeps or logs may be in the way of that, or need more of the disk.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jupyter_ci_manager.app import CiManagerApp
from jupyter_ci_manager.journal import Journal, utc_now
from jupyter_ci_manager.journal_file import connect_file
from tests.disk.mounting import fill, tmpfs
from tests.web.conftest import Ask, finished

STOP = "instances/amy-notebooks/stop"


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    with tmpfs(tmp_path / "full", size="1m") as disk:
        fill(disk)
        yield disk


@pytest.fixture
def ci_manager_config(full_disk: Path) -> dict[str, Any]:
    return {"data_dir": str(full_disk / "ci-manager")}


def contents(disk: Path) -> dict[str, int]:
    """Every file with its blocks."""
    return {
        str(Path(folder, name)): Path(folder, name).stat().st_blocks
        for folder, _, names in os.walk(disk)
        for name in names
    }


async def test_an_instance_is_stopped_and_nothing_is_written(
    ask: Ask, full_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = contents(full_disk)

    asked = await ask("POST", STOP, params={"anyway": "true"})
    assert asked.status == 202, asked.body
    details = await finished(ask, asked.json)
    listed = (await ask("GET", "operations")).json
    figures = (await ask("GET", "disk")).json

    assert details["operation"]["state"] == "succeeded"
    assert [each["id"] for each in listed["items"]] == [details["operation"]["id"]]
    assert "full" in listed["warning"] or "No space" in listed["warning"]
    assert figures["filesystems"][0]["total_bytes"] > 0
    assert sum(contents(full_disk).values()) <= sum(before.values())
    ours = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(ours) <= 1, [each.getMessage() for each in ours]


async def test_what_happened_is_kept_as_soon_as_there_is_room(
    ask: Ask, jp_serverapp: Any, full_disk: Path
) -> None:
    asked = await ask("POST", STOP, params={"anyway": "true"})
    assert asked.status == 202, asked.body
    operation = (await finished(ask, asked.json))["operation"]
    (full_disk / "filler").unlink()

    (extension,) = [
        each
        for apps in jp_serverapp.extension_manager.extension_apps.values()
        for each in apps
        if isinstance(each, CiManagerApp)
    ]
    await extension.stop_extension()

    with closing(connect_file(full_disk / "ci-manager" / "operations-emulator.sqlite")) as file:
        kept = Journal(file, utc_now).listed(active=False)
    assert [(each.id, each.state) for each in kept] == [(operation["id"], "succeeded")]
