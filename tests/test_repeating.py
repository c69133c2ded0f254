"""What is done again and again."""

from __future__ import annotations

import asyncio
import logging
import sqlite3

import pytest

from jupyter_ci_manager.repeating import repeat
from tests.builders import until

LOG = logging.getLogger(__name__)


async def test_trouble_is_logged_once_and_not_in_every_round(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rounds = 0

    async def look_after() -> None:
        nonlocal rounds
        rounds += 1
        if rounds != 10:
            raise sqlite3.OperationalError("disk I/O error")

    looking = asyncio.ensure_future(repeat(0, look_after, LOG, "It could not be done"))
    await until(lambda: rounds > 20)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)

    # Once more after it had worked.
    assert [each.levelname for each in caplog.records] == ["ERROR", "ERROR"]
