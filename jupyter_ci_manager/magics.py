"""``%ci`` in IPython: the verbs of ``jupyter ci`` that make sense in a notebook.

The verbs are the command line's own; what a line cannot hold is in the cell. IPython is imported by
whoever loads the extension.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import click
from IPython.core.error import UsageError

from .cli import Surroundings, create

VERBS: dict[str, click.Command] = {"create": create}

_Running = tuple[asyncio.AbstractEventLoop, "asyncio.Task[None]"]


def register(shell: Any) -> None:
    """Make ``%ci`` and ``%%ci`` known to an ``InteractiveShell``."""
    shell.register_magic_function(ci, "line_cell", "ci")


def ci(line: str, cell: str | None = None) -> None:
    """``%ci create NAME --size SIZE``; with ``%%ci`` the cell is the rest of the spec, as JSON.

    ``%ci create --help`` tells of all options. Raises UsageError, which is shown without a trace.
    """
    try:
        verb, *words = shlex.split(line)
        command = VERBS[verb]
    except (KeyError, ValueError):
        raise UsageError(f"%ci takes one of: {', '.join(VERBS)}. See %ci create --help") from None
    try:
        command.main(
            words,
            prog_name=f"%ci {verb}",
            standalone_mode=False,
            obj=Surroundings(cell, _run_beside),
        )
    except click.ClickException as error:
        raise UsageError(error.format_message()) from None


def _run_beside(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run beside the kernel's own event loop, which is this thread's; an interrupt cancels it."""
    running: Future[_Running] = Future()
    with ThreadPoolExecutor(1, thread_name_prefix="ci-magic") as thread:
        done = thread.submit(asyncio.run, _told_of(coroutine, running))
        try:
            done.result()
        except KeyboardInterrupt:
            loop, task = running.result()
            loop.call_soon_threadsafe(task.cancel)
            raise


async def _told_of(coroutine: Coroutine[Any, Any, None], running: Future[_Running]) -> None:
    task = asyncio.ensure_future(coroutine)
    running.set_result((asyncio.get_running_loop(), task))
    await task
