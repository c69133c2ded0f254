"""Requirements of pip: a requirements.txt, and the ``pip:`` of an environment.yml.

Source: "Requirements file format", pip documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import InvalidEnvironmentFile
from .masking import masked
from .names import check_pip_requirement
from .specified import Specification

MAX_LINES = 5000

_WITHOUT_VALUE = frozenset({"--pre", "--prefer-binary", "--no-index", "--require-hashes"})
_WITH_ADDRESS = frozenset({"--index-url", "--extra-index-url", "--find-links"})
_WITH_NAMES = frozenset({"--only-binary", "--no-binary", "--trusted-host"})
_SHORT = {"-i": "--index-url", "-f": "--find-links"}
_OTHER_FILES = frozenset({"-r", "--requirement", "-c", "--constraint"})
_EDITABLE = frozenset({"-e", "--editable"})
_OPTION = re.compile(r"(-[a-z]|--[a-z-]+)(?:\s+|=|$)(.*)")
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\^`{|}]+")
_NAMES = re.compile(r"[A-Za-z0-9_.:,-]+")
_HASHES = re.compile(r"(?:\s+--hash=(?:sha256|sha384|sha512):[0-9a-f]{64,128})+$")


def read_requirements(text: str) -> Specification:
    """A requirements.txt, for an environment with Python and pip. Raises as ``check_lines``."""
    joined = re.sub(r"\\\r?\n", " ", text)
    lines, warnings = check_lines(joined.splitlines())
    if not lines:
        raise InvalidEnvironmentFile("The file asks for no package.")
    return Specification(
        "requirements", specs=("python", "pip"), pip=lines, warnings=tuple(warnings)
    )


def check_lines(lines: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """The lines that ask for something, and a warning for each that was changed.

    Raises:
        InvalidEnvironmentFile: A line would read another file, or is an option not taken here.
        InvalidSpec: A requirement that cannot be understood.
    """
    checked: list[str] = []
    warnings: list[str] = []
    for number, line in enumerate(lines, 1):
        text = re.sub(r"(?:^|\s)#.*$", "", line).strip()
        if not text:
            continue
        if len(checked) == MAX_LINES:
            raise InvalidEnvironmentFile(f"The file asks pip for more than {MAX_LINES} things.")
        checked.append(_option(text, number, warnings) if text[0] == "-" else _requirement(text))
    return tuple(checked), warnings


def _requirement(text: str) -> str:
    hashes = _HASHES.search(text)
    end = hashes.start() if hashes else len(text)
    return check_pip_requirement(text[:end]) + re.sub(r"\s+", " ", text[end:])


def _option(text: str, number: int, warnings: list[str]) -> str:
    match = _OPTION.fullmatch(text)
    option, value = match.groups() if match else (text.split(maxsplit=1)[0], "")
    value = value.strip()
    name = _SHORT.get(option, option)
    if option in _OTHER_FILES:
        raise _refused(text, number, "it names another file; write its lines instead")
    if option in _EDITABLE:
        requirement = check_pip_requirement(value)
        warnings.append(f"{masked(requirement)} is installed as it is, not as an editable one.")
        return requirement
    if name in _WITHOUT_VALUE and not value:
        return name
    if name in _WITH_ADDRESS and _ADDRESS.fullmatch(value):
        return f"{name} {value}"
    if name in _WITH_NAMES and _NAMES.fullmatch(value):
        return f"{name} {value}"
    raise _refused(text, number, "that option is not taken here, or what follows it is not")


def _refused(text: str, number: int, why: str) -> InvalidEnvironmentFile:
    return InvalidEnvironmentFile(
        f"Requirement {number} for pip, {masked(text[:200])!r}, is refused: {why}.",
        hint="Names with versions, addresses, and options that say where to look are taken.",
    )
