"""What is kept of a scan: files that are whole or not there, and never what fills the disk."""

from __future__ import annotations

import os
import time
import zlib
from pathlib import Path
from shutil import disk_usage

NEWEST = "newest.json"
"""The result of the newest scan, as a file beside the tables."""
HALF = ".half-"
"""What the name of a file begins with that is being written."""
HALF_SECONDS = 3600.0
MAX_FILE_BYTES = 256 * 1024 * 1024


def write_whole(path: Path, data: bytes, *, keep_free_bytes: int) -> bool:
    """Replace a file at once, readable by its owner only; False where the disk has no room.

    What is kept of a scan must not be what fills the disk.
    """
    temporary = path.with_name(f"{HALF}{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if len(data) > MAX_FILE_BYTES or disk_usage(path.parent).free < keep_free_bytes + len(data):
            return False
        try:
            temporary.touch(mode=0o600)
            with temporary.open("wb") as file:
                file.write(zlib.crc32(data).to_bytes(4, "big"))
                file.write(data)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def read_whole(path: Path) -> bytes:
    """What ``write_whole`` wrote. Raises OSError, and ValueError where it is damaged."""
    if path.stat().st_size > MAX_FILE_BYTES + 4:
        raise ValueError("too large")
    with path.open("rb") as file:
        checksum, data = file.read(4), file.read()
    if checksum != zlib.crc32(data).to_bytes(4, "big"):
        raise ValueError("damaged")
    return data


def forget_halves(folder: Path) -> None:
    """Remove what a process left behind that was killed while it wrote."""
    for path in folder.glob(f"{HALF}*"):
        if path.stat().st_mtime < time.time() - HALF_SECONDS:
            path.unlink(missing_ok=True)
