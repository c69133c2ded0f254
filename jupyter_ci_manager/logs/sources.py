"""Where logs and scripts are kept: the contract of a notebook share, and which one is asked.

On an instance of the workspace it is the share as it is mounted there; everywhere else the same
share in Azure. It knows no name of a log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ..instances.workspace import WorkspaceService
from ..models import LogSource, ShareEntry, Workspace
from .stream import LogStream

MAX_FILES = 1000
MAX_FOLDERS = 200
MAX_DEPTH = 8
"""What is listed of one folder: somebody looks for a log, and nobody at a thousand of them."""
MAX_ENTRIES = 2000
"""What is listed of a folder that somebody looks into."""


@dataclass(frozen=True)
class SharedFile:
    """A file below the folder that was listed."""

    path: str
    """Below that folder."""
    size: int
    modified_at: datetime | None
    identity: str
    """Together with size and time it tells whether the file is still what it was."""


@dataclass(frozen=True)
class Listing:
    """What is in a folder and those below it; no files where there is no such folder."""

    files: list[SharedFile]
    truncated: bool = False


@dataclass(frozen=True)
class FolderListing:
    """What is in one folder, without the folders in it."""

    items: list[ShareEntry]
    truncated: bool = False


class NotebookShare(Protocol):
    """The notebook file share. Paths begin at its root. Nothing is followed out of it.

    All methods raise LogUnreachable, StorageForbidden and what Azure answers.
    """

    source: LogSource

    async def place(self, workspace: Workspace, folder: str) -> str:
        """Where a folder is, for people."""

    async def files(self, workspace: Workspace, folder: str) -> Listing:
        """All files below a folder, whatever their names."""

    async def folder(self, workspace: Workspace, path: str) -> FolderListing | None:
        """Files and folders of one folder; None where there is no such folder.

        What is neither, such as a link, is left out, and what cannot be named by ``script_path``.
        """

    def stream(self, workspace: Workspace, path: str) -> LogStream:
        """A file, to be read."""

    async def write(self, workspace: Workspace, path: str, data: bytes, *, overwrite: bool) -> None:
        """Write a whole file and the folders above it. Raises ScriptExists."""

    async def close(self) -> None:
        """Let go of connections."""


class MountableShare(NotebookShare, Protocol):
    """One that is there only where it is mounted."""

    async def is_there(self) -> bool:
        """Whether it is mounted here. Raises LogUnreachable where that cannot be told."""


class NotebookShares:
    """Picks the share to ask: the mounted one is quicker, and its disk tells of changes."""

    def __init__(
        self, workspace: WorkspaceService, mounted: MountableShare, azure: NotebookShare
    ) -> None:
        self._workspace = workspace
        self._mounted = mounted
        self._azure = azure

    async def of(self, workspace: Workspace) -> NotebookShare:
        """The share of a workspace. Raises LogUnreachable where a mounted one hangs."""
        if await self._workspace.is_inside(workspace) and await self._mounted.is_there():
            return self._mounted
        return self._azure

    async def close(self) -> None:
        """Let go of connections and keys."""
        await self._mounted.close()
        await self._azure.close()
