"""Cancelling an operation, from the process that works on it and from another one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_ci_manager.models import Operation
from jupyter_ci_manager.operation_handle import OperationHandle
from jupyter_ci_manager.operations import OperationRegistry


class Scan:
    """Work that goes on until it is cancelled, and then cleans up."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.may_clean_up = asyncio.Event()
        self.cleaned_up = 0

    async def __call__(self, handle: OperationHandle) -> str:
        self.begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await self.may_clean_up.wait()
            self.cleaned_up += 1
            raise
        return "Never"


@pytest.fixture
def registries(
    tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Iterator[list[OperationRegistry]]:
    """Two processes' worth of registries on one journal."""
    made = [
        OperationRegistry(
            tmp_path / "operations.sqlite",
            log=logging.getLogger(__name__),
            renew_seconds=0.02,
            watch_seconds=0.02,
        )
        for _ in range(2)
    ]
    yield made
    for each in made:
        jp_asyncio_loop.run_until_complete(each.close())


async def begin(registry: OperationRegistry, scan: Scan) -> Operation:
    registry.perform_with(["disk.scan"], scan, cancellable=True)
    operation = await registry.start("disk.scan", "/", "", "Scanning", b"")
    await scan.begun.wait()
    return operation


@pytest.mark.parametrize("asked_by", [0, 1], ids=["this process", "another process"])
async def test_a_cancelled_operation_cleans_up_and_says_so(
    registries: list[OperationRegistry], asked_by: int
) -> None:
    scan = Scan()
    operation = await begin(registries[0], scan)
    assert operation.cancellable

    await registries[asked_by].cancel_or_dismiss(operation.id)
    scan.may_clean_up.set()
    ended = await registries[0].wait(operation.id, timeout_seconds=5)

    assert (ended.state, ended.message, ended.error) == ("cancelled", "Cancelled", None)
    assert ended.ended_at is not None
    assert scan.cleaned_up == 1


async def test_cancelling_twice_does_not_disturb_the_cleaning_up(
    registries: list[OperationRegistry],
) -> None:
    scan = Scan()
    operation = await begin(registries[0], scan)

    for registry in (*registries, registries[0]):
        await registry.cancel_or_dismiss(operation.id)
        await asyncio.sleep(0.05)
    scan.may_clean_up.set()

    assert (await registries[0].wait(operation.id, timeout_seconds=5)).state == "cancelled"
    assert scan.cleaned_up == 1


async def test_a_server_that_stops_cancels_nothing(registries: list[OperationRegistry]) -> None:
    scan = Scan()
    operation = await begin(registries[0], scan)
    scan.may_clean_up.set()

    await registries[0].close()

    assert (await registries[1].get(operation.id)).operation.state == "running"


async def test_a_count_that_goes_up_is_shown_and_not_kept(
    registries: list[OperationRegistry],
) -> None:
    async def count(handle: OperationHandle) -> str:
        for number in range(3):
            await handle.report(f"{number} files", transient=True)
        return "3 files"

    registries[0].perform_with(["disk.scan"], count, cancellable=True)
    told: list[str] = []
    registries[0].listen(lambda operation: told.append(operation.message))
    operation = await registries[0].start("disk.scan", "/", "", "Scanning", b"")
    await registries[0].wait(operation.id, timeout_seconds=5)

    assert told == ["Scanning", "Scanning", "0 files", "1 files", "2 files", "3 files"]
    steps = (await registries[0].get(operation.id)).steps
    assert [step.message for step in steps] == ["Scanning", "3 files"]
