"""Serves a channel over HTTP: as slowly as a test wants, refusing whoever has no token."""

from __future__ import annotations

import functools
import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any


class ChannelServer(http.server.ThreadingHTTPServer):
    """A channel at ``url``. What a test sets applies from the next read on."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
        self.folder = folder
        self.bytes_per_second: float | None = None
        """Of each package; None for as fast as it goes."""
        self.token: str | None = None
        """Who has it in the address asks for ``/t/TOKEN/…``; others get a 401."""
        self.broken: HTTPStatus | None = None
        """Answers everything with this."""
        self.broken_packages: HTTPStatus | None = None
        """Answers with this whoever wants a package, and has the index."""
        self.asked: list[str] = []
        """The paths that were asked for, with their tokens."""

    @property
    def url(self) -> str:
        """The address of the channel, with the token where there is one."""
        return f"{self.bare_url}/t/{self.token}" if self.token else self.bare_url

    @property
    def bare_url(self) -> str:
        """The same without the token."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def asked_for(self, name: str) -> bool:
        """Whether anybody has asked for a file of that name."""
        return any(name in path for path in self.asked)


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ChannelServer

    def log_message(self, *args: Any) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        if self._may():
            super().do_GET()

    def do_HEAD(self) -> None:
        if self._may():
            super().do_HEAD()

    def _may(self) -> bool:
        server = self.server
        server.asked.append(self.path)
        is_package = self.path.endswith((".tar.bz2", ".conda"))
        status = server.broken or (server.broken_packages if is_package else None)
        if server.token is not None:
            before = f"/t/{server.token}/"
            if self.path.startswith(before):
                self.path = "/" + self.path[len(before) :]
            else:
                status = HTTPStatus.UNAUTHORIZED
        if status is None:
            return True
        self.send_error(status)
        return False

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            # Whoever asked has been cancelled.
            self.close_connection = True

    def copyfile(self, source: Any, outputfile: Any) -> None:
        while block := source.read(65536):
            outputfile.write(block)
            rate = self.server.bytes_per_second
            if rate is not None and ".tar.bz2" in self.path:
                time.sleep(len(block) / rate)


@contextmanager
def serving(folder: Path) -> Iterator[ChannelServer]:
    """The channel in ``folder``, served until the end of the block."""
    server = ChannelServer(folder)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
