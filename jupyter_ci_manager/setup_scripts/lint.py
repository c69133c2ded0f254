"""What a setup script would trip over: the traps of compute instances, and what shellcheck finds.

It puts together and knows no rule itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ..models import LintScript, ScriptFinding, ScriptLint
from .shellcheck import checked
from .traps import traps

MAX_FINDINGS = 200
"""Nobody reads more, and every one costs the browser something."""
_NO_SHELL = frozenset({"no-shell-script", "not-text", "empty"})


async def lint(script: LintScript, *, environ: Mapping[str, str]) -> ScriptLint:
    """All findings by line; those of the script as a whole come first."""
    own = await asyncio.to_thread(traps, script)
    if any(finding.code in _NO_SHELL for finding in own):
        return ScriptLint(own[:MAX_FINDINGS])
    others = await checked(script.text, environ)
    findings = sorted([*own, *others.findings], key=_place)
    return ScriptLint(findings[:MAX_FINDINGS], others.version)


def _place(finding: ScriptFinding) -> tuple[int, int, str]:
    return (finding.line or 0, finding.column or 0, finding.source)
