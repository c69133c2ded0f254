"""How often a log is looked at that nobody tells changes of.

It knows no log.
"""

from __future__ import annotations

from .watch import Watched

SHARE_OF_TIME = 0.05
"""Looking takes at most this part of the time: a quick local mount is looked at more often than a
share in another region."""
FASTEST_SECONDS = 0.25
SLOWEST_SECONDS = 5.0
SLOWER = 1.3
"""By how much it gets slower each time that nothing has changed."""
WATCHED_SECONDS = 1.0
"""Where the system tells of changes: in case that one got lost."""
NOT_YET_WATCHED_SECONDS = 0.1


class Pace:
    """Becomes slower while nothing changes, and fast again at once."""

    def __init__(self) -> None:
        self._fast = self._pause = FASTEST_SECONDS

    def looked(self, seconds: float, *, changed: bool) -> None:
        """How long it took, and whether there was anything new."""
        self._fast = min(max(FASTEST_SECONDS, seconds / SHARE_OF_TIME), SLOWEST_SECONDS)
        slower = min(self._pause * SLOWER, SLOWEST_SECONDS)
        self._pause = self._fast if changed else max(slower, self._fast)

    def seconds(self, watched: Watched | None) -> float:
        """Until the next look."""
        if watched is None:
            return self._pause
        return WATCHED_SECONDS if watched.reliable else NOT_YET_WATCHED_SECONDS
