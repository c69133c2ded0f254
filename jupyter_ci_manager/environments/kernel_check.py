"""Tries a kernel: starts it as Jupyter does, lets it work out ``1+1``, and shuts it down.

It must not know what is done with the outcome. The kernel gets a process group of its own, and
nothing of it is left whatever happens. Messages: "Messaging in Jupyter", jupyter_client
documentation.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager

from ..errors import KernelFailed

START_SECONDS = 60.0
"""What Jupyter waits for a kernel (``kernel_info_timeout`` of jupyter_server's ZMQ connection)."""

ANSWER_SECONDS = 30.0
SHUT_DOWN_SECONDS = 10.0

_LOOK_SECONDS = 0.1
_HEARD_SECONDS = 0.5
_DRAIN_SECONDS = 1.0
_READ_BYTES = 64 * 1024
_SHOWN_CHARACTERS = 300

_KNOWS_ARITHMETIC = frozenset({"julia", "octave", "python", "r", "ruby", "scala"})
"""Languages in which ``1+1`` is a whole program. Of others only the start is checked."""

_WHERE = {
    "python": "import sys; print(sys.executable)",
    "r": "cat(file.path(R.home('bin'), 'R'))",
}
"""What prints the path of the interpreter."""

OnOutput = Callable[[bytes], Awaitable[None]]
"""Gets what the kernel's process writes to stdout and stderr."""

OnStep = Callable[[str], Awaitable[None]]
"""Is told what is being waited for."""


@dataclass(frozen=True)
class Patience:
    """How long a kernel may take, in seconds."""

    start: float = START_SECONDS
    answer: float = ANSWER_SECONDS
    shut_down: float = SHUT_DOWN_SECONDS


@dataclass(frozen=True)
class KernelFigures:
    """What a kernel that works has told."""

    language: str
    version: str | None
    interpreter: str | None
    start_seconds: float
    execute_seconds: float | None
    """None where the language is not known to take ``1+1``."""


async def try_kernel(
    name: str,
    specs: KernelSpecManager,
    *,
    on_output: OnOutput,
    on_step: OnStep,
    patience: Patience,
) -> KernelFigures:
    """Start, ask, shut down. Raises KernelFailed with what did not work, and why."""
    manager = AsyncKernelManager(kernel_name=name, kernel_spec_manager=specs)
    began = time.perf_counter()
    await on_step("Starting the kernel")
    async with _running(manager, on_output, patience) as client:
        info = await _before_it_dies(
            manager,
            client.kernel_info(reply=True, timeout=patience.start),
            f"It did not answer within {patience.start:.0f} s after its start.",
        )
        start_seconds = time.perf_counter() - began
        told = info["content"].get("language_info", {})
        language = str(told.get("name", ""))
        interpreter = execute_seconds = None
        if language.lower() in _KNOWS_ARITHMETIC:
            await on_step("Running 1+1")
            conversation = _Conversation(manager, client, patience.answer)
            await conversation.open()
            asked = time.perf_counter()
            answer = await conversation.output_of("1+1")
            execute_seconds = time.perf_counter() - asked
            if answer.split()[-1:] not in (["2"], ["2.0"]):
                raise KernelFailed(f"1+1 is {answer[:_SHOWN_CHARACTERS]!r} to it, not 2.")
            if language.lower() in _WHERE:
                interpreter = await conversation.output_of(_WHERE[language.lower()])
        await on_step("Shutting it down")
    version = told.get("version")
    return KernelFigures(
        language,
        version if isinstance(version, str) else None,
        interpreter,
        start_seconds,
        execute_seconds,
    )


@contextlib.asynccontextmanager
async def _running(
    manager: AsyncKernelManager, on_output: OnOutput, patience: Patience
) -> AsyncIterator[AsyncKernelClient]:
    """A kernel that runs until the end of the block, in a folder with nothing in it."""
    with tempfile.TemporaryDirectory(prefix="ci-manager-check-") as folder:
        ready, writing = os.pipe()
        listening = asyncio.ensure_future(_pass_on(ready, on_output))
        client: AsyncKernelClient | None = None
        in_order = False
        try:
            try:
                await manager.start_kernel(stdout=writing, stderr=writing, cwd=folder)
            except (OSError, ValueError) as error:
                # The latter for a NUL in an argument, or a variable that no process can have.
                raise KernelFailed(f"It cannot be started: {error}.") from None
            except NoSuchKernel:
                # Jupyter says so of one whose provisioner is not installed, too.
                raise KernelFailed(
                    "Jupyter does not start it: what is to start it may not be installed."
                ) from None
            finally:
                os.close(writing)
            client = manager.client()
            client.start_channels(stdin=False, hb=False)
            yield client
            in_order = True
        finally:
            if client is not None:
                client.stop_channels()
            # Shielded: who is told twice to stop must still not leave a kernel behind.
            await asyncio.shield(
                asyncio.ensure_future(_ended(manager, listening, patience, now=not in_order))
            )


async def _ended(
    manager: AsyncKernelManager, listening: asyncio.Task[None], patience: Patience, *, now: bool
) -> None:
    group = getattr(manager.provisioner, "pgid", None)
    try:
        if manager.has_kernel:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(manager.shutdown_kernel(now=now), patience.shut_down)
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)
    finally:
        if group and group != os.getpgrp():
            # A kernel that has ended as it was told leaves behind what it has begun itself.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
        # What it has begun itself may hold the pipe open.
        await asyncio.wait([listening], timeout=_DRAIN_SECONDS)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _pass_on(descriptor: int, on_output: OnOutput) -> None:
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    try:
        while data := await reader.read(_READ_BYTES):
            await on_output(data)
    finally:
        transport.close()


async def _before_it_dies(
    manager: AsyncKernelManager, answer: Awaitable[dict[str, Any]], too_late: str
) -> dict[str, Any]:
    """The answer, unless the kernel ends first. Raises KernelFailed."""
    waiting = asyncio.ensure_future(answer)
    try:
        while not (await asyncio.wait([waiting], timeout=_LOOK_SECONDS))[0]:
            if not await manager.is_alive():
                raise KernelFailed("It ended before it answered.")
        return waiting.result()
    except TimeoutError:
        raise KernelFailed(too_late) from None
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


class _Conversation:
    """Programs that a kernel runs, and what it shows of them."""

    def __init__(
        self, manager: AsyncKernelManager, client: AsyncKernelClient, seconds: float
    ) -> None:
        self._manager = manager
        self._client = client
        self._seconds = seconds

    async def open(self) -> None:
        """Wait until what the kernel shows is heard: its subscription may come a moment later."""
        deadline = time.monotonic() + self._seconds
        while time.monotonic() < deadline:
            self._client.kernel_info()
            with contextlib.suppress(Empty):
                await self._client.get_iopub_msg(timeout=_HEARD_SECONDS)
                return
        raise KernelFailed("What it shows is not heard: its ports may be blocked.")

    async def output_of(self, code: str) -> str:
        """What it shows of a program that ends well. Raises KernelFailed."""
        shown: list[str] = []

        def collect(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                shown.append(str(content.get("text", "")))
            elif message["msg_type"] in ("execute_result", "display_data"):
                shown.append(str(content.get("data", {}).get("text/plain", "")))

        reply = await _before_it_dies(
            self._manager,
            self._client.execute_interactive(
                code,
                store_history=False,
                allow_stdin=False,
                timeout=self._seconds,
                output_hook=collect,
            ),
            f"It did not run {code!r} within {self._seconds:.0f} s.",
        )
        content = reply["content"]
        if content.get("status") != "ok":
            why = f"{content.get('ename', 'error')}: {content.get('evalue', '')}"
            raise KernelFailed(f"{code!r} failed: {why[:_SHOWN_CHARACTERS]}")
        return "".join(shown).strip()
