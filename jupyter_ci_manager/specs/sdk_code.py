"""A spec as a program for the Azure Machine Learning Python SDK v2, ``azure-ai-ml``. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..models import CodeFile, CodeForm, InstanceSpec, Workspace
from .azure_ai_ml import comment_on, instance_entity
from .source_text import Call, python_text


def sdk_code(spec: InstanceSpec, workspace: Workspace, stem: str) -> CodeForm:
    """The program, and the command that runs it."""
    entity, missing = instance_entity(spec)
    name = f"{stem}.py"
    place = {
        "subscription_id": workspace.subscription_id,
        "resource_group_name": workspace.resource_group,
        "workspace_name": workspace.name,
    }
    client = Call("MLClient", {"credential": Call("DefaultAzureCredential"), **place})
    imports = "".join(f"    {each},\n" for each in sorted(set(_functions(entity))))
    text = f"""\
{comment_on(missing)}from azure.ai.ml import MLClient
from azure.ai.ml.entities import (
{imports})
from azure.identity import DefaultAzureCredential

client = {python_text(client)}
instance = {python_text(entity)}
created = client.compute.begin_create_or_update(instance).result()
print(created.name)
"""
    return CodeForm("sdk", [CodeFile(name, "python", text)], f"python {name}", missing)


def _functions(value: Any) -> Iterator[str]:
    if isinstance(value, Call):
        yield value.function
        for each in value.arguments.values():
            yield from _functions(each)
    elif isinstance(value, list):
        for each in value:
            yield from _functions(each)
