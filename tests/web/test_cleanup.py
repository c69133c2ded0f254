"""Cleaning up over HTTP: a plan, chosen steps, the report, and what a hostile body gets."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.disk.cleaning import Home, uri
from tests.web.conftest import Ask, finished


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jp_environ: None) -> Home:
    """The home that the server cleans: nothing of this machine's own is reached."""
    made = Home.made_in(tmp_path)
    for name, value in made.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CONDA_EXE", raising=False)
    return made


async def planned(ask: Ask, *paths: Path) -> dict[str, Any]:
    answer = await ask("POST", "disk/cleanup/plan", {"trash": [uri(path) for path in paths]})
    assert answer.status == 200, answer.body
    plan: dict[str, Any] = answer.json
    return plan


async def test_a_plan_is_made_tried_and_carried_out(home: Home, ask: Ask) -> None:
    home.trashed("old.bin", b"x" * 200_000)
    wheel = home.file(".cache/pip/wheels/demo-1.0-py3-none-any.whl", b"x" * 400_000)
    plan = await planned(ask)
    assert [step["kind"] for step in plan["steps"]] == ["pip_cache_purge", "empty_trash"]
    chosen = {"plan_id": plan["id"], "steps": [step["id"] for step in plan["steps"]]}

    tried = await ask("POST", "disk/cleanup", chosen | {"dry_run": True})
    details = await finished(ask, tried.json)
    assert tried.status == 202
    assert details["operation"]["state"] == "succeeded"
    assert wheel.exists()

    begun = await ask("POST", "disk/cleanup", chosen)
    details = await finished(ask, begun.json)
    report = (await ask("GET", "disk/cleanup")).json["report"]

    assert details["operation"]["kind"] == "disk.cleanup"
    assert details["operation"]["state"] == "succeeded"
    assert report["operation_id"] == begun.json["id"]
    assert [result["state"] for result in report["results"]] == ["succeeded", "succeeded"]
    assert report["bytes_freed"] == sum(result["bytes_freed"] for result in report["results"])
    assert not wheel.exists()
    assert list(home.trash_files.iterdir()) == []


async def test_what_the_tools_print_is_in_the_log_of_the_operation(home: Home, ask: Ask) -> None:
    home.trashed("old.bin", b"x" * 200_000)
    home.file(".cache/pip/wheels/demo-1.0-py3-none-any.whl", b"x" * 400_000)
    plan = await planned(ask)
    chosen = {"plan_id": plan["id"], "steps": [step["id"] for step in plan["steps"]]}
    logs = []
    for dry_run in (True, False):
        begun = await ask("POST", "disk/cleanup", chosen | {"dry_run": dry_run})
        await finished(ask, begun.json)
        logs.append(await ask("GET", f"operations/{begun.json['id']}/log"))
    whole = await ask("GET", f"operations/{begun.json['id']}/log/content")

    assert whole.body == logs[-1].body
    assert f"{begun.json['id']}.log" in whole.headers["Content-Disposition"]
    tried, done = (answer.body.decode() for answer in logs)
    assert [answer.status for answer in logs] == [200, 200]
    assert logs[0].headers["Ci-Log-Next"] == str(len(logs[0].body))
    for text in (tried, done):
        assert "# Downloads and wheels that pip keeps\n$ " in text
        assert " -m pip cache purge " in text
        assert "# Empty the trash\n# s" in text
    assert "# skipped: Would be done: " in tried
    assert "Files removed: " not in tried
    assert "Files removed: 1" in done
    assert "# succeeded" in done


async def test_an_operation_that_is_not_there_has_no_log(ask: Ask) -> None:
    for operation_id in ("0123456789abcdef", "..", "x" * 300):
        answer = await ask("GET", f"operations/{operation_id}/log")
        whole = await ask("GET", f"operations/{operation_id}/log/content")

        assert (whole.status, whole.error.code) == (404, "OperationNotFound")
        assert (answer.status, answer.error.code) == (404, "OperationNotFound")


async def test_files_of_any_name_are_moved_to_the_trash(home: Home, ask: Ask) -> None:
    path = home.file(b"odd \xff\n\xe2\x80\xae.bin")
    plan = await planned(ask, path)
    move = plan["steps"][0]
    assert move["title"].isprintable()

    begun = await ask("POST", "disk/cleanup", {"plan_id": plan["id"], "steps": [move["id"]]})
    await finished(ask, begun.json)

    assert not path.exists()
    assert (home.trash_files / path.name).exists()


async def test_without_a_cleanup_there_is_no_report(ask: Ask) -> None:
    answer = await ask("GET", "disk/cleanup")

    assert (answer.status, answer.json) == (200, {"report": None})


@pytest.mark.parametrize(
    ("trash", "code"),
    [
        (["file:///etc/passwd"], "ProtectedPath"),
        (["file:///"], "ProtectedPath"),
        ([f"file://{sys.prefix}/bin"], "ProtectedPath"),
        (["file:///nowhere"], "InvalidPath"),
        (["file:///home/../etc"], "InvalidPath"),
        (["file:///home/%2e%2e/etc"], "InvalidPath"),
        (["file:///home/x%00y"], "InvalidPath"),
        (["file://other-host/home"], "BadRequest"),
        (["/home"], "BadRequest"),
        ([7], "BadRequest"),
        (["file:///x"] * 1001, "BadRequest"),
        (["file:///" + "x" * 17000], "BadRequest"),
    ],
)
async def test_what_cannot_be_planned_is_refused(ask: Ask, trash: list[Any], code: str) -> None:
    answer = await ask("POST", "disk/cleanup/plan", {"trash": trash})

    assert (answer.status, answer.error.code) == (400, code)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"plan_id": "0" * 16}, 409, "PlanExpired"),
        ({"steps": ["empty_trash-7"]}, 400, "UnknownStep"),
        ({"steps": []}, 400, "BadRequest"),
        ({"steps": ["x" * 65]}, 400, "BadRequest"),
        ({"command": ["rm", "-rf", "/"]}, 400, "BadRequest"),
        ({"dry_run": "no"}, 400, "BadRequest"),
    ],
)
async def test_what_cannot_be_run_is_refused_and_nothing_is_removed(
    home: Home, ask: Ask, changes: dict[str, Any], status: int, code: str
) -> None:
    old = home.trashed("old.bin")
    plan = await planned(ask)
    chosen = {"plan_id": plan["id"], "steps": [plan["steps"][0]["id"]]}

    answer = await ask("POST", "disk/cleanup", chosen | changes)

    assert (answer.status, answer.error.code) == (status, code)
    assert answer.error.hint
    assert old.exists()


async def test_a_running_cleanup_is_cancelled_and_keeps_the_server_answering(
    home: Home, ask: Ask
) -> None:
    begun_file = home.path / "begun"
    home.program(
        "docker",
        f"""
import json, sys, time
words = sys.argv[1:]
if "inspect" in words:
    print(json.dumps("unix:///var/run/docker.sock"))
elif "df" in words:
    print(json.dumps({{"BuildCache": [{{"InUse": "false", "Shared": "false", "Size": "1GB"}}]}}))
elif "info" in words:
    print(json.dumps("/"))
else:
    open({str(begun_file)!r}, "w").close()
    time.sleep(600)
""",
    )
    plan = await planned(ask)
    step = next(step for step in plan["steps"] if step["available"])
    begun = await ask("POST", "disk/cleanup", {"plan_id": plan["id"], "steps": [step["id"]]})
    while not begun_file.exists():  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    asked = time.monotonic()
    again = await ask("POST", "disk/cleanup", {"plan_id": plan["id"], "steps": [step["id"]]})
    assert time.monotonic() - asked < 1

    cancelled = await ask("DELETE", f"operations/{begun.json['id']}")
    details = await finished(ask, begun.json)

    assert (again.status, again.error.code) == (409, "OperationInProgress")
    assert cancelled.status == 204
    assert details["operation"]["state"] == "cancelled"
    report = (await ask("GET", "disk/cleanup")).json["report"]
    assert [result["state"] for result in report["results"]] == ["cancelled"]
