"""Sends files that our extension wrote through azure-ai-ml as it comes from PyPI.

Runs in that package's own environment and imports nothing of ours. A program is run as it is; only
what is around it is different: who is signed in, and that a token may go over plain HTTP.

Usage: ``ARM_CLOUD_METADATA_URL=<url>/metadata/endpoints python azure_ai_ml_requests.py
<subscription> <resource group> <workspace> FILE…``. Prints the names of what was created.
"""

from __future__ import annotations

import json
import runpy
import sys
import time
from typing import Any

import azure.ai.ml
from azure.ai.ml import MLClient, load_compute
from azure.core.credentials import AccessToken
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


def for_the_emulator(*where: str, credential: object = None, **options: Any) -> MLClient:
    """The same client, whoever is signed in."""
    return MLClient(
        Token(), *where, per_call_policies=[AllowPlainHttp()], enable_telemetry=False, **options
    )


def main(subscription: str, resource_group: str, workspace: str, *files: str) -> list[str]:
    azure.ai.ml.MLClient = for_the_emulator
    created: list[str] = []
    for path in files:
        if path.endswith(".py"):
            created.append(runpy.run_path(path)["created"].name)
        else:
            # What `az ml compute create --file` does.
            computes = for_the_emulator(subscription, resource_group, workspace).compute
            created.append(computes.begin_create_or_update(load_compute(path)).result().name)
    return created


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])), file=sys.stderr)
