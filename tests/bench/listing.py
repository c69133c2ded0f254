"""Listing instances through our HTTP API, against the bare SDK on the same emulator."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import msgspec

from jupyter_ci_manager.instances.credentials import emulator_credential
from jupyter_ci_manager.instances.snapshot import REFRESH_SPACING_SECONDS
from jupyter_ci_manager.instances.wire.workspace import workspace_from_id
from jupyter_ci_manager.models import InstanceList
from scripts.lab import Emulator, JupyterLab, emulator, jupyter_lab

from .report import Figure, Report, log_file, milliseconds

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

COUNTS = (10, 100, 1000, 5000)
ROUNDS = {10: 15, 100: 15, 1000: 7, 5000: 3}
PROMISED_RATIO = 1.3


async def _timed(action: Callable[[], Awaitable[int]], expected: int) -> float:
    began = time.perf_counter()
    found = await action()
    seconds = time.perf_counter() - began
    if found != expected:
        raise RuntimeError(f"{found} instances were listed, {expected} exist.")
    return seconds


async def _sdk_list(client: Any, workspace_id: str) -> int:
    workspace = workspace_from_id(workspace_id)
    if workspace is None:
        raise RuntimeError("The emulator's workspace has no ARM id.")
    count = 0
    async for _ in client.compute.list(workspace.resource_group, workspace.name):
        count += 1
    return count


async def _measure(azure: Emulator, lab: JupyterLab, count: int) -> Figure:
    from azure.mgmt.machinelearningservices.aio import MachineLearningServicesMgmtClient

    credential = emulator_credential()
    client = MachineLearningServicesMgmtClient(
        cast("AsyncTokenCredential", credential),
        azure.workspace.split("/")[2],
        base_url=azure.url,
        credential_scopes=[f"{azure.url}/.default"],
        per_call_policies=credential.policies(),
    )
    async with client, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"token {lab.token}"}
        url = f"{lab.base_url}ci-manager/instances?limit=5000&refresh=1"

        async def api() -> int:
            async with session.get(url, headers=headers) as response:
                body = await response.read()
            return len(msgspec.json.decode(body, type=InstanceList).items)

        await api()
        expected = await _sdk_list(client, azure.workspace)
        api_times, sdk_times = [], []
        for _ in range(ROUNDS[count]):
            # Within a second of the last list, ours would be answered from it.
            await asyncio.sleep(REFRESH_SPACING_SECONDS + 0.05)
            api_times.append(await _timed(api, count))
            sdk_times.append(await _timed(lambda: _sdk_list(client, azure.workspace), expected))
    ratio = statistics.median(
        mine / theirs for mine, theirs in zip(api_times, sdk_times, strict=True)
    )
    promised = count == 1000
    return Figure(
        f"{count} instances",
        milliseconds(api_times),
        f"SDK {milliseconds(sdk_times)}",
        f"{ratio:.2f}",
        f"< {PROMISED_RATIO}" if promised else "",
        ratio < PROMISED_RATIO if promised else None,
    )


def run() -> Report:
    """One emulator and one server for each number of instances."""
    report = Report("Listing instances through the API")
    for count in COUNTS:
        with (
            tempfile.TemporaryDirectory() as folder,
            log_file(folder) as log,
            emulator(arguments=["--instances", str(count)], log=log) as azure,
            jupyter_lab(azure, home=Path(folder), log=log) as lab,
        ):
            report.add(asyncio.run(_measure(azure, lab, count)))
    report.notes.append(
        "Ours: request → Jupyter server → SDK pipeline → emulator, all pages, as JSON, decoded. "
        "Reference: `compute.list` of the SDK's asyncio client in this process, iterated."
    )
    return report
