"""The process of the embedded engine as its parent sees it: begun, and asked for something later.

Begun before anything else, it imports py-rattler while its parent does what comes first. It knows
nothing of what is asked. It ends with its parent, however that ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn, Protocol

from ..child_process import child_environment
from . import rattler_child
from .conda_variables import needed_by_rattler

NAME = "rattler_child"
_MOST_OPEN = 256
"""Files, this early."""


class _Begun(Protocol):
    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...


class RattlerProcess:
    """One process, which waits until it is asked for something, in a group of its own."""

    def __init__(self, begun: _Begun, request: socket.socket, output: int, errors: int) -> None:
        self._begun = begun
        self._request = request
        self._ends = (output, errors)
        self._opened: list[asyncio.BaseTransport] = []
        self.stdout: asyncio.StreamReader | None = None
        self.stderr: asyncio.StreamReader | None = None

    @property
    def pid(self) -> int:
        """Also the number of its group."""
        return self._begun.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, negative: by that signal; None before."""
        return self._begun.poll()

    async def ask(self, file: Path, held: Sequence[int]) -> None:
        """Have it do what the file says, and hold those locks with us."""
        self.stdout, self.stderr = [await self._reading(end) for end in self._ends]
        # Where it is gone already, that is seen by how it ended.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self._request, [os.fsencode(file)], held)

    async def _reading(self, end: int) -> asyncio.StreamReader:
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(end, "rb", 0)
        )
        self._opened.append(transport)
        return reader

    def close(self) -> None:
        """Let it go. It ends, where it has not."""
        self._request.close()
        for transport in self._opened:
            transport.close()


class _Forked:
    """A process that is a copy of this one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._returncode: int | None = None

    def poll(self) -> int | None:
        if self._returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self._returncode


def forked_process() -> RattlerProcess:
    """One that has imported already what this process has. Nothing may run here but this thread."""
    ours, theirs = socket.socketpair()
    output, errors = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        _become_rattler(theirs.fileno(), output[1], errors[1])
    theirs.close()
    os.close(output[1])
    os.close(errors[1])
    return RattlerProcess(_Forked(pid), ours, output[0], errors[0])


def started_process(environ: Mapping[str, str]) -> RattlerProcess:
    """One that is a new program. Raises OSError."""
    ours, theirs = socket.socketpair()
    output, errors = os.pipe(), os.pipe()
    try:
        begun = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-X", "utf8", "-m", rattler_child.__name__],
            stdin=theirs.fileno(),
            stdout=output[1],
            stderr=errors[1],
            cwd="/",
            env=_environment(environ),
            start_new_session=True,
        )
    except OSError:
        ours.close()
        os.close(output[0])
        os.close(errors[0])
        raise
    finally:
        theirs.close()
        os.close(output[1])
        os.close(errors[1])
    return RattlerProcess(begun, ours, output[0], errors[0])


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return child_environment(environ, needed_by_rattler(environ))


def _become_rattler(request: int, output: int, errors: int) -> NoReturn:
    """Be in this copy what a new program would be."""
    try:
        os.setsid()
        for number, end in enumerate((request, output, errors)):
            os.dup2(end, number)
        # What its parent has open, locks above all, is not its own until it is told so.
        os.closerange(3, _MOST_OPEN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
        environ = _environment(os.environ)
        os.environ.clear()
        os.environ.update(environ)
        sys.dont_write_bytecode = True
        # It is a copy by its command line: the short name tells which of the two it is.
        with contextlib.suppress(OSError):
            Path("/proc/self/comm").write_text(NAME)
        rattler_child.main()
    finally:
        os._exit(0)
