"""Runs an environment's own pip. It knows no operations and no engine.

Requirements are lines of a file and never words of a shell. Source: "pip install", pip
documentation.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..child_guard import Guard
from ..child_process import Outcome, run_program
from ..errors import PipFailed
from .conda_variables import needed_variables
from .engine import Report

LONGEST_SECONDS = 3 * 3600.0
PASSED_TO_PIP = frozenset(
    {
        "PIP_CERT",
        "PIP_CLIENT_CERT",
        "PIP_CONSTRAINT",
        "PIP_DEFAULT_TIMEOUT",
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
        "PIP_INDEX_URL",
        "PIP_NO_INDEX",
        "PIP_PROXY",
        "PIP_TRUSTED_HOST",
    }
)
"""Where a person's packages come from; addresses of indexes may have a password in them."""

_SILENT = ("--no-input", "--disable-pip-version-check", "--no-color")
_DOING = re.compile(r"\s*(?:Collecting|Downloading|Building wheel for|Using cached) (\S+)")
_INSTALLING = re.compile(r"\s*Installing collected packages")


class Pip:
    """The pip of the environment at a prefix."""

    def __init__(
        self,
        prefix: Path,
        *,
        environ: Mapping[str, str],
        folder: Path,
        guard: Guard | None = None,
    ) -> None:
        self._python = prefix / "bin" / "python"
        self._environ = dict(environ) | {"PATH": f"{prefix / 'bin'}:{environ.get('PATH', '')}"}
        self._folder = folder
        self._guard = guard

    async def install(
        self, requirements: Sequence[str], report: Report, *, without_dependencies: bool = False
    ) -> None:
        """Install what the lines of a requirements file say. Raises PipFailed."""
        file = self._folder / "requirements.txt"
        file.touch(mode=0o600)
        file.write_text("".join(f"{line}\n" for line in requirements))
        words = ["install", "--progress-bar", "off", "--requirement", str(file)]
        await self._run(words + ["--no-deps"] * without_dependencies, report)

    async def remove(self, names: Sequence[str], report: Report) -> None:
        """Remove packages that pip has installed. Raises PipFailed."""
        await self._run(["uninstall", "--yes", "--", *names], report)

    async def _run(self, words: Sequence[str], report: Report) -> None:
        verb, *rest = words
        if not self._python.exists():
            raise PipFailed("There is no Python in the environment, and so no pip.")

        async def tell(data: bytes) -> None:
            report.log(data)
            for line in data.decode("utf-8", "replace").splitlines():
                if match := _DOING.match(line):
                    report.progress(match[1], None, None)
                elif _INSTALLING.match(line):
                    report.phase("pip", "Installing with pip")

        try:
            # Isolated: neither the user's own site-packages nor PYTHON… variables.
            outcome = await run_program(
                [str(self._python), "-I", "-m", "pip", verb, *_SILENT, *rest],
                environ=self._environ,
                also_passed=PASSED_TO_PIP | needed_variables(self._environ),
                timeout_seconds=LONGEST_SECONDS,
                on_stdout=tell,
                on_stderr=tell,
                guard=self._guard,
            )
        except asyncio.TimeoutError:
            raise PipFailed("pip has not come to an end in three hours.") from None
        except OSError as error:
            raise PipFailed(f"The environment's Python cannot be started: {error}.") from None
        if outcome.returncode != 0:
            raise PipFailed(_why(outcome))


def _why(outcome: Outcome) -> str:
    if outcome.returncode < 0:
        return f"pip was ended by signal {-outcome.returncode}."
    errors = [line for line in outcome.last_words.splitlines() if "ERROR" in line]
    words = "\n".join(errors) or outcome.last_words or f"exit code {outcome.returncode}"
    return f"pip could not do it: {words}"
