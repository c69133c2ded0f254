"""The storage account of a workspace: its key, its share, and who is let in. Knows no HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from .share import FileShare


class StorageAccess(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whom the account lets in, and how it answers.

    Raises ValueError for a delay below zero.
    """

    network_allowed: bool = True
    """False: as for somebody outside the virtual network that the account is in."""
    role_assigned: bool = True
    """False: tokens are refused, as for somebody without a role for the data."""
    keys_allowed: bool = True
    """False: keys are refused, as an administrator can have it."""
    hangs: bool = False
    """True: no answer comes until this is False again."""
    delay_seconds: float = 0.0
    """Real seconds before each answer."""

    def __post_init__(self) -> None:
        """Refuse what could never happen."""
        if self.delay_seconds < 0:
            raise ValueError("delay_seconds must not be negative")


@dataclass
class StorageAccount:
    """A storage account with one file share."""

    name: str
    key: str
    """One of its two keys, in base64."""
    share_name: str
    directory: Path | None = None
    """Holds the share; None while nothing is served."""
    access: StorageAccess = field(default_factory=StorageAccess)
    waiting: set[asyncio.Event] = field(default_factory=set, repr=False)
    """Of requests that hang: set when there is something new to know."""
    _share: FileShare | None = field(default=None, repr=False)

    def let_in(self, access: StorageAccess) -> None:
        """Change who is let in, and look again at the requests that hang."""
        self.access = access
        for event in self.waiting:
            event.set()

    @property
    def share(self) -> FileShare:
        """The share. Raises RuntimeError while nothing is served."""
        if self.directory is None:
            raise RuntimeError("the emulator is not running: there is no share")
        if self._share is None or self._share.directory != self.directory:
            self._share = FileShare(self.share_name, self.directory)
        return self._share
