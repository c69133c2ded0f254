"""Sees to it that a child does not outlive us, however we end.

Nobody can do anything when they are killed by SIGKILL or by the kernel for want of memory. So a
small process waits for that beside the child. It must not know what the child does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_PROGRAM = Path(__file__).with_name("child_guard_program.py")


@dataclass(frozen=True)
class Guard:
    """That a child is to end when we die, and what is held until it has.

    A ``flock`` on one of the open files ``held`` is let go only when the child has ended: who gets
    the lock afterwards finds nobody at work.
    """

    held: tuple[int, ...] = ()

    @asynccontextmanager
    async def keeping(self, interrupt_seconds: float) -> AsyncIterator[Callable[[int], None]]:
        """Gives what is to be called with the child's process group, once there is one.

        Raises OSError where no further process can be started.
        """
        process = await asyncio.create_subprocess_exec(
            # Isolated and without site-packages: it is there in 20 ms.
            *(sys.executable, "-I", "-S", os.fspath(_PROGRAM), str(interrupt_seconds)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            cwd="/",
            pass_fds=self.held,
            # What ends us with our group must not end it too.
            start_new_session=True,
        )

        def keep(group: int) -> None:
            if process.stdin is not None:
                process.stdin.write(b"%d\n" % group)

        try:
            yield keep
        finally:
            # The child has ended. Before the pipe closes, or it would be the end that it waits for.
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
