"""Tokens that ``anaconda login`` has left behind, as conda adds them to addresses of that server.

It knows nothing of channels. Source: conda 26.7, ``gateways/anaconda_client.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote_plus

MAX_TOKEN = 4096
_SUFFIX = ".token"
_API = re.compile(r"([./])api([./]|$)")


def read_tokens(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """Tokens by the address of the server: of its API, and of where it has the channels."""
    folder = _folder(environ, home)
    found: dict[str, str] = {}
    try:
        files = sorted(each for each in folder.iterdir() if each.name.endswith(_SUFFIX))
    except OSError:
        # Nobody has logged in, or it is not for us.
        return found
    for file in files:
        token = _token(file)
        if token:
            address = unquote_plus(file.name[: -len(_SUFFIX)]).rstrip("/")
            found[address] = found[_API.sub(r"\1conda\2", address, count=1)] = token
    return found


def _folder(environ: Mapping[str, str], home: Path) -> Path:
    if environ.get("BINSTAR_CONFIG_DIR"):
        return Path(environ["BINSTAR_CONFIG_DIR"]) / "data"
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "binstar"


def _token(file: Path) -> str:
    """What the file holds; nothing where that is no token, as it would break every address."""
    try:
        with file.open(encoding="ascii") as opened:
            token = opened.read(MAX_TOKEN + 1).strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return token if re.fullmatch(r"[\w.~-]{1,4096}", token) else ""
