"""Setup scripts over HTTP: the gallery, the lint, dry runs, and the share to find one in."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.script_surroundings import can_run_scripts
from tests.web.conftest import Ask, finished

SCRIPT = "#!/bin/bash\nset -e\necho hello\n"

needs_bash = pytest.mark.skipif(not can_run_scripts(), reason="needs POSIX and bash")


async def test_the_gallery_has_what_somebody_needs_to_begin(ask: Ask) -> None:
    answer = await ask("GET", "setup-scripts")

    assert answer.status == 200
    starters = answer.json["items"]
    assert len(starters) == 7
    for starter in starters:
        assert starter["text"].startswith("#!/bin/bash\n")
        assert starter["title"]
        assert starter["description"].endswith(".")
        assert starter["arguments"]


async def test_a_starter_is_linted_and_saved_to_the_share_and_found_there(
    azure: Emulator, ask: Ask
) -> None:
    (starter, *_) = (await ask("GET", "setup-scripts")).json["items"]

    checked = await ask(
        "POST",
        "setup-scripts/lint",
        {"text": starter["text"], "file_name": "x.sh", "arguments": starter["arguments"]},
    )
    saved = await ask("PUT", "scripts/Users%2Famy%2Fx.sh", {"text": starter["text"]}, encoded=True)
    folder = await ask("GET", "share", params={"folder": "Users/amy"})

    assert (checked.status, checked.json["findings"]) == (200, [])
    assert saved.status == 201
    assert folder.status == 200
    (found,) = [item for item in folder.json["items"] if item["name"] == "x.sh"]
    assert (found["path"], found["kind"]) == ("Users/amy/x.sh", "file")
    assert found["size_bytes"] == len(starter["text"].encode())
    assert (azure.share / found["path"]).read_text() == starter["text"]


async def test_findings_say_where_and_what_to_do(ask: Ask) -> None:
    answer = await ask("POST", "setup-scripts/lint", {"text": "conda activate x\r\n"})

    assert answer.status == 200
    findings = answer.json["findings"]
    assert {"crlf", "no-shebang", "no-set-e", "outside-block", "conda-not-found"} <= {
        finding["code"] for finding in findings
    }
    assert all(finding["line"] == 1 for finding in findings)


@needs_bash
async def test_a_dry_run_is_an_operation_with_a_log(ask: Ask) -> None:
    begun = await ask(
        "POST", "setup-scripts/dry-run", {"text": SCRIPT, "instance": "new-ci", "arguments": "a"}
    )
    details = await finished(ask, begun.json)
    log = await ask("GET", f"operations/{begun.json['id']}/log")

    assert begun.status == 202
    assert begun.json["kind"] == "script.dry_run"
    assert begun.json["cancellable"]
    assert details["operation"]["state"] == "succeeded"
    assert "hello\n[dry run] Script exited with code 0\n" in log.body.decode()
    assert "CI_NAME=new-ci, arguments: a, time-out 15 minutes\n" in log.body.decode()


@needs_bash
async def test_a_dry_run_that_fails_has_a_log_too(ask: Ask) -> None:
    begun = await ask("POST", "setup-scripts/dry-run", {"text": "echo oh no\nexit 4\n"})
    details = await finished(ask, begun.json)

    operation = details["operation"]
    assert operation["state"] == "failed"
    assert operation["error"]["code"] == "DryRunFailed"
    assert operation["error"]["details"]["exit_status"] == "4"
    log = await ask("GET", f"operations/{operation['id']}/log")
    assert "oh no\n" in log.body.decode()


@needs_bash
async def test_a_dry_run_is_followed_and_cancelled(ask: Ask) -> None:
    begun = (await ask("POST", "setup-scripts/dry-run", {"text": "echo ready\nsleep 600\n"})).json
    log = await until_logged(ask, begun["id"], "ready\n")
    another = await ask("POST", "setup-scripts/dry-run", {"text": SCRIPT})

    cancelled = await ask("DELETE", f"operations/{begun['id']}")
    details = await finished(ask, begun)

    assert another.status == 409
    assert another.error.details == {"operation_id": begun["id"]}
    assert cancelled.status in (202, 204)
    assert details["operation"]["state"] == "cancelled"
    rest = await ask("GET", f"operations/{begun['id']}/log", params={"offset": str(len(log))})
    assert rest.body.decode() == "[dry run] Cancelled\n"


async def until_logged(ask: Ask, operation: str, text: str) -> bytes:
    deadline = time.monotonic() + 20
    while True:
        log = await ask("GET", f"operations/{operation}/log")
        if log.status == 200 and text in log.body.decode():
            return log.body
        assert time.monotonic() < deadline, log.body
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "text"),
        (None, "not JSON"),
        ([], "object"),
        ({"text": 3}, "$.text"),
        ({"text": ""}, "$.text"),
        ({"text": " \n"}, "no script"),
        ({"text": "echo\0"}, "no script"),
        ({"text": "x" * (512 * 1024 + 1)}, "$.text"),
        ({"text": SCRIPT, "arguments": 3}, "$.arguments"),
        ({"text": SCRIPT, "arguments": "x" * 4097}, "$.arguments"),
        ({"text": SCRIPT, "arguments": "a\nb"}, "one line"),
        ({"text": SCRIPT, "arguments": "it's"}, "not understood"),
        ({"text": SCRIPT, "instance": "x" * 257}, "$.instance"),
        ({"text": SCRIPT, "instance": "a\nb"}, "do not show"),
        ({"text": SCRIPT, "timeout_minutes": 0}, "$.timeout_minutes"),
        ({"text": SCRIPT, "timeout_minutes": 61}, "$.timeout_minutes"),
        ({"text": SCRIPT, "timeout_minutes": 1.5}, "$.timeout_minutes"),
        ({"text": SCRIPT, "surprise": 1}, "surprise"),
    ],
)
async def test_what_cannot_be_run_is_refused(ask: Ask, body: Any, said: str) -> None:
    answer = await ask("POST", "setup-scripts/dry-run", body)

    assert answer.status == 400
    assert said in answer.error.message
    assert answer.error.hint
    assert (await ask("GET", "operations")).json["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        None,
        {"text": None},
        {"text": "x" * (512 * 1024 + 1)},
        {"text": "", "file_name": "x" * 1025},
        {"text": "", "file_name": 1},
        {"text": "", "arguments": "x" * 4097},
        {"text": "", "surprise": 1},
    ],
)
async def test_what_cannot_be_linted_is_refused(ask: Ask, body: Any) -> None:
    assert (await ask("POST", "setup-scripts/lint", body)).status == 400


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": "\0"},
        {"text": "\x00\x01\x02" * 1000, "file_name": "", "arguments": ""},
        {"text": "\u202e\u0000\U0001f600"},
        {"text": "<script>alert(1)</script>", "file_name": "../../x.sh"},
        {"text": "#!/bin/bash\n" + "((" * 50_000},
        {"text": "cat <<EOF\n" * 10_000},
    ],
)
async def test_any_text_is_linted_in_time(ask: Ask, body: Any) -> None:
    began = time.monotonic()

    answer = await ask("POST", "setup-scripts/lint", body, request_timeout=30)

    assert answer.status == 200
    assert answer.json["findings"]
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "folder", ["..", "/etc", "Users/../..", "Users//x", "Users\\x", "Users/\n", "x" * 300]
)
async def test_the_share_is_not_left(ask: Ask, folder: str) -> None:
    answer = await ask("GET", "share", params={"folder": folder})

    assert (answer.status, answer.error.code) == (400, "InvalidLogName")


async def test_a_folder_that_is_not_there_is_a_404(ask: Ask) -> None:
    answer = await ask("GET", "share", params={"folder": "Users/nobody"})

    assert (answer.status, answer.error.code) == (404, "ScriptNotFound")
    assert answer.error.hint


@needs_bash
async def test_a_script_cannot_reach_the_token_of_the_server(
    ask: Ask, jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_TOKEN", "the-servers-token")
    begun = await ask("POST", "setup-scripts/dry-run", {"text": "env\n"})
    await finished(ask, begun.json)

    log = (await ask("GET", f"operations/{begun.json['id']}/log")).body.decode()
    assert "CI_NAME=" in log
    assert "the-servers-token" not in log
    assert jp_serverapp.identity_provider.token not in log
