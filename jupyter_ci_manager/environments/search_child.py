"""The process that searches channels: ``python -m …environments.search_child FILE``.

It reads one JSON request and writes one JSON answer to stdout. An index of a large channel takes
hundreds of megabytes of memory, and Rust's panics end a process: neither is for a Jupyter server.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .rattler_child import client_of
from .rattler_solve import Refused, Solver

if TYPE_CHECKING:
    from rattler import RepoDataRecord

MAX_ITEMS = 50
MAX_VERSIONS = 50


def ranked(names: set[str], text: str) -> list[str]:
    """The exact name first, then those that begin with the text, then those that contain it."""
    found = [name for name in names if text in name]
    return sorted(
        found, key=lambda name: (name != text, not name.startswith(text), len(name), name)
    )


async def search(request: dict[str, Any]) -> dict[str, Any]:
    """What the channels have. Raises Refused."""
    solver = Solver(
        request["channels"],
        client=client_of(request["ssl_verify"]),
        cache=Path(request["cache"]) / "repodata",
        offline=request["offline"],
        mirrors=request["mirrors"],
    )
    platforms = [request["platform"], "noarch"]

    async def asked(channels: list[str]) -> tuple[list[str], list[RepoDataRecord]]:
        known = await solver.gateway.names(channels, platforms)
        names = ranked({name.normalized for name in known}, request["text"])
        if not names:
            return [], []
        chosen: list[Any] = list(names[:MAX_ITEMS])
        found = await solver.gateway.query(channels, platforms, chosen, recursive=False)
        return names, [record for each in found for record in each]

    names, records = await solver.asking(asked)
    chosen = names[:MAX_ITEMS]
    return {
        "items": [_found(name, records) for name in chosen],
        "is_more": len(names) > MAX_ITEMS,
    }


def _found(name: str, records: list[RepoDataRecord]) -> dict[str, Any]:
    ours = [record for record in records if record.name.normalized == name]
    versions = sorted({record.version for record in ours}, reverse=True)
    return {
        "name": name,
        "versions": [str(version) for version in versions[:MAX_VERSIONS]],
        "channel": ours[0].channel if ours else None,
    }


def main() -> None:
    """Answer what the file asks."""
    warnings.simplefilter("ignore")
    try:
        request = json.loads(Path(sys.argv[1]).read_bytes())
        # Before rattler is imported: it reads them once.
        os.environ.update(request["environ"])
        answer = asyncio.run(search(request))
    except Refused as refused:
        answer = {"failed": {"code": refused.code, "message": refused.message}}
    except BaseException as error:  # noqa: BLE001
        # A panic of Rust's is no Exception.
        message = str(error).strip() or type(error).__name__
        answer = {"failed": {"code": "EngineFailed", "message": message}}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
    # All is told: at the end of the interpreter rattler's threads crash now and then.
    os._exit(0)
