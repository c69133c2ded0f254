"""A spec as the YAML of ``az ml compute create``. No I/O.

Source: "CLI (v2) compute instance YAML schema", Azure Machine Learning.
"""

from __future__ import annotations

import shlex
from typing import Any

from ..models import CodeFile, CodeForm, InstanceSpec, Workspace
from .azure_ai_ml import comment_on, instance_entity
from .source_text import Call, yaml_text

SCHEMA = "https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json"
_TYPES = {
    "ComputeInstance": "computeinstance",
    "CronTrigger": "cron",
    "RecurrenceTrigger": "recurrence",
}
"""The schema tells these apart by a key; the SDK by their class."""
_LOWER = frozenset({"action", "frequency", "state", "week_days"})
"""Where the schema has words of its own for Azure's."""


def az_ml(spec: InstanceSpec, workspace: Workspace, stem: str) -> CodeForm:
    """The file, and the command that sends it."""
    entity, missing = instance_entity(spec)
    name = f"{stem}.yml"
    command = [
        *("az", "ml", "compute", "create"),
        *("--file", name),
        *("--subscription", workspace.subscription_id),
        *("--resource-group", workspace.resource_group),
        *("--workspace-name", workspace.name),
    ]
    text = comment_on(missing) + yaml_text({"$schema": SCHEMA, **_mapping(entity)})
    return CodeForm("az", [CodeFile(name, "yaml", text)], shlex.join(command), missing)


def _mapping(entity: Call) -> dict[str, Any]:
    kind = _TYPES.get(entity.function)
    own = {key: _value(value, key) for key, value in entity.arguments.items()}
    return own if kind is None else {"type": kind, **own}


def _value(value: Any, key: str) -> Any:
    if isinstance(value, Call):
        return _mapping(value)
    if isinstance(value, list):
        return [_value(each, key) for each in value]
    return value.lower() if key in _LOWER else value
