"""A process that scans a folder again and again until it is killed.

Run it as a module: folder of the journal, folder to scan.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from jupyter_ci_manager.disk.scans import ScanService
from jupyter_ci_manager.models import StartScan
from jupyter_ci_manager.operations import OperationRegistry


async def main(data: Path, root: str) -> None:
    log = logging.getLogger(__name__)
    operations = OperationRegistry(data / "operations.sqlite", log=log)
    scans = ScanService(operations, folder=data / "scans", os_disk="/", log=log)
    while True:
        operation = await scans.start(StartScan(root, anew=True))
        await operations.wait(operation.id)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
