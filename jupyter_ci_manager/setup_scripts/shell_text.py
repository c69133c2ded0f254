"""A shell script taken apart as far as its lint needs: code, here-documents, who runs which part.

It is no parser: what it does not understand it takes for plain code. It runs nothing and knows no
rule. Source of the syntax: Bash Reference Manual 5.2, "Quoting" and "Redirections".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

User = Literal["root", "azureuser"]
Quote = Literal["", "'", '"', "$'"]
Numbered = list[tuple[int, str]]

MAX_COMMAND = 4096
"""Characters of a command that goes on over lines: a hostile one must not be searched for ever."""
MAX_LINE = 4096
"""Characters of a line that are looked at, for the same reason."""

_HEREDOC = re.compile(r"(?<!<)<<(-?)[ \t]*(\\?)(['\"]?)([A-Za-z_][A-Za-z0-9_!.-]*)\3")
_NAME = (
    r"(?:azureuser|\"azureuser\"|'azureuser'|\"?\$\{?CI_LOCAL_UBUNTU_USER\}?\"?)(?=[\s;<|&\"')]|$)"
)
_AS_AZUREUSER = re.compile(
    rf"\bsudo\b[^;|&]{{0,200}}?\s(?:-[A-Za-tv-z]*u\s*|--user[= ]){_NAME}"
    rf"|\b(?:su|runuser)\b(?:\s+-\S*){{0,8}}\s+{_NAME}"
)
_LOGIN = re.compile(r"\s(?:-[A-Za-z]*i[A-Za-z]*|--login|-l|-)(?=[\s<]|$)")
_HANDS_OVER = re.compile(r"\s-[A-Za-z]*s(?:\s+--)?\s+\S")


@dataclass(frozen=True)
class Line:
    """A line of code, without its comment."""

    number: int
    """Counted from 1."""
    code: str
    bare: str
    """The code with what is in single quotes blanked: nothing is expanded there."""
    outside: str
    """The code with all that is quoted blanked."""
    user: User = "root"


@dataclass
class Block:
    """A here-document, or a quoted command of more than one line, that azureuser's shell runs."""

    opened_at: int
    """Line of the ``sudo``."""
    login: bool
    """Whether the shell begins in azureuser's home and with an environment of its own."""
    quoted: bool
    """Whether the outer shell leaves ``$`` alone."""
    hands_over: bool
    """Whether the shell is given arguments of its own."""
    text: Numbered = field(default_factory=list)
    """Its lines as they are, with their numbers."""
    lines: list[Line] = field(default_factory=list)
    """Its code."""


@dataclass
class Script:
    """A script taken apart."""

    lines: list[Line] = field(default_factory=list)
    """All code outside of blocks."""
    blocks: list[Block] = field(default_factory=list)
    unclosed: Numbered = field(default_factory=list)
    """Here-documents that never end: the line that begins them, and the word that is missing."""


def taken_apart(text: str) -> Script:
    """The parts of a script."""
    script = Script()
    lines = text.replace("\r\n", "\n").split("\n")
    _Reader(script, list(enumerate(lines, 1)), script.lines).read()
    return script


class _Reader:
    """Reads the lines of a script, or of one of its blocks, into ``found``."""

    def __init__(
        self, script: Script, text: Numbered, found: list[Line], user: User = "root"
    ) -> None:
        self._script = script
        self._text = text
        self._found = found
        self._user = user
        self._quote: Quote = ""
        self._at = 0

    def read(self) -> None:
        command = ""
        while self._at < len(self._text):
            line = self._next()
            command = (command + line.code.removesuffix("\\"))[:MAX_COMMAND]
            as_azureuser = self._user == "root" and _AS_AZUREUSER.search(command) is not None
            self._found.append(replace(line, user="azureuser" if as_azureuser else self._user))
            for heredoc in _heredocs(line):
                self._heredoc(line.number, command if as_azureuser else None, heredoc)
            if as_azureuser and self._quote:
                self._quoted_command(line.number, command)
            if not line.code.endswith("\\"):
                command = ""

    def _next(self) -> Line:
        number, raw = self._text[self._at]
        self._at += 1
        line, self._quote = _line(number, raw, self._quote)
        return line

    def _heredoc(self, number: int, command: str | None, heredoc: re.Match[str]) -> None:
        """Take the lines of a here-document; they are code where azureuser's shell reads them."""
        tabs, backslash, quote, word = heredoc.groups()
        text: Numbered = []
        while self._at < len(self._text):
            each = self._text[self._at]
            self._at += 1
            if (each[1].lstrip("\t") if tabs else each[1]) == word:
                break
            text.append(each)
        else:
            self._script.unclosed.append((number, word))
        if command is None:
            return
        before = command.partition("<<")[0]
        block = Block(
            number,
            login=_LOGIN.search(before) is not None,
            quoted=bool(quote or backslash),
            hands_over=_HANDS_OVER.search(before) is not None,
            text=text,
        )
        self._script.blocks.append(block)
        _Reader(self._script, text, block.lines, "azureuser").read()

    def _quoted_command(self, number: int, command: str) -> None:
        """Take the lines up to the closing quote: ``bash -c '…``."""
        block = Block(
            number,
            login=_LOGIN.search(command) is not None,
            quoted=self._quote != '"',
            # What it is given stands behind the quote.
            hands_over=True,
        )
        while self._quote and self._at < len(self._text):
            number, raw = self._text[self._at]
            self._next()
            # In quotes here, it is the code of the other shell.
            block.lines.append(replace(_line(number, raw, "")[0], user="azureuser"))
        self._script.blocks.append(block)


def _heredocs(line: Line) -> Iterator[re.Match[str]]:
    for match in _HEREDOC.finditer(line.code):
        start = match.start()
        # In arithmetic it shifts bits.
        if line.outside.startswith("<<", start) and "((" not in line.outside[:start]:
            yield match


def _line(number: int, raw: str, quote: Quote) -> tuple[Line, Quote]:
    """A line in the light of a quote that is open before it, and the one that is after it."""
    bare, outside = [], []
    at = 0
    raw = raw[:MAX_LINE]
    while at < len(raw):
        character = raw[at]
        width = 1
        kept = quote == ""
        expanded = quote in ("", '"')
        if character == "\\" and quote != "'":
            width = len(raw[at : at + 2])
            # What is escaped is no syntax; a backslash at the end of a line is.
            kept = kept and width == 1
            expanded = expanded and width == 1
        elif not quote and character == "#" and (at == 0 or raw[at - 1] in " \t;&|("):
            break
        elif character == "'" and quote != '"':
            begins: Quote = "$'" if raw[at - 1 : at] == "$" else "'"
            quote = "" if quote else begins
            kept = expanded = False
        elif character == '"' and quote in ("", '"'):
            quote = "" if quote else '"'
            kept = False
            expanded = True
        bare.append(raw[at : at + width] if expanded else " " * width)
        outside.append(raw[at : at + width] if kept else " " * width)
        at += width
    return Line(number, raw[:at], "".join(bare), "".join(outside)), quote
