"""The setup scripts of an instance: which run when, and what runs them. Runs none itself.

What runs them is a ``ScriptRunner``: ``emulator/scripts`` has one that only pretends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from .request import InstanceProperties, ScriptReference

Phase = Literal["creation", "startup"]
DEFAULT_TIMEOUT = "15m"
"""Of a script that is given none ("Customize the compute instance with a script")."""

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class ScriptRun:
    """One script that is to run on one instance."""

    instance: str
    workspace: str
    resource_group: str
    phase: Phase
    script: ScriptReference

    @property
    def timeout(self) -> str:
        """As it is written: ``25m``."""
        return self.script.timeout or DEFAULT_TIMEOUT

    @property
    def timeout_seconds(self) -> float:
        """Of Azure's time. Without a unit they are seconds: [assumed], as timeout(1) takes them."""
        number, unit = self.timeout.rstrip("smhd"), self.timeout[-1]
        return int(number) * _SECONDS.get(unit, 1)


Ended = Callable[[str | None, datetime], None]
"""Takes why a script failed, in the words of the service, or None, and when it ended."""


class ScriptRunner(Protocol):
    """Runs setup scripts, or pretends to."""

    def begin(self, run: ScriptRun, at: datetime, ended: Ended) -> None:
        """Begin to run a script; ``ended`` is called once, now or later."""
        ...

    def end(self, instance: str) -> None:
        """End what still runs on an instance: it is stopped, deleted or lost."""
        ...


def creation_scripts(properties: InstanceProperties) -> list[tuple[Phase, ScriptReference]]:
    """What runs before a new instance is handed over: the creation, then the startup script."""
    scripts = properties.setup_scripts.scripts if properties.setup_scripts else None
    creation = scripts.creation_script if scripts else None
    found: list[tuple[Phase, ScriptReference]] = []
    if creation is not None:
        found.append(("creation", creation))
    return found + startup_scripts(properties)


def startup_scripts(properties: InstanceProperties) -> list[tuple[Phase, ScriptReference]]:
    """What runs at every start."""
    scripts = properties.setup_scripts.scripts if properties.setup_scripts else None
    startup = scripts.startup_script if scripts else None
    return [] if startup is None else [("startup", startup)]
