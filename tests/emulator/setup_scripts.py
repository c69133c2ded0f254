"""Instances with setup scripts: their requests, waiting until a script has ended, its log."""

from __future__ import annotations

import asyncio
import base64
import time
from typing import Any

from jupyter_ci_manager.emulator import Emulator
from tests.emulator.arm_client import ArmClient, instance_body


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


async def make(arm: ArmClient, *, timeout: str | None = "1d", **scripts: Any) -> None:
    """Create an instance whose scripts have time enough on a busy machine; None: Azure's own."""
    for script in scripts.values():
        if timeout is not None:
            script.setdefault("timeout", timeout)
    body = instance_body(setupScripts=setup_scripts(**scripts))
    assert (await arm("PUT", "computes/my-ci", body)).status == 201


async def until_state(arm: ArmClient, *wanted: str, seconds: float = 20) -> str:
    deadline = time.monotonic() + seconds
    while (now := await state(arm)) not in wanted:
        assert time.monotonic() < deadline, f"still {now}"
        await asyncio.sleep(0.02)
    return now


async def until_ended(arm: ArmClient, seconds: float = 20) -> str:
    return await until_state(arm, "Running", "SetupFailed", seconds=seconds)


def logs(emulator: Emulator) -> list[bytes]:
    """Oldest first."""
    folder = emulator.share / "Logs" / "my-ci"
    return [path.read_bytes() for path in sorted(folder.glob("*"))]


def written(log: bytes) -> list[str]:
    """What the script itself has written."""
    return [line for line in log.decode().splitlines() if not line.startswith("[emulator]")]
