"""The reader of logs, on real files: nothing is lost, repeated or silently skipped."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.errors import InvalidOffset, LogNotFound
from jupyter_ci_manager.logs.tail import MAX_CHUNK_BYTES, MAX_OFFSET
from tests.logs.reading import Counted, Follower, append, local, reading

MIB = 1024 * 1024


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "creation.log"
    path.write_bytes(b"")
    return path


async def test_bytes_that_are_there_come_at_once(log: Path) -> None:
    log.write_bytes(b"one\ntwo\n")
    async with reading() as reader:
        chunk = await reader.read(local(log), offset=4, wait_seconds=30)

    assert (chunk.data, chunk.offset, chunk.next_offset, chunk.size) == (b"two\n", 4, 8, 8)
    assert chunk.change is None


async def test_at_the_end_nothing_comes_until_the_time_is_up(log: Path) -> None:
    log.write_bytes(b"one\n")
    async with reading() as reader:
        began = time.monotonic()
        chunk = await reader.read(local(log), offset=4, wait_seconds=0.3)

    assert 0.25 < time.monotonic() - began < 2
    assert (chunk.data, chunk.next_offset, chunk.change) == (b"", 4, None)


@pytest.mark.parametrize("told", [True, False], ids=["watched", "polled"])
async def test_who_waits_gets_what_is_written_as_soon_as_it_is(log: Path, told: bool) -> None:
    stream = Counted(log)
    stream.told = told
    async with reading() as reader:
        waiting = asyncio.ensure_future(reader.read(stream, offset=0, wait_seconds=30))
        await asyncio.sleep(1)
        append(log, b"a line\n")
        began = time.monotonic()
        chunk = await waiting

    assert chunk.data == b"a line\n"
    assert time.monotonic() - began < (0.2 if told else 1.5)


async def test_all_of_a_large_log_is_read_in_chunks_of_at_most_a_mebibyte(log: Path) -> None:
    content = os.urandom(5 * MIB + 17)
    log.write_bytes(content)
    async with reading() as reader:
        follower = Follower(reader, log)
        sizes = []
        while chunk := (await follower.read()).data:
            sizes.append(len(chunk))

    assert follower.data == content
    assert max(sizes) <= MAX_CHUNK_BYTES


async def test_what_is_written_while_it_is_followed_comes_once_and_in_order(log: Path) -> None:
    pieces = [os.urandom(size) for size in (1, 80, 400_000, 5000, 1, 1_500_000) * 10]

    async def write() -> None:
        for number, piece in enumerate(pieces):
            append(log, piece)
            await asyncio.sleep((0, 0, 0.01, 0.05)[number % 4])

    content = b"".join(pieces)
    async with reading() as reader:
        followers = [Follower(reader, log) for _ in range(3)]

        async def follow(follower: Follower) -> None:
            while len(follower.data) < len(content):
                await follower.read(wait=5)

        await asyncio.gather(write(), *(follow(each) for each in followers))

    assert [each.data == content for each in followers] == [True] * 3
    assert [each.changes for each in followers] == [[]] * 3


# --- truncated and replaced -------------------------------------------------------------------


def truncate_in_place(log: Path, content: bytes) -> None:
    with log.open("r+b") as file:
        file.truncate(0)
        file.write(content)


def replace_by_rename(log: Path, content: bytes) -> None:
    new = log.with_name("new")
    new.write_bytes(content)
    new.replace(log)


def rotate(log: Path, content: bytes) -> None:
    log.rename(log.with_name("creation.log.1"))
    log.write_bytes(content)


OLD = b"Mon 09:00 the first start\n" * 40


@pytest.mark.parametrize("change", [truncate_in_place, replace_by_rename, rotate])
@pytest.mark.parametrize(
    "content",
    [b"", b"short\n", b"x" * len(OLD), b"Tue 09:00 another start\n" * 400, OLD[:700], OLD[:300]],
    ids=["empty", "shorter", "as long", "longer", "its own beginning", "even less of it"],
)
@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("restarted", [False, True])
async def test_another_content_is_told_and_begins_anew(
    log: Path, change: object, content: bytes, waits: bool, restarted: bool
) -> None:
    log.write_bytes(OLD)
    async with reading() as reader, reading() as another_server:
        follower = Follower(reader, log)
        await follower.to_end()
        waiting = asyncio.ensure_future(follower.read(wait=30)) if waits else None
        await asyncio.sleep(0.05 if waits else 0)
        assert callable(change)
        change(log, content)
        if waiting is not None:
            await waiting
        if restarted:
            follower.reader = another_server
        await follower.to_end()

    assert follower.data == content
    # Between truncating and writing there is a moment in which it may have been seen empty.
    assert len(follower.changes) in (1, 2)
    assert set(follower.changes) <= {"truncated", "replaced"}


async def test_a_shorter_file_is_truncated_and_another_file_replaced(log: Path) -> None:
    log.write_bytes(OLD)
    async with reading() as reader:
        follower = Follower(reader, log)
        await follower.to_end()
        os.truncate(log, 100)
        await follower.to_end()
        replace_by_rename(log, OLD + b"more\n")
        await follower.to_end()

    assert follower.changes == ["truncated", "replaced"]
    assert follower.data == OLD + b"more\n"


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_log_that_was_written_anew_and_begins_alike_is_told(
    log: Path, restarted: bool
) -> None:
    head = b"=" * 500
    log.write_bytes(head + b"first start: all went well\n" + b"." * 100)
    async with reading() as reader, reading() as another_server:
        follower = Follower(reader, log)
        await follower.to_end()
        new = head + b"second start: something else\n" + b"-" * 200
        truncate_in_place(log, new)
        if restarted:
            follower.reader = another_server
        await follower.to_end()

    assert follower.changes == ["replaced"]
    assert follower.data == new


@pytest.mark.parametrize("change", [truncate_in_place, replace_by_rename, rotate])
async def test_a_large_log_that_is_replaced_in_the_middle_of_reading_it_is_told_once(
    log: Path, change: object
) -> None:
    log.write_bytes(os.urandom(3 * MIB))
    new = os.urandom(4 * MIB)
    async with reading() as reader:
        follower = Follower(reader, log)
        await follower.read()
        assert callable(change)
        change(log, new)
        await follower.to_end()

    assert follower.changes == ["replaced"]
    assert follower.data == new


async def test_a_log_that_has_only_grown_is_no_other_one(log: Path) -> None:
    log.write_bytes(b"a")
    async with reading() as reader, reading() as another_server:
        follower = Follower(reader, log)
        await follower.to_end()
        for server in (another_server, reader) * 3:
            append(log, b"more and more\n" * 30)
            follower.reader = server
            await follower.to_end()

    assert follower.changes == []
    assert follower.data == log.read_bytes()


async def test_a_rotation_with_a_moment_without_a_file_does_not_end_the_waiting(log: Path) -> None:
    log.write_bytes(OLD)
    async with reading() as reader:
        follower = Follower(reader, log)
        await follower.to_end()
        waiting = asyncio.ensure_future(follower.read(wait=30))
        await asyncio.sleep(0.1)
        log.rename(log.with_name("old"))
        await asyncio.sleep(0.5)
        log.write_bytes(b"new\n")
        await waiting
        await follower.to_end()

    assert (follower.changes, follower.data) == (["replaced"], b"new\n")


async def test_a_log_that_is_removed_while_it_is_followed_is_said_to_be_gone(log: Path) -> None:
    log.write_bytes(OLD)
    async with reading() as reader:
        waiting = asyncio.ensure_future(reader.read(local(log), offset=len(OLD), wait_seconds=30))
        await asyncio.sleep(0.1)
        log.unlink()
        began = time.monotonic()
        with pytest.raises(LogNotFound):
            await waiting

    assert time.monotonic() - began < 5


# --- offsets ----------------------------------------------------------------------------------


@pytest.mark.parametrize("offset", [-1, 5, 10**15, MAX_OFFSET + 1])
async def test_a_place_that_no_log_has_is_refused(log: Path, offset: int) -> None:
    log.write_bytes(b"four")
    async with reading() as reader:
        with pytest.raises(InvalidOffset):
            await reader.read(local(log), offset=offset, wait_seconds=5)


async def test_what_no_reader_wrote_as_a_generation_begins_anew(log: Path) -> None:
    log.write_bytes(b"content")
    async with reading() as reader:
        for generation in ("x", "0" * 128, "a-b-c", "🦉"):
            chunk = await reader.read(local(log), offset=3, wait_seconds=0, generation=generation)
            assert (chunk.change, chunk.offset, chunk.data) == ("replaced", 0, b"content")


async def test_ten_gigabytes_are_followed_at_their_end(log: Path) -> None:
    with log.open("r+b") as file:
        file.truncate(10 * 10**9)
    async with reading() as reader:
        waiting = asyncio.ensure_future(reader.read(local(log), offset=10 * 10**9, wait_seconds=30))
        await asyncio.sleep(0.3)
        append(log, b"the last line\n")
        chunk = await waiting

    assert (chunk.data, chunk.size) == (b"the last line\n", 10 * 10**9 + 14)


async def test_an_earlier_place_is_read_with_the_newest_generation(log: Path) -> None:
    content = os.urandom(3 * MIB)
    log.write_bytes(content)
    async with reading() as reader:
        follower = Follower(reader, log)
        await follower.to_end()
        chunk = await reader.read(
            local(log), offset=1000, wait_seconds=0, generation=follower.generation
        )

    assert chunk.change is None
    assert chunk.data == content[1000 : 1000 + len(chunk.data)]


# --- many -------------------------------------------------------------------------------------


async def test_a_thousand_who_wait_cost_one_watch_and_one_read(log: Path) -> None:
    log.write_bytes(OLD)
    stream = Counted(log)
    async with reading() as reader:
        first = await reader.read(stream, offset=0, wait_seconds=0)

        async def wait() -> bytes:
            chunk = await reader.read(
                stream,
                offset=first.next_offset,
                wait_seconds=30,
                generation=first.generation,
            )
            return chunk.data

        waiting = [asyncio.ensure_future(wait()) for _ in range(1000)]
        await asyncio.sleep(1)
        watches, reads, looks = reader.watches, len(stream.read_bytes), stream.looks
        append(log, b"to all of you\n")
        got = await asyncio.gather(*waiting)

    assert got == [b"to all of you\n"] * 1000
    assert watches == 1
    # How it begins, and what is new: whoever is told reads nothing more.
    assert len(stream.read_bytes) - reads <= 4
    assert stream.looks - looks <= 4


async def test_a_thousand_who_read_the_same_part_cost_one_read_of_it(log: Path) -> None:
    log.write_bytes(bytes(4 * MIB))
    stream = Counted(log)
    async with reading() as reader:
        await asyncio.gather(*(reader.read(stream, offset=0, wait_seconds=0) for _ in range(1000)))

    assert sum(stream.read_bytes) < 4 * MIB


async def test_a_watch_ends_some_time_after_the_last_one_went(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_ci_manager.logs.shared_log.LINGER_SECONDS", 0.2)
    async with reading() as reader:
        waiting = asyncio.ensure_future(reader.read(local(log), offset=0, wait_seconds=30))
        await asyncio.sleep(0.3)
        watched = reader.watches
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        for _ in range(100):
            await asyncio.sleep(0.05)
            if reader.watches == 0:
                break

    assert watched == 1
    assert reader.watches == 0


async def test_a_defect_of_a_source_is_told_to_who_waits(log: Path) -> None:
    stream = Counted(log)
    async with reading() as reader:
        waiting = asyncio.ensure_future(reader.read(stream, offset=0, wait_seconds=30))
        await asyncio.sleep(0.3)
        stream.broken = ZeroDivisionError("a defect")
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(waiting, 5)
        stream.broken = None
        append(log, b"mended")
        chunk = await reader.read(stream, offset=0, wait_seconds=5)

    assert chunk.data == b"mended"


async def test_who_waits_is_answered_when_the_server_stops(log: Path) -> None:
    async with reading() as reader:
        waiting = asyncio.ensure_future(reader.read(local(log), offset=0, wait_seconds=30))
        await asyncio.sleep(0.2)

    assert (await asyncio.wait_for(waiting, 1)).data == b""


async def test_a_log_that_grows_all_the_time_keeps_nobody_waiting(log: Path) -> None:
    stream = Counted(log)
    stream.seconds = 0.01
    ended = asyncio.Event()

    async def write() -> None:
        while not ended.is_set():
            append(log, b"x" * 100_000)
            await asyncio.sleep(0.001)

    writing = asyncio.ensure_future(write())
    async with reading() as reader:
        for _ in range(20):
            chunk = await reader.read(stream, offset=0, wait_seconds=5)
            assert chunk.change is None
            assert chunk.data
    ended.set()
    await writing


async def test_many_who_read_different_parts_do_not_have_a_mebibyte_each_in_memory(
    log: Path,
) -> None:
    log.write_bytes(bytes(8 * MIB))
    async with reading() as reader:
        chunks = await asyncio.gather(
            *(reader.read(local(log), offset=each * 4096, wait_seconds=0) for each in range(512))
        )

    assert sum(len(chunk.data) for chunk in chunks) < 64 * MIB
    assert min(len(chunk.data) for chunk in chunks) >= 16 * 1024
