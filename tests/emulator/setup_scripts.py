"""Bodies of requests with setup scripts, and how long it takes until one has ended."""

from __future__ import annotations

import base64
from typing import Any

from tests.emulator.arm_client import ArmClient


def inline(text: str, **options: str) -> dict[str, Any]:
    """A script that comes with the request."""
    data = base64.b64encode(text.encode()).decode()
    return {"scriptSource": "inline", "scriptData": data, **options}


def stored(path: str, **options: str) -> dict[str, Any]:
    """A script of the share."""
    return {"scriptSource": "workspaceStorage", "scriptData": path, **options}


def setup_scripts(
    *, creation: dict[str, Any] | None = None, startup: dict[str, Any] | None = None
) -> dict[str, Any]:
    """``setupScripts`` of an instance."""
    scripts = {"creationScript": creation, "startupScript": startup}
    return {"scripts": {name: script for name, script in scripts.items() if script}}


async def look(arm: ArmClient, name: str = "my-ci") -> dict[str, Any]:
    """``properties.properties`` of an instance."""
    answer = await arm("GET", f"computes/{name}")
    assert answer.status == 200, answer.body
    properties: dict[str, Any] = answer.json["properties"]["properties"]
    return properties


async def state(arm: ArmClient, name: str = "my-ci") -> str:
    return str((await look(arm, name))["state"])
