"""Where things are on the machine that is cleaned up.

It is asked for by whoever wires the services, so it looks at nothing and imports little.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from ..mounts import MOUNTINFO


@dataclass(frozen=True)
class Surroundings:
    """What a cleanup must know of the machine before it looks."""

    served: Path
    """The folder that Jupyter serves."""
    data: Path
    """This extension's own folder."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    mountinfo: Path = MOUNTINFO
    processes: Path = Path("/proc")
    interpreter: str = sys.executable
    conda_alone: Callable[[], AbstractContextManager[object]] = nullcontext
    """Held while a Conda changes anything. Raises BlockingIOError where another one does."""
    packages: Path | None = None
    """What the embedded engine of environments keeps, where there is one."""
    packages_alone: Callable[[], AbstractContextManager[object]] = nullcontext
    """Held while that is removed. Raises BlockingIOError where somebody uses it."""

    @property
    def home(self) -> bytes:
        """The home folder."""
        return os.fsencode(self.environ.get("HOME") or Path.home())
