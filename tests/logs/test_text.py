"""The text of a log: as a terminal shows it in the end, and with nothing that commands one."""

from __future__ import annotations

import itertools
import re
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_ci_manager.logs.text import MAX_HELD, MAX_LINE, LogText


def shown(*pieces: bytes, colours: bool = False) -> str:
    text = LogText(colours=colours)
    return "".join(text.feed(piece) for piece in pieces) + text.end()


def each_byte(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"one\ntwo\n", "one\ntwo\n"),
        (b"no line feed", "no line feed"),
        ("größer 🦉\n".encode(), "größer 🦉\n"),
        (b"caf\xe9 \xff\xfe\n", "caf\ufffd \ufffd\ufffd\n"),
        (b"cut off \xf0\x9f\xa6", "cut off \ufffd"),
        (b"Windows\r\nlines\r\n", "Windows\nlines\n"),
        (b" 10%\r 50%\r100%\n", "100%\n"),
        (b"Downloading 100%\rDone\n", "Doneloading 100%\n"),
        (b"Downloading 100%\r\x1b[KDone\n", "Done\n"),
        (b"12345\r\x1b[2Kx\n", "x\n"),
        (b"|\b/\b-\b\\\b done\n", " done\n"),
        (b"abc\x1b[2DX\n", "aXc\n"),
        (b"a\x1b[5Gb\n", "a   b\n"),
        (b"\x1b[31mred\x1b[0m and not\n", "red and not\n"),
        (b"tab\tstays\n", "tab\tstays\n"),
        (b"bell\x07 zero\x00 delete\x7f\n", "bell\u2407 zero\u2400 delete\u2421\n"),
        ("c1 \x85\n".encode(), "c1 \\x85\n"),
        (b"\x1b]0;a title\x07after\n", "after\n"),
        (b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\n", "link\n"),
        (b"\x1b]0;never ended\nnext\n", "\u241b]0;never ended\nnext\n"),
        (b"\x1b[2J\x1b[1;1H\x1b(B\x1b7screen\x1bc\n", "screen\n"),
        (b"ends in \x1b", "ends in \u241b"),
        (b"<script>alert(1)</script>\n", "<script>alert(1)</script>\n"),
    ],
)
@pytest.mark.parametrize("cut", [False, True], ids=["whole", "each byte"])
def test_it_is_what_a_terminal_shows_in_the_end(data: bytes, text: str, cut: bool) -> None:
    assert shown(*(each_byte(data) if cut else [data])) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x1b[31mred\x1b[0m plain\n", "\x1b[31mred\x1b[0m plain\n"),
        (b"\x1b[1m\x1b[31mboth\n", "\x1b[1m\x1b[31mboth\x1b[0m\n"),
        (b"\x1b[32mtwo\nlines\x1b[m\n", "\x1b[32mtwo\x1b[0m\n\x1b[32mlines\x1b[0m\n"),
        (b"\x1b[31mred\r\x1b[32mgr\x1b[0m\n", "\x1b[31m\x1b[32mgr\x1b[0m\x1b[31md\x1b[0m\n"),
        (b"\x1b[38;5;208mof 256\x1b[0m\n", "\x1b[38;5;208mof 256\x1b[0m\n"),
        (b"\x1b[31m\x1b[0;1mbold\n", "\x1b[0;1mbold\x1b[0m\n"),
        (b"\x1b[>4;2mno colour\n", "no colour\n"),
    ],
)
@pytest.mark.parametrize("cut", [False, True], ids=["whole", "each byte"])
def test_colours_are_kept_and_end_with_each_line(data: bytes, text: str, cut: bool) -> None:
    assert shown(*(each_byte(data) if cut else [data]), colours=True) == text


LOGS = st.lists(
    st.sampled_from([b"\x1b", b"\x1b[", b"\x1b[31", b"m", b"\x1b]", b"\x07", b"\x1b\\", b"\x9b"])
    | st.sampled_from([b"\r", b"\n", b"\b", b"K", b"2K", b"5C", b"D", b"\xc2\x9b", b"\xf0\x9f"])
    | st.sampled_from([b"text", "ü🦉".encode()])
    | st.binary(max_size=5),
    max_size=40,
).map(b"".join)


@given(LOGS, st.lists(st.integers(0, 200), max_size=8), st.booleans())
def test_it_does_not_matter_where_the_pieces_are_cut(
    data: bytes, cuts: list[int], colours: bool
) -> None:
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in itertools.pairwise(edges)]

    assert shown(*pieces, colours=colours) == shown(data, colours=colours)


@given(LOGS | st.binary(max_size=300))
def test_nothing_but_colours_reaches_the_terminal(data: bytes) -> None:
    rest = re.sub(r"\x1b\[[0-9;:]*m", "", shown(data, colours=True))

    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", rest)
    assert "\x1b" not in shown(data)


def test_the_open_line_is_shown_as_it_looks_now() -> None:
    text = LogText()

    assert text.feed(b"done\n 10%") == "done\n"
    assert text.open_line == " 10%"
    assert text.feed(b"\r 20%") == ""
    assert text.open_line == " 20%"
    assert text.feed(b"\n") == " 20%\n"
    assert text.open_line == ""


def test_a_line_without_end_comes_in_parts_and_nothing_of_it_is_lost() -> None:
    text = LogText()
    parts = [text.feed(b"x" * 10_000) for _ in range(100)]

    assert len("".join(parts) + text.end()) == 1_000_000
    assert max(len(part) for part in parts) <= MAX_LINE


def test_a_sequence_without_end_is_not_waited_for() -> None:
    assert "y" * 100 in LogText().feed(b"\x1b]" + b"y" * (MAX_HELD + 10) + b"\nz\n")
    text = LogText()
    given_out = "".join(text.feed(b"\x1b[" + b"1;" * 5000) for _ in range(5)) + text.end()
    assert given_out


def test_memory_stays_flat_and_plain_text_is_quick() -> None:
    line = b"2026-11-23 09:00:00 Collecting numpy==2.3.1 from the cache\n"
    block = line * (1024 * 1024 // len(line))
    progress = b"\r 10% |####      | 1.2/12.0 MB" * 10_000
    text = LogText(colours=True)
    text.feed(block)
    text.feed(progress)
    began = time.perf_counter()
    for _ in range(20):
        text.feed(block)
    seconds = time.perf_counter() - began
    tracemalloc.start()
    for _ in range(5):
        text.feed(progress)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert seconds < 5
    assert peak < 5_000_000
