"""What all of Azure Files shares on the wire: sign-in, headers, errors, and what it says of files.

Requests and answers: "Azure Files REST API" (learn.microsoft.com/rest/api/storageservices), as
azure-storage-file-share 12 sends and reads them. Accounts are served path-style, as Azurite does.
"""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

import asyncio
import logging
import re
import time
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

from tornado import web

from jupyter_ci_manager.emulator.arm.caller import caller_of
from jupyter_ci_manager.emulator.arm.errors import ArmError
from jupyter_ci_manager.emulator.server import EmulatorHandler

from . import shared_key
from .errors import (
    AuthorizationFailure,
    AuthorizationPermissionMismatch,
    FileServiceError,
    InternalError,
    InvalidAuthenticationInfo,
    InvalidHeaderValue,
    InvalidRange,
    InvalidUri,
    KeyBasedAuthenticationNotPermitted,
    MissingRequiredHeader,
    NoAuthenticationInformation,
    ResourceNotFound,
    ShareNotFound,
    UnsupportedHttpVerb,
)
from .listing import error_document, timestamp
from .share import Entry, FileShare
from .state import StorageAccount

OLDEST_WITH_TOKENS = "2022-11-02"
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}")
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{1,18})?")

_logger = logging.getLogger(__name__)


class FilesHandler(EmulatorHandler):
    """Base: who is let in, and what every answer carries."""

    account: StorageAccount
    share: FileShare

    def initialize(self, account: StorageAccount) -> None:
        """Take what the route was made with."""
        self.account = account
        self._gone = False
        self._news = asyncio.Event()

    def set_default_headers(self) -> None:
        """Set the headers that Azure's answers carry whatever they say."""
        self.set_header("Server", "Windows-Azure-File/1.0 Microsoft-HTTPAPI/2.0")
        self.set_header("x-ms-request-id", str(uuid4()))
        self.set_header("x-ms-version", self.request.headers.get("x-ms-version", "2022-11-02"))
        client_request = self.request.headers.get("x-ms-client-request-id")
        if client_request is not None:
            self.set_header("x-ms-client-request-id", client_request)
        self.clear_header("Content-Type")

    def compute_etag(self) -> None:
        """No ETag of the answer: those of files are set."""

    async def prepare(self) -> None:
        """Let nobody in who has no right to."""
        await super().prepare()
        if self._finished:
            return
        await self._pass_slowly()
        if self.path_args[0] != self.account.name:
            # In Azure the name of another account leads to no host at all.
            raise InvalidUri
        self._sign_in()
        if not self.account.access.network_allowed:
            raise AuthorizationFailure
        if self.path_args[1] != self.account.share_name:
            raise ShareNotFound
        self.share = self.account.share

    async def _pass_slowly(self) -> None:
        await asyncio.sleep(self.account.access.delay_seconds)
        self.account.waiting.add(self._news)
        try:
            while self.account.access.hangs and not self._gone:
                await self._news.wait()
                self._news.clear()
        finally:
            self.account.waiting.discard(self._news)
        if self._gone:
            raise web.Finish

    def on_connection_close(self) -> None:
        """Stop waiting: nobody reads the answer."""
        self._gone = True
        self._news.set()
        super().on_connection_close()

    def _sign_in(self) -> None:
        version = self.request.headers.get("x-ms-version", "")
        if not VERSION.fullmatch(version):
            if version:
                raise InvalidHeaderValue("x-ms-version", version)
            raise MissingRequiredHeader("x-ms-version")
        scheme, _, rest = self.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            self._check_token(version)
        elif scheme.lower() == "sharedkey":
            self._check_signature(rest.strip())
        else:
            raise NoAuthenticationInformation

    def _check_token(self, version: str) -> None:
        try:
            caller = caller_of(self.request.headers.get("Authorization"))
        except ArmError as error:
            raise InvalidAuthenticationInfo from error
        self.logged.user = caller.user_name
        if version < OLDEST_WITH_TOKENS:
            raise InvalidHeaderValue("x-ms-version", version)
        intent = self.request.headers.get("x-ms-file-request-intent")
        if intent is None:
            raise MissingRequiredHeader("x-ms-file-request-intent")
        if intent.lower() != "backup":
            raise InvalidHeaderValue("x-ms-file-request-intent", intent)
        if not self.account.access.role_assigned:
            raise AuthorizationPermissionMismatch

    def _check_signature(self, signed: str) -> None:
        self.logged.user = f"key of {self.account.name}"
        if not self.account.access.keys_allowed:
            raise KeyBasedAuthenticationNotPermitted
        headers = self.request.headers
        shared_key.check_date(headers, time.time())
        path, _, query = (self.request.uri or "").partition("?")
        text = shared_key.string_to_sign(
            self.request.method or "", path, query, headers, self.account.name
        )
        shared_key.check(signed, text, account=self.account.name, key=self.account.key)

    def write_error_document(self, code: str, message: str, status: int, **extra: str) -> None:
        """Answer with the service's XML; a HEAD gets the code in a header alone."""
        self.set_status(status)
        self.set_header("x-ms-error-code", code)
        if self.request.method != "HEAD":
            self.set_header("Content-Type", "application/xml")
            self.write(error_document(code, message, self._headers["x-ms-request-id"], extra))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = _as_file_error(kwargs.get("exc_info", (None, None, None))[1], status_code)
        for name, value in error.headers().items():
            self.set_header(name, value)
        self.write_error_document(error.code, error.text, error.status, **error.extra)
        self.finish()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Report defects only: what a client did wrong is in its answer."""
        if not isinstance(value, (FileServiceError, web.HTTPError)):
            _logger.error(
                "Failed to answer %s %s",
                self.request.method,
                self.request.path,
                exc_info=(typ, value, tb),
            )

    def number(self, name: str, most: int, least: int = 0) -> int:
        """A header that is a number; raises MissingRequiredHeader and InvalidHeaderValue."""
        text = self.request.headers.get(name)
        if text is None:
            raise MissingRequiredHeader(name)
        if not (text.isascii() and text.isdigit() and len(text) < 19) or not (
            least <= int(text) <= most
        ):
            raise InvalidHeaderValue(name, text)
        return int(text)

    def byte_range(self) -> tuple[int, int | None] | None:
        """First and last byte of ``x-ms-range`` or ``Range``; raises InvalidHeaderValue."""
        text = self.request.headers.get("x-ms-range") or self.request.headers.get("Range")
        if text is None:
            return None
        match = _RANGE.fullmatch(text)
        if match is None:
            raise InvalidHeaderValue("x-ms-range", text)
        first, last = int(match[1]), int(match[2]) if match[2] else None
        if last is not None and last < first:
            raise InvalidRange
        return first, last

    def describe(self, entry: Entry) -> None:
        """The headers that say what a file or a directory is like."""
        self.set_header("ETag", entry.etag)
        self.set_header("Last-Modified", format_datetime(entry.written_at, usegmt=True))
        self.set_header("x-ms-server-encrypted", "true")
        attributes = "Directory" if entry.is_directory else "Archive"
        self.set_header("x-ms-file-attributes", attributes)
        self.set_header("x-ms-file-creation-time", timestamp(entry.created_at))
        self.set_header("x-ms-file-last-write-time", timestamp(entry.written_at))
        self.set_header("x-ms-file-change-time", timestamp(entry.changed_at))
        self.set_header("x-ms-file-id", entry.file_id)
        if not entry.is_directory:
            self.set_header("x-ms-type", "File")

    def made(self, entry: Entry, status: int = 201) -> None:
        """Answer that something has been written."""
        self.describe(entry)
        self.clear_header("x-ms-server-encrypted")
        self.set_header("x-ms-request-server-encrypted", "true")
        self.set_status(status)


def _as_file_error(raised: Any, status: int) -> FileServiceError:
    if isinstance(raised, FileServiceError):
        return raised
    if isinstance(raised, FileNotFoundError):
        # It went away between two looks at it.
        return ResourceNotFound()
    if isinstance(raised, web.HTTPError) and status == 405:
        return UnsupportedHttpVerb()
    return InvalidUri() if 400 <= status < 500 else InternalError()
