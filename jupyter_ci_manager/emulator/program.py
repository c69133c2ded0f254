"""The emulator as a program: runs until it is told to stop."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import tempfile
from pathlib import Path
from typing import Any

import click

from jupyter_ci_manager.emulator.app import LOOPBACK, Emulator


def run(*, tls: bool, **arguments: Any) -> None:
    """Serve an ``Emulator`` until SIGINT or SIGTERM.

    Raises ClickException when it cannot listen.
    """
    with tempfile.TemporaryDirectory(prefix="jupyter-ci-emulator-") as directory:
        announcement: dict[str, str] = {}
        if tls:
            # Only with this option: the import costs a tenth of a second.
            from jupyter_ci_manager.emulator.tls import self_signed

            arguments["ssl_context"], certificate = self_signed(Path(directory), LOOPBACK)
            announcement["certificate"] = str(certificate)
        emulator = Emulator(random_seed=secrets.randbits(64), **arguments)
        try:
            asyncio.run(_serve(emulator, announcement))
        except OSError as error:
            raise click.ClickException(f"The emulator cannot listen: {error}") from error


async def _serve(emulator: Emulator, announcement: dict[str, str]) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with emulator:
        ready = {"url": emulator.url, "workspace": emulator.workspace_id, **announcement}
        click.echo(json.dumps(ready))
        await stopped.wait()
