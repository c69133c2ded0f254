"""A pseudo-terminal as a child's stdout: some programs tell only a terminal how far they are.

It changes nothing of what the program writes, and must not know what that is.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import pty
import struct
import termios
import tty

COLUMNS, LINES = 120, 40
"""So that no program has to guess how wide it is."""


class Terminal:
    """Both ends of it. The child gets ``child_end``; ``read`` is for us."""

    def __init__(self) -> None:
        """Raises OSError where the machine has no terminal left."""
        self._end, self.child_end = pty.openpty()
        # Raw: a line feed stays one byte, and nothing is echoed.
        tty.setraw(self.child_end)
        fcntl.ioctl(self.child_end, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        os.set_blocking(self._end, False)
        self._child_end_is_open = True

    def handed_over(self) -> None:
        """The child has its end: closing ours is what lets reading come to an end."""
        if self._child_end_is_open:
            self._child_end_is_open = False
            os.close(self.child_end)

    def close(self) -> None:
        """No process is left that reads or writes."""
        self.handed_over()
        os.close(self._end)

    async def read(self, size: int) -> bytes:
        """What the child has written, as soon as there is any; empty when it has closed its end."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return os.read(self._end, size)
            except BlockingIOError:
                pass
            except OSError as error:
                # How Linux says that nobody has the other end any more.
                if error.errno == errno.EIO:
                    return b""
                raise
            readable = asyncio.Event()
            loop.add_reader(self._end, readable.set)
            try:
                await readable.wait()
            finally:
                loop.remove_reader(self._end)
