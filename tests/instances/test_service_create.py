from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.errors import (
    CiManagerError,
    InstanceExists,
    InvalidIdleShutdown,
    InvalidName,
    NameTaken,
    OperationInProgress,
    QuotaExceeded,
    UnknownVmSize,
    WrongState,
)
from jupyter_ci_manager.services import Services
from tests.builders import SIZE, changes_asked_of, ended, spec, until


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ({"name": "ab"}, InvalidName),
        ({"name": "etl-2"}, InvalidName),
        ({"name": "../../x"}, InvalidName),
        ({"vm_size": "Standard_Nope"}, UnknownVmSize),
        ({"vm_size": "../vmSizes"}, UnknownVmSize),
        ({"vm_size": "Standard_F16s_v2"}, QuotaExceeded),
        ({"idle_shutdown": "an hour"}, InvalidIdleShutdown),
        ({"idle_shutdown": "PT14M"}, InvalidIdleShutdown),
        ({"idle_shutdown": "P4D"}, InvalidIdleShutdown),
        ({"name": "amy-gpu"}, InstanceExists),
        ({"name": "AMY-GPU"}, InstanceExists),
        ({"name": "sandbox"}, NameTaken),
        ({"name": "cpu-cluster"}, NameTaken),
    ],
)
async def test_what_cannot_be_created_is_refused_with_a_hint_and_changes_nothing(
    azure: Emulator, services: Services, bad: dict[str, Any], kind: type[CiManagerError]
) -> None:
    with pytest.raises(kind) as refused:
        await services.instances.create(spec(**bad))

    assert 400 <= refused.value.status < 500
    assert refused.value.body.hint
    assert changes_asked_of(azure) == 0
    assert (await services.operations.list()).items == []


async def test_what_was_asked_for_is_what_azure_gets(azure: Emulator, services: Services) -> None:
    operation = await services.instances.create(
        spec(
            vm_size="standard_ds3_V2",
            description="For ETL",
            idle_shutdown="PT60M",
            tags={"team": "data"},
        )
    )
    await ended(services, operation)

    resource = (await services.instances.details("new-ci")).resource
    assert resource["tags"] == {"team": "data"}
    assert resource["location"] == "westeurope"
    assert resource["properties"]["description"] == "For ETL"
    assert resource["properties"]["properties"]["vmSize"] == SIZE.upper()
    assert resource["properties"]["properties"]["idleTimeBeforeShutdown"] == "PT60M"


async def test_found_existing_instance_use_it(azure: Emulator, services: Services) -> None:
    found = await services.instances.create(spec("amy-gpu"), if_exists="use")

    assert found.state == "succeeded"
    assert found.message == "Found existing instance, using it (Stopped)"
    assert changes_asked_of(azure) == 0


async def test_while_it_is_still_creating_the_same_operation_is_answered(
    azure: Emulator, services: Services
) -> None:
    first = await services.instances.create(spec(), if_exists="use")
    await until(lambda: azure.requests.count("PUT"))
    azure.state.lifecycle.force(azure.workspace.computes.instance("new-ci", "x"), "Creating")

    second = await services.instances.create(spec("NEW-ci"), if_exists="use")

    assert second.id == first.id
    azure.state.lifecycle.force(azure.workspace.computes.instance("new-ci", "x"), "Running")
    await ended(services, first)
    assert azure.requests.count("PUT") == 1


async def test_what_somebody_else_is_creating_is_waited_for(
    azure: Emulator, services: Services
) -> None:
    theirs = azure.workspace.computes.instance("amy-gpu", "x")
    azure.state.lifecycle.force(theirs, "Starting")

    operation = await services.instances.create(spec("amy-gpu"), if_exists="use")
    assert operation.state == "queued"
    azure.state.lifecycle.force(theirs, "Running")

    assert (await ended(services, operation)).message == "Running"
    assert changes_asked_of(azure) == 0


async def test_what_is_being_deleted_is_not_found_existing(
    azure: Emulator, services: Services
) -> None:
    azure.state.lifecycle.force(azure.workspace.computes.instance("amy-gpu", "x"), "Deleting")

    with pytest.raises(WrongState):
        await services.instances.create(spec("amy-gpu"), if_exists="use")


async def test_two_who_create_the_same_make_one(azure: Emulator, services: Services) -> None:
    results = await asyncio.gather(
        *(services.instances.create(spec()) for _ in range(5)), return_exceptions=True
    )

    begun = [each for each in results if not isinstance(each, BaseException)]
    assert len(begun) == 1
    assert {type(each) for each in results if isinstance(each, BaseException)} <= {
        OperationInProgress,
        InstanceExists,
        NameTaken,
    }
    await ended(services, begun[0])
    assert azure.requests.count("PUT") == 1


async def test_without_the_permission_to_check_names_creating_finds_out(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(path="checkComputeName", status=403, code="AuthorizationFailed", times=9)

    assert (await ended(services, await services.instances.create(spec()))).state == "succeeded"

    failed = await ended(services, await services.instances.create(spec("sandbox")))
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error.hint is not None
    assert "region" in failed.error.hint


async def test_without_the_permission_to_read_sizes_azure_judges_the_size(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(path="vmSizes|usages", status=403, code="AuthorizationFailed", times=50)

    finished = await ended(services, await services.instances.create(spec()))

    assert finished.state == "succeeded"


async def test_room_that_was_made_a_moment_ago_counts(azure: Emulator, services: Services) -> None:
    with pytest.raises(QuotaExceeded):
        await services.instances.create(spec(vm_size="Standard_F16s_v2"))
    await ended(services, await services.instances.request("delete", "ben-features"))

    operation = await services.instances.create(spec(vm_size="Standard_F16s_v2"))

    assert (await ended(services, operation)).state == "succeeded"


@pytest.mark.parametrize(
    ("name", "available", "reason", "existing"),
    [
        ("free-name", True, None, False),
        ("amy-gpu", False, "AlreadyExists", True),
        ("sandbox", False, "AlreadyExists", False),
        ("x", False, "Invalid", False),
        ("with space", False, "Invalid", False),
    ],
)
async def test_a_name_is_judged_and_a_free_one_proposed(
    services: Services, name: str, available: bool, reason: str | None, existing: bool
) -> None:
    answer = await services.instances.check_name(name)

    assert (answer.available, answer.reason, answer.existing) == (available, reason, existing)
    assert bool(answer.suggestion) is not available
    if answer.suggestion:
        assert (await services.instances.check_name(answer.suggestion)).available


async def test_an_invalid_name_is_judged_even_when_azure_cannot_propose_another(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(path="checkComputeName", status=403, code="AuthorizationFailed", times=9)

    answer = await services.instances.check_name("with space")

    assert (answer.available, answer.reason, answer.suggestion) == (False, "Invalid", None)
