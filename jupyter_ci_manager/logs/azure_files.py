"""The notebook share in Azure Files, over HTTPS: its files listed, read in ranges, and written.

It knows no credential. Source: Azure Files REST API, and ``azure-storage-file-share`` 12.27.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import CiManagerError, LogNotFound, NotFound, ScriptExists
from ..instances.wire.base import parse_time
from ..models import LogSource, ShareEntry, Workspace
from ..share_paths import child_of
from .sources import (
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_FILES,
    MAX_FOLDERS,
    FolderListing,
    Listing,
    SharedFile,
)
from .storage import ShareAccess
from .stream import LogStream, StreamState

if TYPE_CHECKING:
    from azure.storage.fileshare.aio import ShareClient, ShareFileClient

T = TypeVar("T")

FOLDERS_AT_ONCE = 4
GONE = frozenset({"resourcenotfound", "parentnotfound"})
"""What is said of a path; ``ShareNotFound`` is said of the whole share."""
NO_FOLDER = GONE | {"resourcetypemismatch"}


class AzureFilesShare:
    """The notebook share of a workspace as Azure serves it."""

    source: LogSource = "azure_files"

    def __init__(self, access: ShareAccess) -> None:
        self._access = access

    async def close(self) -> None:
        """Let go of connections and keys."""
        await self._access.close()

    async def place(self, workspace: Workspace, folder: str) -> str:
        """Account, share and folder, as Azure's portal names them."""
        share = await self._access.share(workspace)
        return f"{share.account}/{share.name}/{folder}"

    async def files(self, workspace: Workspace, folder: str) -> Listing:
        """All files below a folder."""
        return await self._access.perform(workspace, lambda share: _Walk(share, folder).done())

    async def folder(self, workspace: Workspace, path: str) -> FolderListing | None:
        """Files and folders of one folder."""
        return await self._access.perform(workspace, lambda share: _folder_of(share, path))

    def stream(self, workspace: Workspace, path: str) -> LogStream:
        """A file, to be read."""
        return AzureFileStream(self._access, workspace, path)

    async def write(self, workspace: Workspace, path: str, data: bytes, *, overwrite: bool) -> None:
        """Write a file under another name and move it to its own, which Azure does at once or not.

        Creating it there would overwrite what came to be a moment before (docs/decisions/0096).
        """
        folder, _, name = path.rpartition("/")

        async def work(share: ShareClient) -> None:
            await _make_folders(share, folder)
            own_name = f".{name[:64]}.{secrets.token_hex(8)}"
            written = share.get_file_client(_joined(folder, own_name))
            try:
                await written.upload_file(data, length=len(data))
                await written.rename_file(path, overwrite=overwrite)
            except BaseException:
                await _remove(written)
                raise

        try:
            await self._access.perform(workspace, work)
        except ScriptExists:
            raise ScriptExists(
                f"{path} is already in the notebook share.", details={"path": path}
            ) from None


@dataclass(frozen=True)
class AzureFileStream:
    """One file of the share."""

    _access: ShareAccess
    _workspace: Workspace
    _path: str

    @property
    def key(self) -> str:
        """The share is the workspace's."""
        return f"azure-files:{self._workspace.id.lower()}:{self._path.lower()}"

    @property
    def watched(self) -> Path | None:
        """None: Azure Files tells nobody of changes."""
        return None

    async def state(self) -> StreamState:
        """Its size now, also while it is open on an instance; listings may lag behind."""

        async def look(file: ShareFileClient) -> StreamState:
            found = await file.get_file_properties()
            return StreamState(
                int(found.size or 0), _identity(found), _utc(found.last_write_time, found)
            )

        return await self._perform(look)

    async def read(self, offset: int, length: int) -> bytes:
        """At most so many bytes from there, in one ranged request."""
        if length <= 0:
            return b""

        async def look(file: ShareFileClient) -> bytes:
            from azure.core.exceptions import HttpResponseError

            try:
                return bytes(await (await file.download_file(offset, length)).readall())
            except HttpResponseError as error:
                if error.status_code == 416:
                    # There is nothing at that place (yet).
                    return b""
                raise

        return await self._perform(look)

    async def _perform(self, look: Callable[[ShareFileClient], Awaitable[T]]) -> T:
        try:
            return await self._access.perform(
                self._workspace, lambda share: look(share.get_file_client(self._path))
            )
        except NotFound as error:
            raise LogNotFound(
                f"{self._path} is not in the workspace's file share.",
                details={"azure_code": error.body.code},
            ) from error


class _Walk:
    """One look at all that is below a folder."""

    def __init__(self, share: ShareClient, root: str) -> None:
        self._share = share
        self._root = root
        self._files: list[SharedFile] = []
        self._folders = 0
        self._truncated = False

    async def done(self) -> Listing:
        from azure.core.exceptions import ResourceNotFoundError

        level = [""]
        for depth in range(MAX_DEPTH + 1):
            inner: list[str] = []
            for start in range(0, len(level), FOLDERS_AT_ONCE):
                some = level[start : start + FOLDERS_AT_ONCE]
                try:
                    found = await asyncio.gather(*(self._read(folder) for folder in some))
                except ResourceNotFoundError as error:
                    if depth == 0 and _code(error) in GONE:
                        return Listing([])
                    raise
                inner += [folder for folders in found for folder in folders]
            level = inner
            if not level:
                break
        return Listing(self._files, truncated=self._truncated or bool(level))

    async def _read(self, folder: str) -> list[str]:
        """Note the files of one folder; the folders in it."""
        if self._folders >= MAX_FOLDERS or len(self._files) >= MAX_FILES:
            self._truncated = True
            return []
        from azure.storage.fileshare import FileProperties

        self._folders += 1
        client = self._share.get_directory_client(_joined(self._root, folder))
        inner: list[str] = []
        items = client.list_directories_and_files(
            include=["timestamps", "Etag"], include_extended_info=True
        )
        async for item in items:
            path = _joined(folder, item.name)
            if not isinstance(item, FileProperties):
                inner.append(path)
            elif len(self._files) >= MAX_FILES:
                self._truncated = True
                break
            else:
                self._files.append(
                    SharedFile(
                        path, int(item.size or 0), _utc(item.last_write_time, item), _identity(item)
                    )
                )
        return inner


async def _folder_of(share: ShareClient, path: str) -> FolderListing | None:
    """None where there is no such folder."""
    from azure.core.exceptions import HttpResponseError
    from azure.storage.fileshare import FileProperties

    found: list[ShareEntry] = []
    items = share.get_directory_client(path).list_directories_and_files(
        include=["timestamps"], include_extended_info=True
    )
    try:
        async for item in items:
            if len(found) >= MAX_ENTRIES:
                return FolderListing(found, truncated=True)
            inner = child_of(path, item.name)
            if inner is None:
                continue
            modified_at = _utc(item.last_write_time, item)
            if isinstance(item, FileProperties):
                size = int(item.size or 0)
                found.append(ShareEntry(item.name, inner, "file", size, modified_at))
            else:
                found.append(ShareEntry(item.name, inner, "folder", modified_at=modified_at))
    except HttpResponseError as error:
        if _code(error) in NO_FOLDER:
            return None
        raise
    return FolderListing(found)


async def _make_folders(share: ShareClient, folder: str) -> None:
    """Make a folder and those above it, where they are not."""
    from azure.core.exceptions import ResourceExistsError

    if not folder or await share.get_directory_client(folder).exists():
        return
    parts = folder.split("/")
    for end in range(1, len(parts) + 1):
        with contextlib.suppress(ResourceExistsError):
            await share.get_directory_client("/".join(parts[:end])).create_directory()


async def _remove(file: ShareFileClient) -> None:
    """Take away what nobody wants; where that fails, what was wrong before is what is said."""
    from azure.core.exceptions import AzureError

    with contextlib.suppress(AzureError, CiManagerError, asyncio.TimeoutError):
        await file.delete_file()


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder and name else folder or name


def _identity(found: Any) -> str:
    """Of the file, not of its content: the id that Azure gave it, else when it came to be."""
    return str(found.file_id or found.creation_time or "")


def _utc(written_at: Any, found: Any) -> datetime | None:
    # The SDK reads it in a file's properties, and leaves it as it came in a listing.
    time = parse_time(written_at) if isinstance(written_at, str) else written_at
    time = time or found.last_modified
    if not isinstance(time, datetime):
        return None
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    headers = getattr(response, "headers", {})
    return str(headers.get("x-ms-error-code") or getattr(error, "error_code", "") or "").lower()
