"""Which packages the channels have, asked in a process of its own and remembered for a while.

It knows nothing of how an index is read: see ``search_child.py``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct, field

from ..child_process import run_program
from ..errors import ChannelUnreachable, EngineFailed, InvalidSpec, NoEngine
from ..models import EngineStatus, FoundPackage, PackageSearch
from .channels import (
    NO_CLIENT_CERTIFICATE,
    addresses,
    mirrors_of,
    network_environment,
    secrets,
    told_channel,
)
from .conda_variables import needed_by_rattler
from .condarc import CondaConfiguration
from .masking import masked, secrets_of

LONGEST_SECONDS = 120.0
"""The first time the whole index of a channel may have to be downloaded."""

FRESH_SECONDS = 600.0
MAX_REMEMBERED = 300
MAX_ANSWER_BYTES = 4_000_000

STALE_SECONDS = 3600.0
"""A request as old as that is of a server that was killed."""

_NAME = re.compile(r"([a-z0-9_][a-z0-9_.-]*)(?:$|[\s=<>!~\[(])")


class KnowsEngines(Protocol):
    """What environments are made with, and what Conda's configuration says."""

    async def status(self) -> EngineStatus:
        """For people."""

    async def configuration(self) -> CondaConfiguration:
        """For us. Raises NoEngine where its disk does not answer."""


class _Failed(Struct, frozen=True):
    code: str
    message: str


class _Answer(Struct, frozen=True):
    items: list[FoundPackage] = field(default_factory=list)
    is_more: bool = False
    failed: _Failed | None = None


@dataclass(frozen=True)
class _Remembered:
    found: PackageSearch
    at: float


class PackageSearching:
    """Searches the channels' indexes."""

    def __init__(
        self,
        engines: KnowsEngines,
        *,
        folder: Path,
        cache: Path,
        environ: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``folder`` is for requests, which nobody else may read; ``cache`` for indexes."""
        self._engines = engines
        self._folder = folder
        self._cache = cache
        self._environ = environ
        self._clock = clock
        self._remembered: dict[tuple[str, ...], _Remembered] = {}
        # One at a time: each takes a core and the memory of an index.
        self._turn = asyncio.Lock()

    async def search(self, text: str, channels: Sequence[str]) -> PackageSearch:
        """Packages by a part of their name; without ``channels`` in the configured ones.

        Raises InvalidSpec, ChannelUnreachable, NoEngine or EngineFailed.
        """
        name = _NAME.match(text.strip().rpartition("::")[2].lower())
        if name is None:
            raise InvalidSpec(f"{masked(text[:100])!r} is no part of a package's name.")
        configuration = await self._engines.configuration()
        wanted = addresses(configuration, channels)
        key = (name.group(1), *wanted)
        async with self._turn:
            known = self._remembered.get(key)
            if known is None or self._clock() - known.at > FRESH_SECONDS:
                found = await self._ask(name.group(1), wanted, configuration)
                self._remembered[key] = known = _Remembered(found, self._clock())
                while len(self._remembered) > MAX_REMEMBERED:
                    del self._remembered[next(iter(self._remembered))]
        return known.found

    async def _ask(
        self, text: str, channels: Sequence[str], configuration: CondaConfiguration
    ) -> PackageSearch:
        status = await self._engines.status()
        engines = [*status.others, *([status.engine] if status.engine else [])]
        if not any(engine.name == "rattler" for engine in engines):
            raise NoEngine(
                "Channels are searched with py-rattler, which is not installed here.",
                hint="Write the names of packages without searching, or install py-rattler.",
            )
        request = msgspec.json.encode(
            {
                "text": text,
                "channels": channels,
                "mirrors": mirrors_of(configuration, channels),
                "platform": status.platform,
                "cache": str(self._cache),
                "environ": network_environment(configuration, self._environ),
                "ssl_verify": configuration.ssl_verify is not False,
                "offline": configuration.offline,
            }
        )
        answer = await self._answer(request)
        hidden = secrets(configuration) | secrets_of(channels)
        if answer.failed is not None:
            message = masked(answer.failed.message, hidden)
            if answer.failed.code != "ChannelUnreachable":
                raise EngineFailed(message)
            needs_more = configuration.client_ssl_cert is not None
            raise ChannelUnreachable(message, hint=NO_CLIENT_CERTIFICATE if needs_more else None)
        return PackageSearch(
            [
                msgspec.structs.replace(
                    item,
                    channel=told_channel(item.channel or "", configuration.channel_alias) or None,
                )
                for item in answer.items
            ],
            answer.is_more,
        )

    async def _answer(self, request: bytes) -> _Answer:
        writing = asyncio.ensure_future(asyncio.to_thread(self._write, request))
        try:
            file = await asyncio.shield(writing)
            outcome = await run_program(
                [
                    *(sys.executable, "-X", "utf8"),
                    *("-m", "jupyter_ci_manager.environments.search_child", str(file)),
                ],
                environ=self._environ,
                also_passed=needed_by_rattler(self._environ),
                timeout_seconds=LONGEST_SECONDS,
                output_limit_bytes=MAX_ANSWER_BYTES,
                interrupt_seconds=0.5,
            )
            return msgspec.json.decode(outcome.output, type=_Answer)
        except asyncio.TimeoutError:
            raise ChannelUnreachable(
                f"The channels have not answered within {LONGEST_SECONDS:.0f} s."
            ) from None
        except msgspec.DecodeError:
            raise EngineFailed(
                f"The process that searches the channels died: {masked(outcome.last_words[-500:])}"
            ) from None
        finally:
            # Also when nobody waits any more: there may be tokens in it.
            await asyncio.wait([writing])
            if writing.exception() is None:
                await asyncio.to_thread(writing.result().unlink, missing_ok=True)

    def _write(self, request: bytes) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._folder.glob("search-*.json"):
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > STALE_SECONDS:
                    left.unlink()
        # It is made so that nobody else can read it: there may be tokens in it.
        descriptor, name = tempfile.mkstemp(prefix="search-", suffix=".json", dir=self._folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(request)
        return Path(name)
