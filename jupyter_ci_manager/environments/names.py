"""Which names, match specs, channels and pip requirements are taken. It looks at no file.

Whatever passes can be an argument of a program: it is one line and never looks like an option.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement, Requirement

from ..errors import InvalidEnvironmentName, InvalidSpec
from .masking import masked, without_secrets

MAX_NAME = 120
"""Characters. A prefix must fit into the 255 that scripts have for the path of an interpreter."""

MAX_SPEC = 512
RESERVED_NAMES = frozenset({"base", "root"})
"""Both mean the environment that conda itself lives in."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_OF_A_NAME = re.compile(r"[A-Za-z0-9._-]*")
_PACKAGE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_CHANNEL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*(?:/[A-Za-z0-9_.+-]+)*")
_ADDRESS = re.compile(r"(?:https?|file|s3|ftp)://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_ARCHIVE = re.compile(
    r"[^#]+/[^/#]+-[^-/#]+-[^-/#]+\.(?:conda|tar\.bz2)"
    r"(?:#(?:[0-9a-f]{32}|(?:sha256:)?[0-9a-f]{64}))?"
)
_OPERATOR = re.compile(r"==|!=|>=|<=|~=|=|>|<")
_CONSTRAINT = re.compile(r"(?:==|!=|>=|<=|~=|=|>|<)?(?:[A-Za-z0-9][A-Za-z0-9_.!+-]*(?:\.?\*)?|\*)")
_BUILD = re.compile(r"[A-Za-z0-9_.*+-]+")
_VERSION_AND_BUILD = re.compile(r"(={0,2}[^=<>!~|,()]+)=([^=]+)")
_KEYS = frozenset(
    {"name", "version", "build", "build_number", "channel", "subdir", "md5", "sha256", "url", "fn"}
    | {"license", "license_family", "track_features", "features"}
)
_VALUES = {
    "md5": re.compile(r"[0-9a-f]{32}"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "build_number": re.compile(r"(?:==|!=|>=|<=|>|<)?[0-9]+"),
    "url": re.compile(rf"(?={_ARCHIVE.pattern}$){_ADDRESS.pattern}", re.IGNORECASE),
}
"""What some of the keys may have as their values."""
_PAIR = re.compile(r"\s*([a-z_0-9]+)\s*=\s*(?:'([^'\[\]]*)'|\"([^\"\[\]]*)\"|([^'\"\[\],\s]+))\s*")
_BARE_PIP_ADDRESS = re.compile(r"(?:(?:git|hg|svn|bzr)\+)?(?:https?|ssh)://[^\s\"'<>\\^`{|}]+")

_FROM_A_FILE = re.compile(r"(?:^|@\s*)(?:[a-z]+\+)?file:", re.IGNORECASE)


@dataclass(frozen=True)
class MatchSpec:
    """A match spec, as far as we must understand it."""

    text: str
    """As it was written, without needless blanks."""
    name: str
    """In lower case, as Conda compares it; empty where only an address is given."""
    version: str | None = None
    build: str | None = None
    channel: str | None = None


def check_environment_name(name: str) -> str:
    """The name, where a new environment can have it. Raises InvalidEnvironmentName.

    Conda takes more, such as blanks in a prefix: then its scripts do not start. Source of what it
    refuses: "conda create", conda documentation, and its answers.
    """
    problem = _name_problem(name)
    if problem is not None:
        raise InvalidEnvironmentName(
            f"{name[:80]!r} cannot be the name of an environment: {problem}.",
            details={"name": name[:300]},
        )
    return name


def _name_problem(name: str) -> str | None:
    if not name:
        return "it is empty"
    if len(name) > MAX_NAME:
        return f"it has {len(name)} characters, and at most {MAX_NAME} are taken"
    if name.lower() in RESERVED_NAMES:
        return "that is the environment which conda itself lives in"
    if "/" in name or "\\" in name:
        return "it would lead to another folder"
    if not _NAME.fullmatch(name):
        if _OF_A_NAME.fullmatch(name):
            return "it begins with neither a letter nor a digit"
        return "it has other characters than the letters A to Z, digits, '.', '_' and '-'"
    if name.endswith("."):
        return "it ends with a period"
    return None


def check_spec(text: str) -> str:
    """The match spec without needless blanks. Raises InvalidSpec."""
    return parse_spec(text).text


def parse_spec(text: str) -> MatchSpec:
    """Understand a match spec. Raises InvalidSpec with what is wrong with it.

    Conda answers some bad ones with a traceback and no JSON at all, after it has removed what was
    there; so none gets as far as that. Source: "Package match specifications", conda documentation.
    """
    stripped = text.strip()
    _check_line(text, stripped)
    if without_secrets(stripped) != stripped and _ADDRESS.search(stripped):
        raise InvalidSpec(
            f"{masked(text[:200])!r} has a password or a token in it.",
            hint="Write the channel with it into .condarc: it would be kept in the environment.",
        )
    if _ADDRESS.match(stripped) and "::" not in stripped:
        is_archive = _ADDRESS.fullmatch(stripped) and _ARCHIVE.fullmatch(stripped)
        if not is_archive or not has_a_host(stripped):
            raise _invalid(
                text, "an address must be that of a NAME-VERSION-BUILD.conda or .tar.bz2"
            )
        return MatchSpec(stripped, "")
    channel, separator, rest = stripped.rpartition("::")
    if separator:
        check_channel(channel)
    rest, brackets = _brackets(text, rest)
    name = _PACKAGE.match(rest)
    if name is None:
        raise _invalid(text, "it begins with no name of a package")
    version, build = _version_and_build(text, rest[name.end() :])
    tidy = "".join(
        (f"{channel}::" if separator else "", name.group(), _tidy(rest[name.end() :]), brackets)
    )
    return MatchSpec(tidy, name.group().lower(), version, build, channel or None)


def _check_line(text: str, stripped: str) -> None:
    if not stripped:
        raise _invalid(text, "it is empty")
    if len(stripped) > MAX_SPEC:
        raise _invalid(text, f"it is longer than {MAX_SPEC} characters")
    if not stripped.isprintable() or not stripped.isascii():
        raise _invalid(text, "it has characters that no package has")
    if stripped.startswith("-"):
        raise _invalid(text, "it looks like an option")


def _brackets(text: str, rest: str) -> tuple[str, str]:
    """Cut ``[key=value, …]`` off the end."""
    if "[" not in rest:
        return rest, ""
    head, _, inner = rest.partition("[")
    if not inner.endswith("]"):
        raise _invalid(text, "a [ has no ]")
    position = 0
    content = inner[:-1]
    while position < len(content):
        pair = _PAIR.match(content, position)
        if pair is None:
            raise _invalid(text, "between [ and ] are pairs such as version='>=2'")
        if pair.group(1) not in _KEYS:
            raise _invalid(text, f"{pair.group(1)!r} is nothing that a package has")
        value = next(filter(None, pair.groups()[1:]), "")
        if pair.group(1) == "version":
            _check_version(text, value)
        expected = _VALUES.get(pair.group(1))
        if expected is not None and not expected.fullmatch(value):
            raise _invalid(text, f"{value!r} is no {pair.group(1)}")
        position = pair.end()
        if position < len(content) and content[position] != ",":
            raise _invalid(text, "between [ and ] are pairs such as version='>=2'")
        position += 1
    return head.rstrip(), f"[{content.strip()}]"


def _version_and_build(text: str, rest: str) -> tuple[str | None, str | None]:
    tidy = _tidy(rest)
    if not tidy:
        return None, None
    if tidy[0] not in " =<>!~":
        raise _invalid(text, f"after the name, {tidy[:20]!r} is neither a version nor a blank")
    parts = tidy.split()
    if len(parts) > 2:
        raise _invalid(text, "it has more parts than name, version and build")
    version = parts[0]
    build = parts[1] if len(parts) == 2 else None
    exact = _VERSION_AND_BUILD.fullmatch(version) if build is None else None
    if exact is not None:
        version, build = exact.groups()
    _check_version(text, version)
    if build is not None and not _BUILD.fullmatch(build):
        raise _invalid(text, f"{build!r} is not the build of a package")
    return version, build


def _check_version(text: str, version: str) -> None:
    if version.count("(") != version.count(")"):
        raise _invalid(text, "a ( has no )")
    for constraint in re.split(r"[,|]", re.sub(r"[()\s]", "", version)):
        if "=>" in constraint or "=<" in constraint:
            raise _invalid(text, "write >= and <=, not => and =<")
        if not _CONSTRAINT.fullmatch(constraint) or ".." in constraint:
            what = constraint or "nothing between two commas"
            raise _invalid(text, f"{what!r} is not a version")


def _tidy(text: str) -> str:
    """Without blanks beside commas, bars and operators, and never two of them."""
    text = re.sub(r"\s*([,|])\s*", r"\1", text.rstrip())
    text = re.sub(rf"({_OPERATOR.pattern})\s+", r"\1", text)
    return re.sub(r"\s+", " ", text)


def _invalid(text: str, why: str) -> InvalidSpec:
    shown = masked(text[:200])
    return InvalidSpec(f"{shown!r} is no package specification: {why}.", details={"spec": shown})


def has_a_host(address: str) -> bool:
    """Whether the parts of an address can be told apart; ``http://[::1/x`` has none."""
    try:
        parts = urlsplit(address)
        # Asking for the port is what finds that it is no number.
        return parts.port is not None or bool(parts.hostname) or parts.scheme.lower() == "file"
    except ValueError:
        return False


def check_channel(text: str) -> str:
    """A channel's name or address. Raises InvalidSpec."""
    channel = text.strip()
    is_one = _CHANNEL.fullmatch(channel) or (_ADDRESS.fullmatch(channel) and has_a_host(channel))
    if is_one and len(channel) <= 2048 and ".." not in channel.split("/"):
        return channel
    raise InvalidSpec(
        f"{masked(channel[:200])!r} is no channel.",
        hint="Give a name such as conda-forge, or the whole address of a channel.",
    )


def check_pip_requirement(text: str) -> str:
    """A requirement that pip takes, and no option of it. Raises InvalidSpec.

    Sources: "Dependency specifiers", Python Packaging User Guide; "pip install", pip documentation.
    """
    requirement = text.strip()
    _check_pip_line(text, requirement)
    if _BARE_PIP_ADDRESS.fullmatch(requirement):
        return requirement
    try:
        Requirement(requirement)
    except InvalidRequirement as error:
        why = str(error).splitlines()[0].rstrip(".")
        raise _invalid_pip(text, why) from None
    return requirement


def _check_pip_line(text: str, requirement: str) -> None:
    if not requirement:
        raise _invalid_pip(text, "it is empty")
    if not requirement.isprintable():
        raise _invalid_pip(text, "it has characters that do not show")
    if requirement.startswith("-"):
        raise _invalid_pip(text, "it is an option of pip")
    if requirement.startswith((".", "/", "~", "\\")):
        raise _invalid_pip(text, "it is a path; packages come from an index or an address here")
    if _FROM_A_FILE.search(requirement):
        raise InvalidSpec(
            f"{masked(text[:200])!r} is a file of the machine that the list was made on.",
            hint="`pip list --format=freeze` makes a list with versions instead of files.",
        )


def _invalid_pip(text: str, why: str) -> InvalidSpec:
    shown = masked(text[:200])
    return InvalidSpec(
        f"{shown!r} is no requirement of pip: {masked(why)}.",
        hint="Write a name, and a version where it matters: requests, torch==2.5.1.",
        details={"spec": shown},
    )
