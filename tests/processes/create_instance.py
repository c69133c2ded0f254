"""A process that creates an instance, or goes on with what an earlier one left, until it is killed.

Run it as a module with JSON on the command line: endpoint, workspace, folder, and ``create`` (a
name) or nothing to resume. It prints a line of JSON for each change of an operation.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from jupyter_ci_manager.configuration import Configuration, Pace
from jupyter_ci_manager.models import InstanceSpec, Operation
from jupyter_ci_manager.operation_handle import OperationHandle
from jupyter_ci_manager.services import build_services
from tests.builders import SIZE


def tell(operation: Operation) -> None:
    print(json.dumps({"id": operation.id, "state": operation.state, "message": operation.message}))
    sys.stdout.flush()


async def never_sends(_: OperationHandle) -> str:
    """A performer whose process is killed before it does anything."""
    await asyncio.Event().wait()
    return ""


async def main(order: dict[str, Any]) -> None:
    folder = Path(order["folder"])
    services = build_services(
        Configuration(
            root=folder,
            data=folder / "data",
            settings=folder / "settings",
            version="1",
            endpoint=order["endpoint"],
            workspace=order["workspace"],
            pace=Pace(fast=0.1, slow=1.0),
        ),
        on_operation=tell,
    )
    if order.get("before_sending"):
        services.operations.perform_with(["instance.create"], never_sends)
    await services.open()
    if name := order.get("create"):
        spec = InstanceSpec(name=name, vm_size=SIZE)
        await services.instances.create(spec)
    for operation in (await services.operations.list(active=True)).items:
        await services.operations.wait(operation.id)
    await services.close()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
