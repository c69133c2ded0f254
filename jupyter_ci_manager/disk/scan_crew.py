"""The processes that read a disk together: one for each core, who share what is left to do.

They are forked from the scan's own small process, talk through a socket that hands each message to
whoever is idle, and count in memory that all of them see. Where there is no fork, one process reads
all. It knows nothing of results. Blocking.
"""

from __future__ import annotations

import errno
import gc
import marshal
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from .scan_board import RECEIVED, SENT, Board, Progress
from .scan_request import RACY_SECONDS
from .scan_walk import Found, Reader, Task, blocks_of, signature

MAX_READERS = 16
"""More processes than this wait for each other in the kernel, and each has some memory."""
MESSAGE_BYTES = 32 * 1024
STRIPE = 256
"""Known folders are looked at in stripes of this many: neighbours share what the kernel caches."""
STUCK_SECONDS = 120.0
"""A file system that does not answer for this long is said to hang."""

GONE, SAME, CHANGED = 0, 1, 2
"""What became of a folder that the scan before found."""

_STOP = b""
_LOOK_AROUND_EVERY = 64


class ReaderDied(Exception):
    """A process of the crew ended before its work was done."""


class Stuck(Exception):
    """Nothing was read for a long time; the text says where."""


@dataclass(frozen=True)
class Before:
    """What the scan before knows that can be looked at again instead of read."""

    paths: Sequence[str]
    """Of all its folders, each after the one it is in. Empty where all is read anew."""
    signatures: Sequence[int]
    hidden: bytes | bytearray
    """A 1 for each folder that a mount covers: it is not there, whatever its path leads to."""
    names_in: Callable[[int], Mapping[str, int]]
    """The folders in one of them, by name."""
    large_folders: Sequence[int]
    large_names: Sequence[str]
    large_blocks: Sequence[int]
    large_times: Sequence[float]


@dataclass(frozen=True)
class Gathered:
    """All that a crew found out."""

    states: bytes
    """For each folder of the scan before: GONE, SAME or CHANGED."""
    found: list[Found]


def first_number(reader: int) -> int:
    """The number of the first folder that a reader finds.

    Shifted right by 40 bits a number is that of its reader and one more.
    """
    return (reader + 1) << 40


def cores() -> int:
    """How many processes can read at the same time."""
    if not hasattr(os, "fork"):
        return 1
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(MAX_READERS, usable))


class _Mailbox:
    """Hands each message to one of the processes that wait for any."""

    def __init__(self) -> None:
        self.exit, self.entry = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.exit.settimeout(1.0)

    def close(self) -> None:
        self.exit.close()
        self.entry.close()


class _Worker:
    """What one process does: looks at known folders, then reads folders until none is left."""

    def __init__(
        self,
        number: int,
        reader: Reader,
        device: int,
        before: Before,
        board: Board,
        mailbox: _Mailbox | None,
        look_around: Callable[[], None],
    ) -> None:
        self._number = number
        self.reader = reader
        self._device = device
        self._before = before
        self._board = board
        self._mailbox = mailbox
        self._look_around = look_around
        self._tasks: list[Task] = []

    def look_again(self) -> None:
        """Compare this process's share of the known folders and files with what they were."""
        before, board = self._before, self._board
        for stripe in self._stripes(len(before.paths)):
            self._look_around()
            board.show(self._number, before.paths[stripe.start])
            states = self._states_of(stripe)
            board.set_states(stripe, states)
            board.count(self._number, states.count(SAME), 0, 0)
        for stripe in self._stripes(len(before.large_names)):
            self._look_around()
            for row in stripe:
                if not before.hidden[before.large_folders[row]]:
                    self._look_at_large(row)

    def _stripes(self, size: int) -> Iterator[range]:
        for start in range(self._number * STRIPE, size, STRIPE * self._board.readers):
            yield range(start, min(start + STRIPE, size))

    def _states_of(self, stripe: range) -> bytes:
        """What became of folders. Of a hundred thousand every step counts, so it is one loop."""
        before, device = self._before, self._device
        part = slice(stripe.start, stripe.stop)
        states = bytearray()
        for folder, path, known, hidden in zip(
            stripe, before.paths[part], before.signatures[part], before.hidden[part], strict=True
        ):
            state = GONE
            if not hidden:
                try:
                    status = os.lstat(path)
                except OSError as error:
                    # Gone, or no longer to be looked at: reading the folder it is in tells.
                    if error.errno == errno.ENAMETOOLONG:
                        state = self._read_again(folder, path, 0)
                else:
                    if status.st_dev == device and status.st_mode & 0o170000 == 0o040000:
                        state = SAME
                        if signature(status) != known:
                            state = self._read_again(folder, path, status.st_ino)
            states.append(state)
        return bytes(states)

    def _read_again(self, folder: int, path: str, inode: int) -> int:
        # Its parent, and so whether it is still in it, is only known when all are put together.
        name = path.rpartition("/")[2] if folder else ""
        self._tasks.append(Task(path, -1, name, folder, inode))
        return CHANGED

    def _look_at_large(self, row: int) -> None:
        before = self._before
        folder = before.paths[before.large_folders[row]].rstrip("/")
        try:
            status = os.lstat(f"{folder}/{before.large_names[row]}")
        except OSError:
            return
        blocks, time_ = blocks_of(status), status.st_mtime
        if (blocks, time_) != (before.large_blocks[row], before.large_times[row]):
            self.reader.found.grown.append((row, blocks, time_))

    def work(self, tasks: Sequence[Task]) -> None:
        """Read these folders, what is in them, and what others share, until told to stop."""
        self._tasks += tasks
        while True:
            self._read_all()
            if self._mailbox is None or not self._receive(self._mailbox):
                return

    def _read_all(self) -> None:
        tasks, read, names_in = self._tasks, self.reader.read, self._before.names_in
        turns = 0
        while tasks:
            task = tasks.pop()
            tasks += read(task, names_in(task.replaces) if task.replaces >= 0 else {})
            if len(tasks) > 1 and self._board.somebody_idle():
                self._share()
            if not turns % _LOOK_AROUND_EVERY:
                self._look_around()
                self._board.show(self._number, task.path)
            turns += 1

    def _share(self) -> None:
        """Give the older half away: what was found first has most below it."""
        if self._mailbox is None or self._board.sum(SENT) > self._board.sum(RECEIVED):
            return
        give: list[tuple[object, ...]] = []
        size = 0
        for task in self._tasks[: len(self._tasks) // 2]:
            size += 4 * len(task.path) + 64
            if give and size > MESSAGE_BYTES:
                break
            give.append(tuple(task))
        self._board.add(self._number, SENT)
        try:
            self._mailbox.entry.send(marshal.dumps(give), socket.MSG_DONTWAIT)
        except OSError:
            # Nobody takes it: it stays here, and it counts as taken.
            self._board.add(self._number, RECEIVED)
            return
        del self._tasks[: len(give)]

    def _receive(self, mailbox: _Mailbox) -> bool:
        """Wait for work; False when there is none any more."""
        self._board.set_idle(self._number, True)
        while True:
            try:
                message = mailbox.exit.recv(1 << 20)
            except TimeoutError:
                self._look_around()
                continue
            if message == _STOP:
                return False
            self._board.set_idle(self._number, False)
            self._board.add(self._number, RECEIVED)
            self._tasks += [Task(*each) for each in marshal.loads(message)]  # noqa: S302
            return True


@dataclass
class _Child:
    pid: int
    pipe: int
    ended: bool = False


class Crew:
    """Reads all below a root. ``tick`` is called many times a second, and may raise to end it."""

    def __init__(
        self,
        root: str,
        mounts: Mapping[str, frozenset[str]],
        before: Before,
        *,
        readers: int,
        tick: Callable[[Progress], None],
        racy_seconds: float = RACY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._root = root
        self._mounts = mounts
        self._before = before
        self._readers = readers
        self._tick = tick
        self._racy_seconds = racy_seconds
        self._clock = clock

    def gather(self) -> Gathered:
        """Do it. Raises OSError where the root cannot be looked at, ReaderDied and Stuck."""
        device = os.stat(self._root).st_dev
        board = Board(self._readers, len(self._before.paths))
        # Children share the memory of what they never write, and a collector writes all over it.
        gc.disable()
        gc.freeze()
        if not hasattr(os, "fork"):
            return self._alone(device, board)
        mailbox = _Mailbox()
        children: list[_Child] = []
        try:
            children.extend(
                self._fork(number, device, board, mailbox) for number in range(self._readers)
            )
            self._wait(board, children)
            for _ in children:
                mailbox.entry.send(_STOP)
            return Gathered(board.states, [_result(child) for child in children])
        finally:
            mailbox.close()
            for child in children:
                _end(child)

    def _alone(self, device: int, board: Board) -> Gathered:
        worker = self._worker(0, device, board, None, lambda: self._tick(board.progress()))
        found = self._work(worker, 0)
        return Gathered(board.states, [found])

    def _worker(
        self,
        number: int,
        device: int,
        board: Board,
        mailbox: _Mailbox | None,
        look_around: Callable[[], None],
    ) -> _Worker:
        reader = Reader(
            self._root,
            device,
            self._mounts,
            first_number=first_number(number),
            count=partial(board.count, number),
            racy_seconds=self._racy_seconds,
        )
        return _Worker(number, reader, device, self._before, board, mailbox, look_around)

    def _work(self, worker: _Worker, number: int) -> Found:
        if self._before.paths:
            worker.look_again()
            worker.work([])
        else:
            worker.work([Task(self._root, -1, "", -1, 0)] if number == 0 else [])
        return worker.reader.found

    def _fork(self, number: int, device: int, board: Board, mailbox: _Mailbox) -> _Child:
        parent = os.getpid()
        exit_, entry = os.pipe()
        pid = os.fork()
        if pid:
            os.close(entry)
            return _Child(pid, exit_)
        status = 1
        try:

            def look_around() -> None:
                if os.getppid() != parent:
                    os._exit(1)

            found = self._work(self._worker(number, device, board, mailbox, look_around), number)
            with open(entry, "wb") as result:
                marshal.dump(found.packed(), result)
            status = 0
        except BaseException:  # noqa: BLE001
            # There is nobody above to raise it to: the traceback goes to the server's log.
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def _wait(self, board: Board, children: Sequence[_Child]) -> None:
        """Until nobody has anything left to do."""
        pause, last, since = 0.002, -1, self._clock()
        while not board.finished():
            time.sleep(pause)
            pause = min(0.005, pause * 1.1)
            for child in children:
                if os.waitpid(child.pid, os.WNOHANG) != (0, 0):
                    child.ended = True
                    raise ReaderDied("One of the processes that read the disk ended early.")
            progress = board.progress()
            self._tick(progress)
            done = board.work_done()
            if done != last:
                last, since = done, self._clock()
            elif self._clock() - since > STUCK_SECONDS:
                raise Stuck(progress.path)


def _result(child: _Child) -> Found:
    with open(child.pipe, "rb", closefd=False) as pipe:
        data = pipe.read()
    if not data:
        raise ReaderDied("One of the processes that read the disk ended without a result.")
    return Found.unpacked(marshal.loads(data))  # noqa: S302


def _end(child: _Child) -> None:
    os.close(child.pipe)
    if child.ended:
        return
    os.kill(child.pid, signal.SIGKILL)
    # One that hangs in the kernel cannot be ended, and is not waited for.
    for _ in range(200):
        if os.waitpid(child.pid, os.WNOHANG) != (0, 0):
            return
        time.sleep(0.005)
