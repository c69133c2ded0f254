"""Scanning a disk over HTTP: a person sees what fills it, and a bad request starts nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.disk.scanning import du, file, needs_linux
from tests.web.conftest import Ask, finished


@needs_linux
async def test_a_scan_is_started_followed_and_read(ask: Ask, tmp_path: Path) -> None:
    root = tmp_path / "scanned"
    file(root / "a" / "large", 2_000_000)
    before = (await ask("GET", "disk/scan")).json

    started = await ask("POST", "disk/scan", {"root": str(root)})
    details = await finished(ask, started.json)
    status = (await ask("GET", "disk/scan")).json

    assert before == {"operation_id": None, "result": None, "changes": []}
    assert started.status == 202
    assert started.json["kind"] == "disk.scan"
    assert details["operation"]["state"] == "succeeded"
    assert status["result"]["bytes"] == du(root)
    assert status["result"]["tree"]["children"][0]["name"] == "a"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"root": "relative"}, "InvalidPath"),
        ({"root": "../.."}, "InvalidPath"),
        ({"root": "/no/such/folder"}, "InvalidPath"),
        ({"root": __file__}, "InvalidPath"),
        ({"root": "/\u0000"}, "InvalidPath"),
        ({"root": "/" + "a" * 4000}, "InvalidPath"),
        ({"root": "/" + "a" * 4096}, "BadRequest"),
        ({"root": "file:///%00"}, "InvalidPath"),
        ({"root": ""}, "BadRequest"),
        ({"root": 3}, "BadRequest"),
        ({"root": "/", "depth": 3}, "BadRequest"),
        ([], "BadRequest"),
    ],
)
async def test_what_cannot_be_scanned_is_refused_and_starts_nothing(
    ask: Ask, body: Any, code: str
) -> None:
    answer = await ask("POST", "disk/scan", body)

    assert (answer.status, answer.error.code) == (400, code)
    assert answer.error.hint
    assert (await ask("GET", "operations")).json["items"] == []
