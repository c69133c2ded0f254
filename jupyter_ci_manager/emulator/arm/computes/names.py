"""Names of computes, and whether one can be had in a region. Knows no HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import rules


class RegionalNames:
    """Compute names of a region: unique across all its workspaces, whatever their case."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def take(self, name: str) -> None:
        """Hold a name."""
        self._names.add(name.lower())

    def release(self, name: str) -> None:
        """Let a name go."""
        self._names.discard(name.lower())


@dataclass(frozen=True)
class NameAvailability:
    """Answer of ``checkComputeNameAvailability``."""

    available: bool
    reason: str | None = None
    message: str | None = None

    def document(self) -> dict[str, Any]:
        """As it is sent."""
        return {
            "nameAvailable": self.available,
            "reason": self.reason,
            "message": self.message,
        }


def check_availability(name: str, names: RegionalNames) -> NameAvailability:
    """Whether ``name`` can be had in the region.

    Reasons and texts: MicrosoftDocs/pipelines-azureml#19 (Invalid) and issue 4 of microsoft/
    Templates-For-Dynamics-365-Supply-Chain-Management-Demand-Forecasting-With-Azure-Machine-Learning
    (AlreadyExists).
    """
    if not rules.is_valid_name(name):
        return NameAvailability(False, "Invalid", rules.NAME_RULE)
    if name in names:
        message = f"The specified name {name} is already in use and is therefore unavailable"
        return NameAvailability(False, "AlreadyExists", message)
    return NameAvailability(True)
