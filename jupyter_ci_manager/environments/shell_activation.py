"""Prints what a POSIX shell has to read to have an environment active, for a terminal of Jupyter.

    eval "$(python -m jupyter_ci_manager.environments.shell_activation PREFIX)"

It activates in its own process, as a kernel of the environment does, and prints the difference: so
a terminal needs neither Conda nor a shell that ``conda init`` has prepared. The shell goes on with
all it has of its own. It knows nothing of the server.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping

from .kernel_launcher import activate

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)

_FROM_ANYWHERE = ["-P"] if sys.version_info >= (3, 11) else []
"""Else a ``json.py`` in the folder of the terminal would be taken for Python's own."""

_OF_THE_SHELL = frozenset({"_", "OLDPWD", "PS1", "PWD", "SHLVL"})
"""What the shell that reads it keeps by itself."""


def activation_line(prefix: str) -> str:
    """The line to type into a terminal of this machine."""
    command = [sys.executable, *_FROM_ANYWHERE, "-m", __name__, prefix]
    return f'eval "$({shlex.join(command)})"'


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Lines that make the one the other, and put the environment's name before the prompt."""
    names = [each for each in sorted({*before, *after}) if _NAME.fullmatch(each)]
    for name in names:
        if name in _OF_THE_SHELL or before.get(name) == after.get(name):
            continue
        if name in after:
            yield f"export {name}={shlex.quote(after[name])}"
        else:
            yield f"unset {name}"
    left = before.get("CONDA_PROMPT_MODIFIER", "")
    if left:
        # An active one, most often base, has put its name there.
        yield f'PS1="${{PS1#{shlex.quote(left)}}}"'
    yield f'PS1={shlex.quote(after["CONDA_PROMPT_MODIFIER"])}"${{PS1-}}"'


def _tell(message: str) -> None:
    sys.stderr.write(f"[activation] {message}\n")


def main() -> None:
    """Activate here, and print what that has changed."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m jupyter_ci_manager.environments.shell_activation PREFIX")
    before = dict(os.environ)
    after = dict(before)
    activate(after, sys.argv[1], _tell)
    sys.stdout.write("\n".join(differences(before, after)) + "\n")


if __name__ == "__main__":
    main()
