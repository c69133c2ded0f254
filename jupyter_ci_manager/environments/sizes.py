"""How much each environment holds, worked out behind everybody's back and remembered.

Reading all records of two hundred environments takes seconds, and a list must not: it tells the
sizes that are known. It must not know where environments are.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from .prefixes import Glance
from .records import BrokenRecord, installed_bytes

MAX_REMEMBERED = 5000


class _Size(Struct, frozen=True, array_like=True):
    modified_ns: int
    """Of ``conda-meta``: a change of packages is one of that folder."""
    bytes: int | None
    """None where a record cannot be read."""


_decoder = msgspec.json.Decoder(dict[str, _Size])


class SizeBook:
    """Sizes by prefix, kept in a file: a server that starts anew knows them at once."""

    def __init__(
        self,
        file: Path,
        *,
        log: logging.Logger,
        measure: Callable[[Path], int] = installed_bytes,
    ) -> None:
        self._file = file
        self._log = log
        self._measure = measure
        self._sizes: dict[str, _Size] | None = None
        self._waiting: dict[str, int] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def load(self) -> None:
        """Read what an earlier server has worked out, where that is not done. Blocks."""
        if self._sizes is None:
            self._sizes = self._read()

    def of(self, glance: Glance) -> int | None:
        """The size as far as it is known."""
        size = (self._sizes or {}).get(glance.prefix)
        return size.bytes if size and size.modified_ns == glance.modified_ns else None

    def set(self, glance: Glance, size: int) -> None:
        """Somebody has read all records anyway."""
        if self._sizes is not None:
            self._sizes[glance.prefix] = _Size(glance.modified_ns, size)

    def is_worked_out(self, glance: Glance) -> bool:
        """Whether more will not be known of it, be it a size or that there is none."""
        size = (self._sizes or {}).get(glance.prefix)
        return size is not None and size.modified_ns == glance.modified_ns

    def work_out(self, glances: Iterable[Glance]) -> None:
        """Begin to work out what is not known yet. Returns at once."""
        with self._lock:
            for glance in glances:
                if not self.is_worked_out(glance):
                    self._waiting[glance.prefix] = glance.modified_ns
            if self._waiting and self._thread is None and not self._closed.is_set():
                # A daemon: a disk that hangs keeps no server from ending.
                self._thread = threading.Thread(
                    target=self._run, name="ci-manager-sizes", daemon=True
                )
                self._thread.start()

    def close(self) -> None:
        """Stop after the environment that is being read."""
        self._closed.set()

    def wait(self, timeout_seconds: float) -> None:
        """Until all that is known to be wanted has been worked out, or time is up."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_seconds)

    def _run(self) -> None:
        while not self._closed.is_set():
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    break
                prefix, modified_ns = self._waiting.popitem()
            size: int | None = None
            # It is told as broken where it is listed; without a size it is not asked for again.
            with contextlib.suppress(OSError, BrokenRecord):
                size = self._measure(Path(prefix))
            if self._sizes is not None:
                self._sizes[prefix] = _Size(modified_ns, size)
        self._save()

    def _read(self) -> dict[str, _Size]:
        try:
            return _decoder.decode(self._file.read_bytes())
        except (OSError, msgspec.DecodeError):
            # It can be worked out again.
            return {}

    def _save(self) -> None:
        sizes = dict(list((self._sizes or {}).items())[-MAX_REMEMBERED:])
        own = f"{os.getpid()}-{threading.get_ident()}"
        temporary = self._file.with_name(f"{self._file.name}.{own}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(msgspec.json.encode(sizes))
            temporary.replace(self._file)
        except OSError as error:
            self._log.info("The sizes of environments are not kept: %s", error)
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
