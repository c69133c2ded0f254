"""Setup scripts while they are written. It knows no HTTP, and asks Azure nothing of scripts."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ..errors import CannotRunScripts, CiManagerError, InvalidSetupScript
from ..instances.workspace import WorkspaceService
from ..models import DryRunScript, LintScript, Operation, ScriptLint, StarterScriptList
from ..operation_handle import OperationHandle, WorkLost
from ..operations import OperationRegistry
from ..script_surroundings import PATH, can_run_scripts, remove_scratch, words

if TYPE_CHECKING:
    from .dry_run import DryRun

TARGET = "setup script"
"""One dry run of a user at a time: a script may take all of a machine."""
UNNAMED = "my-instance"
WORKSPACE_SECONDS = 5.0


class _Checkpoint(msgspec.Struct, frozen=True):
    folder: str


class SetupScriptService:
    """The gallery, what a script would trip over, and dry runs. Methods raise ``errors``.

    ``folder`` is where dry runs have their scratch folders.
    """

    def __init__(
        self,
        operations: OperationRegistry,
        workspace: WorkspaceService,
        *,
        folder: Path,
        environ: Mapping[str, str],
    ) -> None:
        self._operations = operations
        self._workspace = workspace
        self._folder = folder
        self._environ = environ
        self._scripts: dict[str, DryRun] = {}
        # shellcheck takes a core: who types fast must not take all of them.
        self._linting = asyncio.Semaphore(1)
        operations.perform_with(["script.dry_run"], self._perform, cancellable=True)

    # Imported when somebody writes a script: the start of every server would pay for it.

    def starters(self) -> StarterScriptList:
        """The gallery of setup scripts."""
        from .gallery import gallery

        return gallery()

    async def lint(self, script: LintScript) -> ScriptLint:
        """What a script would trip over."""
        from .lint import lint

        # pip puts shellcheck beside the interpreter, which may be on nobody's PATH.
        beside = str(Path(sys.executable).parent)
        path = os.pathsep.join([beside, self._environ.get("PATH", PATH)])
        async with self._linting:
            return await lint(script, environ={**self._environ, "PATH": path})

    async def dry_run(self, script: DryRunScript) -> Operation:
        """Begin to run a script on this machine, in a scratch folder.

        Raises InvalidSetupScript, CannotRunScripts, or OperationInProgress while another one runs.
        """
        from .dry_run import DryRun

        _check(script)
        if not can_run_scripts():
            raise CannotRunScripts("Setup scripts cannot be run on this machine.")
        try:
            workspace = await asyncio.wait_for(self._workspace.current(), WORKSPACE_SECONDS)
            names = (workspace.name, workspace.resource_group)
        except (CiManagerError, asyncio.TimeoutError):
            # A script can be tried without Azure.
            names = ("", "")
        folder = self._folder / secrets.token_hex(8)
        self._scripts[folder.name] = DryRun(
            script.text,
            script.arguments,
            script.instance or UNNAMED,
            *names,
            script.timeout_minutes,
        )
        try:
            return await self._operations.start(
                "script.dry_run",
                TARGET,
                "",
                "Trying the setup script",
                msgspec.json.encode(_Checkpoint(str(folder))),
            )
        except BaseException:
            del self._scripts[folder.name]
            raise

    async def _perform(self, handle: OperationHandle) -> str:
        from .dry_run import ScriptDryRun

        folder = Path(msgspec.json.decode(handle.checkpoint, type=_Checkpoint).folder)
        script = self._scripts.pop(folder.name, None)
        if handle.resumed or script is None:
            # Its guard has ended it with the server.
            await asyncio.to_thread(remove_scratch, folder)
            raise WorkLost("The Jupyter server ended, and the script with it.")
        await handle.report(f"The setup script runs on this machine as {script.instance}")
        run = ScriptDryRun(script, folder=folder, environ=self._environ, log=handle.log)
        await run.to_its_end()
        return "The setup script succeeded on this machine"


def _check(script: DryRunScript) -> None:
    if not script.text.strip() or "\0" in script.text:
        raise InvalidSetupScript("The text of the script is no script.")
    if not (script.arguments or "").isprintable():
        raise InvalidSetupScript("The arguments of the script are more than one line.")
    if not script.instance.isprintable():
        raise InvalidSetupScript("The name of the instance has characters that do not show.")
    try:
        words(script.arguments)
    except ValueError as error:
        raise InvalidSetupScript(
            f"The arguments of the script are not understood: {error}.",
            hint="Close every quote.",
        ) from error
