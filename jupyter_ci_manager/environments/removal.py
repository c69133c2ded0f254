"""Removing an environment without any engine: out of sight first, then file by file.

At no moment is half of it taken for an environment, and whoever finds it killed half way brings it
to its end. It knows folders and kernelspecs, and no operations. Everything here blocks.
"""

from __future__ import annotations

from pathlib import Path

from ..errors import EnvironmentProtected
from . import unfinished
from .kernel_registration import remove_kernels
from .work_folder import Made, WorkFolder


class Removal:
    """Of one prefix. What has been done so far is in ``Made``, which the folder keeps."""

    def __init__(self, prefix: Path, home: Path, folder: WorkFolder) -> None:
        self._prefix = prefix
        self._home = home
        self._folder = folder

    def move_away(self, made: Made, operation_id: str) -> None:
        """Rename it. Raises EnvironmentProtected.

        Of one that is a link, what it leads to is renamed, and the link removed.
        """
        real = self._prefix.resolve()
        away = unfinished.moved_away(real, operation_id)
        made.removed = str(away)
        self._folder.save_made(made)
        try:
            real.rename(away)
            unfinished.remove_dangling(self._prefix)
        except OSError as error:
            raise EnvironmentProtected(
                f"{self._prefix} cannot be removed: {error.strerror}."
            ) from None

    def is_away(self, made: Made) -> bool:
        """Whether it got as far as being renamed."""
        if made.removed is None:
            return False
        unfinished.remove_dangling(self._prefix)
        return unfinished.is_there(Path(made.removed)) or not unfinished.is_there(self._prefix)

    def finish(self, made: Made) -> str:
        """Remove what belonged to an environment that is not at its place any more."""
        removed, problems = remove_kernels(map(Path, made.kernels))
        unfinished.unregister(self._prefix, self._home)
        if made.removed is not None:
            unfinished.remove_folder(Path(made.removed))
        kernels = [f"Its kernel {name} is removed." for name in removed]
        return " ".join(["Removed.", *kernels, *problems])
