"""Which environments there are, and what is in them, without asking any engine.

It reads beside the event loop, and each disk for itself: a share that hangs hides only what is on
it. It must not know how environments are changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec.structs import replace

from ..errors import EnvironmentBroken, EnvironmentNotFound, EnvironmentUnreachable
from ..hang_guard import NoAnswer, Turns
from ..models import (
    ACTIVE_OPERATION_STATES,
    EngineStatus,
    Environment,
    EnvironmentDetails,
    EnvironmentExport,
    EnvironmentList,
    ExportFormat,
    Operation,
    Package,
)
from .condarc import CondaConfiguration
from .export import export
from .prefixes import Glance, Place, glance_at, look_at, name_of, places
from .records import (
    Record,
    package_of,
    read_pip_packages,
    read_records,
    read_variables,
)
from .shell_activation import activation_line
from .sizes import SizeBook

LOOK_SECONDS = 10.0
"""For one folder of environments, or one set of kernelspecs."""

READ_SECONDS = 60.0
"""For all records of one environment, and what pip has installed."""

MAX_PROBLEMS = 3

_WORKS_ON_ENVIRONMENTS = frozenset(
    {"environment.create", "environment.change", "environment.remove", "kernel.register"}
)

T = TypeVar("T")


class KnowsEngines(Protocol):
    """What environments are made with, and what Conda's configuration says."""

    async def status(self) -> EngineStatus:
        """For people."""

    async def configuration(self) -> CondaConfiguration:
        """For us. Raises NoEngine where its disk does not answer."""


@dataclass(frozen=True)
class _Read:
    """All that is in one environment."""

    records: list[Record]
    pip: list[Package]
    variables: dict[str, str]
    problems: list[str]


class EnvironmentListing:
    """Reads environments from their own records."""

    def __init__(
        self,
        engines: KnowsEngines,
        sizes: SizeBook,
        *,
        environ: Mapping[str, str],
        home: Path,
        kernels: Callable[[], Mapping[str, Sequence[str]]],
        own_prefixes: Iterable[str] = (sys.prefix, sys.base_prefix),
        look: Callable[[Place, Mapping[str, Glance]], Sequence[Glance]] = look_at,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """``kernels``: names of kernelspecs by the real path of their prefix. May block."""
        self._engines = engines
        self._sizes = sizes
        self._environ = environ
        self._home = home
        self._kernels = kernels
        self._look_at = look
        self._own_prefixes = frozenset(map(os.path.realpath, own_prefixes))
        self._disks = defaultdict[str, Turns](lambda: Turns(look_seconds))
        self._readers = defaultdict[str, Turns](lambda: Turns(READ_SECONDS))
        self._seen: dict[str, Glance] = {}
        self._prefixes: dict[str, str] = {}
        self._work: dict[str, str] = {}
        self._listing: asyncio.Task[EnvironmentList] | None = None

    def operation_changed(self, operation: Operation) -> None:
        """Remember which operations work on what; to be called with every change of one."""
        if operation.kind in _WORKS_ON_ENVIRONMENTS:
            if operation.state in ACTIVE_OPERATION_STATES:
                self._work[operation.target] = operation.id
            elif self._work.get(operation.target) == operation.id:
                del self._work[operation.target]

    async def list(self, *, refresh: bool = False) -> EnvironmentList:
        """All that are known, base first, then by name. Raises NoEngine.

        What is on a disk that does not answer is told among the problems. Who asks while a list is
        being made gets that one; with ``refresh`` nothing seen before is taken for granted.
        """
        if refresh or self._listing is None or self._listing.done():
            self._listing = asyncio.ensure_future(self._list({} if refresh else self._seen))
            # Whoever asked may have stopped waiting, and asyncio would complain of an error.
            self._listing.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(self._listing)

    async def _list(self, seen: Mapping[str, Glance]) -> EnvironmentList:
        configuration = await self._engines.configuration()
        active = self._environ.get("CONDA_PREFIX")
        status, kernels, (where, problems), _ = await asyncio.gather(
            self._engines.status(),
            self._kernel_names(),
            self._on_disk(str(self._home), lambda: places(configuration, self._home, active)),
            self._on_disk("sizes", self._sizes.load),
        )
        looked = await asyncio.gather(*(self._look(place, seen) for place in where))
        glances = _each_once(glance for found, _ in looked for glance in found)
        self._seen = {glance.prefix: glance for glance in glances}
        unknown = [
            glance
            for glance in glances
            if glance.state == "ok" and not self._sizes.is_worked_out(glance)
        ]
        described = [self._described(each, configuration, kernels) for each in glances]
        self._sizes.work_out(unknown)
        self._prefixes.update((item.id, item.prefix) for item in described)
        told = [*configuration.problems, *problems, *(why for _, why in looked if why)]
        return EnvironmentList(sorted(described, key=_order), status, told, bool(unknown))

    async def find(self, environment_id: str) -> Environment:
        """One of them, as it is now. Raises EnvironmentNotFound and EnvironmentUnreachable."""
        return (await self._find(environment_id))[0]

    async def details(self, environment_id: str) -> EnvironmentDetails:
        """One with its packages. Raises EnvironmentNotFound and EnvironmentUnreachable."""
        environment, glance = await self._find(environment_id)
        read = await self._read(glance)
        packages = [*map(package_of, read.records), *read.pip]
        total = sum(package.bytes or 0 for package in packages if package.manager == "conda")
        if read.problems:
            told = "; ".join(read.problems[:MAX_PROBLEMS])
            more = len(read.problems) - MAX_PROBLEMS
            problem = f"{told}{f'; and {more} more' if more > 0 else ''}."
            environment = replace(environment, state="broken", problem=problem)
        elif glance.state == "ok":
            self._sizes.set(glance, total)
        return EnvironmentDetails(
            replace(environment, bytes=total),
            sorted(packages, key=lambda package: (package.name.lower(), package.manager)),
            read.variables,
            activation_line(environment.prefix) if os.name == "posix" else None,
        )

    async def export(self, environment_id: str, format_: ExportFormat) -> EnvironmentExport:
        """One as a file. Raises as ``details``, and EnvironmentBroken."""
        environment, glance = await self._find(environment_id)
        read = await self._read(glance)
        if read.problems:
            raise EnvironmentBroken(
                f"{environment.name or environment.prefix} cannot be exported: {read.problems[0]}."
            )
        name = environment.name or Path(environment.prefix).name
        status = await self._engines.status()
        return export(
            format_, name, read.records, read.pip, read.variables, platform=status.platform
        )

    async def close(self) -> None:
        """Let go of the sizes that are still being worked out."""
        self._sizes.close()
        if self._listing is not None:
            self._listing.cancel()

    # --- one ------------------------------------------------------------------------------------

    async def _find(self, environment_id: str) -> tuple[Environment, Glance]:
        if environment_id not in self._prefixes:
            await self.list()
        prefix = self._prefixes.get(environment_id)
        if prefix is None:
            raise EnvironmentNotFound("There is no environment with that id.")
        configuration = await self._engines.configuration()
        folder = Path(prefix).parent
        is_for_environments = folder in configuration.envs_dirs
        glance = await self._on_disk(
            str(folder), lambda: glance_at(prefix, is_for_environments=is_for_environments)
        )
        if glance is None:
            self._prefixes.pop(environment_id, None)
            raise EnvironmentNotFound(f"There is no environment any more at {prefix}.")
        kernels = await self._kernel_names()
        return self._described(glance, configuration, kernels), glance

    async def _read(self, glance: Glance) -> _Read:
        prefix = Path(glance.prefix)

        def read() -> _Read:
            problems: list[str] = []
            try:
                records = read_records(prefix, problems)
            except OSError as error:
                return _Read([], [], {}, [f"conda-meta: {error.strerror}"])
            pip = list(read_pip_packages(prefix, records))
            return _Read(records, pip, read_variables(prefix), problems)

        return await self._on_disk(str(prefix.parent), read, disks=self._readers)

    async def _on_disk(
        self,
        folder: str,
        function: Callable[[], T],
        *,
        disks: defaultdict[str, Turns] | None = None,
    ) -> T:
        """Raises EnvironmentUnreachable where the disk does not answer."""
        turns = (self._disks if disks is None else disks)[folder]
        try:
            return await turns.call(function)
        except NoAnswer as error:
            raise EnvironmentUnreachable(
                f"The disk of {folder} does not answer: {error}."
            ) from None

    # --- all ------------------------------------------------------------------------------------

    async def _look(
        self, place: Place, seen: Mapping[str, Glance]
    ) -> tuple[Sequence[Glance], str | None]:
        """What is there, and why it could not be looked into."""
        try:
            found = await self._disks[place.folder].call(lambda: self._look_at(place, seen))
        except NoAnswer as error:
            return [], f"{place.folder} does not answer: {error}."
        except OSError as error:
            return [], f"{place.folder} cannot be read: {error.strerror}."
        texts = [glance for glance in found if _is_text(glance.prefix)]
        if len(texts) < len(found):
            return texts, f"{place.folder} has an environment whose name is no text."
        return texts, None

    async def _kernel_names(self) -> Mapping[str, Sequence[str]]:
        try:
            return await self._disks["kernelspecs"].call(self._kernels)
        except NoAnswer:
            # The list of kernels tells so; without them the environments are still worth showing.
            return {}

    def _described(
        self,
        glance: Glance,
        configuration: CondaConfiguration,
        kernels: Mapping[str, Sequence[str]],
    ) -> Environment:
        prefix, real = glance.prefix, glance.real_prefix
        name = name_of(prefix, configuration, self._seen)
        return Environment(
            id=id_of(prefix),
            name=name,
            prefix=prefix,
            state=glance.state,
            is_base=configuration.root is not None and prefix == str(configuration.root),
            is_server=real in self._own_prefixes,
            problem=glance.problem,
            writable=glance.writable,
            python=glance.python,
            r=glance.r,
            package_count=glance.package_count,
            bytes=self._sizes.of(glance),
            kernels=sorted(kernels.get(real, ())),
            modified_at=datetime.fromtimestamp(glance.modified_ns / 1e9, tz=timezone.utc),
            operation_id=self._work.get(prefix) or self._work.get(name or prefix),
        )


def id_of(prefix: str) -> str:
    """The id of whatever is at that path: the same in every server, and fit for an address."""
    return hashlib.sha256(os.fsencode(prefix)).hexdigest()[:20]


def _is_text(prefix: str) -> bool:
    """A path on Linux need not be one, and nothing else can be told as JSON."""
    try:
        prefix.encode()
    except UnicodeEncodeError:
        return False
    return True


def _each_once(glances: Iterable[Glance]) -> list[Glance]:
    """By its own name where it has that, not a link's; else by the path that was found first.

    That is the one of a folder of environments.
    """
    found: dict[tuple[int, int], Glance] = {}
    for glance in sorted(glances, key=_has_a_links_name):
        found.setdefault(glance.identity, glance)
    return list(found.values())


def _has_a_links_name(glance: Glance) -> bool:
    return Path(glance.prefix).name != Path(glance.real_prefix).name


def _order(environment: Environment) -> tuple[bool, bool, str, str]:
    name = environment.name
    return not environment.is_base, name is None, (name or "").lower(), environment.prefix
