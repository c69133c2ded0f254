"""environment.yml, as ``conda env`` writes and reads it.

Source: "Creating an environment file manually", conda documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..errors import InvalidEnvironmentFile
from .names import check_channel, check_spec, parse_spec
from .plain_yaml import Plain, is_nothing
from .requirements import check_lines
from .specified import Specification

MAX_PACKAGES = 5000
MAX_VARIABLES = 200
MAX_VALUE = 32_768
"""Characters; Linux takes 131 071 bytes for one variable."""

_FOLLOWED = frozenset({"name", "channels", "dependencies", "variables"})
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_environment_yml(content: Mapping[str, Plain]) -> Specification:
    """What the file asks for. Raises InvalidEnvironmentFile and InvalidSpec."""
    if "dependencies" not in content and "channels" not in content:
        raise InvalidEnvironmentFile("The file has no dependencies in it.")
    warnings = [_warning(key) for key in content if key not in _FOLLOWED]
    specs, requirements = _dependencies(content.get("dependencies", ""))
    pip, more = check_lines(requirements)
    if pip and not any(parse_spec(spec).name == "pip" for spec in specs):
        specs.append("pip")
        warnings.append("pip is added: the file asks it to install packages.")
    name = content.get("name", "")
    if not isinstance(name, str):
        raise InvalidEnvironmentFile("The name in the file is not a text.")
    return Specification(
        "environment.yml",
        name=None if is_nothing(name) else name,
        channels=tuple(check_channel(each) for each in _texts("channels", content)),
        specs=tuple(specs),
        pip=pip,
        variables=_variables(content.get("variables", "")),
        warnings=(*warnings, *more),
    )


def _warning(key: str) -> str:
    if key == "prefix":
        return "The prefix in the file is not used: it is a folder of the machine it was made on."
    return f"{key[:80]!r} in the file is not used."


def _dependencies(value: Plain) -> tuple[list[str], list[str]]:
    """Match specs, and lines for pip."""
    if is_nothing(value):
        return [], []
    if not isinstance(value, list):
        raise InvalidEnvironmentFile("The dependencies in the file are not a list.")
    if len(value) > MAX_PACKAGES:
        raise InvalidEnvironmentFile(f"The file has more than {MAX_PACKAGES} dependencies.")
    specs: list[str] = []
    requirements: list[str] = []
    for entry in value:
        if isinstance(entry, str):
            specs.append(check_spec(entry))
        elif isinstance(entry, dict) and list(entry) == ["pip"]:
            requirements += _texts("pip", entry)
        else:
            raise InvalidEnvironmentFile(
                f"Among the dependencies is {str(entry)[:100]!r}, which is neither a package nor a "
                "list for pip."
            )
    return specs, requirements


def _texts(key: str, content: Mapping[str, Plain]) -> Iterator[str]:
    value = content.get(key, "")
    if is_nothing(value):
        return
    for entry in value if isinstance(value, list) else [value]:
        if not isinstance(entry, str) or "\n" in entry:
            raise InvalidEnvironmentFile(f"In {key!r} of the file is something that is no line.")
        yield entry


def _variables(value: Plain) -> dict[str, str]:
    if is_nothing(value):
        return {}
    if not isinstance(value, dict) or len(value) > MAX_VARIABLES:
        raise InvalidEnvironmentFile("The variables in the file are no pairs, or too many.")
    found: dict[str, str] = {}
    for name, text in value.items():
        if not _VARIABLE.fullmatch(name) or not isinstance(text, str) or not _is_value(text):
            raise InvalidEnvironmentFile(f"{name[:80]!r} in the file is no variable one can set.")
        found[name] = text
    return found


def _is_value(text: str) -> bool:
    return len(text) <= MAX_VALUE and "\0" not in text
