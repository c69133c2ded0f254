"""Services that talk to an emulator over HTTP with the real SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.services import Services, build_services
from tests.builders import configuration, quick_emulator, running

MakeServices = Callable[..., Services]


@pytest.fixture
def azure(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    """An emulator with a small team's instances, whose work takes milliseconds."""
    with running(quick_emulator(), jp_asyncio_loop) as emulator:
        yield emulator


@pytest.fixture
def make_services(
    azure: Emulator, tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Iterator[MakeServices]:
    """Makes services as a server in ``tmp_path`` has them, its configuration changed as said."""
    made: list[Services] = []

    def make(*, listeners: dict[str, Any] | None = None, **changes: Any) -> Services:
        services = build_services(configuration(tmp_path, azure, **changes), **(listeners or {}))
        made.append(services)
        return services

    yield make
    for services in made:
        jp_asyncio_loop.run_until_complete(services.close())


@pytest.fixture
def services(make_services: MakeServices) -> Services:
    return make_services()
