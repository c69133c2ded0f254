"""What the embedded engine tells, as lines of JSON, and how far it is, as rattler calls it.

It knows nothing of who reads it. Rattler calls from threads of its own.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from .room import Need, Planned

EVERY_SECONDS = 0.1


class Told:
    """Writes lines; it is rattler's ``InstallerReporter`` too."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._lock = threading.Lock()
        self._next = 0.0
        self._names: dict[int, str] = {}
        self._downloads: dict[int, tuple[str, int]] = {}
        self._total: int | None = None
        self._operations = 0
        self._linked = 0
        self._phase = ""

    # --- lines ----------------------------------------------------------------------------------

    def _line(self, **line: Any) -> None:
        with self._lock:
            self._output.write(json.dumps(line) + "\n")
            self._output.flush()

    def phase(self, phase: str, message: str) -> None:
        """Another phase has begun."""
        self._phase = phase
        self._line(phase=phase, message=message)

    def log(self, text: str) -> None:
        """Something for the log."""
        self._line(log=text)

    def solution(self, packages: Sequence[Planned], need: Need, warnings: Sequence[str]) -> None:
        """What has been worked out."""
        self._line(
            solution=[package.told() for package in packages],
            need=need.told(),
            warnings=list(warnings),
        )

    def failed(self, code: str, message: str, details: Mapping[str, str]) -> None:
        """It could not be done."""
        self._line(failed={"code": code, "message": message, "details": dict(details)})

    def done(self) -> None:
        """It is done."""
        self._line(done=True)

    def expect_download(self, packages: Sequence[Planned]) -> None:
        """How much will be downloaded, as far as that is known."""
        self._total = sum(package.download_bytes or 0 for package in packages)

    # --- progress -------------------------------------------------------------------------------

    def _progress(self, item: str, done: int, total: int | None, *, now: bool = False) -> None:
        moment = time.monotonic()
        if now or moment >= self._next:
            self._next = moment + EVERY_SECONDS
            self._line(item=item, done=done, total=total)

    def on_transaction_start(self, total_operations: int) -> None:
        """Rattler knows how many packages it will touch."""
        self._operations = total_operations

    def on_transaction_operation_start(self, operation: int) -> None:
        """One package is begun."""

    def on_populate_cache_start(self, operation: int, package_name: str) -> int:
        """One package is looked for in the cache."""
        self._names[operation] = package_name
        return operation

    def on_validate_start(self, cache_entry: int) -> int:
        """It is there, and checked."""
        return cache_entry

    def on_validate_complete(self, validate_idx: int) -> None:
        """It is as it should be."""

    def on_download_start(self, cache_entry: int) -> int:
        """It is not there."""
        name = self._names.get(cache_entry, "")
        self._downloads[cache_entry] = (name, 0)
        self.log(f"Downloading {name}\n")
        return cache_entry

    def on_download_progress(self, download_idx: int, progress: int, total: int | None) -> None:
        """So many bytes of one package have come."""
        name, _ = self._downloads.get(download_idx, ("", 0))
        self._downloads[download_idx] = (name, progress)
        done = sum(count for _, count in list(self._downloads.values()))
        self._progress(name, done, max(done, self._total) if self._total else None)

    def on_download_completed(self, download_idx: int) -> None:
        """One package has come."""

    def on_populate_cache_complete(self, cache_entry: int) -> None:
        """It is in the cache."""

    def on_unlink_start(self, operation: int, package_name: str) -> int:
        """One package is taken out."""
        self._linking()
        self.log(f"Removing {package_name}\n")
        return operation

    def on_unlink_complete(self, index: int) -> None:
        """It is out."""

    def on_link_start(self, operation: int, package_name: str) -> int:
        """One package is put in."""
        self._names[operation] = package_name
        self._linking()
        return operation

    def on_link_complete(self, index: int) -> None:
        """It is in."""
        self._linked += 1
        name = self._names.get(index, "")
        self.log(f"Linked {name}\n")
        if self._phase == "link":
            self._progress(name, self._linked, self._operations)

    def _linking(self) -> None:
        """Packages are linked while others are still downloaded: that is told as downloading."""
        came = sum(count for _, count in list(self._downloads.values()))
        if self._phase != "link" and came >= (self._total or 0):
            self.phase("link", "Linking the packages")

    def on_transaction_operation_complete(self, operation: int) -> None:
        """One package is done."""

    def on_transaction_complete(self) -> None:
        """All are done."""

    def on_post_link_start(self, package_name: str, script_path: str) -> int:
        """Never: scripts are not run."""
        return 0

    def on_post_link_complete(self, index: int, success: bool) -> None:
        """Never: scripts are not run."""

    def on_pre_unlink_start(self, package_name: str, script_path: str) -> int:
        """Never: scripts are not run."""
        return 0

    def on_pre_unlink_complete(self, index: int, success: bool) -> None:
        """Never: scripts are not run."""
