"""Makes the steps of a plan: what known tools can clean, or what somebody wants in the trash.

It changes nothing. It must not know how plans are kept or carried out.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from itertools import count

from msgspec.structs import replace

from ..errors import InvalidPath
from .cleanup_step import Step
from .conda_clean import CondaClean
from .docker_prune import docker_steps
from .embedded_packages import embedded_packages_steps
from .pip_cache import pip_cache_steps
from .surroundings import Surroundings
from .threads import Stop, on_thread
from .trash import Trash
from .trash_steps import EmptyStep, empty_step
from .user_files import planned_moves, trashes_of

MEASURE_SECONDS = 120.0


class Planner:
    """Asks this machine what could be removed."""

    def __init__(
        self, surroundings: Surroundings, *, now: Callable[[], datetime], log: logging.Logger
    ) -> None:
        self._surroundings = surroundings
        self._now = now
        self._log = log
        self._conda = CondaClean(
            surroundings.environ,
            processes=surroundings.processes,
            alone=surroundings.conda_alone,
        )

    async def tools(self) -> list[Step]:
        """What known tools can clean, largest first."""
        if sys.platform == "win32":
            # None of the tools is asked there: their processes end in other ways.
            return []
        environ = self._surroundings.environ
        asked: list[Awaitable[Sequence[Step]]] = [
            self._conda.steps(),
            pip_cache_steps(self._surroundings.interpreter, environ),
            docker_steps(environ),
            self._packages(),
            on_thread(self._empty_steps, timeout_seconds=MEASURE_SECONDS),
        ]
        answers = await asyncio.gather(*(self._or_nothing(steps) for steps in asked))
        found = [step for steps in answers for step in steps]
        found.sort(key=lambda step: step.wire.bytes or 0, reverse=True)
        return _numbered(found)

    async def _packages(self) -> Sequence[Step]:
        cache = self._surroundings.packages
        if cache is None:
            return []
        return await embedded_packages_steps(cache, self._surroundings.packages_alone)

    async def trash(self, uris: Sequence[str]) -> list[Step]:
        """Moving files to the trash, and emptying it afterwards. Raises InvalidPath, ProtectedPath.

        Moving alone frees nothing; whoever needs the room chooses both.
        """
        if sys.platform != "linux":
            raise InvalidPath(
                "The trash of this system is not known here.",
                hint="Delete it in JupyterLab's file browser, which knows that trash.",
            )
        try:
            steps = await on_thread(
                lambda stop: self._moves(uris, stop), timeout_seconds=MEASURE_SECONDS
            )
        except asyncio.TimeoutError:
            raise InvalidPath(
                f"Looking through it took longer than {MEASURE_SECONDS:.0f} seconds.",
                hint="Choose smaller folders, or delete it in a terminal.",
            ) from None
        return _numbered(steps)

    def _moves(self, uris: Sequence[str], stop: Stop) -> list[Step]:
        moves = planned_moves(uris, self._surroundings, self._now, stop)
        trashes = dict.fromkeys(move.trash for move in moves if move.wire.available)
        return [*moves, *self._emptying(trashes, stop, after_moves=True)]

    def _empty_steps(self, stop: Stop) -> list[EmptyStep]:
        if sys.platform != "linux":
            return []
        return self._emptying(trashes_of(self._surroundings), stop, after_moves=False)

    def _emptying(
        self, trashes: Iterable[Trash], stop: Stop, *, after_moves: bool
    ) -> list[EmptyStep]:
        found: list[EmptyStep] = []
        for trash in trashes:
            try:
                step = empty_step(trash, stop, after_moves=after_moves)
            except OSError as error:
                # One that cannot be read hides neither the others nor what they can do.
                self._log.info("The trash %r cannot be read: %s", trash.path, error)
            else:
                found += [step] if step is not None else []
        return found

    async def _or_nothing(self, steps: Awaitable[Sequence[Step]]) -> Sequence[Step]:
        """One tool that does not answer must not hide what the others can do."""
        try:
            return await steps
        except (OSError, asyncio.TimeoutError) as error:
            self._log.warning("A part of the cleanup could not be planned: %r", error)
            return []


def _numbered(steps: Sequence[Step]) -> list[Step]:
    numbers = count(1)
    for step in steps:
        step.wire = replace(step.wire, id=f"{step.wire.kind}-{next(numbers)}")
    return list(steps)
