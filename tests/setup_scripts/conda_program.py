"""A ``conda`` for scripts where there is none: ``create`` and ``run``, of the tests' channel.

As a program: ``python -m tests.setup_scripts.conda_program CHANNEL ENVIRONMENTS arguments…``. What
it makes are real environments, by the library of the embedded engine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

import rattler


def main(channel: str, environments: Path, arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="conda")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create")
    create.add_argument("--yes", action="store_true", required=True)
    create.add_argument("--name", required=True)
    create.add_argument("specs", nargs="+")
    run = commands.add_parser("run")
    run.add_argument("--no-capture-output", action="store_true")
    run.add_argument("--name", required=True)
    run.add_argument("program", nargs=argparse.REMAINDER)
    asked = parser.parse_args(arguments)
    prefix = environments / asked.name
    if asked.command == "create":
        asyncio.run(_create(channel, prefix, asked.specs))
        return
    if not prefix.is_dir():
        sys.exit(f"EnvironmentLocationNotFound: Not a conda environment: {prefix}")
    path = f"{prefix / 'bin'}{os.pathsep}{os.environ['PATH']}"
    os.environ["PATH"] = path
    os.execvp(asked.program[0], asked.program)  # noqa: S606 - it becomes that program


async def _create(channel: str, prefix: Path, specs: list[str]) -> None:
    records = await rattler.solve(
        [channel], specs, platforms=[rattler.Platform.current(), "noarch"]
    )
    await rattler.install(records, prefix, cache_dir=prefix.parent / ".pkgs", show_progress=False)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
