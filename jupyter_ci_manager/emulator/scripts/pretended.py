"""Setup scripts that are not run: a canned log says so, and a line ``exit 3`` how they end."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jupyter_ci_manager.emulator.arm.computes.scripts import Ended, ScriptRun
from jupyter_ci_manager.emulator.clock import Timeline
from jupyter_ci_manager.emulator.files.share import FileShare

from . import log
from .source import script_text

_EXIT = re.compile(rb"^[ \t]*exit[ \t]+(\d{1,3})[ \t]*(?:[#;\r].*)?$", re.MULTILINE)

HOW = (
    "This log is canned: the emulator ran no script. It does when it is started with --run-scripts."
)


@dataclass(eq=False)
class _Pretended:
    """A script that seems to run."""

    run: ScriptRun
    share: FileShare
    path: str
    ended: Ended
    over: bool = False

    def finish(self, at: datetime) -> None:
        """It has had its time."""
        status, failure = _outcome(self.run, self.share)
        self._end(log.ending(status, failure if status is None else None, at), failure, at)

    def give_up(self, at: datetime) -> None:
        """Its instance goes away."""
        self._end(log.ending(None, log.WENT_AWAY, at), None, at)

    def _end(self, text: bytes, failure: str | None, at: datetime) -> None:
        if self.over:
            return
        self.over = True
        written = log.written(self.share, self.path, text)
        self.ended(written if isinstance(written, str) else failure, at)


class PretendedScripts:
    """Takes a minute for each script, reads how it would end, and writes a log."""

    def __init__(self, timeline: Timeline, share: Callable[[], FileShare], seconds: float) -> None:
        self._timeline = timeline
        self._share = share
        self._seconds = seconds
        self._under_way: list[_Pretended] = []

    def begin(self, run: ScriptRun, at: datetime, ended: Ended) -> None:
        """Write how the log begins; the rest comes when the script has had its time."""
        script = _Pretended(run, self._share(), log.log_path(run.instance, run.phase, at), ended)
        written = log.written(script.share, script.path, log.beginning(run, HOW, at))
        if isinstance(written, str):
            ended(written, at)
            return
        self._under_way = [each for each in self._under_way if not each.over] + [script]
        self._timeline.after(self._seconds, script.finish)

    def end(self, instance: str) -> None:
        """End what is under way on an instance."""
        for script in self._under_way:
            if script.run.instance == instance:
                script.give_up(self._timeline.clock.now())


def _outcome(run: ScriptRun, share: FileShare) -> tuple[int | None, str | None]:
    """Exit status, and what the service says of a failure."""
    text = script_text(run.script, share)
    if text is None:
        return None, log.no_such_script(run)
    found = _EXIT.search(text)
    status = int(found[1]) if found else 0
    return status, log.exited(status) if status else None
