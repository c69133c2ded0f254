from __future__ import annotations

import base64
import json
from typing import Any

import msgspec
import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import InvalidSetupScript, ScriptNotFound
from jupyter_ci_manager.instances.wire.compute import instance_from_arm, scripts_of_resource
from jupyter_ci_manager.models import ScriptOutcome, SetupScript, SetupScripts
from jupyter_ci_manager.services import Services
from tests.builders import changes_asked_of, ended, spec

TEXT = "#!/bin/bash\necho 'grüß dich' $1\n"
INLINE = SetupScript("inline", TEXT, arguments="--with spark", timeout_minutes=25)
STORED = SetupScript("workspaceStorage", "Users/amy/start.sh")


def stored(azure: Emulator, path: str = "Users/amy/start.sh") -> None:
    script = azure.share / path
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(TEXT)


async def test_the_scripts_that_were_asked_for_are_what_azure_gets_and_shows(
    azure: Emulator, services: Services
) -> None:
    stored(azure)
    asked = SetupScripts(creation=INLINE, startup=STORED)

    await ended(services, await services.instances.create(spec(setup_scripts=asked)))

    details = await services.instances.details("new-ci")
    assert details.resource["properties"]["properties"]["setupScripts"]["scripts"] == {
        "creationScript": {
            "scriptSource": "inline",
            "scriptData": base64.b64encode(TEXT.encode()).decode(),
            "scriptArguments": "--with spark",
            "timeout": "25m",
        },
        "startupScript": {
            "scriptSource": "workspaceStorage",
            "scriptData": "Users/amy/start.sh",
        },
    }
    assert details.setup_scripts == asked


async def test_an_instance_without_scripts_has_none(services: Services) -> None:
    await ended(services, await services.instances.create(spec(setup_scripts=SetupScripts())))

    assert (await services.instances.details("new-ci")).setup_scripts is None


@pytest.mark.parametrize(
    "script",
    [
        SetupScript("inline", " \n\t"),
        SetupScript("inline", "echo\0"),
        SetupScript("workspaceStorage", "/start.sh"),
        SetupScript("workspaceStorage", "https://example.com/start.sh"),
        SetupScript("workspaceStorage", "../start.sh"),
        SetupScript("inline", "echo", arguments="one\ntwo"),
        SetupScript("inline", "echo", arguments="a\x1b[31m"),
    ],
)
@pytest.mark.parametrize("phase", ["creation", "startup"])
async def test_a_script_that_no_instance_could_run_is_refused_and_nothing_is_sent(
    azure: Emulator, services: Services, script: SetupScript, phase: str
) -> None:
    with pytest.raises(InvalidSetupScript, match=phase):
        await services.instances.create(spec(setup_scripts=SetupScripts(**{phase: script})))

    assert changes_asked_of(azure) == 0


async def test_a_script_that_is_not_in_the_share_is_missed_before_minutes_are_spent(
    azure: Emulator, services: Services
) -> None:
    asked = spec(setup_scripts=SetupScripts(startup=STORED))
    with pytest.raises(ScriptNotFound, match=r"Users/amy/start\.sh is not in the notebook share"):
        await services.instances.create(asked)
    assert changes_asked_of(azure) == 0

    stored(azure)
    assert (await services.instances.create(asked)).state == "queued"


async def test_who_cannot_look_into_the_share_may_still_create(
    azure: Emulator, services: Services
) -> None:
    azure.storage.access.network_allowed = False

    operation = await services.instances.create(spec(setup_scripts=SetupScripts(startup=STORED)))

    assert operation.state == "queued"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ({"scriptSource": "Inline", "scriptData": "ZWNobw=="}, SetupScript("inline", "echo")),
        ({"scriptSource": "inline", "scriptData": "no base64"}, SetupScript("inline", "no base64")),
        (
            {"scriptSource": "inline", "scriptData": "/w=="},
            SetupScript("inline", "\N{REPLACEMENT CHARACTER}"),
        ),
        (
            {"scriptSource": "workspacestorage", "scriptData": "a.sh", "timeout": "90s"},
            SetupScript("workspaceStorage", "a.sh", timeout_minutes=2),
        ),
        (
            {"scriptData": "a.sh", "scriptArguments": "", "timeout": "2H"},
            SetupScript("workspaceStorage", "a.sh", timeout_minutes=120),
        ),
        (
            {"scriptSource": "workspaceStorage", "scriptData": "a.sh", "timeout": "soon"},
            SetupScript("workspaceStorage", "a.sh"),
        ),
        ({"scriptSource": "inline", "scriptData": None}, None),
        (None, None),
    ],
)
def test_scripts_are_shown_as_far_as_they_can_be_understood(
    reference: Any, expected: SetupScript | None
) -> None:
    scripts = {"scripts": {"creationScript": reference}}

    found = scripts_of_resource(resource("Running", setupScripts=scripts))

    assert found == (SetupScripts(creation=expected) if expected else None)


@pytest.mark.parametrize("scripts", [None, {}, {"scripts": None}, [], "x", {"scripts": [1]}])
def test_scripts_that_cannot_be_understood_hide_no_instance(scripts: Any) -> None:
    raw = resource("Running", setupScripts=scripts)

    assert scripts_of_resource(raw) is None
    instance = instance_from_arm(msgspec.json.encode(raw), None)
    assert instance is not None
    assert instance.state == "Running"


CREATION = {"scripts": {"creationScript": {"scriptSource": "inline", "scriptData": "ZWNobw=="}}}
BOTH = {"scripts": {**CREATION["scripts"], "startupScript": CREATION["scripts"]["creationScript"]}}
FAILED = 'failed with error "Script exited with code 3. Please see the setup logs for details."'
TOO_LONG = 'failed with error "Script timed out after 15m. Please see the setup logs."'


@pytest.mark.parametrize(
    ("state", "scripts", "operation", "message", "expected"),
    [
        ("Running", CREATION, "Create", None, ScriptOutcome("creation", "unknown")),
        ("Stopped", CREATION, "Stop", None, None),
        ("Running", None, "Create", "something else went wrong", None),
        ("SettingUp", CREATION, "Create", None, ScriptOutcome("creation", "running")),
        ("SettingUp", None, "Create", None, None),
        ("UserSettingUp", BOTH, "Start", None, ScriptOutcome("startup", "running")),
        ("SetupFailed", CREATION, "Create", FAILED, ScriptOutcome("creation", "failed", 3)),
        ("UserSetupFailed", BOTH, "Restart", None, ScriptOutcome("startup", "failed")),
        ("SetupFailed", None, "Create", TOO_LONG, ScriptOutcome("creation", "timed_out")),
        # It hides behind an instance that runs.
        (
            "Running",
            BOTH,
            "Start",
            "The user script setup failed: Script exited with code 127.",
            ScriptOutcome("startup", "failed", 127),
        ),
    ],
)
def test_what_azure_says_of_a_script_is_told_at_once(
    state: str, scripts: Any, operation: str, message: str | None, expected: ScriptOutcome | None
) -> None:
    raw = resource(
        state,
        setupScripts=scripts,
        lastOperation={"operationName": operation, "operationStatus": "Succeeded"},
        errors=[{"error": {"code": "Failed", "message": message}}] if message else [],
    )

    instance = instance_from_arm(json.dumps(raw).encode(), None)

    assert instance is not None
    assert instance.script_outcome == expected


def resource(state: str, **properties: Any) -> dict[str, Any]:
    return {
        "name": "amy",
        "properties": {
            "computeType": "ComputeInstance",
            "properties": {"state": state, **properties},
        },
    }
