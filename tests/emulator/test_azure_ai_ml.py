"""The unmodified azure-ai-ml package, in an environment of its own, against the emulator."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from jupyter_ci_manager.emulator import Emulator

PYTHON = os.environ.get("AZURE_AI_ML_PYTHON")
LIFECYCLE = Path(__file__).with_name("azure_ai_ml_lifecycle.py")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        PYTHON is None,
        reason="AZURE_AI_ML_PYTHON names no Python that has azure-ai-ml; `make test` makes one",
    ),
]


async def test_azure_ai_ml_drives_an_instance_from_create_to_delete() -> None:
    async with Emulator(speed=600) as emulator:
        segments = emulator.workspace_id.split("/")
        process = await asyncio.create_subprocess_exec(
            str(PYTHON),
            str(LIFECYCLE),
            *(segments[2], segments[4], segments[8]),
            env={**os.environ, "ARM_CLOUD_METADATA_URL": f"{emulator.url}/metadata/endpoints"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            output, errors = await asyncio.wait_for(process.communicate(), 60)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    assert process.returncode == 0, errors.decode()
    seen = json.loads(output)
    assert seen == {
        "list_sizes": [len(emulator.state.region.sizes.all()), 4],
        "list_usage": {"standardDSv2Family": [10, 100], "standardNCADSA100v4Family": [0, 0]},
        "create": ["life-of-ci", "Running", "STANDARD_DS3_V2"],
        "get": {
            "state": "Running",
            "size": "STANDARD_DS3_V2",
            "tags": {"made-by": "azure-ai-ml"},
            "description": "Made by azure-ai-ml",
            "idle": "PT30M",
            "schedules": 1,
            "last_operation": "Create",
            "applications": ["Jupyter", "Jupyter Lab"],
            "provisioning_state": "Succeeded",
        },
        "list": sorted(
            [*(each.name for each in emulator.workspace.computes.instances()), "life-of-ci"]
        ),
        "stop": "Stopped",
        "start": "Running",
        "restart": "Running",
        "start when running": "StartComputeInstanceOnlyAllowedInStoppedState",
        "delete": "ComputeNotFound",
    }
    computes = f"{emulator.workspace_id}/computes/life-of-ci"
    for method, path in [
        ("PUT", f"{computes}$"),
        ("POST", f"{computes}/stop$"),
        ("POST", f"{computes}/restart$"),
        ("DELETE", f"{computes}$"),
    ]:
        assert emulator.requests.count(method, path) == 1, (method, path)
