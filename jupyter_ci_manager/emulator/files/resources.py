"""Azure Files on the wire: the share, its directories and its files."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from .errors import (
    InvalidHeaderValue,
    InvalidRange,
    InvalidUri,
    MissingRequiredHeader,
    OutOfRangeQueryParameterValue,
    RequestBodyTooLarge,
    UnsupportedQueryParameter,
)
from .listing import MAX_RESULTS, listing_document
from .wire import FilesHandler

MAX_RANGE_BYTES = 4 * 1024 * 1024
LARGEST_FILE_BYTES = 4 * 1024**4
QUOTA_GIB = 102_400
PIECE_BYTES = 1024 * 1024

T = TypeVar("T")


async def _off_loop(function: Callable[..., T], *arguments: Any) -> T:
    return await asyncio.to_thread(function, *arguments)


class ShareItem(FilesHandler):
    """``/files/{account}/{share}``: the share, and the directory at its top."""

    async def get(self, account: str, name: str) -> None:
        if self.get_query_argument("restype", "") == "directory":
            await self._directory()
            return
        if self.get_query_argument("restype", "") != "share" or self.get_query_argument("comp", ""):
            raise UnsupportedQueryParameter
        entry = await _off_loop(self.share.entry, "")
        self.set_header("ETag", entry.etag)
        self.set_header("Last-Modified", format_datetime(entry.written_at, usegmt=True))
        self.set_header("x-ms-share-quota", str(QUOTA_GIB))
        self.set_header("x-ms-enabled-protocols", "SMB")
        self.set_header("x-ms-access-tier", "TransactionOptimized")

    async def head(self, account: str, name: str) -> None:
        await self.get(account, name)

    async def _directory(self, path: str = "") -> None:
        if self.get_query_argument("comp", "") == "list":
            await self._list(path)
            return
        self.describe(await _off_loop(self.share.folder, path))

    async def _list(self, path: str) -> None:
        prefix = self.get_query_argument("prefix", "")
        marker = self.get_query_argument("marker", "")
        most = self.get_query_argument("maxresults", str(MAX_RESULTS))
        if not (most.isascii() and most.isdigit() and 1 <= int(most[:9]) <= MAX_RESULTS):
            raise OutOfRangeQueryParameterValue
        children = await _off_loop(self.share.children, path)
        host = f"{self.request.protocol}://{self.request.host}"
        self.set_header("Content-Type", "application/xml")
        self.write(
            listing_document(
                children,
                endpoint=f"{host}/files/{self.account.name}/",
                share=self.share.name,
                path=path,
                prefix=prefix,
                marker=marker,
                most=int(most),
                include=self.get_query_argument("include", "").lower().split(","),
                extended=self.request.headers.get("x-ms-file-extended-info", "") == "true",
            )
        )


class PathItem(ShareItem):
    """``/files/{account}/{share}/{path}``: a directory where ``restype`` says so, else a file."""

    async def prepare(self) -> None:
        """Refuse too much at once, and what the emulator has not got."""
        await super().prepare()
        if self._finished:
            return
        if len(self.request.body) > MAX_RANGE_BYTES:
            raise RequestBodyTooLarge

    @property
    def _of_directory(self) -> bool:
        return self.get_query_argument("restype", "") == "directory"

    async def get(self, account: str, name: str, path: str = "") -> None:
        if self._of_directory:
            await self._directory(path)
        elif self.get_query_argument("comp", ""):
            raise UnsupportedQueryParameter
        else:
            await self._download(path)

    async def head(self, account: str, name: str, path: str = "") -> None:
        if self._of_directory:
            await self._directory(path)
            return
        entry = await _off_loop(self.share.file, path)
        self.describe(entry)
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Length", str(entry.size))

    async def _download(self, path: str) -> None:
        entry = await _off_loop(self.share.file, path)
        wanted = self.byte_range()
        first, last = 0, entry.size - 1
        if wanted is not None:
            first = wanted[0]
            last = last if wanted[1] is None else min(wanted[1], last)
            if first >= entry.size:
                raise InvalidRange
            self.set_status(206)
            self.set_header("Content-Range", f"bytes {first}-{last}/{entry.size}")
        self.describe(entry)
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Length", str(last - first + 1))
        while first <= last:
            length = min(PIECE_BYTES, last - first + 1)
            piece = await _off_loop(self.share.read, path, first, length)
            if not piece:
                # It was cut off meanwhile: fewer bytes than announced end the connection.
                break
            self.write(piece)
            await self.flush()
            first += len(piece)

    async def put(self, account: str, name: str, path: str = "") -> None:
        works = {
            (True, ""): self._make_directory,
            (False, ""): self._make_file,
            (False, "range"): self._put_range,
            (False, "properties"): self._set_properties,
            (False, "rename"): self._rename,
        }
        work = works.get((self._of_directory, self.get_query_argument("comp", "")))
        if work is None:
            raise UnsupportedQueryParameter
        await work(path)

    async def _make_directory(self, path: str) -> None:
        self.made(await _off_loop(self.share.create_folder, path))

    async def _make_file(self, path: str) -> None:
        kind = self.request.headers.get("x-ms-type")
        if kind is None:
            raise MissingRequiredHeader("x-ms-type")
        if kind.lower() != "file":
            raise InvalidHeaderValue("x-ms-type", kind)
        size = self.number("x-ms-content-length", LARGEST_FILE_BYTES)
        self.made(await _off_loop(self.share.create_file, path, size, self.request.body))

    async def _put_range(self, path: str) -> None:
        write = self.request.headers.get("x-ms-write", "update").lower()
        wanted = self.byte_range()
        if wanted is None:
            raise MissingRequiredHeader("x-ms-range")
        if write != "update" or wanted[1] is None:
            raise InvalidHeaderValue("x-ms-write", write)
        if wanted[1] - wanted[0] + 1 != len(self.request.body):
            raise InvalidHeaderValue("Content-Length", str(len(self.request.body)))
        self.made(await _off_loop(self.share.write, path, wanted[0], self.request.body))

    async def _set_properties(self, path: str) -> None:
        entry = await _off_loop(self.share.file, path)
        if "x-ms-content-length" in self.request.headers:
            size = self.number("x-ms-content-length", LARGEST_FILE_BYTES)
            entry = await _off_loop(self.share.resize, path, size)
        self.made(entry, 200)

    async def _rename(self, path: str) -> None:
        source = self.request.headers.get("x-ms-file-rename-source")
        if source is None:
            raise MissingRequiredHeader("x-ms-file-rename-source")
        address = unquote(urlsplit(source).path)
        within = f"/files/{self.account.name}/{self.account.share_name}/"
        if not address.startswith(within):
            raise InvalidHeaderValue("x-ms-file-rename-source", source)
        replace = self.request.headers.get("x-ms-file-rename-replace-if-exists", "").lower()
        moved = address[len(within) :]
        entry = await asyncio.to_thread(self.share.rename, moved, path, replace=replace == "true")
        self.made(entry, 200)

    async def delete(self, account: str, name: str, path: str = "") -> None:
        if self._of_directory:
            await _off_loop(self.share.delete_folder, path)
        else:
            await _off_loop(self.share.delete_file, path)
        self.set_status(202)


class NotServed(FilesHandler):
    """Whatever no other route takes."""

    async def prepare(self) -> None:
        """Say that there is nothing here."""
        raise InvalidUri
