"""Which environments there are, and what is in them, without asking any engine."""

from __future__ import annotations

from ..models import (
    Environment,
    EnvironmentDetails,
    EnvironmentExport,
    EnvironmentList,
    ExportFormat,
)


class EnvironmentListing:
    """Reads environments from their own records."""

    async def list(self, *, refresh: bool = False) -> EnvironmentList:
        """All that are known."""
        raise NotImplementedError

    async def find(self, environment_id: str) -> Environment:
        """One of them. Raises EnvironmentNotFound."""
        raise NotImplementedError

    async def details(self, environment_id: str) -> EnvironmentDetails:
        """One with its packages. Raises EnvironmentNotFound."""
        raise NotImplementedError

    async def export(self, environment_id: str, format_: ExportFormat) -> EnvironmentExport:
        """One as a file. Raises EnvironmentNotFound."""
        raise NotImplementedError
