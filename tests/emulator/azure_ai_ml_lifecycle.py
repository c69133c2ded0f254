"""A whole life of a compute instance through azure-ai-ml as it comes from PyPI.

Runs in that package's own environment and imports nothing of ours. What it needs to find the
emulator is what docs/emulator.md tells people: ``ARM_CLOUD_METADATA_URL``, and a policy that lets
azure-core send a token over plain HTTP.

Usage: ``ARM_CLOUD_METADATA_URL=<url>/metadata/endpoints python azure_ai_ml_lifecycle.py
<subscription> <resource group> <workspace>``. Prints one line of JSON: what it saw, step by step.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from azure.ai.ml import MLClient
from azure.ai.ml.entities import (
    ComputeInstance,
    ComputeSchedules,
    ComputeStartStopSchedule,
    CronTrigger,
)
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy


class Token:
    """A credential that has a token, whoever asks."""

    def get_token(self, *scopes: str, **kwargs: object) -> AccessToken:
        return AccessToken("any-token-will-do", int(time.time()) + 3600)


class AllowPlainHttp(SansIOHTTPPolicy[Any, Any]):
    """Lets the bearer token go over HTTP: the emulator listens on this machine only."""

    def on_request(self, request: PipelineRequest[Any]) -> None:
        request.context.options.setdefault("enforce_https", False)


def main(subscription: str, resource_group: str, workspace: str) -> dict[str, object]:
    seen: dict[str, object] = {}
    client = MLClient(
        Token(),
        subscription,
        resource_group,
        workspace,
        per_call_policies=[AllowPlainHttp()],
        enable_telemetry=False,
    )
    computes = client.compute

    # azure-ai-ml 1.35.2 leaves the wire's own names on sizes and usages.
    sizes = {size.name: vars(size) for size in computes.list_sizes()}
    seen["list_sizes"] = [len(sizes), sizes["Standard_DS3_v2"]["vCPUs"]]
    dedicated = [usage for usage in computes.list_usage() if "dedicatedCores" in usage.type]
    families = {usage.name["value"]: vars(usage) for usage in dedicated}
    seen["list_usage"] = {
        family: [families[family]["currentValue"], families[family]["limit"]]
        for family in ("standardDSv2Family", "standardNCADSA100v4Family")
    }

    evening = ComputeStartStopSchedule(
        action="Stop", trigger=CronTrigger(expression="0 18 * * *", time_zone="UTC")
    )
    wanted = ComputeInstance(
        name="life-of-ci",
        size="Standard_DS3_v2",
        description="Made by azure-ai-ml",
        tags={"made-by": "azure-ai-ml"},
        idle_time_before_shutdown_minutes=30,
        schedules=ComputeSchedules(compute_start_stop=[evening]),
    )
    created = computes.begin_create_or_update(wanted).result()
    seen["create"] = [created.name, created.state, created.size]

    got = computes.get("life-of-ci")
    seen["get"] = {
        "state": got.state,
        "size": got.size,
        "tags": got.tags,
        "description": got.description,
        "idle": got.idle_time_before_shutdown,
        "schedules": len(got.schedules.compute_start_stop),
        "last_operation": got.last_operation["operationName"],
        "applications": sorted(service["displayName"] for service in got.services),
        "provisioning_state": got.provisioning_state,
    }
    seen["list"] = sorted(each.name for each in computes.list(compute_type="computeinstance"))

    computes.begin_stop("life-of-ci").wait()
    seen["stop"] = computes.get("life-of-ci").state
    computes.begin_start("life-of-ci").wait()
    seen["start"] = computes.get("life-of-ci").state
    computes.begin_restart("life-of-ci").wait()
    seen["restart"] = computes.get("life-of-ci").state

    try:
        computes.begin_start("life-of-ci").wait()
    except HttpResponseError as refused:
        seen["start when running"] = refused.error and refused.error.code

    computes.begin_delete("life-of-ci").wait()
    try:
        computes.get("life-of-ci")
    except ResourceNotFoundError as gone:
        seen["delete"] = gone.error and gone.error.code
    return seen


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
