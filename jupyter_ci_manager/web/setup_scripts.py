"""Routes of setup scripts while they are written: the gallery, what is wrong, and a dry run."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import DryRunScript, LintScript, Operation, ScriptLint, StarterScriptList
from .base import CiManagerHandler, authorized_to_execute
from .describe import endpoint


class StarterScriptsHandler(CiManagerHandler):
    """Setup scripts to begin with."""

    @endpoint("The gallery of setup scripts", answers={200: StarterScriptList})
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.send(self.services.setup_scripts.starters())


class LintHandler(CiManagerHandler):
    """What a setup script would trip over."""

    @endpoint("What a setup script would trip over", body=LintScript, answers={200: ScriptLint})
    @web.authenticated
    @authorized
    async def post(self) -> None:
        await self.send(await self.services.setup_scripts.lint(self.body(LintScript)))


class DryRunHandler(CiManagerHandler):
    """Running a setup script here."""

    @endpoint(
        "Run a setup script on this machine, in a scratch folder",
        body=DryRunScript,
        answers={202: Operation},
        errors=(409,),
    )
    @web.authenticated
    @authorized_to_execute
    async def post(self) -> None:
        await self.send(await self.services.setup_scripts.dry_run(self.body(DryRunScript)), 202)
