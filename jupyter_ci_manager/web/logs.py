"""Routes of logs and setup scripts."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import LogDiagnosis, LogList, SaveScript, ScriptFile
from .base import CiManagerHandler
from .describe import endpoint
from .instances import AZURE_ERRORS
from .log_reading import CHUNK, CONTENT, LogReadingHandler
from .queries import LogQuery


class LogsHandler(CiManagerHandler):
    """The logs of one instance."""

    @endpoint("List the logs of an instance", answers={200: LogList}, errors=AZURE_ERRORS)
    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        await self.send(await self.services.logs.list(name))


class LogHandler(LogReadingHandler):
    """One log of an instance."""

    @endpoint("Read a log", query=LogQuery, answers={200: CHUNK}, errors=AZURE_ERRORS)
    @web.authenticated
    @authorized
    async def get(self, name: str, log: str) -> None:
        await self.send_chunk(await self.services.logs.stream(name, log))


class LogContentHandler(LogReadingHandler):
    """One log of an instance, to be saved as a file."""

    @endpoint("Download a log", answers={200: CONTENT}, errors=AZURE_ERRORS)
    @web.authenticated
    @authorized
    async def get(self, name: str, log: str) -> None:
        stream = await self.services.logs.stream(name, log)
        await self.send_whole(stream, f"{name}-{log.rpartition('/')[2]}")


class OperationLogHandler(LogReadingHandler):
    """What an operation has written."""

    @endpoint("Read the log of an operation", query=LogQuery, answers={200: CHUNK}, errors=(404,))
    @web.authenticated
    @authorized
    async def get(self, operation_id: str) -> None:
        await self.send_chunk(await self.services.logs.operation_stream(operation_id))


class OperationLogContentHandler(LogReadingHandler):
    """What an operation has written, to be saved as a file."""

    @endpoint("Download the log of an operation", answers={200: CONTENT}, errors=(404,))
    @web.authenticated
    @authorized
    async def get(self, operation_id: str) -> None:
        stream = await self.services.logs.operation_stream(operation_id)
        await self.send_whole(stream, f"{operation_id}.log")


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
