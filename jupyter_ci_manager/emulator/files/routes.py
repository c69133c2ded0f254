"""Every path of Azure Files that the emulator serves."""

from __future__ import annotations

from typing import Any

from tornado.routing import URLSpec

from .resources import NotServed, PathItem, ShareItem
from .state import StorageAccount

BASE = "/files"
"""Below it each account has its shares, under its name."""


def routes(account: StorageAccount) -> list[URLSpec]:
    """The routes of one account."""
    options: dict[str, Any] = {"account": account}
    table: list[tuple[str, Any]] = [
        (f"{BASE}/([^/]+)/([^/]+)/?", ShareItem),
        (f"{BASE}/([^/]+)/([^/]+)/(.+)", PathItem),
        (f"{BASE}(?:/.*)?", NotServed),
    ]
    return [URLSpec(f"{path}$", handler, options) for path, handler in table]
