from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from jupyter_ci_manager.instances.wire.base import parse_time
from jupyter_ci_manager.instances.wire.compute import instance_from_arm
from jupyter_ci_manager.instances.wire.spec import spec_to_arm
from jupyter_ci_manager.models import Identity, Instance, InstanceSpec
from tests.instances.azure_examples import documents

AMY = Identity(object_id="AAAAAAAA-0000-0000-0000-000000000001", name="amy@contoso.com")


def resource(**instance_properties: Any) -> dict[str, Any]:
    return {
        "id": "/subscriptions/s/…/computes/amy-ci",
        "name": "amy-ci",
        "location": "westeurope",
        "properties": {
            "computeType": "ComputeInstance",
            "provisioningState": "Succeeded",
            "createdOn": "2026-11-20T08:00:00.1234560+00:00",
            "properties": {"vmSize": "STANDARD_DS3_V2", "state": "Running", **instance_properties},
        },
    }


def read(document: dict[str, Any], who: Identity | None = AMY) -> Instance:
    found = instance_from_arm(json.dumps(document).encode(), who)
    assert found is not None
    return found


def test_an_instance_is_read_as_azure_sends_it() -> None:
    found = read(
        resource(
            createdBy={"userId": "u", "userOrgId": "t", "userName": "Ben"},
            lastOperation={
                "operationName": "Start",
                "operationTime": "2026-11-23T07:00:00Z",
                "operationStatus": "Succeeded",
                "operationTrigger": "Schedule",
            },
            idleTimeBeforeShutdown="PT60M",
            schedules={"computeStartStop": [{}, {}]},
            applications=[
                {"displayName": "Jupyter Lab", "endpointUri": "https://amy-ci.westeurope/lab"},
                {"displayName": "Broken", "endpointUri": None},
            ],
            errors=[{"error": {"code": "SetupScriptFailed", "message": "exit 1"}}],
            somethingOfTheFuture={"x": 1},
        )
    )

    assert found.created_at == datetime(2026, 11, 20, 8, 0, 0, 123456, tzinfo=timezone.utc)
    assert found.state_since == datetime(2026, 11, 23, 7, tzinfo=timezone.utc)
    assert found.last_operation is not None
    assert found.last_operation.trigger == "Schedule"
    assert found.created_by is not None
    assert found.created_by.name == "Ben"
    assert (found.idle_shutdown, found.schedule_count) == ("PT60M", 2)
    assert [each.display_name for each in found.applications] == ["Jupyter Lab"]
    assert [each.code for each in found.errors] == ["SetupScriptFailed"]
    assert found.actions == ["stop", "restart", "delete"]


@pytest.mark.parametrize(
    "own",
    [
        {"createdBy": {"userId": "aaaaaaaa-0000-0000-0000-000000000001"}},
        {
            "createdBy": {"userId": "platform"},
            "personalComputeInstanceSettings": {
                "assignedUser": {"objectId": "aaaaaaaa-0000-0000-0000-000000000001"}
            },
        },
    ],
)
def test_what_i_created_or_what_is_assigned_to_me_is_mine(own: dict[str, Any]) -> None:
    assert read(resource(**own)).mine
    assert not read(resource(**own), None).mine
    assert not read(resource(**own), Identity(object_id="somebody-else")).mine


def test_of_the_schedules_those_that_stop_it_and_are_enabled_are_counted_apart() -> None:
    found = read(
        resource(
            schedules={
                "computeStartStop": [
                    {"action": "Stop", "status": "Enabled"},
                    {"action": "Stop"},
                    {"action": "Stop", "status": "Disabled"},
                    {"action": "Start", "status": "Enabled"},
                    {"action": ["of the future"]},
                    "odd",
                ]
            }
        )
    )

    assert (found.state, found.schedule_count, found.stop_schedule_count) == ("Running", 6, 2)


def test_nobody_owns_an_instance_of_nobody() -> None:
    assert not read(resource(createdBy={"userId": None}), Identity(object_id=None)).mine


def test_right_after_the_put_the_provisioning_state_stands_for_the_state() -> None:
    document = resource()
    document["properties"] |= {"provisioningState": "Creating", "properties": None}

    assert (read(document).state, read(document).in_transition) == ("Creating", True)


def test_a_state_of_the_future_is_shown_as_it_is() -> None:
    found = read(resource(state="Hibernating"))

    assert (found.state, found.in_transition) == ("Hibernating", False)


@pytest.mark.parametrize(
    "document",
    [
        {"name": "cpu", "properties": {"computeType": "AmlCompute"}},
        {"name": "odd", "properties": None},
        {"name": "odder"},
    ],
)
def test_other_computes_are_no_instances(document: dict[str, Any]) -> None:
    assert instance_from_arm(json.dumps(document).encode(), AMY) is None


def test_one_odd_instance_is_shown_and_does_not_hide_the_others() -> None:
    found = read(resource(vmSize=["not", "a", "name"]))

    assert (found.name, found.state) == ("amy-ci", "Unknown")
    assert found.errors[0].code == "UnreadableResource"


def test_the_computes_of_azures_own_examples_are_read() -> None:
    instances = [read_or_none(item) for item in documents("Compute")]

    found = [each for each in instances if each is not None]
    assert {"STANDARD_NC6"} <= {each.vm_size for each in found}
    assert not any(error.code == "UnreadableResource" for each in found for error in each.errors)
    assert len(found) < len(instances)


def read_or_none(item: dict[str, Any]) -> Instance | None:
    return instance_from_arm(json.dumps(item).encode(), AMY)


@pytest.mark.parametrize(
    "text", [None, "", "yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_a_time_that_is_none_is_unknown(text: str | None) -> None:
    assert parse_time(text) is None


def test_a_time_without_a_zone_is_utc() -> None:
    assert parse_time("2026-11-23T07:00:00") == datetime(2026, 11, 23, 7, tzinfo=timezone.utc)


OFF = {"vmSize": "S", "sshSettings": {"sshPublicAccess": "Disabled"}}


def test_only_what_was_chosen_is_asked_for_and_that_ssh_is_off_is_said() -> None:
    assert spec_to_arm(InstanceSpec(name="amy", vm_size="S"), "westeurope") == {
        "location": "westeurope",
        "properties": {"computeType": "ComputeInstance", "properties": OFF},
    }
    full = InstanceSpec(
        name="amy", vm_size="S", description="d", idle_shutdown="PT60M", tags={"team": "x"}
    )
    assert spec_to_arm(full, "westeurope") == {
        "location": "westeurope",
        "tags": {"team": "x"},
        "properties": {
            "computeType": "ComputeInstance",
            "description": "d",
            "properties": {**OFF, "idleTimeBeforeShutdown": "PT60M"},
        },
    }
