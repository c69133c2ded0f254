"""Bytes of a log as the text that a terminal would show in the end, for magics and command line.

It is fed in pieces, cut anywhere. It knows no file, and prints nothing.
"""

from __future__ import annotations

import codecs
import itertools
import re

MAX_LINE = 64 * 1024
"""Characters. A longer line comes in parts, and what was given out is not overwritten any more."""
MAX_HELD = 4096
"""Characters of an escape sequence that has not ended yet; one that is longer is shown as text."""
_MAX_STYLES = 16
"""Of one style: whoever sets more of them without a reset loses the first."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""All control characters but tab and line feed."""
_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x08\x0a-\x1f\x7f-\x9f]+)"
    r"|(?P<csi>(?:\x1b\[|\x9b)(?P<parameters>[0-?]*)[ -/]*(?P<final>[@-~]))"
    # Titles, links, images: they are no text, and end within their line or are none.
    r"|(?P<string>(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c))"
    r"|(?P<escape>\x1b[ -/]*[0-OQ-WYZ\\`-~])"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f])"
)
_UNFINISHED = re.compile(
    r"(?:\x1b|(?:\x1b\[|\x9b)[0-?]*[ -/]*|\x1b[ -/]+"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*\x1b?)\Z"
)
_COLOURS = re.compile(r"[0-9;:]{0,64}")
_RESET = "\x1b[0m"


class LogText:
    """Takes bytes and gives lines.

    Carriage returns and backspaces overwrite, so that of a progress bar its last state is left.
    Bytes that are no UTF-8 are shown as U+FFFD, control characters as symbols. Of escape sequences
    only colours are passed on, where they are wanted: nothing else reaches the terminal of whoever
    reads the log.
    """

    def __init__(self, *, colours: bool = False) -> None:
        self._colours = colours
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._line = _Line()

    def feed(self, data: bytes) -> str:
        """The lines that are complete with these bytes, each with its line feed."""
        return self._shown(self._decoder.decode(data))

    @property
    def open_line(self) -> str:
        """The line that has not ended yet, as it looks now."""
        return self._line.shown(colours=self._colours)

    def end(self) -> str:
        """What is left when nothing more comes."""
        rest = self._shown(self._decoder.decode(b"", final=True))
        held, self._held = self._held, ""
        rest += self._shown(held, last=True)
        return rest + self._line.taken(colours=self._colours)

    def _shown(self, text: str, *, last: bool = False) -> str:
        text = self._held + text
        self._held = ""
        if not last and (unfinished := _UNFINISHED.search(text, max(0, len(text) - MAX_HELD))):
            self._held = unfinished[0]
            text = text[: unfinished.start()]
        lines = text.split("\n")
        shown: list[str] = []
        for line in lines[:-1]:
            self._draw(line, shown)
            shown += (self._line.taken(colours=self._colours), "\n")
        self._draw(lines[-1], shown)
        return "".join(shown)

    def _draw(self, text: str, shown: list[str]) -> None:
        if not _CONTROL.search(text):
            self._put(text, shown)
            return
        for token in _TOKEN.finditer(text):
            if token["text"]:
                self._put(token["text"], shown)
            elif token["csi"]:
                self._line.obey(token["final"], token["parameters"])
            elif token["control"]:
                self._control(token["control"], shown)

    def _control(self, character: str, shown: list[str]) -> None:
        if character == "\r":
            self._line.column = 0
        elif character == "\b":
            self._line.column = max(0, self._line.column - 1)
        elif character < " ":
            self._put(chr(0x2400 + ord(character)), shown)
        else:
            self._put("\u2421" if character == "\x7f" else f"\\x{ord(character):02x}", shown)

    def _put(self, text: str, shown: list[str]) -> None:
        for start in range(0, len(text), MAX_LINE):
            part = text[start : start + MAX_LINE]
            if self._line.column + len(part) > MAX_LINE:
                shown.append(self._line.taken(colours=self._colours))
            self._line.put(part)


class _Line:
    """One line of a terminal, as far as logs need one."""

    def __init__(self) -> None:
        self.column = 0
        self._characters: list[str] = []
        self._styles: list[str] = []
        self._plain: str | None = ""
        """The line while nothing but text without a style was put at its end."""
        self._style: tuple[str, ...] = ()

    def put(self, text: str) -> None:
        """Write at the cursor."""
        if self._plain is not None and self.column == len(self._plain) and not self._style:
            self._plain += text
            self.column = len(self._plain)
            return
        self._take_apart()
        gap = self.column - len(self._characters)
        if gap > 0:
            self._characters += " " * gap
            self._styles += [""] * gap
        end = self.column + len(text)
        self._characters[self.column : end] = text
        self._styles[self.column : end] = ["".join(self._style)] * len(text)
        self.column = end

    def obey(self, final: str, parameters: str) -> None:
        """Move the cursor, erase or change the colour; all else concerns a screen, not a line."""
        if final == "m":
            self._set_style(parameters)
            return
        number = int(parameters) if parameters.isascii() and parameters.isdigit() else 0
        number = min(number, MAX_LINE)
        if final == "K":
            self._erase(number)
        elif final == "C":
            self.column = min(self.column + max(1, number), MAX_LINE - 1)
        elif final == "D":
            self.column = max(0, self.column - max(1, number))
        elif final == "G":
            self.column = min(max(1, number), MAX_LINE) - 1

    def shown(self, *, colours: bool) -> str:
        """As it looks now."""
        if self._plain is not None:
            return self._plain
        if not colours:
            return "".join(self._characters)
        pieces = []
        for style, cells in itertools.groupby(
            zip(self._styles, self._characters, strict=True), lambda cell: cell[0]
        ):
            text = "".join(character for _, character in cells)
            pieces.append(f"{style}{text}{_RESET}" if style else text)
        return "".join(pieces)

    def taken(self, *, colours: bool) -> str:
        """As it looks now; then it is empty, and the colour stays."""
        text = self.shown(colours=colours)
        self._characters, self._styles, self._plain, self.column = [], [], "", 0
        return text

    def _take_apart(self) -> None:
        if self._plain is not None:
            self._characters = list(self._plain)
            self._styles = [""] * len(self._plain)
            self._plain = None

    def _erase(self, what: int) -> None:
        """To the end of the line (0), from its beginning (1) or all of it (2)."""
        self._take_apart()
        if what in (0, 2):
            del self._characters[self.column :], self._styles[self.column :]
        if what in (1, 2):
            end = min(self.column + 1, len(self._characters))
            self._characters[:end] = " " * end
            self._styles[:end] = [""] * end

    def _set_style(self, parameters: str) -> None:
        if not _COLOURS.fullmatch(parameters):
            return
        if parameters.strip("0") == "":
            self._style = ()
        else:
            kept = () if parameters.startswith(("0;", ";")) else self._style
            self._style = (*kept, f"\x1b[{parameters}m")[-_MAX_STYLES:]
