"""A spec in other languages, as a browser asks for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator, Fault

from .conftest import Ask


async def test_the_four_languages_name_the_workspace(azure: Emulator, ask: Ask) -> None:
    answer = await ask("POST", "specs/code", {"spec": {"name": "amy-ci", "vm_size": "S"}})

    assert answer.status == 200
    assert [each["kind"] for each in answer.json["items"]] == ["arm", "az", "sdk", "magic"]
    arm, az, sdk, _ = answer.json["items"]
    template = json.loads(arm["files"][0]["text"])
    assert template["parameters"]["workspaceName"]["defaultValue"] == "ml-workspace"
    assert template["parameters"]["location"]["defaultValue"] == "westeurope"
    assert "--workspace-name ml-workspace" in az["command"]
    assert "workspace_name='ml-workspace'" in sdk["files"][0]["text"]


async def test_without_azure_the_workspace_is_named_all_the_same(azure: Emulator, ask: Ask) -> None:
    azure.faults.add(Fault(times=100, status=503))

    answer = await ask("POST", "specs/code", {"spec": {}})

    assert answer.status == 200
    template = json.loads(answer.json["items"][0]["files"][0]["text"])
    assert template["parameters"]["workspaceName"]["defaultValue"] == "ml-workspace"
    assert template["parameters"]["location"]["defaultValue"] == "[resourceGroup().location]"


@pytest.mark.parametrize("depth", [20, 400, 800])
async def test_what_cannot_be_written_down_is_refused(
    azure: Emulator, ask: Ask, depth: int
) -> None:
    value: Any = []
    for _ in range(depth):
        value = [value]
    body = json.dumps({"spec": {"more": {"a": value}}}).encode()

    answer = await ask("POST", "specs/code", raw=body)

    assert answer.status == 400
    assert answer.error.code in ("NestedTooDeeply", "BadRequest")
