"""The two ways to the notebook share: as an instance has it mounted, and through Azure."""

from __future__ import annotations

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.services import Services
from tests.instances.conftest import MakeServices


def on_an_instance(
    azure: Emulator,
    make_services: MakeServices,
    monkeypatch: pytest.MonkeyPatch,
    name: str = "amy-gpu",
) -> Services:
    """Services on an instance of the workspace, which has the emulator's share mounted."""
    monkeypatch.setenv("CI_NAME", name)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"azureml://x/mlflow/v1.0{azure.workspace_id}")
    return make_services(notebook_share=azure.share)
