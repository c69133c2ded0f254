"""A process that creates an environment and follows it until it is killed.

Run it as a module: home of the user, name of the environment, specs.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from jupyter_ci_manager.models import CreateEnvironment
from jupyter_ci_manager.operations import OperationRegistry
from tests.environments.working import work_of


async def main(home: Path, name: str, specs: list[str]) -> None:
    log = logging.getLogger(__name__)
    operations = OperationRegistry(home / "data" / "operations.sqlite", log=log)
    work = work_of(home, operations)
    operation = await work.create(CreateEnvironment(name=name, specs=specs))
    await operations.wait(operation.id)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
