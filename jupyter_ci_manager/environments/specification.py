"""Files that describe an environment, understood before anything is done with them.

It knows nothing of engines. Whatever a file says, what comes out is checked as if a person had
typed it: no option of a program, no path of another machine, nothing that a shell would look at.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path, PurePosixPath

from ..errors import InvalidEnvironmentFile
from ..models import EnvironmentFile
from .environment_yml import read_environment_yml
from .explicit_lists import is_explicit, is_export, read_explicit, read_export
from .lock_files import read_conda_lock, read_pixi_lock
from .plain_yaml import NotPlain, Plain, read_plain
from .requirements import read_requirements
from .specified import Specification

MAX_FILE_BYTES = 4_000_000

_NO_TEXT = re.compile("[\\0\ud800-\udfff]")
_YAML = frozenset({".yml", ".yaml", ".lock"})


def read_specification(file: EnvironmentFile, root: Path, platform: str) -> Specification:
    """What a file asks for. Blocks: for a large lock file that is a second.

    Args:
        file: Its content, or its path below ``root``.
        root: The folder that Jupyter serves.
        platform: Conda's name of this machine's, such as ``linux-64``.

    Raises:
        InvalidEnvironmentFile: It cannot be read, or it describes no environment for this machine.
        InvalidSpec: One of the packages in it cannot be understood.
    """
    if (file.content is None) == (file.path is None):
        raise InvalidEnvironmentFile("Give either the content of a file or its path.")
    text = file.content if file.content is not None else _read(root, file.path or "")
    text = text.removeprefix("\ufeff")
    if _NO_TEXT.search(text):
        raise InvalidEnvironmentFile(f"{file.name[:100]!r} is not a text.")
    if not text.strip():
        raise InvalidEnvironmentFile(f"{file.name[:100]!r} is empty.")
    if is_explicit(text):
        return read_explicit(text, platform)
    if PurePosixPath(file.name).suffix.lower() in _YAML or _looks_like_yaml(text):
        return _read_yaml(text, file.name, platform)
    return read_export(text, platform) if is_export(text) else read_requirements(text)


def _read_yaml(text: str, name: str, platform: str) -> Specification:
    try:
        content: Plain = read_plain(text)
    except NotPlain as error:
        raise InvalidEnvironmentFile(f"{name[:100]!r} cannot be understood: {error}.") from None
    if not isinstance(content, dict):
        raise InvalidEnvironmentFile(f"{name[:100]!r} has no dependencies in it.")
    if "package" in content and "metadata" in content:
        return read_conda_lock(content, platform)
    if "environments" in content and "packages" in content:
        return read_pixi_lock(content, platform)
    return read_environment_yml(content)


def _looks_like_yaml(text: str) -> bool:
    return (
        re.search(r"^(?:dependencies|channels|environments|package):", text, re.MULTILINE)
        is not None
    )


def _read(root: Path, path: str) -> str:
    """A file below the folder that Jupyter serves, wherever links lead."""
    shown = path[:200]
    if "\0" in path:
        raise InvalidEnvironmentFile(f"{shown!r} is not the path of a file.")
    below = root.resolve()
    try:
        found = (below / path.lstrip("/")).resolve(strict=True)
        if not found.is_relative_to(below):
            raise InvalidEnvironmentFile(f"{shown!r} is not below the folder that Jupyter serves.")
        # Without waiting: opening a named pipe would wait for somebody who writes.
        descriptor = os.open(found, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise InvalidEnvironmentFile(f"{shown!r} is not a file.")
            content = opened.read(MAX_FILE_BYTES + 1)
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "its links lead nowhere"
        raise InvalidEnvironmentFile(f"{shown!r} cannot be read: {why}.") from None
    if len(content) > MAX_FILE_BYTES:
        raise InvalidEnvironmentFile(
            f"{shown!r} has more than {MAX_FILE_BYTES:,} bytes, as no such file has."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidEnvironmentFile(f"{shown!r} is not a text in UTF-8.") from None
