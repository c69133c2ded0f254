"""Logs over HTTP: how soon a line is seen, how quickly a gigabyte is read, and by how many.

Against ``tail -F`` and ``cat``, in the same run and on the same file.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import resource
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from jupyter_ci_manager.hang_guard import Turns
from jupyter_ci_manager.logs.local_file import LocalFile
from jupyter_ci_manager.logs.tail import LogReader
from scripts.lab import JupyterLab, emulator, jupyter_lab

from .report import Figure, Report, log_file

INSTANCE = "amy-notebooks"
LINES = 200
LINE_SECONDS = 0.05
PROMISED_LINE_SECONDS = 0.1
GIGABYTE = 10**9
BLOCK = 1024 * 1024
ROUNDS = 3
PROMISED_OF_CAT = 0.5
READERS = 1000
PROMISED_MEMORY = 30 * 10**6


class _Server:
    """A server on an instance, whose notebook share is a folder."""

    def __init__(self, lab: JupyterLab, share: Path) -> None:
        self.lab = lab
        self.folder = share / "Logs" / INSTANCE
        self.headers = {"Authorization": f"token {lab.token}"}

    def path(self, name: str) -> str:
        return f"/ci-manager/instances/{INSTANCE}/logs/{name}"

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(headers=self.headers, connector=connector) as session:
            yield session

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.lab.port)

    def resident_bytes(self, key: str = "VmRSS") -> int:
        for line in Path(f"/proc/{self.lab.process.pid}/status").read_text().splitlines():
            if line.startswith(f"{key}:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"/proc does not tell {key}.")

    def forget_peak(self) -> None:
        """Let ``VmHWM`` begin anew. Source: proc(5), ``clear_refs``."""
        Path(f"/proc/{self.lab.process.pid}/clear_refs").write_text("5")


async def _follow(server: _Server, name: str, seen: dict[int, float], last: int) -> None:
    offset, generation, rest = 0, "", b""
    async with server.session() as session:
        while last not in seen:
            query = {"offset": str(offset), "wait": "30", "generation": generation}
            url = f"http://127.0.0.1:{server.lab.port}{server.path(name)}"
            async with session.get(url, params=query) as answer:
                answer.raise_for_status()
                data = await answer.read()
            now = time.perf_counter()
            offset = int(answer.headers["Ci-Log-Next"])
            generation = answer.headers["Ci-Log-Generation"]
            *lines, rest = (rest + data).split(b"\n")
            seen.update({int(line): now for line in lines})


def _tail(path: Path, seen: dict[int, float], last: int) -> None:
    with subprocess.Popen(["tail", "-n", "+1", "-F", str(path)], stdout=subprocess.PIPE) as tail:
        if tail.stdout is None:
            raise RuntimeError("tail has no output.")
        while last not in seen:
            line = tail.stdout.readline()
            seen[int(line)] = time.perf_counter()
        tail.terminate()


def _write_lines(path: Path, written: dict[int, float]) -> None:
    with path.open("ab", buffering=0) as file:
        for number in range(LINES):
            time.sleep(LINE_SECONDS)
            written[number] = time.perf_counter()
            file.write(b"%d\n" % number)


async def _latencies(server: _Server) -> tuple[list[float], list[float]]:
    """Seconds until each line was seen by our reader and by ``tail -F``."""
    path = server.folder / "lines.log"
    path.touch()
    written: dict[int, float] = {}
    ours: dict[int, float] = {}
    theirs: dict[int, float] = {}
    tail = threading.Thread(target=_tail, args=(path, theirs, LINES - 1))
    tail.start()
    following = asyncio.ensure_future(_follow(server, path.name, ours, LINES - 1))
    await asyncio.sleep(2)
    await asyncio.to_thread(_write_lines, path, written)
    await following
    await asyncio.to_thread(tail.join)
    return (
        [ours[each] - written[each] for each in written],
        [theirs[each] - written[each] for each in written],
    )


def _make_gigabyte(path: Path) -> None:
    line = b"2026-11-23 09:00:00 Collecting numpy==2.3.1 from the package index\n"
    block = line * (BLOCK // len(line))
    with path.open("wb") as file:
        while file.tell() < GIGABYTE:
            file.write(block)


def _cat(path: Path) -> float:
    began = time.perf_counter()
    with subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE) as cat:
        if cat.stdout is None:
            raise RuntimeError("cat has no output.")
        while os.read(cat.stdout.fileno(), BLOCK):
            pass
    return time.perf_counter() - began


def _download(server: _Server, path: Path) -> float:
    began = time.perf_counter()
    connection = server.connect()
    connection.request("GET", f"{server.path(path.name)}/content", headers=server.headers)
    got = _drained(connection.getresponse())
    connection.close()
    if got != path.stat().st_size:
        raise RuntimeError(f"The download has {got} bytes.")
    return time.perf_counter() - began


def _read_in_chunks(server: _Server, path: Path) -> float:
    began = time.perf_counter()
    connection, offset, generation = server.connect(), 0, ""
    while True:
        query = f"offset={offset}&generation={generation}"
        connection.request("GET", f"{server.path(path.name)}?{query}", headers=server.headers)
        answer = connection.getresponse()
        if not _drained(answer):
            break
        offset = int(answer.headers["Ci-Log-Next"])
        generation = answer.headers["Ci-Log-Generation"]
    connection.close()
    if offset != path.stat().st_size:
        raise RuntimeError(f"{offset} bytes were read.")
    return time.perf_counter() - began


def _drained(answer: http.client.HTTPResponse) -> int:
    buffer = memoryview(bytearray(BLOCK))
    got = 0
    while much := answer.readinto(buffer):
        got += much
    return got


async def _in_process(path: Path) -> float:
    """The reader alone, without HTTP."""
    began = time.perf_counter()
    reader, turns = LogReader(), Turns(10)
    offset, generation = 0, ""
    while True:
        stream = LocalFile(path.parent, [path.name], turns)
        chunk = await reader.read(stream, offset=offset, wait_seconds=0, generation=generation)
        if not chunk.data:
            break
        offset, generation = chunk.next_offset, chunk.generation
    await reader.close()
    return time.perf_counter() - began


async def _thousand(server: _Server) -> tuple[list[float], int, int]:
    """Seconds until each of them has a line, and what that takes in bytes and threads."""
    path = server.folder / "thousand.log"
    path.write_bytes(b"begun\n")
    url = f"http://127.0.0.1:{server.lab.port}{server.path(path.name)}"
    idle = server.resident_bytes()
    server.forget_peak()
    async with server.session() as session:

        async def wait() -> float:
            async with session.get(url, params={"offset": "6", "wait": "50"}) as answer:
                if await answer.read() != b"a line\n":
                    raise RuntimeError(f"Another answer: {answer.status}")
                return time.perf_counter()

        waiting = [asyncio.ensure_future(wait()) for _ in range(READERS)]
        await asyncio.sleep(8)
        threads = len(list(Path(f"/proc/{server.lab.process.pid}/task").iterdir()))
        written = time.perf_counter()
        with path.open("ab") as file:
            file.write(b"a line\n")
        seen = await asyncio.gather(*waiting)
    return [each - written for each in seen], server.resident_bytes("VmHWM") - idle, threads


def _spread(seconds: Sequence[float]) -> tuple[float, float, str]:
    ordered = statistics.quantiles(seconds, n=100)
    middle, late = ordered[49], ordered[98]
    return middle, late, f"p50 {middle * 1000:.1f} ms, p99 {late * 1000:.1f} ms"


def _measure(server: _Server, report: Report) -> None:
    ours, theirs = asyncio.run(_latencies(server))
    (_, late, said), (_, tail_late, tail_said) = _spread(ours), _spread(theirs)
    report.add(
        Figure(
            "a line is visible to a waiting reader",
            said,
            f"tail -F {tail_said}",
            f"{late / tail_late:.2f}",
            f"p99 < {PROMISED_LINE_SECONDS * 1000:.0f} ms",
            late < PROMISED_LINE_SECONDS,
        )
    )
    path = server.folder / "gigabyte.log"
    _make_gigabyte(path)
    idle = server.resident_bytes()
    server.forget_peak()
    rounds = [
        (
            _cat(path),
            _download(server, path),
            _read_in_chunks(server, path),
            asyncio.run(_in_process(path)),
        )
        for _ in range(ROUNDS)
    ]
    more = server.resident_bytes("VmHWM") - idle
    cat, *seconds = (statistics.median(each) for each in zip(*rounds, strict=True))
    for what, each, promise in zip(
        ("1 GB as a download", "1 GB in chunks by offset", "1 GB by the reader without HTTP"),
        seconds,
        (PROMISED_OF_CAT, None, None),
        strict=True,
    ):
        report.add(
            Figure(
                what,
                f"{GIGABYTE / each / 10**6:.0f} MB/s",
                f"cat through a pipe {GIGABYTE / cat / 10**6:.0f} MB/s",
                f"{cat / each:.2f}",
                f"> {promise} of cat" if promise else "",
                cat / each > promise if promise else None,
            )
        )
    path.unlink()
    report.add(_memory("memory that reading it adds", more))
    waited, memory, threads = asyncio.run(_thousand(server))
    report.add(
        Figure(f"{READERS} readers of one log see a line", _spread(waited)[2], "", "", "", None)
    )
    report.add(Figure("memory that they add", f"{memory / 10**6:.0f} MB", "", "", "", None))
    report.add(Figure("threads of the server meanwhile", str(threads), "", "", "", None))


def _memory(what: str, added: int) -> Figure:
    return Figure(
        what,
        f"{added / 10**6:.0f} MB",
        "",
        "",
        f"< {PROMISED_MEMORY / 10**6:.0f} MB",
        added < PROMISED_MEMORY,
    )


def run() -> Report:
    """One server on an instance whose share is a local folder."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    report = Report("Logs")
    with (
        tempfile.TemporaryDirectory() as folder,
        log_file(folder) as log,
        emulator(log=log) as azure,
        jupyter_lab(
            azure,
            home=Path(folder),
            arguments=[f"--CiManagerApp.notebook_share={folder}/code"],
            environment={"CI_NAME": INSTANCE},
            log=log,
        ) as lab,
    ):
        server = _Server(lab, Path(folder) / "code")
        server.folder.mkdir(parents=True)
        _measure(server, report)
    report.notes.append(
        f"{LINES} lines, one each {LINE_SECONDS * 1000:.0f} ms, followed over HTTP by long polling"
        " and by `tail -F` at the same time. `cat` writes into a pipe, as our server does into a"
        f" socket; medians of {ROUNDS} rounds, the file in the page cache."
    )
    return report
