"""A spec as a template of Azure Resource Manager, to be deployed again and again. No I/O.

Sources: "Understand the structure and syntax of ARM templates" and "Customize the compute instance
with a script", Microsoft Learn; Microsoft.MachineLearningServices/workspaces/computes 2025-12-01.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

from ..instances.arm_pipeline import API_VERSION
from ..instances.wire.spec import spec_to_arm
from ..models import CodeFile, CodeForm, InstanceSpec, SetupScript, Workspace
from .source_text import json_text

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
COMPUTE = "Microsoft.MachineLearningServices/workspaces/computes"

Add = Callable[[str, str, str | None], str]


def arm_template(spec: InstanceSpec, workspace: Workspace, stem: str) -> CodeForm:
    """The template, and the command that deploys it.

    Data mounts are no part of a resource that is created: Azure takes them of one that exists.
    """
    name = f"{stem}.json"
    command = [
        *("az", "deployment", "group", "create"),
        *("--subscription", workspace.subscription_id),
        *("--resource-group", workspace.resource_group),
        *("--template-file", name),
    ]
    return CodeForm(
        kind="arm",
        files=[CodeFile(name, "json", json_text(_template(spec, workspace)) + "\n")],
        command=shlex.join(command),
        missing=["data_mounts"] if spec.data_mounts else [],
    )


def _template(spec: InstanceSpec, workspace: Workspace) -> dict[str, Any]:
    parameters: dict[str, dict[str, Any]] = {}

    def add(name: str, description: str, default: str | None) -> str:
        """The expression that stands for a parameter; without a default it has to be given."""
        value = {} if default is None else {"defaultValue": default}
        parameters[name] = {"type": "string", **value, "metadata": {"description": description}}
        return f"[parameters('{name}')]"

    workspace_name = add("workspaceName", "Workspace, which exists.", _literal(workspace.name))
    compute_name = add("computeName", "Unique in the region.", _literal(spec.name) or None)
    location = workspace.location
    body = _literals(spec_to_arm(spec, ""))
    body["location"] = add(
        "location",
        "Region of the workspace.",
        "[resourceGroup().location]" if location is None else _literal(location),
    )
    own = body["properties"]["properties"]
    own["vmSize"] = add("vmSize", "Size of the VM.", _literal(spec.vm_size) or None)
    if "adminPublicKey" in own["sshSettings"]:
        key = own["sshSettings"]["adminPublicKey"]
        own["sshSettings"]["adminPublicKey"] = add("adminPublicKey", "Public key for SSH.", key)
    if spec.setup_scripts is not None and "setupScripts" in own:
        references = own["setupScripts"]["scripts"]
        for which in ("creation", "startup"):
            script: SetupScript | None = getattr(spec.setup_scripts, which)
            if script is not None:
                _parametrize(references[f"{which}Script"], which, script, add)
    return {
        "$schema": SCHEMA,
        "contentVersion": "1.0.0.0",
        "parameters": parameters,
        "resources": [
            {
                "type": COMPUTE,
                "apiVersion": API_VERSION,
                "name": f"[concat({workspace_name[1:-1]}, '/', {compute_name[1:-1]})]",
                **body,
            }
        ],
    }


def _parametrize(reference: dict[str, Any], which: str, script: SetupScript, add: Add) -> None:
    if script.source == "inline":
        text = add(f"{which}Script", f"Text of the {which} script.", _literal(script.data))
        reference["scriptData"] = f"[base64({text[1:-1]})]"
    else:
        reference["scriptData"] = add(
            f"{which}ScriptLocation",
            f"The {which} script in the notebook share, such as Users/amy/setup.sh.",
            _literal(script.data),
        )
    reference["scriptArguments"] = add(
        f"{which}ScriptArguments",
        f"Arguments of the {which} script.",
        _literal(script.arguments or ""),
    )


def _literals(value: Any) -> Any:
    """The same data, none of it an expression. Names of properties can be expressions, too."""
    if isinstance(value, str):
        return _literal(value)
    if isinstance(value, dict):
        return {_literal(key): _literals(each) for key, each in value.items()}
    return [_literals(each) for each in value] if isinstance(value, list) else value


def _literal(text: str) -> str:
    """A text that is in brackets from end to end would be an expression."""
    return f"[{text}" if text.startswith("[") and text.endswith("]") else text
