"""The process that works on an environment: ``python -m …environments.worker FOLDER``.

It outlives the server that started it. What it is to do, how far it is and how it ended lie in the
folder. Starting it returns as soon as it holds the folder's lock: from then on that lock says
whether it lives.
"""

from __future__ import annotations

import os
import signal
import sys

from .locks import try_to_lock

ALREADY_THERE = 3
"""The exit code where another worker has the folder."""


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
    from .worker_life import live

    live(folder, lock)


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
