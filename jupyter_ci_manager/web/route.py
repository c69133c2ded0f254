"""What a route is: a path below our namespace and the handler it leads to."""

from __future__ import annotations

from dataclasses import dataclass

from .base import CiManagerHandler

NAMESPACE = "ci-manager"
SEGMENT = r"([^/]+)"
ROUTES_KEY = "ci_manager_routes"
"""Where the application's settings have the table of routes."""


@dataclass(frozen=True)
class Route:
    """A path below the namespace, with the names of its parameters in braces."""

    path: str
    handler: type[CiManagerHandler]

    @property
    def pattern(self) -> str:
        """The path as a regular expression for tornado."""
        parts = [SEGMENT if part.startswith("{") else part for part in self.path.split("/")]
        return "/" + "/".join([NAMESPACE, *parts])
