"""The disk of another compute instance, checked where it is.

First by this extension there, else by ``df`` in a terminal that is deleted at once, else not at
all, and that is said. It knows no operations and no rule about what follows.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError

from ..errors import CiManagerError
from ..models import DiskStatus, FilesystemRole, Instance
from .credentials import AzureCredential
from .jupyter_endpoint import JupyterEndpoint, NoAnswer, Refused, address_of
from .states import RUNNING

CHECK_SECONDS = 10.0
EXTENSION_SECONDS = 4.0
"""What is left of the check's time goes to the terminal."""
MAX_PRINTED = 64 * 1024
QUIET_SECONDS = 1.0
"""How long to wait for a second line of ``df`` after the first."""

COMMAND = " exec df -P -k / /mnt\r"
"""The space keeps it out of the history; ``exec`` ends the terminal with it, come what may."""
LINE = re.compile(
    r"^[^\s\x00]{1,256} +(\d{1,15}) +(\d{1,15}) +(\d{1,15}) +\d{1,3}% +(/|/mnt)\s*$", re.MULTILINE
)
"""A line of ``df -P``: POSIX.1-2017, "df", "STDOUT"."""
ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
KIB = 1024

MOUNT_POINTS: dict[FilesystemRole, str] = {"os": "/", "temporary": "/mnt"}


@dataclass(frozen=True)
class Shortage:
    """A file system with less room than a stop or restart should have."""

    mount_point: str
    available_bytes: int
    threshold_bytes: int
    reason: str | None = None
    """In words for a person, where whoever found it has some: it may be inodes that are missing."""


class DiskUnknown(Exception):
    """How full the disk is cannot be found out; the text says why, in words for a person."""


class DiskCheck:
    """Looks at disks of other instances.

    ``scope`` is the one of tokens for Azure Resource Manager; ``emulator`` its address where that
    is the emulator. ``thresholds`` are bytes by mount point, for instances that have none of their
    own.
    """

    def __init__(
        self,
        credential: AzureCredential,
        *,
        scope: str,
        emulator: str | None,
        thresholds: Mapping[str, int],
        timeout_seconds: float = CHECK_SECONDS,
    ) -> None:
        self._credential = credential
        self._scope = scope
        self._emulator = emulator
        self._thresholds = thresholds
        self._timeout_seconds = timeout_seconds

    async def shortages(self, instance: Instance) -> list[Shortage]:
        """The file systems of the instance that are too full. Raises DiskUnknown."""
        if instance.state not in RUNNING:
            raise DiskUnknown(f"it is {instance.state}")
        if not instance.mine:
            # Others are not let in, and whoever owns the machine could read the token.
            raise DiskUnknown("only its owner gets in")
        address = address_of(instance, self._emulator)
        if address is None:
            raise DiskUnknown("Azure names no Jupyter server of it that a token may be sent to")
        try:
            return await asyncio.wait_for(self._asked(instance, address), self._timeout_seconds)
        except asyncio.TimeoutError:
            raise DiskUnknown(
                f"its Jupyter server did not answer within {self._timeout_seconds:g} seconds"
            ) from None
        except NoAnswer as error:
            raise DiskUnknown(str(error)) from error
        except CiManagerError as error:
            raise DiskUnknown(error.message) from error

    async def _asked(self, instance: Instance, address: str) -> list[Shortage]:
        token = await self._credential.get_token(self._scope)
        endpoint = JupyterEndpoint(address, token.token)
        try:
            status = await self._by_extension(endpoint)
            if status is not None:
                return _judged(status, instance.name, self._thresholds)
            return self._below(await _by_terminal(endpoint, self._timeout_seconds))
        finally:
            endpoint.close()

    async def _by_extension(self, endpoint: JupyterEndpoint) -> DiskStatus | None:
        """What this extension says there; None where it is not there or of no help."""
        try:
            content = await endpoint.get("ci-manager/disk", EXTENSION_SECONDS)
            return None if content is None else msgspec.json.decode(content, type=DiskStatus)
        except Refused:
            raise
        except (NoAnswer, msgspec.MsgspecError, UnicodeDecodeError):
            # A terminal may still tell.
            return None

    def _below(self, available: Mapping[str, int]) -> list[Shortage]:
        return [
            Shortage(mount_point, found, self._thresholds[mount_point])
            for mount_point, found in available.items()
            if found < self._thresholds[mount_point]
        ]


def _judged(status: DiskStatus, name: str, thresholds: Mapping[str, int]) -> list[Shortage]:
    if status.instance is not None and status.instance.lower() != name.lower():
        raise NoAnswer("the extension there speaks of another instance")
    shortages: list[Shortage] = []
    known: set[FilesystemRole] = set()
    for filesystem in status.filesystems:
        available = filesystem.available_bytes
        for role in filesystem.roles:
            mount_point = MOUNT_POINTS.get(role)
            if mount_point is None or available is None or available < 0:
                continue
            known.add(role)
            threshold = filesystem.hold_back_below_bytes or thresholds[mount_point]
            if available < threshold:
                shortages.append(Shortage(mount_point, available, threshold))
            elif filesystem.level == "critical":
                reason = "No more files can be made there."
                shortages.append(Shortage(mount_point, available, threshold, reason))
    if "os" not in known:
        raise NoAnswer("the extension there does not know how full its OS disk is")
    return shortages


async def _by_terminal(endpoint: JupyterEndpoint, timeout_seconds: float) -> dict[str, int]:
    """Available bytes by mount point. Raises NoAnswer."""
    async with endpoint.terminal(timeout_seconds) as socket:
        try:
            await socket.write_message(msgspec.json.encode(["stdin", COMMAND]).decode())
        except WebSocketClosedError as error:
            raise NoAnswer("the terminal there closed at once") from error
        return await _read(socket)


async def _read(socket: WebSocketClientConnection) -> dict[str, int]:
    printed = ""
    available: dict[str, int] = {}
    while set(MOUNT_POINTS.values()) - set(available):
        try:
            message = await asyncio.wait_for(
                socket.read_message(), QUIET_SECONDS if available else None
            )
        except asyncio.TimeoutError:
            break
        if message is None:
            break
        printed += _text_of(message)
        if len(printed) > MAX_PRINTED:
            raise NoAnswer("the terminal there prints without end")
        available = _parsed(printed)
    if "/" not in available:
        raise NoAnswer("df told nothing of its OS disk")
    return available


def _text_of(message: str | bytes) -> str:
    """What a message of the terminal prints: ``["stdout", text]`` (jupyter/terminado)."""
    try:
        kind, text = msgspec.json.decode(message, type=tuple[str, str])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # Of another kind, such as ["setup", {}].
        return ""
    return text if kind == "stdout" else ""


def _parsed(printed: str) -> dict[str, int]:
    """Available bytes by mount point, of the lines that are whole and add up."""
    whole = printed[: printed.rfind("\n") + 1]
    available: dict[str, int] = {}
    for line in LINE.finditer(ESCAPE.sub("", whole)):
        total, used, left = (int(line[number]) * KIB for number in (1, 2, 3))
        if total and used + left <= total:
            available.setdefault(line[4], left)
    return available
