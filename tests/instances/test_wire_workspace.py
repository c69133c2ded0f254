from __future__ import annotations

import pytest

from jupyter_ci_manager.instances.wire.workspace import (
    subscription_from_arm,
    workspace_from_arm,
    workspace_from_id,
    workspace_within,
)

ID = (
    "/subscriptions/1111-2222/resourceGroups/ml.team_(a)-b"
    "/providers/Microsoft.MachineLearningServices/workspaces/ml-workspace"
)


@pytest.mark.parametrize("text", [ID, ID.upper(), f" {ID}/ ", ID.replace("team", "köln")])
def test_the_id_of_a_workspace_is_taken_apart(text: str) -> None:
    found = workspace_from_id(text)

    assert found is not None
    assert found.name.lower() == "ml-workspace"
    assert found.subscription_id == "1111-2222"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ml-workspace",
        f"{ID}/computes/x",
        f"https://management.azure.com{ID}",
        ID.replace("ml.team_(a)-b", ".."),
        ID.replace("ml.team_(a)-b", "."),
        ID.replace("ml.team_(a)-b", "a/../b"),
        ID.replace("ml-workspace", "a?b"),
        ID.replace("ml-workspace", "a%2fb"),
        ID.replace("1111-2222", "1111/2222"),
        ID + "\n/x",
        "x" * 100_000,
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert workspace_from_id(text) is None


def test_the_id_is_found_inside_an_mlflow_address() -> None:
    found = workspace_within(f"azureml://westeurope.api.azureml.ms/mlflow/v1.0{ID}?")

    assert found is not None
    assert found.id == ID


def test_a_workspace_resource_brings_its_location() -> None:
    found = workspace_from_arm(f'{{"id": "{ID}", "location": "westeurope"}}'.encode())

    assert found is not None
    assert (found.id, found.location) == (ID, "westeurope")


def test_a_resource_that_is_no_workspace_is_left_out() -> None:
    assert workspace_from_arm(b'{"id": "/subscriptions/x"}') is None


def test_a_subscription_is_known_by_its_id() -> None:
    assert subscription_from_arm(b'{"subscriptionId": "s", "displayName": "Team"}') == "s"
