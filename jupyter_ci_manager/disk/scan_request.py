"""What is asked of the process that scans."""

from __future__ import annotations

from dataclasses import dataclass

RACY_SECONDS = 2.0
"""A folder that changed this shortly before it was read may change again at the same time stamp."""


@dataclass(frozen=True)
class Request:
    """What is asked of the process."""

    root: str
    """Absolute path of a folder, without symbolic links, as ``os.fsdecode`` has it."""
    anew: bool
    folder: str
    """Where tables of scans are kept."""
    keep_free_bytes: int
    """How much room must remain on the disk that they are kept on."""
    racy_seconds: float = RACY_SECONDS
