"""How the scripts behind many logs ended: by the end of each log, and by the instance's state.

It reads a little of the newest logs only, and nothing twice that has not changed.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ..errors import CiManagerError
from ..instances.setup_scripts import FAILED
from ..instances.states import BECOMING_RUNNING
from ..models import Instance, LogOutcome, ScriptPhase
from .diagnosis import Diagnostician, Ending
from .sources import SharedFile
from .stream import LogStream

LOOKED_AT = 20
"""Of the newest logs; nobody compares older ones."""
AT_ONCE = 4
KEPT = 500
CLOCKS_DIFFER = timedelta(minutes=2)
"""The instance's clock against Azure's."""

UNKNOWN = Ending("unknown", None)

_PHASES: tuple[tuple[re.Pattern[str], ScriptPhase], ...] = (
    (re.compile(r"creat", re.IGNORECASE), "creation"),
    (re.compile(r"start(?!ed)", re.IGNORECASE), "startup"),
)


def phase_of(path: str) -> ScriptPhase | None:
    """Which script wrote a log, where its name says so; Azure documents no names."""
    found = [phase for pattern, phase in _PHASES if pattern.search(path)]
    return found[0] if len(found) == 1 else None


class Endings:
    """Reads the ends of logs."""

    def __init__(self, diagnostician: Diagnostician) -> None:
        self._diagnostician = diagnostician
        self._known: OrderedDict[tuple[str, int, datetime | None, str], Ending] = OrderedDict()

    async def of(
        self, files: Sequence[SharedFile], stream: Callable[[SharedFile], LogStream]
    ) -> list[Ending]:
        """One for each file, in their order; what cannot be read now is unknown."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def look(file: SharedFile) -> Ending:
            async with gate:
                return await self._ending(file, stream(file))

        newest = await asyncio.gather(*(look(file) for file in files[:LOOKED_AT]))
        return [*newest, *(UNKNOWN for _ in files[LOOKED_AT:])]

    async def _ending(self, file: SharedFile, stream: LogStream) -> Ending:
        key = (stream.key, file.size, file.modified_at, file.identity)
        known = self._known.get(key)
        if known is None:
            try:
                known = await self._diagnostician.ending(stream, file.size)
            except CiManagerError:
                return UNKNOWN
            self._known[key] = known
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return known


def judged(
    instance: Instance, written_at: datetime | None, outcome: LogOutcome, exit_status: int | None
) -> Ending:
    """How the newest log's script ended: its own word, and that of the instance's state."""
    if instance.state in BECOMING_RUNNING and not _is_of_before(instance, written_at):
        # Whatever its last line says, the script is not done while Azure waits for it.
        return Ending("running", None)
    by_azure = instance.script_outcome
    if outcome == "unknown" and instance.state in FAILED and by_azure is not None:
        return Ending(by_azure.outcome, by_azure.exit_status)
    return Ending(outcome, exit_status)


def _is_of_before(instance: Instance, written_at: datetime | None) -> bool:
    """Whether the log was written before the instance was last started or created."""
    since = instance.state_since
    return written_at is not None and since is not None and written_at < since - CLOCKS_DIFFER
