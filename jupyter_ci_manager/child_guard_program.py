"""Ends a process group when whoever began it dies. A program of its own; it must stay small.

stdin is a pipe whose other end only that process has: first comes the number of the group, and then
nothing any more. When the pipe closes, the group is interrupted and, after a while, killed.

It imports nothing but the standard library, as it is run without site-packages.
"""

from __future__ import annotations

import os
import signal
import sys
import time

_POLL_SECONDS = 0.05


def end(group: int, seconds: float) -> None:
    """Interrupt it, wait until nobody is left in it, else kill it."""
    deadline = time.monotonic() + seconds
    try:
        os.killpg(group, signal.SIGINT)
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(_POLL_SECONDS)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def main() -> None:
    """Wait for the end of whoever began this."""
    told = b""
    while data := os.read(0, 64):
        told += data
    if told.strip():
        end(int(told), float(sys.argv[1]))


if __name__ == "__main__":
    main()
