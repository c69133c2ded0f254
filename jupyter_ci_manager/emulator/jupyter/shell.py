"""A shell whose only program is ``df``. Knows no websocket and no HTTP.

``df -P``: POSIX.1-2017, "df", "The -P option": one line per file system, sizes in blocks of 512 or,
with ``-k``, of 1024 bytes. What is printed without ``-P`` is the same here.
"""

from __future__ import annotations

import shlex

from jupyter_ci_manager.emulator.arm.computes.disks import Disk

HEADER = "Filesystem     {size}-blocks      Used Available Capacity Mounted on"


class Shell:
    """Takes what is typed and prints what a terminal would show, echo and prompt included.

    ``output`` is printed by every program instead of its own; a ``silent`` shell prints nothing.
    """

    def __init__(
        self, host: str, disks: list[Disk], output: str | None = None, silent: bool = False
    ) -> None:
        self._disks = disks
        self._output = output
        self._silent = silent
        self._prompt = f"(azureml_py38) azureuser@{host}:~/cloudfiles/code$ "
        self._line = ""
        self.ended = False

    def start(self) -> str:
        """What stands there before anything is typed."""
        return "" if self._silent else self._prompt

    def type(self, text: str) -> str:
        """What appears when ``text`` is typed."""
        printed = ""
        for character in text:
            if self.ended:
                break
            if character in "\r\n":
                printed += "\r\n" + self._run_line()
            else:
                self._line += character
                printed += character
        return "" if self._silent else printed

    def _run_line(self) -> str:
        line, self._line = self._line.strip(), ""
        if self._silent:
            return ""
        printed = "".join(self._run(command) for command in line.split(";") if not self.ended)
        return printed if self.ended else printed + self._prompt

    def _run(self, command: str) -> str:
        try:
            words = shlex.split(command)
        except ValueError:
            return "bash: unexpected EOF while looking for matching quote\r\n"
        if not words:
            return ""
        if words[0] == "exit":
            self.ended = True
            return ""
        if words[0] == "exec":
            words = words[1:]
            self.ended = bool(words)
        if not words:
            return ""
        if self._output is not None:
            return self._output
        if words[0] != "df":
            return f"{words[0]}: command not found\r\n"
        return "".join(f"{line}\r\n" for line in self._df(words[1:]))

    def _df(self, arguments: list[str]) -> list[str]:
        options = [each for each in arguments if each.startswith("-")]
        for option in options:
            for letter in option[1:]:
                if letter not in "Pk":
                    return [f"df: invalid option -- '{letter}'"]
        block = 1024 if any("k" in option for option in options) else 512
        paths = [each for each in arguments if not each.startswith("-")]
        known = {disk.mount_point: disk for disk in self._disks}
        missing = [path for path in paths if path not in known]
        shown = [known[path] for path in paths if path in known] if paths else self._disks
        lines = [f"df: {path}: No such file or directory" for path in missing]
        if shown:
            lines.append(HEADER.format(size=block))
        return lines + [_line(disk, block) for disk in shown]


def _line(disk: Disk, block: int) -> str:
    used, available = -(-disk.used_bytes // block), disk.available_bytes // block
    capacity = -(-100 * used // max(1, used + available))
    return (
        f"{disk.device:<14} {disk.total_bytes // block:>11} {used:>9} {available:>9} "
        f"{f'{capacity}%':>8} {disk.mount_point}"
    )
