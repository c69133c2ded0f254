"""Names of logs and scripts in the notebook share, checked before anything is asked for them.

It looks at no file. A path is text with slashes, as ``os.fsdecode`` makes it of a local one.
"""

from __future__ import annotations

import os
import re
import unicodedata
from urllib.parse import quote_from_bytes, unquote_to_bytes

from .errors import InvalidLogName

LOGS_FOLDER = "Logs"
"""Source: "Customize the compute instance with a script", Azure Machine Learning."""

MAX_PATH = 1024
MAX_PARTS = 64
MAX_PART = 255
"""Source: "Naming and referencing shares, directories, files, and metadata", Azure Files."""
_FORBIDDEN = frozenset('"\\:|<>?*')
SCRIPT_HINT = "Give its path from the root of the notebook share: Users/amy/setup.sh."
_HEX = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*", re.DOTALL)


def id_of(path: str) -> str:
    """The id of a log: its path, in which only what is no printable text is percent-encoded."""
    return "".join(
        quote_from_bytes(os.fsencode(each), safe="") if _is_encoded(each) else each for each in path
    )


def _is_encoded(character: str) -> bool:
    return character == "%" or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def path_of(log_id: str) -> str:
    """The path that ``id_of`` made an id of. Raises InvalidLogName where it made it of none."""
    try:
        encoded = log_id.encode()
    except UnicodeEncodeError:
        raise _invalid(log_id, "it is no text") from None
    if not _HEX.fullmatch(log_id):
        raise _invalid(log_id, "% stands for itself as %25")
    path = os.fsdecode(unquote_to_bytes(encoded))
    _check_parts(path, log_id)
    if id_of(path) != log_id:
        raise _invalid(log_id, "something in it is encoded that need not be")
    return path


def script_path(text: str) -> str:
    """A path in the share that a script can have, as it is. Raises InvalidLogName.

    A share takes fewer characters than a local disk.
    """
    try:
        _check_parts(text, text)
        _check_characters(text)
    except InvalidLogName as error:
        raise InvalidLogName(error.message, hint=SCRIPT_HINT) from None
    return text


def child_of(folder: str, name: str) -> str | None:
    """The path of something in a folder; None where no path can name it."""
    path = f"{folder}/{name}" if folder else name
    try:
        return script_path(path)
    except InvalidLogName:
        return None


def _check_characters(text: str) -> None:
    if not (text.isprintable() and _FORBIDDEN.isdisjoint(text)):
        raise _invalid(text, 'a share takes no " \\ : | < > ? * and nothing that does not show')
    if any(part != part.strip() or part.endswith(".") for part in text.split("/")):
        raise _invalid(text, "no part of it begins or ends with a blank or ends with a period")


def _check_parts(path: str, shown: str) -> None:
    parts = path.split("/")
    if len(path) > MAX_PATH or len(parts) > MAX_PARTS:
        raise _invalid(shown, "it is too long")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise _invalid(shown, "it is no path below a folder")
    if any(len(os.fsencode(part)) > MAX_PART for part in parts):
        raise _invalid(shown, f"a part of it has more than {MAX_PART} bytes")


def _invalid(shown: str, why: str) -> InvalidLogName:
    return InvalidLogName(f"{shown[:200]!r} cannot be the name of a log or script: {why}.")
