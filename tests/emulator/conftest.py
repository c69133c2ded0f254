from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from jupyter_ci_manager.emulator import Emulator, ManualClock
from tests.emulator.arm_client import ArmClient


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def emulator(clock: ManualClock, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    """An emulator with no instances, on a clock that advances on command."""
    emulator = Emulator(clock=clock, instances=0)
    jp_asyncio_loop.run_until_complete(emulator.start())
    yield emulator
    jp_asyncio_loop.run_until_complete(emulator.stop())


@pytest.fixture
def arm(emulator: Emulator) -> ArmClient:
    return ArmClient(emulator)
