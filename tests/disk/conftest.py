"""What tests of cleaning up share. Each says which ``home`` it cleans."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.disk.cleaning import Cleaning, Home


@pytest.fixture
def cleaning(
    home: Home, tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Iterator[Cleaning]:
    made = Cleaning.of(home, tmp_path / "operations.sqlite")
    yield made
    jp_asyncio_loop.run_until_complete(made.operations.close())
