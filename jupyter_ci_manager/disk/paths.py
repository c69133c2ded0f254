"""Paths of this machine on the wire: exact as a ``file:`` URI, and as a name for people.

A path is bytes here, as a Linux file system has it: it need not be text. It looks at no file, and
imports little, as the process that scans a disk does.
"""

from __future__ import annotations

import os
import re
import unicodedata
from urllib.parse import quote_from_bytes, unquote_to_bytes

PREFIX = "file://"
_SAFE = "/:@!$&'()*+,;=~" if os.name == "nt" else "/@!$&'()*+,;=~"
_ESCAPED = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*", re.DOTALL)
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Categories of what does not show, or shows the rest in another order than it has."""


def uri_of(path: bytes) -> str:
    """The ``file:`` URI of an absolute path (RFC 8089), with every byte that matters escaped."""
    if os.name == "nt":
        path = b"/" + path.replace(b"\\", b"/")
    return PREFIX + quote_from_bytes(path, safe=_SAFE)


def path_of(uri: str) -> bytes:
    """The path that a URI made by ``uri_of`` stands for.

    Raises InvalidPath for all that is not the URI of one absolute path without detours.
    """
    from ..errors import InvalidPath

    if not uri.startswith(PREFIX + "/") or not uri.isascii():
        raise InvalidPath(f"{uri[:200]!r} is not the file: URI of an absolute path.")
    quoted = uri[len(PREFIX) :]
    if re.search(r"[?#\s]", quoted) or not _ESCAPED.fullmatch(quoted):
        raise InvalidPath(f"{uri[:200]!r} is not a URI: ?, #, % and blanks must be escaped.")
    path = unquote_to_bytes(quoted)
    if b"\0" in path:
        raise InvalidPath(f"{uri[:200]!r} has a zero byte in it, which no path has.")
    if path != b"/" and any(part in (b"", b".", b"..") for part in path.split(b"/")[1:]):
        raise InvalidPath(f"{uri[:200]!r} has an empty part, . or .. in it.")
    return path[1:].replace(b"/", b"\\") if os.name == "nt" else path


def name_of(path: bytes) -> str:
    r"""A path or part of one for people: what does not show is an escape such as ``\x0a``."""
    text = path.decode("utf-8", "surrogateescape")
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if character == "\\":
        return "\\\\"
    if unicodedata.category(character) not in _HIDDEN:
        return character
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )
