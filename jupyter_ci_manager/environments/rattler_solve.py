"""Which packages fit together, as py-rattler works it out, and why none do, for a person to read.

It installs nothing.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .masking import without_secrets
from .nearest_names import did_you_mean, name_in, nearest_names

if TYPE_CHECKING:
    from rattler import MatchSpec, RepoDataRecord
    from rattler.networking import Client
    from rattler.prefix import PrefixRecord

    from .engine import ChannelPriority as Priority

NEWEST = 5
MAX_TOLD = 20
"""Packages that no channel has, told by their names."""

_MISSING = re.compile(r"No candidates were found for (\S+)")
_MISSING_ALONE = re.compile(r"No candidates were found for (\S+) [^\n]+\.")
_ADDRESS = re.compile(r"\b[a-z0-9]+://[^\s()'\"]+")
_SUBDIR = re.compile(r"noarch|[a-z]+-[a-z0-9]+")
_STATUS = re.compile(r"HTTP status [^()]*\(\d{3}[^()]*\)")
_CAUSED_BY = re.compile(r"^Caused by: ", re.MULTILINE)

_MIXED = (
    "Nothing fits together when each package comes from the first channel that has it, so packages "
    "of later channels are among these, as channel_priority: flexible allows."
)


T = TypeVar("T")


class Refused(Exception):
    """Why it cannot be done, with the code of one of our errors."""

    def __init__(self, code: str, message: str, details: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = dict(details or {})


@dataclass
class _Mirrors:
    """The places of one channel, best first, and why those that were asked have not answered."""

    places: list[str]
    failures: list[str] = field(default_factory=list)


class Solver:
    """Asks the channels, whose addresses may have secrets in them."""

    def __init__(
        self,
        channels: Sequence[str],
        *,
        client: Client,
        cache: Path,
        offline: bool,
        priority: Priority = "flexible",
        pinned: Sequence[str] = (),
        mirrors: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        from rattler import Gateway
        from rattler.repo_data import SourceConfig

        # Rattler writes the addresses into it that it has asked, with their tokens.
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        cache.chmod(0o700)
        self.client = client
        self.warnings: list[str] = []
        self._channels = list(channels)
        self._mirrors = [_Mirrors([each, *(mirrors or {}).get(each, ())]) for each in channels]
        self._priority = priority
        self._pinned = list(pinned)
        self.gateway = Gateway(
            cache_dir=cache,
            default_config=SourceConfig(
                cache_action="force-cache-only" if offline else "cache-or-fetch"
            ),
            client=client,
        )

    async def solve(
        self, specs: Sequence[str], locked: Sequence[RepoDataRecord] = ()
    ) -> list[RepoDataRecord]:
        """The packages that satisfy all specs. Raises Refused."""
        from rattler.exceptions import SolverError

        with warnings.catch_warnings(record=True) as caught:
            try:
                return await self.asking(lambda channels: self._solve(channels, specs, locked))
            except SolverError as error:
                raise await self._no_solution(str(error).strip(), specs) from None
            finally:
                self.warnings += [str(each.message) for each in caught]

    async def asking(self, question: Callable[[list[str]], Awaitable[T]]) -> T:
        """The answer of the channels, each at the first of its mirrors that answers.

        Raises Refused with all that were asked, and what else ``question`` raises.
        """
        from rattler.exceptions import GatewayError

        while True:
            try:
                return await question(self._channels)
            except GatewayError as error:
                self._go_on_with_mirrors(str(error))

    def _go_on_with_mirrors(self, text: str) -> None:
        """Ask the next mirror of the channel that has failed. Raises Refused without one."""
        position = failing(text, self._channels)
        mirrors = None if position is None else self._mirrors[position]
        if position is None or mirrors is None or len(mirrors.places) == 1:
            raise Refused("ChannelUnreachable", why_unreachable(text, self._channels)) from None
        mirrors.failures.append(f"{self._channels[position]}: {_why(text)}")
        if len(mirrors.failures) == len(mirrors.places):
            raise Refused(
                "ChannelUnreachable",
                "\n".join(["None of the mirrors of a channel can be reached:", *mirrors.failures]),
            ) from None
        self.warnings.append(f"Another mirror is asked, as {mirrors.failures[-1]}")
        self._channels[position] = mirrors.places[len(mirrors.failures)]

    def mirrors_of_packages(self) -> dict[str, list[str]]:
        """Where the packages of the channels can be had, the mirrors that have failed last.

        Packages that are downloaded: those of a folder are not.
        """
        found = {}
        for channel, mirrors in zip(self._channels, self._mirrors, strict=True):
            asked = len(mirrors.failures)
            places = [*mirrors.places[asked:], *mirrors.places[:asked]]
            remote = [each for each in places if not each.startswith("file:")]
            if len(remote) > 1 and channel == remote[0]:
                found[channel] = remote
        return found

    async def _solve(
        self, channels: list[str], specs: Sequence[str], locked: Sequence[RepoDataRecord]
    ) -> list[RepoDataRecord]:
        from rattler import ChannelPriority, VirtualPackage, solve
        from rattler.exceptions import SolverError

        async def with_priority(priority: ChannelPriority) -> list[RepoDataRecord]:
            return await solve(
                channels,
                # A text would be parsed strictly: name=version=build, as every export of conda has
                # it, would be refused.
                [_parsed(spec) for spec in specs],
                gateway=self.gateway,
                locked_packages=locked,
                virtual_packages=VirtualPackage.detect(),
                channel_priority=priority,
                constraints=[_parsed(spec) for spec in self._pinned],
            )

        if self._priority == "disabled":
            return await with_priority(ChannelPriority.Disabled)
        try:
            return await with_priority(ChannelPriority.Strict)
        except SolverError as strictly:
            if self._priority == "strict" or len(channels) == 1:
                raise
            try:
                found = await with_priority(ChannelPriority.Disabled)
            except SolverError:
                # What is told is about the channels in their order.
                raise strictly from None
            self.warnings.append(_MIXED)
            return found

    async def solve_change(
        self,
        installed: Sequence[PrefixRecord],
        *,
        install: Sequence[str],
        update: Sequence[str],
        update_all: bool,
        remove: Sequence[str],
    ) -> list[RepoDataRecord]:
        """The packages of an environment after a change. Raises Refused.

        What is there stays as it is where it can: nothing is updated or removed by the way.
        """
        present = {record.name.normalized: record for record in installed}
        removed = _with_dependents({name_in(spec) for spec in remove}, present)
        self._check_present([*remove, *update], present)
        renewed = {name_in(spec) for spec in (*update, *install)}
        kept = {name: record for name, record in present.items() if name not in removed}
        asked = {
            name: list(record.requested_specs)
            for name, record in kept.items()
            if name not in renewed
        }
        specs = [*install, *update]
        for name in kept:
            if name not in renewed:
                specs += asked.get(name) or [name]
        if not specs:
            return []
        free = set(kept) if update_all else renewed
        locked = [record for name, record in kept.items() if name not in free]
        return await self.solve(specs, locked)

    async def record_at(self, address: str) -> RepoDataRecord | None:
        """What the channel's index says of the package at an address; None where it does not."""
        from rattler.exceptions import GatewayError

        channel, subdir, file_name = address.rsplit("/", 2)
        if not _SUBDIR.fullmatch(subdir):
            # No channel has its packages in such a folder.
            return None
        name = file_name.removesuffix(".conda").removesuffix(".tar.bz2").rsplit("-", 2)[0]
        # Its types name the kinds of machines that there are; this one is of an address.
        platforms: list[Any] = sorted({subdir, "noarch"})
        try:
            found = await self.gateway.query([channel], platforms, [name], recursive=False)
        except GatewayError:
            # A folder with packages and no index.
            return None
        records = (record for each in found for record in each)
        return next((each for each in records if each.file_name == file_name), None)

    def _check_present(self, specs: Sequence[str], present: Mapping[str, PrefixRecord]) -> None:
        missing = [name for name in map(name_in, specs) if name not in present]
        if missing:
            raise Refused(
                "PackagesNotFound",
                f"{_listed(missing)} {'is' if len(missing) == 1 else 'are'} not installed there.",
                {"packages": ", ".join(missing)},
            )

    async def _no_solution(self, text: str, specs: Sequence[str]) -> Refused:
        """A name that no channel has is another matter than versions that do not go together."""
        names = {name_in(spec) for spec in specs} | {
            each.lower() for each in _MISSING.findall(text)
        }
        known = await self._names()
        missing = sorted(name for name in names if name and name not in known)
        if not missing:
            why = text.removeprefix("Cannot solve the request because of: ")
            return Refused("NoSolution", f"{why}{await self._versions_there_are(why)}")
        told = missing[:MAX_TOLD]
        more = len(missing) - len(told)
        which = _listed([*told, f"{more} others"] if more else told, "or")
        guesses = nearest_names(told, known)
        return Refused(
            "PackagesNotFound",
            f"No channel has {which}.{did_you_mean(guesses)}",
            {"packages": ", ".join(told)} | ({"nearest": ", ".join(guesses)} if guesses else {}),
        )

    async def _versions_there_are(self, why: str) -> str:
        """A sentence for whoever has asked for a version that there is not."""
        from rattler import Platform

        alone = _MISSING_ALONE.fullmatch(why)
        if alone is None:
            return ""
        platforms = [Platform.current(), Platform("noarch")]
        found = await self.asking(
            lambda channels: self.gateway.query(channels, platforms, [alone[1]], recursive=False)
        )
        versions = sorted({record.version for each in found for record in each}, reverse=True)
        more = ", …" if len(versions) > NEWEST else ""
        return f" There is {alone[1]} {', '.join(map(str, versions[:NEWEST]))}{more}."

    async def _names(self) -> set[str]:
        from rattler import Platform

        platforms = [Platform.current(), Platform("noarch")]
        names = await self.asking(lambda channels: self.gateway.names(channels, platforms))
        return {name.normalized for name in names}


def _parsed(spec: str) -> MatchSpec:
    """Raises Refused with what is wrong with it."""
    from rattler import MatchSpec
    from rattler.exceptions import InvalidMatchSpecError

    try:
        return MatchSpec(spec)
    except InvalidMatchSpecError as error:
        why = str(error).splitlines()[0]
        raise Refused("InvalidSpec", f"{spec!r} cannot be understood: {why}.") from None


def _with_dependents(names: set[str], present: Mapping[str, PrefixRecord]) -> set[str]:
    """The packages and all that need them, as ``conda remove`` takes them."""
    removed = set(names)
    while True:
        more = {
            name
            for name, record in present.items()
            if name not in removed
            and any(depend.split()[0].lower() in removed for depend in record.depends)
        }
        if not more:
            return removed
        removed |= more


def _listed(names: Sequence[str], word: str = "and") -> str:
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last


def why_unreachable(text: str, channels: Sequence[str]) -> str:
    """Which channel cannot be reached, and why."""
    position = failing(text, channels)
    asked = _ADDRESS.search(text)
    # A package may be asked for by an address of its own.
    elsewhere = [without_secrets(asked.group())] if asked else channels
    which = elsewhere if position is None else [channels[position]]
    return f"{_listed(which, 'or')} cannot be reached: {_why(text)}"


def failing(text: str, channels: Sequence[str]) -> int | None:
    """Which of the channels an error is about."""
    asked = _ADDRESS.search(text)
    if asked is None:
        return None
    # Rattler hides tokens and passwords in what it tells.
    address = f"{without_secrets(asked.group())}/"
    about = [
        position
        for position, each in enumerate(channels)
        if address.startswith(f"{without_secrets(each).rstrip('/')}/")
    ]
    return max(about, key=lambda position: len(channels[position]), default=None)


def _why(text: str) -> str:
    """The last of the causes, which is the first one."""
    first, *causes = (each.strip() for each in _CAUSED_BY.split(text))
    status = _STATUS.search(text)
    return status.group() if status else (causes or [first])[-1]
