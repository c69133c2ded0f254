"""The emulator as a program: runs until it is told to stop."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import Any

from .app import Emulator


async def serve(emulator: Emulator) -> None:
    """Say on one line of standard output where it is, and serve until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with emulator:
        ready: dict[str, Any] = {"url": emulator.url, "workspace": emulator.workspace_id}
        print(json.dumps(ready), flush=True)
        await stopped.wait()


def run(emulator: Emulator) -> None:
    """Serve until told to stop; an address that is taken ends the program with status 1."""
    try:
        asyncio.run(serve(emulator))
    except OSError as error:
        print(f"The emulator cannot listen: {error}", file=sys.stderr)
        raise SystemExit(1) from error
