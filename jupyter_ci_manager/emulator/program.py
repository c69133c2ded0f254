"""The emulator as a program: runs until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import signal
import tempfile
from pathlib import Path
from typing import Any

import click

from jupyter_ci_manager.emulator.app import LOOPBACK, Emulator
from jupyter_ci_manager.emulator.scripts.processes import can_run_scripts

ENDING = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
]
"""Ctrl-C, a kill, a terminal that is closed; Windows has others than Unix."""


def run(*, tls: bool, **arguments: Any) -> None:
    """Serve an ``Emulator`` until it is interrupted, killed, or its terminal is closed.

    Raises ClickException when it cannot listen, or cannot run scripts and should.
    """
    if arguments.get("run_scripts") and not can_run_scripts():
        raise click.ClickException(
            "Setup scripts cannot be run here: that takes bash on Linux or macOS."
        )
    with tempfile.TemporaryDirectory(prefix="jupyter-ci-emulator-") as directory:
        announcement: dict[str, str] = {}
        if tls:
            # Only with this option: the import costs a tenth of a second.
            from jupyter_ci_manager.emulator.tls import self_signed

            arguments["ssl_context"], certificate = self_signed(Path(directory), LOOPBACK)
            announcement["certificate"] = str(certificate)
        emulator = Emulator(random_seed=secrets.randbits(64), **arguments)
        asyncio.run(_serve(emulator, announcement))


async def _serve(emulator: Emulator, announcement: dict[str, str]) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in ENDING:
        # What `nohup` had ignored stays ignored. Not the loop's handlers: Windows' loop has none.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopped.set))
    try:
        await emulator.start()
    except OSError as error:
        raise click.ClickException(
            f"The emulator cannot listen on {LOOPBACK}:{emulator.port}: {error.strerror}. "
            "Choose another port, or 0 for a free one."
        ) from error
    try:
        ready = {
            "url": emulator.url,
            "workspace": emulator.workspace_id,
            "share": str(emulator.share),
            **announcement,
        }
        # Whoever started it and is gone does not read: then there is nobody to serve.
        with contextlib.suppress(BrokenPipeError):
            click.echo(json.dumps(ready))
            await stopped.wait()
    finally:
        await emulator.stop()
