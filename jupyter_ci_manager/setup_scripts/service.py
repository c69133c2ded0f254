"""Setup scripts while they are written. It knows no HTTP and asks Azure nothing."""

from __future__ import annotations

from ..models import DryRunScript, LintScript, Operation, ScriptLint, StarterScriptList


class SetupScriptService:
    """The gallery, what a script would trip over, and dry runs. Methods raise ``errors``."""

    def starters(self) -> StarterScriptList:
        """The gallery of setup scripts."""
        raise NotImplementedError

    async def lint(self, script: LintScript) -> ScriptLint:
        """What a script would trip over."""
        raise NotImplementedError

    async def dry_run(self, script: DryRunScript) -> Operation:
        """Begin to run a script on this machine, in a scratch folder."""
        raise NotImplementedError
