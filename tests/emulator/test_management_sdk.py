"""azure-mgmt-machinelearningservices 2.0.0b2, asyncio, over HTTP against the emulator."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.core.polling import AsyncLROPoller
from azure.mgmt.machinelearningservices.models import (
    ComputeInstance,
    ComputeInstanceProperties,
    ComputeResource,
)

from jupyter_ci_manager.emulator import Emulator, ManualClock
from jupyter_ci_manager.emulator.app import LOOPBACK
from jupyter_ci_manager.emulator.faults import OperationError
from jupyter_ci_manager.emulator.tls import self_signed
from tests.emulator.management_client import management_client

GROUP, WORKSPACE, LOCATION = "ml-team", "ml-workspace", "westeurope"
AT_ONCE = 0.001


def wanted(vm_size: str = "STANDARD_DS3_V2") -> ComputeResource:
    properties = ComputeInstanceProperties(vm_size=vm_size)
    return ComputeResource(location="westeurope", properties=ComputeInstance(properties=properties))


def instance_of(resource: ComputeResource) -> dict[str, Any]:
    """What the client read, as a document: its models declare what is read-only as None."""
    assert isinstance(resource.properties, ComputeInstance)
    assert isinstance(resource.properties.properties, ComputeInstanceProperties)
    document = resource.properties.properties.serialize(keep_readonly=True)
    return dict(document)


def code_of(raised: pytest.ExceptionInfo[HttpResponseError]) -> str | None:
    assert raised.value.error is not None
    return raised.value.error.code


async def finish(emulator: Emulator, poller: AsyncLROPoller[Any]) -> Any:
    """Let the poller ask a few times before the work is done, then see it end."""
    result = asyncio.ensure_future(poller.result())
    asked = emulator.requests.count("GET", "computeOperationsStatus")
    while emulator.requests.count("GET", "computeOperationsStatus") < asked + 2:
        assert not result.done()
        await asyncio.sleep(AT_ONCE)
    emulator.advance(300)
    return await asyncio.wait_for(result, 10)


async def test_an_instance_lives_through_create_stop_start_restart_and_delete(
    emulator: Emulator,
) -> None:
    async with management_client(emulator, polling_interval=AT_ONCE) as client:
        compute = client.compute

        async def state() -> str:
            return str(instance_of(await compute.get(GROUP, WORKSPACE, "sdk-life"))["state"])

        creation = await compute.begin_create_or_update(GROUP, WORKSPACE, "sdk-life", wanted())
        assert await state() == "Creating"
        created = await finish(emulator, creation)
        assert created.properties.provisioning_state == "Succeeded"
        assert instance_of(created)["state"] == "Running"
        assert instance_of(created)["createdBy"]["userName"] == "amy@contoso.com"

        for begin, through, then in [
            (compute.begin_stop, "Stopping", "Stopped"),
            (compute.begin_start, "Starting", "Running"),
            (compute.begin_restart, "Restarting", "Running"),
        ]:
            action = await begin(GROUP, WORKSPACE, "sdk-life")
            assert await state() == through
            await finish(emulator, action)
            assert await state() == then

        deletion = await compute.begin_delete(GROUP, WORKSPACE, "sdk-life", "Delete")
        assert await state() == "Deleting"
        await finish(emulator, deletion)
        with pytest.raises(ResourceNotFoundError) as gone:
            await compute.get(GROUP, WORKSPACE, "sdk-life")
    assert code_of(gone) == "ComputeNotFound"


async def test_a_newer_version_ends_at_the_location_of_the_result(emulator: Emulator) -> None:
    async with management_client(
        emulator, polling_interval=AT_ONCE, api_version="2025-12-01"
    ) as client:
        create = await client.compute.begin_create_or_update(GROUP, WORKSPACE, "newer", wanted())
        await finish(emulator, create)

        restart = await client.compute.begin_restart(GROUP, WORKSPACE, "newer")
        await finish(emulator, restart)

    assert emulator.requests.count("GET", "computeOperationResults") == 1


async def test_all_pages_of_a_list_are_read() -> None:
    async with (
        Emulator(instances=25, page_size=10, clock=ManualClock()) as emulator,
        management_client(emulator) as client,
    ):
        names = [each.name async for each in client.compute.list(GROUP, WORKSPACE)]

    assert len(set(names)) == 25
    assert emulator.requests.count("GET", "/computes$") == 3


async def test_sizes_usages_quotas_and_workspaces_are_what_the_models_expect(
    emulator: Emulator,
) -> None:
    async with management_client(emulator) as client:
        sizes = (await client.virtual_machine_sizes.list(LOCATION)).serialize(keep_readonly=True)
        usages = [each.serialize(keep_readonly=True) async for each in client.usages.list(LOCATION)]
        quotas = [each.serialize(keep_readonly=True) async for each in client.quotas.list(LOCATION)]
        workspace = await client.workspaces.get(GROUP, WORKSPACE)
        listed = [each.name async for each in client.workspaces.list_by_subscription()]
        keys = await client.workspaces.list_keys(GROUP, WORKSPACE)

    gpu = next(size for size in sizes["value"] if size["name"] == "Standard_NC4as_T4_v3")
    assert (gpu["gpus"], gpu["vCPUs"], gpu["family"]) == (1, 4, "Standard NCASv3_T4 Family")
    assert gpu["estimatedVMPrices"]["billingCurrency"] == "USD"
    families = {size["family"] for size in sizes["value"]}
    assert {usage["name"]["value"] for usage in usages} >= families
    assert {quota["name"]["value"] for quota in quotas} >= families
    assert workspace.location == "westeurope"
    assert workspace.discovery_url
    assert listed == [WORKSPACE]
    assert keys.user_storage_key


async def test_an_operation_that_fails_raises_with_its_own_code_and_status_200(
    emulator: Emulator,
) -> None:
    shortage = OperationError("AllocationFailed", "There is no capacity in westeurope.")
    async with management_client(emulator, polling_interval=AT_ONCE) as client:
        create = await client.compute.begin_create_or_update(GROUP, WORKSPACE, "fails", wanted())
        await finish(emulator, create)
        await finish(emulator, await client.compute.begin_stop(GROUP, WORKSPACE, "fails"))
        emulator.add_fault(method="POST", path="/start$", operation_error=shortage)

        start = await client.compute.begin_start(GROUP, WORKSPACE, "fails")
        with pytest.raises(HttpResponseError) as failed:
            await finish(emulator, start)

        resource = await client.compute.get(GROUP, WORKSPACE, "fails")
    assert failed.value.status_code == 200
    assert code_of(failed) == "AllocationFailed"
    assert "There is no capacity in westeurope." in failed.value.message
    instance = instance_of(resource)
    assert instance["state"] == "Stopped"
    assert instance["lastOperation"]["operationStatus"] == "StartFailed"
    assert instance["errors"][0]["error"]["code"] == code_of(failed)


async def test_another_client_resumes_an_operation_from_its_token(emulator: Emulator) -> None:
    async with management_client(emulator, polling_interval=AT_ONCE) as client:
        begun = await client.compute.begin_create_or_update(GROUP, WORKSPACE, "resumed", wanted())
        token = begun.continuation_token()

    async with management_client(emulator, polling_interval=AT_ONCE) as client:
        resumed = await client.compute.begin_create_or_update(
            GROUP, WORKSPACE, "resumed", wanted(), continuation_token=token
        )
        created = await finish(emulator, resumed)

    assert instance_of(created)["state"] == "Running"
    assert emulator.requests.count("PUT") == 1


async def test_a_refused_start_raises_with_the_code_of_the_service(emulator: Emulator) -> None:
    async with management_client(emulator, polling_interval=AT_ONCE) as client:
        create = await client.compute.begin_create_or_update(GROUP, WORKSPACE, "running", wanted())
        await finish(emulator, create)

        with pytest.raises(HttpResponseError) as refused:
            await client.compute.begin_start(GROUP, WORKSPACE, "running")

    assert refused.value.status_code == 400
    assert code_of(refused) == "StartComputeInstanceOnlyAllowedInStoppedState"


async def test_a_name_of_another_workspace_in_the_region_is_a_conflict(emulator: Emulator) -> None:
    emulator.state.region.compute_names.take("elsewhere")
    async with management_client(emulator) as client:
        with pytest.raises(ResourceExistsError) as conflict:
            await client.compute.begin_create_or_update(GROUP, WORKSPACE, "Elsewhere", wanted())

    assert code_of(conflict) == "ComputeNameConflict"


async def test_throttling_is_retried_after_the_time_that_the_answer_names(
    emulator: Emulator,
) -> None:
    emulator.add_fault(path="/computes$", status=429, code="TooManyRequests", retry_after=1)
    async with management_client(emulator) as client:
        names = [each.name async for each in client.compute.list(GROUP, WORKSPACE)]

    assert names == []
    assert [each.status for each in emulator.requests.matching("GET", "/computes$")] == [429, 200]


async def test_a_connection_that_breaks_is_tried_again(emulator: Emulator) -> None:
    emulator.add_fault(path="/computes$", reset=True)
    async with management_client(emulator, retry_backoff_factor=AT_ONCE) as client:
        names = [each.name async for each in client.compute.list(GROUP, WORKSPACE)]

    assert names == []
    assert [each.status for each in emulator.requests.matching("GET", "/computes$")] == [None, 200]


async def test_a_token_that_cannot_be_read_is_an_authentication_error(emulator: Emulator) -> None:
    emulator.add_fault(path="/computes$", status=401, code="ExpiredAuthenticationToken", times=3)
    async with management_client(emulator) as client:
        with pytest.raises(ClientAuthenticationError) as refused:
            _ = [each async for each in client.compute.list(GROUP, WORKSPACE)]

    assert code_of(refused) == "ExpiredAuthenticationToken"


async def test_over_https_no_policy_is_needed(tmp_path: Path) -> None:
    context, certificate = self_signed(tmp_path, LOOPBACK)
    async with (
        Emulator(instances=3, ssl_context=context) as emulator,
        management_client(
            emulator, per_call_policies=[], connection_verify=str(certificate)
        ) as client,
    ):
        names = [each.name async for each in client.compute.list(GROUP, WORKSPACE)]

    assert len(names) == 3
