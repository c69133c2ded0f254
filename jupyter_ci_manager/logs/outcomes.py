"""How the newest setup script of each instance ended, as far as anybody has looked at its log.

It keeps what others found, in memory, and puts it together with what Azure's state says. It reads
nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from ..models import Instance, LogOutcome, ScriptOutcome, Workspace

KEPT = 1000
ENDED: frozenset[LogOutcome] = frozenset({"succeeded", "failed", "timed_out"})
WRONG: frozenset[LogOutcome] = frozenset({"failed", "timed_out"})


@dataclass(frozen=True)
class _Noted:
    outcome: ScriptOutcome
    since: datetime | None
    """Azure's last operation on the instance then: with the next one scripts may run again."""


class ScriptOutcomes:
    """What logs said, by instance."""

    def __init__(self) -> None:
        self._noted: OrderedDict[tuple[str, str], _Noted] = OrderedDict()

    def note(self, workspace: Workspace, instance: Instance, outcome: ScriptOutcome) -> bool:
        """Keep what its newest log says; whether that is news."""
        key = _key(workspace, instance.name)
        noted = _Noted(outcome, instance.state_since)
        news = self._noted.get(key) != noted
        self._noted[key] = noted
        self._noted.move_to_end(key)
        while len(self._noted) > KEPT:
            self._noted.popitem(last=False)
        return news

    def of(self, workspace: Workspace, instance: Instance) -> ScriptOutcome | None:
        """The best that is known: Azure's word that it failed, else the log's, else Azure's."""
        by_azure = instance.script_outcome
        noted = self._noted.get(_key(workspace, instance.name))
        if noted is None or noted.since != instance.state_since:
            return by_azure
        return merged(by_azure, noted.outcome)


def merged(by_azure: ScriptOutcome | None, by_log: ScriptOutcome) -> ScriptOutcome:
    """One of two: a script that failed may hide behind Running, and a log may not say how it ended.

    Where both know how it ended and disagree, Azure speaks of another script than the newest log.
    """
    if by_azure is None:
        return by_log
    if by_log.outcome in WRONG or by_azure.outcome == "unknown":
        return replace(by_log, phase=by_log.phase or by_azure.phase)
    if by_azure.outcome in WRONG and by_log.outcome == "succeeded":
        return by_azure
    if by_log.outcome in ENDED:
        return by_log
    return replace(
        by_azure,
        phase=by_log.phase or by_azure.phase,
        log=by_log.log,
        line=by_log.line if by_azure.outcome in WRONG else None,
    )


def _key(workspace: Workspace, name: str) -> tuple[str, str]:
    return workspace.id.lower(), name.lower()
