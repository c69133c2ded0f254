"""The whole way: handlers, services, the SDK, HTTP, the emulator; and the events on the socket."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.events import INSTANCES_SCHEMA, OPERATION_SCHEMA
from tests.builders import SIZE
from tests.web.conftest import Ask, finished

NEW = {"spec": {"name": "new-ci", "vm_size": SIZE}}


async def state(ask: Ask, name: str) -> str | None:
    """What the list shows; it is asked for anew at most once a second."""
    items = (await ask("GET", "instances", params={"refresh": "1"})).json["items"]
    return next((each["state"] for each in items if each["name"] == name), None)


async def test_an_instance_is_created_stopped_started_restarted_and_deleted(
    azure: Emulator, ask: Ask
) -> None:
    created = await ask("POST", "instances", NEW)
    assert created.status == 202
    assert created.json["state"] == "queued"
    details = await finished(ask, created.json)
    assert details["operation"]["message"] == "Running"
    assert details["steps"][0]["message"] == "Creating"

    for action, state in (("stop", "Stopped"), ("start", "Running"), ("restart", "Running")):
        begun = await ask("POST", f"instances/new-ci/{action}")
        assert begun.status == 202
        assert (await finished(ask, begun.json))["operation"]["message"] == state
        answer = await ask("GET", "instances/new-ci")
        assert answer.json["instance"]["state"] == state

    deleted = await ask("DELETE", "instances/new-ci")
    assert deleted.status == 202
    assert (await finished(ask, deleted.json))["operation"]["state"] == "succeeded"
    assert (await ask("GET", "instances/new-ci")).error.code == "ComputeNotFound"
    assert azure.requests.count("PUT") == azure.requests.count("DELETE") == 1


async def test_create_or_get(azure: Emulator, ask: Ask) -> None:
    taken = {"spec": {"name": "amy-gpu", "vm_size": SIZE}}
    refused = await ask("POST", "instances", taken)
    assert (refused.status, refused.error.code) == (409, "InstanceExists")

    found = await ask("POST", "instances", taken | {"if_exists": "use"})

    assert (found.status, found.json["state"]) == (200, "succeeded")
    assert "Found existing instance" in found.json["message"]
    assert azure.requests.count("PUT") == 0


async def test_all_that_runs_of_mine_is_stopped(ask: Ask) -> None:
    answer = await ask("POST", "mine/stop")

    assert answer.status == 202
    assert {each["target"] for each in answer.json["items"]} == {"amy-notebooks", "amy-onboarding"}
    for operation in answer.json["items"]:
        assert (await finished(ask, operation))["operation"]["message"] == "Stopped"


async def test_finished_operations_are_listed_and_can_be_removed(ask: Ask) -> None:
    begun = (await ask("POST", "instances/amy-gpu/start")).json
    assert (await ask("DELETE", f"operations/{begun['id']}")).error.code == "NotCancellable"
    active = await ask("GET", "operations", params={"active": "1"})
    assert [each["id"] for each in active.json["items"]] == [begun["id"]]
    await finished(ask, begun)

    assert (await ask("GET", "operations", params={"active": "1"})).json["items"] == []
    listed = (await ask("GET", "operations")).json
    assert [each["state"] for each in listed["items"]] == ["succeeded"]
    assert listed["warning"] is None
    assert (await ask("DELETE", f"operations/{begun['id']}")).status == 204
    assert (await ask("GET", "operations")).json["items"] == []
    assert (await ask("DELETE", f"operations/{begun['id']}")).error.code == "OperationNotFound"


async def test_changes_arrive_on_jupyters_event_socket(
    azure: Emulator, ask: Ask, jp_ws_fetch: Any
) -> None:
    await ask("GET", "instances")
    socket = await jp_ws_fetch("api", "events", "subscribe")
    begun = (await ask("POST", "instances/amy-gpu/start")).json
    await finished(ask, begun)
    while await state(ask, "amy-gpu") != "Running":  # noqa: ASYNC110  # it has to be asked for
        await asyncio.sleep(0.05)

    events: list[dict[str, Any]] = []
    while not any(each["schema_id"] == INSTANCES_SCHEMA for each in events):
        events.append(json.loads(await asyncio.wait_for(socket.read_message(), 10)))
    socket.close()

    operations = [each["operation"] for each in events if each["schema_id"] == OPERATION_SCHEMA]
    assert operations[0]["state"] == "queued"
    assert operations[-1]["state"] == "succeeded"
    assert {each["id"] for each in operations} == {begun["id"]}
    (change,) = [each for each in events if each["schema_id"] == INSTANCES_SCHEMA]
    assert change["workspace_id"] == azure.workspace_id
    assert [each["name"] for each in change["changes"]] == ["amy-gpu"]
    assert not any("eyJ" in json.dumps(each) for each in events)
