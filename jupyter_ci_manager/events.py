"""What the browser is told at once: operations and states, as ``jupyter_events``.

Every subscriber of the server gets them, so they carry no secrets and no log text.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from jupyter_events import EventLogger

from .models import Operation, Workspace

if TYPE_CHECKING:
    from .instances.snapshot import Change

SCHEMAS = Path(__file__).parent / "event_schemas"
OPERATION_SCHEMA = "https://events.jupyter.org/jupyter_ci_manager/operation/v1"
INSTANCES_SCHEMA = "https://events.jupyter.org/jupyter_ci_manager/instances/v1"


class EventEmitter:
    """Tells subscribers of the Jupyter server what changed."""

    def __init__(self, logger: EventLogger) -> None:
        self._logger = logger
        for schema in ("operation.yaml", "instances.yaml"):
            logger.register_event_schema(SCHEMAS / schema)

    def operation(self, operation: Operation) -> None:
        """An operation changed."""
        self._logger.emit(
            schema_id=OPERATION_SCHEMA, data={"operation": msgspec.to_builtins(operation)}
        )

    def instances(self, workspace: Workspace, changes: list[Change]) -> None:
        """Instances changed their state."""
        self._logger.emit(
            schema_id=INSTANCES_SCHEMA,
            data={"workspace_id": workspace.id, "changes": [asdict(each) for each in changes]},
        )
