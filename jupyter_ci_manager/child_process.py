"""Runs a program of somebody else's as a child: off the event loop, with a clean environment.

It has a process group of its own, so that ending it ends whatever it began. It must not know what
the program does.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from .child_guard import Guard
from .child_start import signal_group, start_child

if TYPE_CHECKING:
    from .child_terminal import Terminal

INTERRUPT_SECONDS = 10.0
"""How long a program may clean up after SIGINT before it is killed (conda needs 2 s for that)."""

KEPT_BYTES = 4096
_POLL_SECONDS, _SOON_SECONDS = 0.02, 0.001
_DRAIN_SECONDS = 1.0

PASSED_ON = frozenset(
    {
        "CONDARC",
        "CONDA_ENVS_DIRS",
        "CONDA_ENVS_PATH",
        "CONDA_PKGS_DIRS",
        "DOCKER_CERT_PATH",
        "DOCKER_CONFIG",
        "DOCKER_CONTEXT",
        "DOCKER_HOST",
        "DOCKER_TLS_VERIFY",
        "HOME",
        "LD_LIBRARY_PATH",
        "LOGNAME",
        "MAMBA_ROOT_PREFIX",
        "PATH",
        "PIP_CACHE_DIR",
        "PIP_CONFIG_FILE",
        "PIP_NO_CACHE_DIR",
        "TMPDIR",
        "TZ",
        "USER",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_RUNTIME_DIR",
    }
)
"""Where things are, and no secret: tokens, keys and index URLs with a password stay here."""


OnOutput = Callable[[bytes], Awaitable[None]]
"""Gets what a program writes. It waits while that is dealt with, as it would for a terminal."""


class Readable(Protocol):
    """A pipe or a terminal."""

    async def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at its end."""
        ...


class Child(Protocol):
    """A process of ours. Its group has its number."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    @property
    def returncode(self) -> int | None:
        """How it ended, negative: by that signal; None before."""
        ...

    @property
    def stderr(self) -> Readable | None:
        """What it complains."""
        ...


@dataclass(frozen=True)
class Outcome:
    """How a program ended."""

    returncode: int
    """Negative: ended by that signal."""
    output: bytes
    """What it wrote to stdout."""
    complete: bool
    """Whether ``output`` is all of it."""
    last_words: str
    """The end of what it wrote to stderr, else to stdout, for a person."""


def child_environment(
    environ: Mapping[str, str], also_passed: Collection[str] = ()
) -> dict[str, str]:
    """What a child gets of our environment; its messages are in English and it writes no ``.pyc``.

    A list of what may pass is safer than one of what may not: nobody knows all names of secrets.
    """
    passed = {
        name: value for name, value in environ.items() if name in PASSED_ON or name in also_passed
    }
    return passed | {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


async def run_program(
    argv: Sequence[str],
    *,
    environ: Mapping[str, str],
    timeout_seconds: float,
    also_passed: Collection[str] = (),
    output_limit_bytes: int = KEPT_BYTES,
    interrupt_seconds: float = INTERRUPT_SECONDS,
    on_stdout: OnOutput | None = None,
    on_stderr: OnOutput | None = None,
    terminal: bool = False,
    guard: Guard | None = None,
) -> Outcome:
    """Run it to its end. ``on_stdout`` and ``on_stderr`` get what it prints, as soon as it does.

    It gets the variables ``also_passed`` although they may hold a secret, such as a proxy with a
    password. With ``terminal`` its stdout is a pseudo-terminal that passes on every byte as it is.
    With ``guard`` it ends when we are killed; without, it goes on then.

    Raises OSError where it cannot be started, asyncio.TimeoutError where it took too long, and what
    ``on_stdout`` and ``on_stderr`` raise. Then, and when this is cancelled, its whole process group
    has ended first.
    """
    async with AsyncExitStack() as stack:
        # First what makes it end, then the program: never the other way around.
        keep = await stack.enter_async_context(guard.keeping(interrupt_seconds)) if guard else None
        screen = stack.enter_context(closing(_new_terminal())) if terminal else None
        process = await start_child(
            argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=screen.child_end if screen else asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd="/",
            env=child_environment(environ, also_passed),
        )
        stack.push_async_callback(process.release)
        if keep is not None:
            keep(process.pid)
        if screen is not None:
            screen.handed_over()
        return await run_to_its_end(
            process,
            stdout=screen or process.stdout,
            timeout_seconds=timeout_seconds,
            output_limit_bytes=output_limit_bytes,
            interrupt_seconds=interrupt_seconds,
            on_stdout=on_stdout,
            on_stderr=on_stderr,
        )


async def run_to_its_end(
    process: Child,
    *,
    stdout: Readable | None,
    timeout_seconds: float,
    output_limit_bytes: int = KEPT_BYTES,
    interrupt_seconds: float = INTERRUPT_SECONDS,
    on_stdout: OnOutput | None = None,
    on_stderr: OnOutput | None = None,
) -> Outcome:
    """What ``run_program`` does with a program that has been started, in a group of its own.

    Raises as it does, but OSError.
    """
    output, errors = _Kept(output_limit_bytes), _Kept(0)
    readers = [
        asyncio.ensure_future(kept.read(stream, on_output))
        for kept, stream, on_output in (
            (output, stdout, on_stdout),
            (errors, process.stderr, on_stderr),
        )
        if stream is not None
    ]
    returncode = await _read_to_its_end(process, readers, timeout_seconds, interrupt_seconds)
    return Outcome(
        returncode,
        bytes(output.head),
        output.complete,
        errors.last_words or output.last_words,
    )


async def _read_to_its_end(
    process: Child,
    readers: Sequence[asyncio.Future[None]],
    timeout_seconds: float,
    interrupt_seconds: float,
) -> int:
    try:
        returncode = await asyncio.wait_for(_exit_of(process, readers), timeout_seconds)
        await asyncio.wait(readers, timeout=_DRAIN_SECONDS)
        _raise_failure_of(readers)
    except BaseException:
        # Shielded: who is told twice to stop must still not leave anything behind.
        await asyncio.shield(asyncio.ensure_future(_interrupt(process, interrupt_seconds)))
        raise
    finally:
        # Whatever it left in the background has no business there, and would hold the pipes open.
        signal_group(process.pid, signal.SIGKILL)
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
    return returncode


def _new_terminal() -> Terminal:
    # Only where it is used: Windows has none, and what needs none works there.
    from .child_terminal import Terminal

    return Terminal()


async def _exit_of(process: Child, readers: Sequence[asyncio.Future[None]] = ()) -> int:
    """Its exit code, by looking. Raises why its output cannot be read any more: it would wait.

    In some versions of Python ``wait()`` waits for the pipes too, which a grandchild may hold open:
    python/cpython#119710.
    """
    pause = _SOON_SECONDS
    while (returncode := process.returncode) is None:
        _raise_failure_of(readers)
        open_ones = [reader for reader in readers if not reader.done()]
        if open_ones:
            await asyncio.wait(
                open_ones, timeout=_POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        else:
            # Who has closed all that it writes to mostly ends at once.
            await asyncio.sleep(pause)
            pause = min(_POLL_SECONDS, pause * 2)
    return returncode


def _raise_failure_of(readers: Sequence[asyncio.Future[None]]) -> None:
    for reader in readers:
        if reader.done():
            reader.result()


async def _interrupt(process: Child, seconds: float) -> None:
    signal_group(process.pid, signal.SIGINT)
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(_exit_of(process), seconds)
    signal_group(process.pid, signal.SIGKILL)
    await _exit_of(process)


@dataclass
class _Kept:
    """The first bytes of a stream up to a limit, and its last ones."""

    limit: int
    head: bytearray = field(default_factory=bytearray)
    tail: bytearray = field(default_factory=bytearray)
    complete: bool = False
    _seen: int = 0

    async def read(self, stream: Readable, on_output: OnOutput | None) -> None:
        while chunk := await stream.read(65536):
            if on_output is not None:
                await on_output(chunk)
            self._seen += len(chunk)
            self.head += chunk[: max(0, self.limit - len(self.head))]
            self.tail += chunk
            del self.tail[:-KEPT_BYTES]
        self.complete = self._seen <= self.limit

    @property
    def last_words(self) -> str:
        lines = self.tail.decode("utf-8", "replace").splitlines()
        said = [line.strip() for line in lines if line.strip()]
        return "\n".join(said[-5:])
