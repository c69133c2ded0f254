"""Which names and variables a kernel may have. It looks at no file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from ..errors import InvalidKernel
from ..models import KernelRequest

MOST_VARIABLES = 100
MOST_VALUE_CHARACTERS = 32_000
"""Linux takes 128 KiB for one variable; nobody types that."""

MOST_CHARACTERS_OF_ALL = 200_000
"""A kernelspec with more of them could not be read again."""

SET_BY_ACTIVATION = frozenset({"CONDA_DEFAULT_ENV", "CONDA_PREFIX", "CONDA_SHLVL"})

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_LONGEST_MADE_NAME = 60


def check_kernel_request(request: KernelRequest) -> None:
    """Raises InvalidKernel for what no kernelspec can have, before anything is begun."""
    check_display_name(request.display_name)
    if request.name is not None:
        check_kernel_name(request.name)
    check_variables(request.env)


def check_kernel_name(name: str) -> str:
    """The name of a kernelspec as Jupyter compares it, in lower case. Raises InvalidKernel.

    Jupyter takes these characters in any order, ``..`` too, and makes a folder of them. Source:
    ``jupyter_client/kernelspec.py``.
    """
    lower = name.lower()
    if not _NAME.fullmatch(lower):
        raise InvalidKernel(
            f"{name[:80]!r} cannot be the name of a kernel: it has 1 to 100 letters, digits, '.', "
            "'_' and '-', and begins with a letter or digit.",
            details={"field": "name"},
        )
    return lower


def check_display_name(display_name: str) -> str:
    """The name for people without blanks around it. Raises InvalidKernel."""
    shown = display_name.strip()
    if not shown or not shown.isprintable():
        raise InvalidKernel(
            f"{display_name[:80]!r} cannot be shown as the name of a kernel.",
            hint="Give it a name of one line with something to see in it.",
            details={"field": "display_name"},
        )
    return shown


def check_variables(variables: Mapping[str, str]) -> None:
    """Raises InvalidKernel for variables that a process cannot have, or that activation sets."""
    if len(variables) > MOST_VARIABLES:
        raise _invalid_variables(f"{len(variables)} variables are more than {MOST_VARIABLES}.")
    if sum(map(len, variables.values())) > MOST_CHARACTERS_OF_ALL:
        raise _invalid_variables(
            f"The values of all variables have more than {MOST_CHARACTERS_OF_ALL:,} characters."
        )
    for name, value in variables.items():
        if not _VARIABLE.fullmatch(name):
            raise _invalid_variables(f"{name[:80]!r} cannot be the name of a variable.")
        if name in SET_BY_ACTIVATION:
            raise _invalid_variables(f"{name} is set by activating the environment.")
        if "\0" in value or len(value) > MOST_VALUE_CHARACTERS:
            raise _invalid_variables(
                f"The value of {name} has more than {MOST_VALUE_CHARACTERS:,} characters, or a NUL "
                "in it."
            )


def _invalid_variables(message: str) -> InvalidKernel:
    return InvalidKernel(
        message,
        hint="Names have letters, digits and '_', values are short texts.",
        details={"field": "env"},
    )


def name_made_of(display_name: str, otherwise: str) -> str:
    """The name of a kernelspec that resembles what people call it, else what is given else."""
    return _plain(display_name) or _plain(otherwise) or "environment"


def _plain(text: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9._]+", "-", ascii_only).strip("-._")
    return plain[:_LONGEST_MADE_NAME].rstrip("-._")
