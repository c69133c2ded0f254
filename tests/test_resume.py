"""Real processes, really killed: what one began, the next one ends, and Azure is asked once."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator, ManualClock
from jupyter_ci_manager.instances.lifecycle import KINDS
from jupyter_ci_manager.models import Operation
from jupyter_ci_manager.services import build_services
from tests.builders import configuration, ended, running, until


@pytest.fixture
def azure(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    """An emulator whose time goes on only when it is told to."""
    with running(Emulator(clock=ManualClock(), instances=0), jp_asyncio_loop) as emulator:
        yield emulator


class Server:
    """A process with services of its own, below ``folder``."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def kill(self) -> None:
        self._process.kill()
        await self._process.wait()

    async def told(self) -> list[dict[str, str]]:
        """Everything it told until it ended by itself."""
        output, errors = await asyncio.wait_for(self._process.communicate(), 30)
        assert self._process.returncode == 0, errors.decode()
        return [json.loads(line) for line in output.splitlines()]


@asynccontextmanager
async def server(azure: Emulator, folder: Path, **order: Any) -> AsyncIterator[Server]:
    order |= {"endpoint": azure.url, "workspace": azure.workspace_id, "folder": str(folder)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.processes.create_instance",
        json.dumps(order),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Server(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def phase(folder: Path) -> str | None:
    """How far the operation in the journal has come."""
    path = folder / "data" / "operations-emulator.sqlite"
    if not path.exists():
        return None
    database = sqlite3.connect(path)
    try:
        row = database.execute("SELECT checkpoint FROM operations").fetchone()
    except sqlite3.OperationalError:
        # Its tables are being made.
        return None
    finally:
        database.close()
    return str(json.loads(row[0])["phase"]) if row else None


async def resumed(azure: Emulator, folder: Path) -> list[dict[str, str]]:
    """What the next server tells until the operation has ended."""
    async with server(azure, folder) as next_server:
        telling = asyncio.ensure_future(next_server.told())
        while not telling.done():
            azure.advance(30)
            await asyncio.sleep(0.05)
        return await telling


async def test_killed_before_it_was_sent_it_is_sent_by_the_next_server(
    azure: Emulator, tmp_path: Path
) -> None:
    async with server(azure, tmp_path, create="new-ci", before_sending=True) as first:
        await until(lambda: phase(tmp_path) == "intent")
        await first.kill()
    assert azure.requests.count("PUT") == 0

    told = await resumed(azure, tmp_path)

    assert (told[-1]["state"], told[-1]["message"]) == ("succeeded", "Running")
    assert azure.requests.count("PUT") == 1


async def test_a_server_at_another_cloud_does_not_take_up_what_it_cannot_know(
    azure: Emulator, tmp_path: Path
) -> None:
    async with server(azure, tmp_path, create="new-ci", before_sending=True) as first:
        await until(lambda: phase(tmp_path) == "intent")
        await first.kill()

    elsewhere = build_services(configuration(tmp_path, endpoint="https://management.invalid"))
    await elsewhere.open()
    listed = await elsewhere.operations.list()
    await elsewhere.close()

    assert listed.items == []
    assert (await resumed(azure, tmp_path))[-1]["state"] == "succeeded"


async def test_killed_while_the_request_is_under_way_it_is_found_and_not_sent_again(
    azure: Emulator, tmp_path: Path
) -> None:
    azure.add_fault(method="PUT", delay_seconds=1.0)
    async with server(azure, tmp_path, create="new-ci") as first:
        await until(lambda: azure.requests.count("PUT"))
        assert phase(tmp_path) == "sending"
        await first.kill()
    await until(azure.workspace.computes.all)

    told = await resumed(azure, tmp_path)

    assert "The answer was lost; looking what Azure made of it" in [t["message"] for t in told]
    assert (told[-1]["state"], told[-1]["message"]) == ("succeeded", "Running")
    assert azure.requests.count("PUT") == 1


async def test_killed_while_it_was_followed_it_is_followed_by_the_next_server(
    azure: Emulator, tmp_path: Path
) -> None:
    async with server(azure, tmp_path, create="new-ci") as first:
        await until(lambda: phase(tmp_path) == "sent")
        await until(lambda: azure.requests.count("GET", "computeOperation"))
        await first.kill()

    told = await resumed(azure, tmp_path)

    assert len({each["id"] for each in told}) == 1
    assert (told[-1]["state"], told[-1]["message"]) == ("succeeded", "Running")
    assert azure.requests.count("PUT") == 1


async def test_killed_again_and_again_it_still_ends(azure: Emulator, tmp_path: Path) -> None:
    async with server(azure, tmp_path, create="new-ci") as first:
        await until(lambda: phase(tmp_path) == "sent")
        await first.kill()
    for _ in range(2):
        before = azure.requests.count("GET", "computeOperation")
        async with server(azure, tmp_path) as next_server:
            await until(lambda before=before: azure.requests.count("GET", "Operation") > before)  # type: ignore[misc]
            await next_server.kill()

    told = await resumed(azure, tmp_path)

    assert told[-1]["state"] == "succeeded"
    assert azure.requests.count("PUT") == 1


async def test_while_its_server_lives_another_only_looks_and_when_it_dies_takes_over(
    azure: Emulator, tmp_path: Path
) -> None:
    told: list[Operation] = []
    async with server(azure, tmp_path, create="new-ci") as first:
        await until(lambda: phase(tmp_path) == "sent")
        services = build_services(configuration(tmp_path, azure), on_operation=told.append)
        services.operations._renew_seconds = services.operations._watch_seconds = 0.05
        await services.open()
        (operation,) = (await services.operations.list(active=True)).items
        assert services.operations.running == 0

        await first.kill()

    await until(lambda: services.operations.running == 1)
    azure.advance(3600)
    finished = await ended(services, operation)
    await services.close()

    assert (finished.state, finished.message) == ("succeeded", "Running")
    assert told[-1].state == "succeeded"
    assert azure.requests.count("PUT") == 1


async def test_what_another_server_did_is_told_to_those_who_look_here(
    azure: Emulator, tmp_path: Path
) -> None:
    told: list[Operation] = []
    services = build_services(configuration(tmp_path, azure), on_operation=told.append)
    services.operations._watch_seconds = 0.05
    await services.open()
    async with server(azure, tmp_path, create="new-ci") as other:
        await until(lambda: told and azure.requests.count("GET", "computeOperation"))
        azure.advance(3600)
        theirs = await other.told()
        await until(lambda: told[-1].state == "succeeded")
    await services.close()

    assert theirs[-1]["id"] == told[-1].id
    assert {each.kind for each in told} <= set(KINDS)
    assert azure.requests.count("PUT") == 1
