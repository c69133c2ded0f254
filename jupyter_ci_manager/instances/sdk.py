"""Loading the Azure SDK without holding up the event loop: it takes up to a second."""

from __future__ import annotations

import asyncio
import importlib
from types import ModuleType


async def import_off_loop(name: str) -> ModuleType:
    """Import a module on a thread, once; later calls cost nothing."""
    return await asyncio.get_running_loop().run_in_executor(None, importlib.import_module, name)
