"""Scans of a disk as operations: one at a time, cancellable, the newest result kept."""

from __future__ import annotations

from ..models import Operation, ScanStatus, StartScan
from ..operations import OperationRegistry


class ScanService:
    """Starts scans and answers what they found."""

    def __init__(self, operations: OperationRegistry) -> None:
        self._operations = operations

    async def start(self, request: StartScan) -> Operation:
        """Begin a scan. Raises InvalidPath or OperationInProgress."""
        raise NotImplementedError

    async def status(self) -> ScanStatus:
        """The newest result and the scan under way."""
        raise NotImplementedError

    async def close(self) -> None:
        """End a scan under way."""
