"""Routes of logs and setup scripts."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..logs.stream import LogStream
from ..models import LogDiagnosis, LogList, SaveScript, ScriptFile
from .base import CiManagerHandler
from .describe import endpoint
from .instances import AZURE_ERRORS
from .queries import LogQuery


class LogsHandler(CiManagerHandler):
    """The logs of one instance."""

    @endpoint("List the logs of an instance", answers={200: LogList}, errors=AZURE_ERRORS)
    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        await self.send(await self.services.logs.list(name))


class LogReadingHandler(CiManagerHandler):
    """What both kinds of logs are read with."""

    async def send_chunk(self, stream: LogStream) -> None:
        """Answer with bytes, and in the headers with where to go on."""
        query = self.query(LogQuery)
        chunk = await self.services.log_reader.read(
            stream, offset=query.offset, wait_seconds=query.wait, generation=query.generation
        )
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Ci-Log-Offset", str(chunk.offset))
        self.set_header("Ci-Log-Next", str(chunk.next_offset))
        self.set_header("Ci-Log-Size", str(chunk.size))
        self.set_header("Ci-Log-Generation", chunk.generation)
        if chunk.change is not None:
            self.set_header("Ci-Log-Change", chunk.change)
        await self.finish(chunk.data)


class LogHandler(LogReadingHandler):
    """One log of an instance."""

    @endpoint("Read a log", query=LogQuery, answers={200: None}, errors=AZURE_ERRORS)
    @web.authenticated
    @authorized
    async def get(self, name: str, log: str) -> None:
        await self.send_chunk(await self.services.logs.stream(name, log))


class OperationLogHandler(LogReadingHandler):
    """What an operation has written."""

    @endpoint("Read the log of an operation", query=LogQuery, answers={200: None}, errors=(404,))
    @web.authenticated
    @authorized
    async def get(self, operation_id: str) -> None:
        await self.send_chunk(await self.services.logs.operation_stream(operation_id))


class LogDiagnosisHandler(CiManagerHandler):
    """What a log comes to."""

    @endpoint("What went wrong, by a log", answers={200: LogDiagnosis}, errors=AZURE_ERRORS)
    @web.authenticated
    @authorized
    async def get(self, name: str, log: str) -> None:
        await self.send(await self.services.logs.diagnosis(name, log))


class ScriptHandler(CiManagerHandler):
    """A setup script in the notebook share."""

    @endpoint("Read a setup script", answers={200: ScriptFile}, errors=AZURE_ERRORS)
    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        await self.send(await self.services.logs.script(path))

    @endpoint(
        "Save a setup script to the notebook share",
        body=SaveScript,
        answers={201: ScriptFile},
        errors=AZURE_ERRORS,
    )
    @web.authenticated
    @authorized
    async def put(self, path: str) -> None:
        await self.send(await self.services.logs.save_script(path, self.body(SaveScript)), 201)
