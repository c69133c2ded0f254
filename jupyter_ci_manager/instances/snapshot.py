"""The last known list of instances, asked for once for everybody who looks, at a pace that adapts.

It knows when to ask Azure and what to keep when Azure fails; it knows no HTTP and no operations.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from ..errors import CiManagerError
from ..models import Instance, Workspace

LATEST_RETRY_SECONDS = 60.0
REFRESH_SPACING_SECONDS = 1.0
"""A refresh that somebody asks for is answered from a list that is at most this old."""


@dataclass(frozen=True)
class Change:
    """An instance whose state is another than before; None where it was or is not there."""

    name: str
    previous: str | None
    state: str | None


@dataclass(frozen=True)
class Pace:
    """Seconds between two questions to Azure while somebody looks."""

    fast: float = 5.0
    """While something is in transition."""
    slow: float = 30.0


@dataclass
class Snapshot:
    """What is known of a workspace's instances, and how well."""

    workspace: Workspace
    items: list[Instance] = field(default_factory=list)
    fetched_at: datetime | None = None
    error: CiManagerError | None = None
    """Why the newest attempt failed, if it did; the items are then older."""


Fetch = Callable[[Workspace], Awaitable[list[Instance]]]
OnChange = Callable[[Workspace, list[Change]], None]


class InstanceSnapshots:
    """Keeps one snapshot of the current workspace.

    ``clock`` is monotonic seconds; ``now`` gives aware UTC times; ``busy`` says whether something
    is being changed, which makes the pace fast.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        pace: Pace,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        busy: Callable[[], bool] = lambda: False,
        on_change: OnChange | None = None,
    ) -> None:
        self._fetch = fetch
        self._busy = busy
        self._pace = pace
        self._clock = clock
        self._now = now
        self._on_change = on_change
        self._snapshot: Snapshot | None = None
        self._asked_at = float("-inf")
        self._ask_again_at = float("-inf")
        self._throttled_until = float("-inf")
        self._failures = 0
        self._in_flight: asyncio.Task[Snapshot] | None = None

    async def get(self, workspace: Workspace, *, refresh: bool = False) -> Snapshot:
        """The snapshot, asked for again where it is due or ``refresh`` is said.

        Raises what Azure answered only when nothing is known yet.
        """
        if self._snapshot is not None and self._snapshot.workspace.id != workspace.id:
            self._reset()
        if self._snapshot is None or self._due(refresh=refresh):
            return await self._ask(workspace)
        return self._snapshot

    def expire(self) -> None:
        """Something is about to change or has changed: ask at the next opportunity."""
        self._ask_again_at = min(
            self._ask_again_at, max(self._clock(), self._asked_at + REFRESH_SPACING_SECONDS)
        )

    def seconds_until_due(self) -> float:
        """When asking again makes sense."""
        return max(0.0, max(self._ask_again_at, self._throttled_until) - self._clock())

    def _reset(self) -> None:
        if self._in_flight is not None:
            self._in_flight.cancel()
            self._in_flight = None
        self._snapshot = None
        self._asked_at = self._ask_again_at = float("-inf")
        self._failures = 0

    def _due(self, *, refresh: bool) -> bool:
        now = self._clock()
        if now < self._throttled_until:
            return False
        if refresh:
            return now >= self._asked_at + REFRESH_SPACING_SECONDS
        return now >= self._ask_again_at

    async def _ask(self, workspace: Workspace) -> Snapshot:
        if self._in_flight is None or self._in_flight.done():
            self._in_flight = asyncio.ensure_future(self._refresh(workspace))
        # One caller who goes away must not take the answer from the others.
        return await asyncio.shield(self._in_flight)

    async def _refresh(self, workspace: Workspace) -> Snapshot:
        self._asked_at = self._clock()
        try:
            items = await self._fetch(workspace)
        except CiManagerError as error:
            return self._failed(error)
        self._failures = 0
        previous, self._snapshot = (
            self._snapshot,
            Snapshot(workspace, items, fetched_at=self._now()),
        )
        moving = self._busy() or any(item.in_transition for item in items)
        self._ask_again_at = self._clock() + (self._pace.fast if moving else self._pace.slow)
        if previous is not None and self._on_change is not None:
            changes = _changes(previous.items, items)
            if changes:
                self._on_change(workspace, changes)
        return self._snapshot

    def _failed(self, error: CiManagerError) -> Snapshot:
        self._failures += 1
        wait = min(self._pace.fast * 2 ** (self._failures - 1), LATEST_RETRY_SECONDS)
        if error.retry_after_seconds is not None:
            wait = max(wait, error.retry_after_seconds)
            self._throttled_until = self._clock() + error.retry_after_seconds
        self._ask_again_at = self._clock() + wait
        if self._snapshot is None:
            raise error
        self._snapshot.error = error
        return self._snapshot


def _changes(before: list[Instance], after: list[Instance]) -> list[Change]:
    was = {item.name: item.state for item in before}
    is_now = {item.name: item.state for item in after}
    return [
        Change(name, was.get(name), is_now.get(name))
        for name in {**was, **is_now}
        if was.get(name) != is_now.get(name)
    ]
