"""Paths on the wire: exact there and back, and harmless to look at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_ci_manager.disk.paths import name_of, path_of, uri_of
from jupyter_ci_manager.errors import InvalidPath

PARTS = st.binary(min_size=1, max_size=20).filter(
    lambda part: part not in (b".", b"..") and not set(part) & set(b"/\0")
)


@given(st.lists(PARTS, max_size=5))
def test_every_path_comes_back_as_it_was(parts: list[bytes]) -> None:
    path = b"/" + b"/".join(parts)

    uri = uri_of(path)

    assert path_of(uri) == path
    assert uri.startswith("file:///")
    assert uri.isascii()
    assert name_of(path).isprintable()


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/home/a",
        "file:/tmp/a",
        "file://host/tmp",
        "file:///tmp/../etc",
        "file:///tmp/%2e%2e/etc",
        "file:///tmp//a",
        "file:///tmp/",
        "file:///tmp/.",
        "file:///tmp/a%00b",
        "file:///tmp/a%",
        "file:///tmp/a%4",
        "file:///tmp/a%zz",
        "file:///tmp/a?b",
        "file:///tmp/a#b",
        "file:///tmp/a b",
        "file:///tmp/a\n",
        "file:///tmp/\u00e4",
        "file:///tmp/\udcff",
        "https://example.org/tmp",
    ],
)
def test_what_is_no_uri_of_a_path_is_refused(uri: str) -> None:
    with pytest.raises(InvalidPath):
        path_of(uri)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (b"/home/a b", "/home/a b"),
        ("/home/ä→日本".encode(), "/home/ä→日本"),
        (b"two\nlines", "two\\x0alines"),
        (b"caf\xe9", "caf\\xe9"),
        (b"a\\x0a", "a\\\\x0a"),
        ("gpj.\u202eexe".encode(), "gpj.\\u202eexe"),
        ("zero\u200bwidth".encode(), "zero\\u200bwidth"),
        (b"\x1b[31m", "\\x1b[31m"),
    ],
)
def test_people_see_what_is_in_a_name(path: bytes, name: str) -> None:
    assert name_of(path) == name
