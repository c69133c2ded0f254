"""Setup scripts that are not run: a canned log says so, and a line ``exit 3`` how they end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial

from jupyter_ci_manager.emulator.arm.computes.scripts import Ended, ScriptRun
from jupyter_ci_manager.emulator.clock import Timeline
from jupyter_ci_manager.emulator.files.share import FileShare

from . import log
from .source import script_text

_EXIT = re.compile(rb"^[ \t]*exit[ \t]+(\d{1,3})[ \t]*(?:[#;\r].*)?$", re.MULTILINE)

HOW = (
    "This log is canned: the emulator ran no script. It does when it is started with --run-scripts."
)


class PretendedScripts:
    """Takes a minute for each script, reads how it would end, and writes a log."""

    def __init__(self, timeline: Timeline, share: Callable[[], FileShare], seconds: float) -> None:
        self._timeline = timeline
        self._share = share
        self._seconds = seconds
        self._under_way: dict[str, list[Callable[[datetime], None]]] = {}

    def begin(self, run: ScriptRun, at: datetime, ended: Ended) -> None:
        """Write how the log begins; the rest comes when the script has had its time."""
        share = self._share()
        path = log.log_path(run.instance, run.phase, at)
        share.append(path, log.beginning(run, HOW, at))
        over = False

        def end(at: datetime, *, ended_early: bool = False) -> None:
            nonlocal over
            if over:
                return
            over = True
            self._under_way[run.instance].remove(early)
            if ended_early:
                share.append(path, log.ending(None, log.WENT_AWAY, at))
                ended(None, at)
                return
            status, failure = _outcome(run, share)
            share.append(path, log.ending(status, failure if status is None else None, at))
            ended(failure, at)

        early = partial(end, ended_early=True)
        self._under_way.setdefault(run.instance, []).append(early)
        self._timeline.after(self._seconds, end)

    def end(self, instance: str) -> None:
        """End what is under way on an instance."""
        for early in list(self._under_way.get(instance, [])):
            early(self._timeline.clock.now())


def _outcome(run: ScriptRun, share: FileShare) -> tuple[int | None, str | None]:
    """Exit status, and what the service says of a failure."""
    text = script_text(run.script, share)
    if text is None:
        return None, log.no_such_script(run)
    found = _EXIT.search(text)
    status = int(found[1]) if found else 0
    return status, log.exited(status) if status else None
