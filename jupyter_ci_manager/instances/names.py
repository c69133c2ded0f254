"""Azure's rules for the names of compute instances, and names like a taken one. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import InvalidName

MIN_LENGTH = 3
MAX_LENGTH = 24
_LETTERS_DIGITS_HYPHENS = re.compile(r"[A-Za-z0-9-]+")


def name_problem(name: str) -> str | None:
    """Which rule for new names a name breaks, in words; None when it breaks none.

    Sources: "Create an Azure Machine Learning compute instance", Microsoft Learn; pattern of
    ``computeName`` in the REST API specifications of Microsoft.MachineLearningServices.
    """
    problem = address_problem(name)
    if problem is not None:
        return problem
    if re.search(r"-(?![A-Za-z0-9])", name):
        return "Each hyphen in a name is followed by a letter or digit."
    if re.search(r"-[0-9]+$", name):
        return "A name does not end in a hyphen and digits."
    return None


def address_problem(name: str) -> str | None:
    """Why no compute instance can have a name, whatever rules held when it was made."""
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH:
        return f"A name has {MIN_LENGTH} to {MAX_LENGTH} characters; this one has {len(name)}."
    if not re.match(r"[A-Za-z]", name):
        return "A name starts with a letter from A to Z."
    if not _LETTERS_DIGITS_HYPHENS.fullmatch(name):
        return "A name has only letters from A to Z, digits and hyphens."
    return None


def check_address(name: str) -> None:
    """Raises InvalidName where no instance can have the name, so that Azure need not be asked."""
    problem = address_problem(name)
    if problem is not None:
        raise InvalidName(problem, details={"name": name[:256]})


def similar_names(name: str) -> Iterator[str]:
    """Valid names that resemble a taken or an invalid one, best first."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
    stem = re.sub(r"^[^A-Za-z]+", "", stem)
    # What cannot end a name in digits cannot get a number either: `etl-2` becomes `etl2`.
    stem = re.sub(r"-([0-9]*)$", r"\1", stem) or "ci"
    if name_problem(stem) is None and stem != name:
        yield stem
    base = re.sub(r"[0-9]+$", "", stem) or stem
    for number in range(2, 100):
        candidate = base[: MAX_LENGTH - len(str(number))].rstrip("-") + str(number)
        if name_problem(candidate) is None and candidate != name:
            yield candidate
