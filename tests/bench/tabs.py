"""What Azure is asked while twenty tabs look at the panel for a minute, against what one tab asks.

Each tab is a client that does what the panel's poll does: it asks again when the answer says so.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import aiohttp
import msgspec

from jupyter_ci_manager.models import InstanceList
from scripts.lab import Emulator, JupyterLab, emulator, jupyter_lab

from .report import Figure, Report, log_file

SECONDS = 60.0
TABS = 20


async def _tab(session: aiohttp.ClientSession, lab: JupyterLab, until: float) -> int:
    loop = asyncio.get_running_loop()
    asked = 0
    while loop.time() < until:
        async with session.get(f"{lab.base_url}ci-manager/instances?limit=5000") as response:
            answer = msgspec.json.decode(await response.read(), type=InstanceList)
        asked += 1
        await asyncio.sleep(max(0.5, answer.refresh_after_seconds))
    return asked


async def _look(lab: JupyterLab, azure: Emulator, tabs: int) -> tuple[int, int]:
    """How often the tabs asked our server, and our server Azure."""
    headers = {"Authorization": f"token {lab.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        until = asyncio.get_running_loop().time() + SECONDS
        asked = await asyncio.gather(*(_tab(session, lab, until) for _ in range(tabs)))
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{azure.url}/emulator/requests", params={"method": "GET", "path": "/computes$"}
        ) as response,
    ):
        lists: int = (await response.json())["count"]
    return sum(asked), lists


def _run(tabs: int) -> tuple[int, int]:
    with (
        tempfile.TemporaryDirectory() as folder,
        log_file(folder) as log,
        emulator(arguments=["--instances", "20"], log=log) as azure,
        jupyter_lab(
            azure,
            home=Path(folder),
            # A quick pace, so that a minute has many questions in it.
            arguments=["--CiManagerApp.poll_seconds=2"],
            log=log,
        ) as lab,
    ):
        return asyncio.run(_look(lab, azure, tabs))


def run() -> Report:
    """A minute with one tab, then a minute with twenty."""
    one_asked, one_list = _run(1)
    asked, lists = _run(TABS)
    ratio = lists / max(1, one_list)
    report = Report("Twenty tabs for a minute")
    report.add(
        Figure(
            "lists that Azure was asked for",
            f"{lists} with {TABS} tabs",
            f"{one_list} with one tab",
            f"{ratio:.2f}",
            "as one tab's (< 1.1)",
            ratio < 1.1,
        )
    )
    report.add(Figure("lists that our server was asked for", str(asked), str(one_asked), "", ""))
    report.notes.append("Poll interval 2 s instead of 30 s, 20 instances, nothing changing.")
    return report
