"""Who may write where, across processes and servers: ``flock``, which ends with its holder.

It knows nothing of environments but where their locks are. Only on systems that have ``flock``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

POLL_SECONDS = 0.2
LOOKS, LOOK_SECONDS = 10, 0.01
"""Who only looks whether a lock is held holds it for a moment: that is no other holder."""


class Busy(Exception):
    """Another process holds the lock."""


class FileLock:
    """An exclusive lock on a file, held until ``release`` or the end of the process.

    ``descriptor`` can be given to children: the lock is free when all of them have ended.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = -1

    def acquire(self) -> None:
        """Take it. Raises Busy, and OSError where the file cannot be made. Blocks for a moment."""
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            if not try_to_lock(descriptor):
                os.close(descriptor)
                raise Busy
            # Whoever held it before may have removed the file meanwhile: then this is another one.
            if _is_at(descriptor, self.path):
                self.descriptor = descriptor
                return
            os.close(descriptor)

    def release(self, *, remove: bool = False) -> None:
        """Let it go, and ``remove`` the file."""
        if self.descriptor < 0:
            return
        if remove:
            self.path.unlink(missing_ok=True)
        os.close(self.descriptor)
        self.descriptor = -1


def try_to_lock(descriptor: int) -> bool:
    """Lock an open file for oneself alone. Blocks for a moment. Raises OSError as ``flock``."""
    for _ in range(LOOKS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
        else:
            return True
    return False


def is_held(path: Path) -> bool:
    """Whether any process holds the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def prefix_lock(prefix: Path) -> FileLock:
    """The lock of a prefix: ``.NAME.lock`` beside it, whoever works on it and from wherever.

    Where nothing can be written beside it, it lies in the environment. An environment has one lock
    by whatever links it is reached.
    """
    prefix = Path(os.path.realpath(prefix))
    if prefix.is_dir() and not os.access(prefix.parent, os.W_OK):
        return FileLock(prefix / "conda-meta" / ".ci-manager.lock")
    return FileLock(prefix.parent / f".{prefix.name}.lock")


def conda_lock(home: Path) -> FileLock:
    """The one lock around every real conda of a user: two at once damage the package cache."""
    folder = home / ".conda"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / ".ci-manager.lock")


@contextmanager
def alone_with_conda(home: Path) -> Iterator[None]:
    """Hold that lock without waiting for it. Raises BlockingIOError where another one has it.

    On a disk that is full there may be none: cleaning it up goes on all the same.
    """
    try:
        lock = conda_lock(home)
        lock.acquire()
    except Busy:
        raise BlockingIOError(f"{lock.path} is held by another program") from None
    except OSError:
        yield
        return
    try:
        yield
    finally:
        lock.release()


@asynccontextmanager
async def waiting_for(lock: FileLock, on_wait: Callable[[], Awaitable[None]]) -> AsyncIterator[int]:
    """Hold a lock that may take a while to get; ``on_wait`` is called once if so."""
    waited = False
    while True:
        try:
            lock.acquire()
            break
        except Busy:
            if not waited:
                waited = True
                await on_wait()
            await asyncio.sleep(POLL_SECONDS)
    try:
        yield lock.descriptor
    finally:
        lock.release()


def _is_at(descriptor: int, path: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False
