"""Which logs an instance has, what they come to, and the scripts that wrote them."""

from __future__ import annotations

from ..models import LogDiagnosis, LogList, SaveScript, ScriptFile
from .stream import LogStream


class LogService:
    """Finds logs and scripts wherever they are kept."""

    async def list(self, name: str) -> LogList:
        """The logs of an instance. Raises InvalidName."""
        raise NotImplementedError

    async def stream(self, name: str, log: str) -> LogStream:
        """A log of an instance, to be read. Raises InvalidName, InvalidLogName or LogNotFound."""
        raise NotImplementedError

    async def operation_stream(self, operation_id: str) -> LogStream:
        """What an operation has written. Raises OperationNotFound or LogNotFound."""
        raise NotImplementedError

    async def diagnosis(self, name: str, log: str) -> LogDiagnosis:
        """What a log comes to. Raises as ``stream`` does."""
        raise NotImplementedError

    async def script(self, path: str) -> ScriptFile:
        """A script in the notebook share. Raises InvalidLogName or ScriptNotFound."""
        raise NotImplementedError

    async def save_script(self, path: str, request: SaveScript) -> ScriptFile:
        """Write a script into the notebook share. Raises ScriptExists and as ``script`` does."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of connections."""
