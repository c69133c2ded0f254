"""What Docker keeps and does not use, cleaned by Docker.

It knows the words that Docker's command line speaks, and must not know plans.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from ..child_process import Outcome, run_program
from ..models import CleanupStep
from .amounts import from_words
from .cleanup_step import LOOK_SECONDS, Program, ProgramStep
from .threads import on_thread

ASK_SECONDS = 20.0
RUN_SECONDS = 1800.0
OUTPUT_BYTES = 16_000_000

_ALIVE = frozenset({"running", "paused", "restarting"})
_SYSTEM_TITLE = "Stopped containers, unused networks and nameless images of Docker"


async def docker_steps(environ: Mapping[str, str]) -> list[ProgramStep]:
    """The steps, where the daemon answers and is this machine's; else none.

    The daemon is named in the commands: a context that is switched later leads nowhere else.
    """
    program = await on_thread(
        lambda _: Program.named("docker", environ), timeout_seconds=LOOK_SECONDS
    )
    if program is None:
        return []
    host = await _document(
        program, environ, ["context", "inspect", "--format"], ".Endpoints.docker.Host"
    )
    if not isinstance(host, str) or not host.startswith("unix://"):
        # Another machine's disk is not this one's.
        return []
    docker = ["--host", host]
    usage = await _document(
        program, environ, [*docker, "system", "df", "--verbose", "--format"], "."
    )
    root = await _document(program, environ, [*docker, "info", "--format"], ".DockerRootDir")
    if not isinstance(usage, dict):
        return []
    disk = root if isinstance(root, str) and root.startswith("/") else "/"
    unused, cache = _unused(usage), _unused_build_cache(usage)
    return [
        _step(
            program,
            environ,
            disk,
            command=[program.path, *docker, "system", "prune", "--force"],
            title=_SYSTEM_TITLE,
            why_safe=(
                "Volumes, named images and what runs stay. Files that were written inside stopped "
                "containers and not in a volume are lost, and do not come back."
            ),
            amount=unused,
        ),
        _step(
            program,
            environ,
            disk,
            command=[program.path, *docker, "builder", "prune", "--all", "--force"],
            title="Build cache of Docker",
            why_safe="Images stay. The next builds take longer and download again what they need.",
            amount=cache,
        ),
    ]


def _step(
    program: Program,
    environ: Mapping[str, str],
    disk: str,
    *,
    command: list[str],
    title: str,
    why_safe: str,
    amount: int | None,
) -> ProgramStep:
    return ProgramStep(
        wire=CleanupStep(
            id="",
            kind="docker_prune",
            title=title,
            why_safe=why_safe,
            command=command,
            bytes=amount,
            available=amount != 0,
            reason="There is nothing of that kind." if amount == 0 else None,
        ),
        disk=os.fsencode(disk),
        program=program,
        environ=environ,
        timeout_seconds=RUN_SECONDS,
    )


async def _document(
    program: Program, environ: Mapping[str, str], arguments: list[str], what: str
) -> Any:
    """What Docker answers as JSON; None where it does not: its daemon is off, or not ours."""
    try:
        outcome = await run_program(
            [program.path, *arguments, "{{json " + what + "}}"],
            environ=environ,
            timeout_seconds=ASK_SECONDS,
            output_limit_bytes=OUTPUT_BYTES,
        )
    except (OSError, asyncio.TimeoutError):
        return None
    return _decoded(outcome)


def _decoded(outcome: Outcome) -> Any:
    if outcome.returncode != 0 or not outcome.complete:
        return None
    try:
        return json.loads(outcome.output)
    except ValueError:
        return None


def _unused(usage: dict[str, Any]) -> int | None:
    """What ``docker system prune`` removes, without the build cache, which has its own step.

    Source of the fields: ``cli/command/formatter/disk_usage.go`` of github.com/docker/cli.
    """
    containers = [
        item.get("Size") for item in _items(usage, "Containers") if item.get("State") not in _ALIVE
    ]
    images = [
        item.get("UniqueSize")
        for item in _items(usage, "Images")
        if item.get("Repository") == "<none>"
        and item.get("Tag") == "<none>"
        and item.get("Containers") in ("0", "N/A")
    ]
    return _sum([*containers, *images])


def _unused_build_cache(usage: dict[str, Any]) -> int | None:
    return _sum(
        item.get("Size")
        for item in _items(usage, "BuildCache")
        if item.get("InUse") == "false" and item.get("Shared") == "false"
    )


def _items(usage: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = usage.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _sum(sizes: Iterable[Any]) -> int | None:
    """None where one of them is no amount: only running it tells then."""
    amounts = [from_words(size) if isinstance(size, str) else None for size in sizes]
    return None if None in amounts else sum(amount for amount in amounts if amount is not None)
