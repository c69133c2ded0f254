"""The process that works on an environment: ``python -m …environments.worker FOLDER``.

It outlives the server that started it. What it is to do, how far it is and how it ended lie in the
folder. Starting it returns as soon as it holds the folder's lock: from then on that lock says
whether it lives. Where the embedded engine will be needed, its process is begun before anything
else: it imports what it needs while this one does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from .locks import try_to_lock

ALREADY_THERE = 3
"""The exit code where another worker has the folder."""

_SOLVED = {"environment.plan", "environment.create", "environment.change"}


def main() -> None:
    """Take the folder, go on without whoever started this, and work."""
    folder = sys.argv[1]
    lock = os.open(os.path.join(folder, "alive.lock"), os.O_RDWR | os.O_CREAT, 0o600)  # noqa: PTH118
    if not try_to_lock(lock):
        sys.exit(ALREADY_THERE)
    # Whoever cancels at once does not find it unprepared: a signal waits until it is.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    # The lock is on the open file, which the child has too: there is no moment without it.
    if os.fork():
        os._exit(0)
    os.setsid()
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    _let_go_of_the_terminal(folder)
    # From here on imports are shared with the process of the engine, or happen at the same time.
    from .rattler_process import forked_process

    ahead = [forked_process()] if _needs_rattler(Path(folder)) else []
    from .worker_life import live

    live(folder, lock, ahead)


def _needs_rattler(folder: Path) -> bool:
    """Whether the embedded engine is sure to be asked for something."""
    # A process that frameworks of macOS are used in must not be a fork.
    if sys.platform == "darwin" or (folder / "made.json").exists():
        return False
    try:
        request = json.loads((folder / "request.json").read_bytes())
        return request["engine"]["name"] == "rattler" and request["kind"] in _SOLVED
    except (OSError, ValueError, KeyError, TypeError):
        # Whoever reads it in earnest will say so.
        return False


def _let_go_of_the_terminal(folder: str) -> None:
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDWR)
    complaints = os.path.join(folder, "worker.err")  # noqa: PTH118
    errors = os.open(complaints, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(errors, 2)


if __name__ == "__main__":
    main()
