"""The last known list of instances, asked for once for everybody who looks, at a pace that adapts.

It knows when to ask Azure and what to keep when Azure fails; it knows no HTTP and no operations.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ..configuration import Pace
from ..errors import AzureTimeout, CiManagerError
from ..models import Instance, Workspace
from .questions import Questions

LATEST_RETRY_SECONDS = 60.0
REFRESH_SPACING_SECONDS = 1.0
"""A refresh that somebody asks for is answered from a list that is at most this old."""
PATIENCE_SECONDS = 10.0
"""How long somebody waits for a newer list where one is known."""
LONGEST_WAIT_SECONDS = 60.0
"""How long somebody waits for the first list."""


@dataclass(frozen=True)
class Change:
    """An instance whose state is another than before; None where it was or is not there."""

    name: str
    previous: str | None
    state: str | None


@dataclass(frozen=True)
class Snapshot:
    """What is known of a workspace's instances, and how well."""

    workspace: Workspace
    items: list[Instance]
    fetched_at: datetime
    error: CiManagerError | None = None
    """Why the newest attempt failed, if it did; the items are then older."""


Fetch = Callable[[Workspace], Awaitable[list[Instance]]]
OnChange = Callable[[Workspace, list[Change]], None]


class InstanceSnapshots:
    """The snapshot of the workspace that was asked for last.

    ``clock`` is monotonic seconds; ``now`` gives aware UTC times; ``busy`` says whether something
    is being changed, which makes the pace fast. ``patience_seconds`` and ``longest_wait_seconds``
    say how long a caller waits for Azure where a list is known and where none is.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        pace: Pace,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        log: logging.Logger,
        busy: Callable[[], bool] = lambda: False,
        on_change: OnChange | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
        longest_wait_seconds: float = LONGEST_WAIT_SECONDS,
    ) -> None:
        self._fetch = fetch
        self._pace = pace
        self._clock = clock
        self._now = now
        self._log = log
        self._busy = busy
        self._on_change = on_change
        self._patience_seconds = patience_seconds
        self._longest_wait_seconds = longest_wait_seconds
        self._watched: _Watched | None = None
        self._questions: Questions[None] = Questions()

    async def close(self) -> None:
        """End what is being asked: nobody waits for it any more."""
        await self._questions.close()

    async def get(self, workspace: Workspace, *, refresh: bool = False) -> Snapshot:
        """The snapshot, asked for again where it is due or ``refresh`` is said.

        Raises what Azure answered, or AzureTimeout, only when nothing is known yet.
        """
        watched = self._watched
        if watched is None or watched.workspace.id != workspace.id:
            # What is still under way for the other workspace ends unseen.
            watched = self._watched = _Watched(workspace)
        if watched.is_asked or self._due(watched, refresh=refresh):
            await self._asked(watched)
        if watched.snapshot is not None:
            return watched.snapshot
        raise watched.error or AzureTimeout("Azure has not answered yet.")

    @property
    def known(self) -> Snapshot | None:
        """What is known already, of the workspace that was asked for last."""
        return self._watched.snapshot if self._watched is not None else None

    def expire(self) -> None:
        """Something is about to change or has changed: ask at the next opportunity."""
        if self._watched is not None:
            soonest = max(self._clock(), self._watched.asked_at + REFRESH_SPACING_SECONDS)
            self._watched.ask_again_at = min(self._watched.ask_again_at, soonest)

    def seconds_until_due(self) -> float:
        """When asking again makes sense."""
        if self._watched is None:
            return 0.0
        due = max(self._watched.ask_again_at, self._watched.throttled_until)
        return max(0.0, due - self._clock())

    def _due(self, watched: _Watched, *, refresh: bool) -> bool:
        now = self._clock()
        if now < watched.throttled_until:
            return False
        if refresh:
            return now >= watched.asked_at + REFRESH_SPACING_SECONDS
        return now >= watched.ask_again_at

    async def _asked(self, watched: _Watched) -> None:
        if watched.in_flight is None or not watched.is_asked:
            watched.in_flight = self._questions.ask(self._refresh(watched))
        known = watched.snapshot is not None
        patience = self._patience_seconds if known else self._longest_wait_seconds
        try:
            # One caller who goes away must not take the answer from the others.
            await asyncio.wait_for(asyncio.shield(watched.in_flight), patience)
        except asyncio.TimeoutError:
            if watched.snapshot is not None:
                error = AzureTimeout("Azure takes long to answer.")
                watched.snapshot = replace(watched.snapshot, error=error)

    async def _refresh(self, watched: _Watched) -> None:
        watched.asked_at = self._clock()
        try:
            items = await self._fetch(watched.workspace)
        except CiManagerError as error:
            self._failed(watched, error)
            return
        previous, watched.snapshot = (
            watched.snapshot,
            Snapshot(watched.workspace, items, fetched_at=self._now()),
        )
        watched.error, watched.failures = None, 0
        moving = self._busy() or any(item.in_transition for item in items)
        watched.ask_again_at = self._clock() + (self._pace.fast if moving else self._pace.slow)
        if previous is not None and watched is self._watched:
            self._tell(watched.workspace, _changes(previous.items, items))

    def _failed(self, watched: _Watched, error: CiManagerError) -> None:
        watched.failures += 1
        watched.error = error
        wait = self._pace.fast
        if watched.snapshot is not None:
            watched.snapshot = replace(watched.snapshot, error=error)
            wait = min(wait * 2 ** (watched.failures - 1), LATEST_RETRY_SECONDS)
        if error.retry_after_seconds is not None:
            wait = max(wait, error.retry_after_seconds)
            watched.throttled_until = self._clock() + error.retry_after_seconds
        watched.ask_again_at = self._clock() + wait

    def _tell(self, workspace: Workspace, changes: list[Change]) -> None:
        if not changes or self._on_change is None:
            return
        try:
            self._on_change(workspace, changes)
        except Exception:  # noqa: BLE001
            # Who only listens must not take the list from the others; the log has the trace.
            self._log.exception("Changes of instances could not be told")


class _Watched:
    """A workspace that somebody looks at, and when to ask for its instances again."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.snapshot: Snapshot | None = None
        self.error: CiManagerError | None = None
        self.failures = 0
        self.asked_at = float("-inf")
        self.ask_again_at = float("-inf")
        self.throttled_until = float("-inf")
        self.in_flight: asyncio.Task[None] | None = None

    @property
    def is_asked(self) -> bool:
        """Whether Azure is being asked at this moment."""
        return self.in_flight is not None and not self.in_flight.done()


def _changes(before: list[Instance], after: list[Instance]) -> list[Change]:
    was = {item.name: item.state for item in before}
    is_now = {item.name: item.state for item in after}
    return [
        Change(name, was.get(name), is_now.get(name))
        for name in {**was, **is_now}
        if was.get(name) != is_now.get(name)
    ]
