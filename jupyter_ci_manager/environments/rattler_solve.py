"""Which packages fit together, as py-rattler works it out, and why none do, for a person to read.

It installs nothing.
"""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rattler import RepoDataRecord
    from rattler.networking import Client
    from rattler.prefix import PrefixRecord

    from .engine import ChannelPriority as Priority

NEAREST = 3
_MISSING = re.compile(r"No candidates were found for (\S+)")
_ADDRESS = re.compile(r"\b[a-z0-9]+://[^\s()'\"]+")
_STATUS = re.compile(r"HTTP status [^()]*\(\d{3}[^()]*\)")
_CAUSED_BY = re.compile(r"^Caused by: ", re.MULTILINE)

_MIXED = (
    "Nothing fits together when each package comes from the first channel that has it, so packages "
    "of later channels are among these, as channel_priority: flexible allows."
)


class Refused(Exception):
    """Why it cannot be done, with the code of one of our errors."""

    def __init__(self, code: str, message: str, details: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = dict(details or {})


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
    ) -> None:
        from rattler import Gateway
        from rattler.repo_data import SourceConfig

        self.client = client
        self.warnings: list[str] = []
        self._channels = list(channels)
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
        from rattler.exceptions import GatewayError, InvalidMatchSpecError, SolverError

        with warnings.catch_warnings(record=True) as caught:
            try:
                return await self._solve(specs, locked)
            except InvalidMatchSpecError as error:
                raise Refused("InvalidSpec", str(error)) from None
            except GatewayError as error:
                raise Refused(
                    "ChannelUnreachable", why_unreachable(str(error), self._channels)
                ) from None
            except SolverError as error:
                raise await self._no_solution(str(error).strip(), specs) from None
            finally:
                self.warnings += [str(each.message) for each in caught]

    async def _solve(
        self, specs: Sequence[str], locked: Sequence[RepoDataRecord]
    ) -> list[RepoDataRecord]:
        from rattler import ChannelPriority, MatchSpec, VirtualPackage, solve
        from rattler.exceptions import SolverError

        async def with_priority(priority: ChannelPriority) -> list[RepoDataRecord]:
            return await solve(
                self._channels,
                # A text would be parsed strictly: name=version=build, as every export of conda has
                # it, would be refused.
                [MatchSpec(spec) for spec in specs],
                gateway=self.gateway,
                locked_packages=locked,
                virtual_packages=VirtualPackage.detect(),
                channel_priority=priority,
                constraints=[MatchSpec(spec) for spec in self._pinned],
            )

        if self._priority == "disabled":
            return await with_priority(ChannelPriority.Disabled)
        try:
            return await with_priority(ChannelPriority.Strict)
        except SolverError as strictly:
            if self._priority == "strict" or len(self._channels) == 1:
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
        removed = _with_dependents({_name(spec) for spec in remove}, present)
        self._check_present([*remove, *update], present)
        renewed = {_name(spec) for spec in (*update, *install)}
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
        missing = [name for name in map(_name, specs) if name not in present]
        if missing:
            raise Refused(
                "PackagesNotFound",
                f"{_listed(missing)} {'is' if len(missing) == 1 else 'are'} not installed there.",
                {"packages": ", ".join(missing)},
            )

    async def _no_solution(self, text: str, specs: Sequence[str]) -> Refused:
        """A name that no channel has is another matter than versions that do not go together."""
        names = {_name(spec) for spec in specs} | {each.lower() for each in _MISSING.findall(text)}
        known = await self._names()
        missing = sorted(name for name in names if name and name not in known)
        if not missing:
            return Refused("NoSolution", text.removeprefix("Cannot solve the request because of: "))
        nearest = {
            name: difflib.get_close_matches(name, sorted(known), NEAREST, 0.7) for name in missing
        }
        guesses = [guess for each in nearest.values() for guess in each]
        hint = f" Did you mean {_listed(guesses, 'or')}?" if guesses else ""
        return Refused(
            "PackagesNotFound",
            f"No channel has {_listed(missing, 'or')}.{hint}",
            {"packages": ", ".join(missing)} | ({"nearest": ", ".join(guesses)} if guesses else {}),
        )

    async def _names(self) -> set[str]:
        from rattler import Platform

        platforms = [Platform.current(), Platform("noarch")]
        names = await self.gateway.names(self._channels, platforms)
        return {name.normalized for name in names}


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


def _name(spec: str) -> str:
    """The name of the package, in lower case."""
    match = re.match(r"[A-Za-z0-9_.-]+", spec.rpartition("::")[2].strip())
    return match.group().lower() if match else ""


def _listed(names: Sequence[str], word: str = "and") -> str:
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last


def why_unreachable(text: str, channels: Sequence[str]) -> str:
    """Which channel cannot be reached, and the last of the causes, which is the first one."""
    asked = _ADDRESS.search(text)
    which = [each for each in channels if asked and asked.group().startswith(each)] or channels
    first, *causes = (each.strip() for each in _CAUSED_BY.split(text))
    status = _STATUS.search(text)
    why = status.group() if status else (causes or [first])[-1]
    return f"{_listed(which, 'or')} cannot be reached: {why}"
