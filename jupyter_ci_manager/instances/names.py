"""Azure's rules for the names of compute instances, and names like a taken one. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import InvalidName

MIN_LENGTH = 3
MAX_LENGTH = 24
_VALID = re.compile(r"[A-Za-z](?:[A-Za-z0-9]|-(?=[A-Za-z0-9]))*", re.ASCII)


def name_problem(name: str) -> str | None:
    """Which rule a name breaks, in words; None when it breaks none.

    Source: "Create an Azure Machine Learning compute instance", Microsoft Learn.
    """
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH:
        return f"A name has {MIN_LENGTH} to {MAX_LENGTH} characters; this one has {len(name)}."
    if not re.match(r"[A-Za-z]", name):
        return "A name starts with a letter from A to Z."
    if re.search(r"[^A-Za-z0-9-]", name):
        return "A name has only letters from A to Z, digits and hyphens."
    if not _VALID.fullmatch(name):
        return "Each hyphen in a name is followed by a letter or digit."
    return None


def checked_name(name: str) -> str:
    """The name itself. Raises InvalidName with the rule that it breaks."""
    problem = name_problem(name)
    if problem is not None:
        raise InvalidName(problem, details={"name": name[:256]})
    return name


def similar_names(name: str) -> Iterator[str]:
    """Valid names that resemble a taken or an invalid one, best first."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
    stem = re.sub(r"^[^A-Za-z]+", "", stem) or "ci"
    if name_problem(stem) is None and stem != name:
        yield stem
    for number in range(2, 10):
        ending = f"-{number}"
        candidate = stem[: MAX_LENGTH - len(ending)].rstrip("-") + ending
        if name_problem(candidate) is None and candidate != name:
            yield candidate
