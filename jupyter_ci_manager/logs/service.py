"""Which logs an instance has, what they come to, and the scripts that wrote them.

Panel, magics and command line call it; it knows no HTTP, and not how a share is reached.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from ..disk.paths import name_of
from ..errors import CiManagerError, LogNotFound, ScriptNotFound
from ..instances.names import check_address
from ..instances.workspace import WorkspaceService
from ..models import (
    Instance,
    InstanceDetails,
    LogDiagnosis,
    LogFile,
    LogList,
    SaveScript,
    ScriptFile,
    ScriptOutcome,
    ShareFolder,
    Workspace,
)
from ..share_paths import LOGS_FOLDER, id_of, path_of
from . import scripts
from .diagnosis import Diagnostician
from .endings import Endings, judged, phase_of
from .outcomes import ENDED, WRONG, ScriptOutcomes
from .sources import Listing, NotebookShare, NotebookShares, SharedFile
from .stream import LogStream

LogFiles = list[LogFile]
OnNews = Callable[[Workspace, Instance], None]
"""Called when it has become known how a script of an instance ended."""


class Instances(Protocol):
    """What is asked of instances."""

    def known(self, name: str) -> Instance | None:
        """As it was listed last, without asking anybody."""

    async def details(self, name: str) -> InstanceDetails:
        """As it is now."""


class OperationLogs(Protocol):
    """Where operations write to."""

    async def stream(self, operation_id: str) -> LogStream:
        """What one has written. Raises OperationNotFound or LogNotFound."""


class LogService:
    """Finds logs and scripts wherever they are kept. Methods raise ``errors``."""

    def __init__(
        self,
        workspace: WorkspaceService,
        shares: NotebookShares,
        instances: Instances,
        outcomes: ScriptOutcomes,
        operation_logs: OperationLogs | None,
        *,
        on_news: OnNews | None = None,
    ) -> None:
        self._workspace = workspace
        self._shares = shares
        self._instances = instances
        self._outcomes = outcomes
        self._operation_logs = operation_logs
        self._on_news = on_news
        self._diagnostician = Diagnostician()
        self._endings = Endings(self._diagnostician)

    async def close(self) -> None:
        """Let go of connections and keys."""
        await self._shares.close()

    # --- logs ---------------------------------------------------------------------------------

    async def list(self, name: str) -> LogList:
        """The logs of an instance, newest first; why they cannot be listed is part of the answer.

        Raises InvalidName, and what Azure answers about the workspace.
        """
        check_address(name)
        workspace = await self._workspace.current()
        instance = await self._as_it_is(name)
        folder = _folder(instance.name if instance else name)
        share = await self._shares.of(workspace)
        try:
            listing = await share.files(workspace, folder)
            place = await share.place(workspace, folder)
        except CiManagerError as error:
            return LogList(share.source, folder, error=error.body)
        return LogList(
            share.source,
            place,
            await self._described(workspace, share, folder, listing, instance),
            truncated=listing.truncated,
        )

    async def stream(self, name: str, log: str) -> LogStream:
        """A log of an instance, to be read. Raises InvalidName or InvalidLogName."""
        check_address(name)
        path = path_of(log)
        workspace = await self._workspace.current()
        instance = self._instances.known(name)
        share = await self._shares.of(workspace)
        return share.stream(workspace, f"{_folder(instance.name if instance else name)}/{path}")

    async def operation_stream(self, operation_id: str) -> LogStream:
        """What an operation has written. Raises OperationNotFound or LogNotFound."""
        if self._operation_logs is None:
            raise LogNotFound("No operation of this server keeps a log.")
        return await self._operation_logs.stream(operation_id)

    async def diagnosis(self, name: str, log: str) -> LogDiagnosis:
        """What a log comes to. Raises as ``stream`` does, and what reading it raises."""
        stream = await self.stream(name, log)
        found = await self._diagnostician.diagnosis(stream)
        workspace = await self._workspace.current()
        instance = self._instances.known(name) or await self._as_it_is(name)
        if instance is None:
            return found
        newest = await self._newest(workspace, instance)
        if newest is None or id_of(newest.path) != log:
            return found
        ending = judged(instance, newest.modified_at, found.outcome, found.exit_status)
        found = replace(found, outcome=ending.outcome, exit_status=ending.exit_status)
        self._note(workspace, instance, newest, found)
        return found

    async def look_at(self, workspace: Workspace, instance: Instance) -> datetime | None:
        """Find out how the newest script of an instance ended; when its log was written last.

        None where there is none.
        """
        newest = await self._newest(workspace, instance)
        if newest is None:
            return None
        share = await self._shares.of(workspace)
        stream = share.stream(workspace, f"{_folder(instance.name)}/{newest.path}")
        found = await self._diagnostician.diagnosis(stream)
        ending = judged(instance, newest.modified_at, found.outcome, found.exit_status)
        found = replace(found, outcome=ending.outcome, exit_status=ending.exit_status)
        self._note(workspace, instance, newest, found)
        return newest.modified_at

    async def _as_it_is(self, name: str) -> Instance | None:
        """None for one that is gone: its logs are still there."""
        try:
            return (await self._instances.details(name)).instance
        except CiManagerError:
            return self._instances.known(name)

    async def _described(
        self,
        workspace: Workspace,
        share: NotebookShare,
        folder: str,
        listing: Listing,
        instance: Instance | None,
    ) -> LogFiles:
        files = sorted(listing.files, key=_age)
        endings = await self._endings.of(
            files, lambda file: share.stream(workspace, f"{folder}/{file.path}")
        )
        found = [
            LogFile(
                id=id_of(file.path),
                name=name_of(os.fsencode(file.path)),
                size_bytes=file.size,
                modified_at=file.modified_at,
                phase=phase_of(file.path),
                outcome=ending.outcome,
                exit_status=ending.exit_status,
            )
            for file, ending in zip(files, endings, strict=True)
        ]
        if found and instance is not None:
            newest = found[0]
            ending = judged(instance, newest.modified_at, newest.outcome, newest.exit_status)
            found[0] = replace(newest, outcome=ending.outcome, exit_status=ending.exit_status)
        return found

    async def _newest(self, workspace: Workspace, instance: Instance) -> SharedFile | None:
        share = await self._shares.of(workspace)
        listing = await share.files(workspace, _folder(instance.name))
        return min(listing.files, key=_age, default=None)

    def _note(
        self, workspace: Workspace, instance: Instance, newest: SharedFile, found: LogDiagnosis
    ) -> None:
        line = found.hints[0].line if found.hints else found.first_error_line
        outcome = ScriptOutcome(
            phase=phase_of(newest.path),
            outcome=found.outcome,
            exit_status=found.exit_status,
            log=id_of(newest.path),
            line=line if found.outcome in WRONG else None,
            ended_at=newest.modified_at if found.outcome in ENDED else None,
        )
        if self._outcomes.note(workspace, instance, outcome) and self._on_news is not None:
            self._on_news(workspace, instance)

    # --- scripts ------------------------------------------------------------------------------

    async def script(self, path: str) -> ScriptFile:
        """A script in the notebook share. Raises InvalidLogName or ScriptNotFound."""
        workspace = await self._workspace.current()
        return await scripts.read_script(await self._shares.of(workspace), workspace, path)

    async def folder(self, path: str) -> ShareFolder:
        """A folder of the notebook share, "" for its root. Raises as ``script`` does."""
        workspace = await self._workspace.current()
        return await scripts.list_folder(await self._shares.of(workspace), workspace, path)

    async def save_script(self, path: str, request: SaveScript) -> ScriptFile:
        """Write a script into the notebook share. Raises ScriptExists and as ``script`` does."""
        workspace = await self._workspace.current()
        share = await self._shares.of(workspace)
        return await scripts.save_script(share, workspace, path, request)

    async def check_script(self, workspace: Workspace, path: str) -> None:
        """Raises ScriptNotFound where the share can be read and has no such script."""
        try:
            await (await self._shares.of(workspace)).stream(workspace, path).state()
        except LogNotFound as error:
            raise ScriptNotFound(
                f"{path} is not in the notebook share.", details={"path": path}
            ) from error
        except CiManagerError:
            # Whoever cannot look may still create: Azure reads it with rights of its own.
            return


def _folder(name: str) -> str:
    return f"{LOGS_FOLDER}/{name}"


def _age(file: SharedFile) -> tuple[float, str]:
    """The newest first, and what has no time last."""
    return (-file.modified_at.timestamp() if file.modified_at else 0.0, file.path)
