"""What a Conda's own errors mean, in the words of this project.

It knows the names of Conda's exceptions and what its JSON has in it, and must not know what was
asked. Sources: recordings of conda 26.7, ``conda/exceptions.py``, ``libmamba/src/api`` of mamba.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from ..errors import (
    ChannelUnreachable,
    CiManagerError,
    EngineFailed,
    EnvironmentBroken,
    EnvironmentBusy,
    EnvironmentExists,
    EnvironmentNotFound,
    EnvironmentProtected,
    InvalidEnvironmentName,
    InvalidSpec,
    NoSolution,
    NotEnoughRoom,
    PackagesNotFound,
    PipFailed,
)
from .masking import masked, without_secrets

LONGEST_MESSAGE = 4000
"""Characters; the log of the operation has all of it."""

_PACKAGE_CACHE_HINT = (
    "The cache of packages is damaged, as happens when two Condas work at once. Clean it up with "
    "“conda clean --packages --tarballs”, or in the panel's section of the disk, and try again."
)
_KINDS: dict[str, type[CiManagerError]] = {
    "AuthenticationError": ChannelUnreachable,
    "ChannelError": ChannelUnreachable,
    "ChannelNotAllowed": ChannelUnreachable,
    "CondaEnvException": PipFailed,
    "CondaHTTPError": ChannelUnreachable,
    "CondaSSLError": ChannelUnreachable,
    "ConnectionFailed": ChannelUnreachable,
    "CorruptedEnvironmentError": EnvironmentBroken,
    "DirectoryNotACondaEnvironmentError": EnvironmentBroken,
    "EnvironmentIsFrozenError": EnvironmentProtected,
    "EnvironmentLocationNotFound": EnvironmentNotFound,
    "EnvironmentNameNotFound": EnvironmentNotFound,
    "EnvironmentNotWritableError": EnvironmentProtected,
    "FileExistsError": EnvironmentExists,
    "InvalidMatchSpec": InvalidSpec,
    "InvalidSpec": InvalidSpec,
    "InvalidVersionSpec": InvalidSpec,
    "LibMambaUnsatisfiableError": NoSolution,
    "LockError": EnvironmentBusy,
    "NoChannelsConfiguredError": ChannelUnreachable,
    "NoSpaceLeftError": NotEnoughRoom,
    "NoWritableEnvsDirError": EnvironmentProtected,
    "NoWritablePkgsDirError": EnvironmentProtected,
    "NotWritableError": EnvironmentProtected,
    "OfflineError": ChannelUnreachable,
    "PackageNotInstalledError": PackagesNotFound,
    "PackagesNotFoundError": PackagesNotFound,
    "PackagesNotFoundInChannelsError": PackagesNotFound,
    "PackagesNotFoundInPrefixError": PackagesNotFound,
    "ProxyError": ChannelUnreachable,
    "RattlerUnsatisfiableError": NoSolution,
    "ResolvePackageNotFound": PackagesNotFound,
    "SpecNotFoundInPackageCache": PackagesNotFound,
    "SpecsConfigurationConflictError": NoSolution,
    "UnavailableInvalidChannel": ChannelUnreachable,
    "UnsatisfiableError": NoSolution,
}
_BY_ERRNO: dict[int, type[CiManagerError]] = {
    errno.ENOSPC: NotEnoughRoom,
    errno.EDQUOT: NotEnoughRoom,
    errno.EACCES: EnvironmentProtected,
    errno.EPERM: EnvironmentProtected,
    errno.EROFS: EnvironmentProtected,
}
_DAMAGED = frozenset({"SafetyError", "CondaVerificationError", "ChecksumMismatchError"})
_ERRNO = re.compile(r"\[Errno (\d+)\] ([^\"'\n:)]+)")
_RAISED = re.compile(r"(?m)^(?:[\w.]+\.)?([A-Z]\w+): (.+)$")
_TRACEBACK = "Traceback (most recent call last):"
_UNSOLVABLE = re.compile(r"^Cannot solve the request because of: ")
_NOT_PROVIDED = re.compile(r"^(?:- )?nothing provides requested (\S+)", re.MULTILINE)
_INDEX = re.compile(r"/cache/[0-9a-f]+\.json\b")
_SUBDIR = re.compile(r"/(?:noarch|[a-z]+-[a-z0-9_]+)/(?:repodata|current_repodata)[^/]*$")


def error_of(
    answers: Iterable[dict[str, Any]],
    *,
    stderr: str,
    returncode: int,
    secrets: Iterable[str] = (),
    program: str = "conda",
) -> CiManagerError:
    """The error that a program ended with: what it answered, what it said aside, how it exited."""
    secrets = tuple(secrets)
    told = [error for answer in answers for error in _single(answer)]
    found = [_translated(error, stderr, secrets) for error in told]
    # Among several the telling one: the others are what came of it.
    for error in found:
        if type(error) is not EngineFailed:
            return error
    damaged = next((error for error in told if error.get("exception_name") in _DAMAGED), None)
    if damaged is not None:
        return EngineFailed(_message(damaged, secrets), hint=_PACKAGE_CACHE_HINT)
    if found:
        return found[0]
    return _without_an_answer(stderr, returncode, secrets, program)


def _single(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """``CondaMultiError`` has several; one of them may be an empty ``()``."""
    problems = answer.get("solver_problems")
    if isinstance(problems, list) and problems:
        # mamba and micromamba: {"success": false, "solver_problems": […]}.
        text = "\n".join(map(str, problems))
        missing = _NOT_PROVIDED.findall(text)
        if len(missing) == len(problems):
            yield {"exception_name": "PackagesNotFoundError", "packages": missing}
        else:
            yield {"exception_name": "LibMambaUnsatisfiableError", "message": text}
        return
    several = answer.get("errors")
    if isinstance(several, list):
        for each in several:
            if isinstance(each, dict) and each.get("exception_name") != "tuple":
                yield each
    elif answer.get("exception_name") or answer.get("error"):
        yield answer


def _translated(error: dict[str, Any], stderr: str, secrets: tuple[str, ...]) -> CiManagerError:
    name = str(error.get("exception_name", ""))
    message = _message(error, secrets)
    kind = _KINDS.get(name) or _by_errno(message) or EngineFailed
    if name == "CondaValueError" and message.startswith("Environment names"):
        return InvalidEnvironmentName(f"Conda refuses the name: {message}")
    if kind is ChannelUnreachable:
        return _unreachable(error, message, secrets)
    if kind is PackagesNotFound:
        return _not_found(error, message, secrets)
    if kind is PipFailed:
        # Which is all that conda says of it; pip has said the rest aside.
        return PipFailed(_cut(masked(stderr.strip() or message, secrets)))
    if kind is NoSolution:
        return NoSolution(_UNSOLVABLE.sub("", message).strip())
    if name == "FileNotFoundError" and _INDEX.search(message):
        return ChannelUnreachable(
            "Conda is offline, and has no index of a channel in its cache.",
            hint="Go online once, or name only channels that have been used before.",
        )
    if kind is EnvironmentExists:
        return EnvironmentExists(
            f"Something else has made the environment at the same time. {message}"
        )
    if name in ("CondaSignalInterrupt", "CondaError") and "nterrupt" in message:
        return EngineFailed(f"Conda was interrupted by somebody else. {message}")
    return kind(message or f"Conda ended with {name or 'an error without words'}.")


def _by_errno(message: str) -> type[CiManagerError] | None:
    found = _ERRNO.search(message)
    return _BY_ERRNO.get(int(found.group(1))) if found else None


def _message(error: dict[str, Any], secrets: tuple[str, ...]) -> str:
    text = error.get("message") or error.get("error") or ""
    return _cut(masked(str(text).strip(), secrets))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]} …"


def _not_found(error: dict[str, Any], message: str, secrets: tuple[str, ...]) -> PackagesNotFound:
    named = error.get("packages") or error.get("package_name") or error.get("bad_deps") or []
    names = [str(each) for each in (named if isinstance(named, list) else [named])]
    packages = masked(", ".join(names), secrets)[:1000]
    if not packages:
        return PackagesNotFound(message)
    details = {"packages": packages}
    if "prefix" in error:
        return PackagesNotFound(
            f"Not in this environment: {packages}.",
            hint="It may have been removed meanwhile. List the packages again.",
            details=details | {"prefix": str(error["prefix"])},
        )
    channels = masked(str(error.get("channels_formatted") or ""), secrets)
    places = ", ".join(line.strip(" -") for line in channels.splitlines() if line.strip())
    return PackagesNotFound(
        f"No channel has {packages}." + (f" Looked in {places[:1000]}." if places else ""),
        details=details | ({"channels": places[:1000]} if places else {}),
    )


def _unreachable(
    error: dict[str, Any], message: str, secrets: tuple[str, ...]
) -> ChannelUnreachable:
    address = masked(
        without_secrets(str(error.get("url") or error.get("channel_url") or "")), secrets
    )
    if not address:
        return ChannelUnreachable(message)
    channel = _SUBDIR.sub("", address)
    status = str(error.get("status_code") or "")
    cause = _ERRNO.search(str(error.get("caused_by") or ""))
    reason = str(error.get("reason") or "")
    if status.strip("0").isdigit() and len(status) == 3:
        why = f"{status} {reason}".strip()
    elif cause:
        why = cause.group(2).strip()
    else:
        why = reason.capitalize() or message
    return ChannelUnreachable(
        f"The channel {channel} cannot be read: {_cut(masked(why, secrets))}.",
        hint=_hint_of(status, channel),
        details={"channel": channel, "address": address},
    )


def _hint_of(status: str, channel: str) -> str | None:
    host = urlsplit(channel).hostname or channel
    if status in ("401", "403", "407"):
        return f"Who you are is not enough for {host}: check the token or password in .condarc."
    if status == "404":
        return "There is no channel at that address: check its name and channel_alias in .condarc."
    return None


def _without_an_answer(
    stderr: str, returncode: int, secrets: tuple[str, ...], program: str
) -> CiManagerError:
    # A spec that does not parse: a traceback, and nothing on stdout. Without --json all are so.
    raised = [found for found in _RAISED.finditer(stderr) if found.group(1) in _KINDS]
    if raised:
        name, first = raised[-1].groups()
        whole = first if _TRACEBACK in stderr else stderr[raised[-1].start(2) :]
        return _translated({"exception_name": name, "message": whole}, stderr, secrets)
    kind = _by_errno(stderr) or EngineFailed
    said = [line.strip() for line in stderr.splitlines() if line.strip()][-5:]
    last = _cut(masked("\n".join(said), secrets))
    if returncode < 0:
        how = f"{program} was ended by signal {-returncode}."
        hint = "The machine may have had no memory left." if returncode == -9 else None
        return kind(f"{how} {last}".strip(), hint=hint)
    if returncode:
        return kind(f"{program} ended with exit code {returncode}. {last}".strip())
    return kind(f"{program} ended without saying what it has done. {last}".strip())
