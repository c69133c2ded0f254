"""Starts a child process in a group of its own: wholly, or not at all.

It must not know what the program does, nor how it is to end.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from typing import Any

_STREAM_BYTES = 65536
_SHORTEST_POLL_SECONDS, _POLL_SECONDS = 0.001, 0.02
_KILLED_SECONDS = 10.0


class StartedChild:
    """A process of ours, and our ends of its pipes."""

    def __init__(
        self, transport: asyncio.SubprocessTransport, streams: asyncio.subprocess.Process
    ) -> None:
        self._transport = transport
        self._streams = streams

    @property
    def pid(self) -> int:
        """Its number, and its group's."""
        return self._transport.get_pid()

    @property
    def returncode(self) -> int | None:
        """How it ended, negative: by that signal; None before."""
        return self._transport.get_returncode()

    @property
    def stdin(self) -> asyncio.StreamWriter | None:
        """Where it reads, if that is a pipe."""
        return self._streams.stdin

    @property
    def stdout(self) -> asyncio.StreamReader | None:
        """What it writes, if that is a pipe."""
        return self._streams.stdout

    @property
    def stderr(self) -> asyncio.StreamReader | None:
        """What it complains, if that is a pipe."""
        return self._streams.stderr

    async def exited(self, seconds: float) -> bool:
        """Wait until it has ended; False where it has not in that time.

        By looking: in some versions of Python ``wait()`` waits for the pipes too, which a
        grandchild may hold open (python/cpython#119710).
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        pause = _SHORTEST_POLL_SECONDS
        while self.returncode is None and loop.time() < deadline:
            await asyncio.sleep(pause)
            pause = min(_POLL_SECONDS, 2 * pause)
        return self.returncode is not None

    def kill(self) -> None:
        """Kill it and whatever else is in its group."""
        if hasattr(os, "killpg"):
            signal_group(self.pid, signal.SIGKILL)
        else:
            with contextlib.suppress(ProcessLookupError):
                self._transport.kill()

    async def release(self) -> None:
        """Close our ends of its pipes, whoever else holds the others."""
        if self.returncode is None:
            # What hangs in the kernel even when killed. asyncio closes its pipes when it is gone.
            return
        self._transport.close()
        # asyncio closes what it has in the next turn of its loop.
        await asyncio.sleep(0)


async def start_child(
    argv: Sequence[str], *, limit: int = _STREAM_BYTES, **options: Any
) -> StartedChild:
    """Start it. The options are those of ``subprocess.Popen``; ``limit`` is that of a line.

    Raises OSError where it cannot be started. Who is cancelled meanwhile leaves no process behind:
    its group has been killed then.
    """
    starting = asyncio.ensure_future(_start(argv, limit, options))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        # Not left to asyncio: it would kill the process alone, and wait for the pipes of others.
        await asyncio.shield(asyncio.ensure_future(_undo(starting)))
        raise


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to all of a group.

    Where nobody is left in it, or only what took another user's rights, nothing happens.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


async def _start(argv: Sequence[str], limit: int, options: dict[str, Any]) -> StartedChild:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.subprocess_exec(
        lambda: asyncio.subprocess.SubprocessStreamProtocol(limit, loop),
        *argv,
        start_new_session=True,
        **options,
    )
    return StartedChild(transport, asyncio.subprocess.Process(transport, protocol, loop))


async def _undo(starting: asyncio.Future[StartedChild]) -> None:
    try:
        child = await starting
    except OSError:
        return
    child.kill()
    await child.exited(_KILLED_SECONDS)
    await child.release()
