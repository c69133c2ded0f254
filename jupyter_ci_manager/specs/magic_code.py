"""A spec as the magic ``%%ci create`` of this extension. No I/O.

IPython puts Python's values where the line of a magic says ``{name}`` or ``$name``. The line has
plain names and sizes only; everything else is in the cell, which is left as it is.
"""

from __future__ import annotations

import re
from typing import Any

from ..models import CodeFile, CodeForm, InstanceSpec
from .said import said
from .source_text import json_text

LOAD = "%load_ext jupyter_ci_manager"
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def magic_code(spec: InstanceSpec) -> CodeForm:
    """Two cells: one that loads the extension, and the magic."""
    rest: dict[str, Any] = said(spec)
    line = ["create"]
    for key, option in (("name", ()), ("vm_size", ("--size",))):
        if _WORD.fullmatch(rest.get(key, "")):
            line += [*option, rest.pop(key)]
    text = f"%%ci {' '.join(line)}\n{json_text(rest)}\n" if rest else f"%ci {' '.join(line)}\n"
    return CodeForm(
        kind="magic",
        files=[CodeFile("once", "python", f"{LOAD}\n"), CodeFile("cell", "python", text)],
    )
