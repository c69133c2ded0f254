"""Scans of a disk as operations: one at a time, cancellable, the newest result kept.

It knows no file system: a process of its own scans, see ``scan_worker.py``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from pathlib import Path

import msgspec

from ..errors import InvalidPath, OperationInProgress
from ..hang_guard import HangGuard, NoAnswer
from ..models import Operation, ScanStatus, StartScan
from ..operation_handle import OperationHandle, WorkLost
from ..operations import OperationRegistry
from .paths import name_of, path_of
from .scan_files import NEWEST, read_whole
from .scan_process import Line, Progress, scan_lines
from .scan_request import Request

KEEP_FREE_BYTES = 1_000_000_000
"""What is kept for the next scan must not be what fills the disk."""
ANSWER_SECONDS = 5.0


class _Order(msgspec.Struct, frozen=True):
    """What a scan is to do, as its operation keeps it."""

    root: str
    """Hexadecimal: a path need not be text."""
    anew: bool


class ScanService:
    """Starts scans and answers what they found.

    ``folder`` is where they keep what the next scan needs, ``os_disk`` what is scanned where no
    folder is named.
    """

    def __init__(
        self,
        operations: OperationRegistry,
        *,
        folder: Path,
        os_disk: str,
        log: logging.Logger,
        keep_free_bytes: int = KEEP_FREE_BYTES,
    ) -> None:
        self._operations = operations
        self._folder = folder
        self._os_disk = os_disk
        self._log = log
        self._keep_free_bytes = keep_free_bytes
        self._guard = HangGuard(ANSWER_SECONDS)
        self._starting = asyncio.Lock()
        self._newest: ScanStatus | None = None
        self._read_at: int | None = None
        operations.perform_with(["disk.scan"], self._perform, cancellable=True)

    async def start(self, request: StartScan) -> Operation:
        """Begin a scan. Raises InvalidPath or OperationInProgress."""
        root = await self._folder_named(request.root or self._os_disk)
        name = name_of(os.fsencode(root))
        order = _Order(os.fsencode(root).hex(), request.anew)
        async with self._starting:
            active = await self._active()
            if active is not None:
                raise OperationInProgress(
                    f"{active.target} is being scanned.",
                    hint="Wait until that has finished, or cancel it.",
                    details={"operation_id": active.id},
                )
            return await self._operations.start(
                "disk.scan", name, "", f"Scanning {name}", msgspec.json.encode(order)
            )

    async def status(self) -> ScanStatus:
        """The newest result and the scan under way."""
        active = await self._active()
        await self._read_newest()
        newest = self._newest or ScanStatus(None, None, [])
        return msgspec.structs.replace(newest, operation_id=active.id if active else None)

    async def close(self) -> None:
        """Nothing is left to end: the registry ends the work when it is closed."""

    # --- asking -------------------------------------------------------------------------------

    async def _active(self) -> Operation | None:
        operations = await self._operations.list(active=True)
        return next((each for each in operations.items if each.kind == "disk.scan"), None)

    async def _folder_named(self, text: str) -> str:
        """The absolute path of an existing folder, without symbolic links. Raises InvalidPath."""
        shown = text[:200]
        path = os.fsdecode(path_of(text)) if text.startswith("file:") else text
        if not os.path.isabs(path) or "\0" in path:
            raise InvalidPath(f"{shown!r} is not an absolute path.")

        def looked_at() -> str:
            found = os.path.realpath(path, strict=True)
            # It must be one that can be listed: else there would be nothing to tell.
            with os.scandir(found):
                return found

        try:
            return await self._guard.call(path, looked_at)
        except NoAnswer:
            raise InvalidPath(
                f"The file system of {shown!r} does not answer.",
                hint="It is probably a network share whose server is gone.",
            ) from None
        except FileNotFoundError:
            raise InvalidPath(f"There is no folder {shown!r}.") from None
        except NotADirectoryError:
            raise InvalidPath(f"{shown!r} is not a folder.") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it cannot be a path"
            raise InvalidPath(f"{shown!r} cannot be scanned: {reason}.") from None

    async def _read_newest(self) -> None:
        """Take up what an earlier server, or another process of this user, found out."""
        path = self._folder / NEWEST

        def read() -> tuple[int, bytes] | None:
            changed_at = path.stat().st_mtime_ns
            return None if changed_at == self._read_at else (changed_at, read_whole(path))

        # Nothing was kept yet, or what was kept is of no use.
        with contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
            found = await asyncio.to_thread(read)
            if found is not None:
                self._read_at, line = found
                self._take(msgspec.json.decode(line, type=Line).scan)

    def _take(self, scan: ScanStatus | None) -> None:
        newest = self._newest
        if scan is None or scan.result is None:
            return
        if newest is None or newest.result is None or scan.result.ended_at > newest.result.ended_at:
            self._newest = scan

    # --- doing --------------------------------------------------------------------------------

    async def _perform(self, handle: OperationHandle) -> str:
        if handle.resumed:
            raise WorkLost("The server that scanned the disk is gone, and the scan with it.")
        order = msgspec.json.decode(handle.checkpoint, type=_Order)
        request = Request(
            root=bytes.fromhex(order.root).decode("utf-8", "surrogateescape"),
            anew=order.anew,
            folder=str(self._folder),
            keep_free_bytes=self._keep_free_bytes,
        )
        ended = ""
        async with contextlib.aclosing(scan_lines(request, self._log)) as lines:
            async for line in lines:
                if isinstance(line, Progress):
                    if not line.path:
                        # Nothing has been read yet.
                        continue
                    await handle.report(
                        f"{_counted(line.files, line.folders, line.bytes)} · {line.path}",
                        line.fraction,
                        transient=True,
                    )
                elif line.result is not None:
                    self._newest, result = line, line.result
                    ended = _counted(result.files, result.directories, result.bytes)
        return ended


def _counted(files: int, folders: int, size: int) -> str:
    return f"{files:,} files in {folders:,} folders, {size / 1e9:,.1f} GB"
