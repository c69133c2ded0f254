"""What must never be moved away, whoever asks: the deny-list.

Given a description of the machine it decides, and looks at nothing: every path it is asked about
is absolute, with its folder free of links and its last part as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .paths import name_of

SYSTEM = (
    b"/bin",
    b"/boot",
    b"/dev",
    b"/etc",
    b"/lib",
    b"/lib32",
    b"/lib64",
    b"/libx32",
    b"/lost+found",
    b"/proc",
    b"/run",
    b"/sbin",
    b"/snap",
    b"/sys",
    b"/usr",
    b"/var",
)
"""Folders of the system, with all that is in them: Filesystem Hierarchy Standard 3.0."""

CONDA = b"/anaconda"
"""Where Conda is on a compute instance, with Azure's own environments ``azureml_py3*``."""

SHARED = (b"/", b"/home", b"/media", b"/mnt", b"/opt", b"/root", b"/srv", b"/tmp")
"""Folders of the system in which people have files of their own."""


@dataclass(frozen=True)
class Protected:
    """What is protected on a machine, and why."""

    trees: Mapping[bytes, str]
    """Folders with all that is in them."""
    folders: Mapping[bytes, str]
    """Folders as such: what is in them may go."""

    def reason(self, path: bytes) -> str | None:
        """Why it must stay, in words for a person; None where it may go."""
        for tree, why in self.trees.items():
            if _within(path, tree):
                return why
        if path in self.folders:
            return self.folders[path]
        for protected, why in (*self.trees.items(), *self.folders.items()):
            if _within(protected, path):
                return f"{name_of(protected)} is in it: {why}"
        return None


def protected_on(
    *,
    home: bytes,
    served: bytes,
    python: frozenset[bytes],
    jupyter: frozenset[bytes],
    data: bytes,
    trashes: frozenset[bytes],
    mount_points: frozenset[bytes],
) -> Protected:
    """The deny-list of a machine.

    ``served`` is the folder that Jupyter serves, which on a compute instance is the root of the
    notebook share; ``python`` are the prefixes of interpreters that are needed.
    """
    trees = dict.fromkeys(SYSTEM, "the system needs it.")
    trees[CONDA] = "it is Conda's, with Azure's own environments: only conda may change it."
    trees |= dict.fromkeys(python, "the Python that Jupyter runs on lives there.")
    trees |= dict.fromkeys(jupyter, "Jupyter keeps its own files there.")
    trees |= dict.fromkeys(trashes, "it is the trash: empty that instead.")
    trees[data] = "this extension keeps its own files there."
    folders = dict.fromkeys(SHARED, "the system needs that folder.")
    folders |= dict.fromkeys(mount_points, "a file system is mounted there.")
    folders[home] = "it is your home folder."
    folders[served] = "it is the folder that Jupyter serves."
    # Protecting all that is in / would leave nothing to clean up.
    trees.pop(b"/", None)
    return Protected(trees, folders)


def _within(path: bytes, folder: bytes) -> bool:
    return path == folder or path.startswith(folder.rstrip(b"/") + b"/")
