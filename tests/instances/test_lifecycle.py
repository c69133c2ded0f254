"""Changes of an instance under every fault, with the real SDK against the emulator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.arm.computes.lifecycle import STOP
from jupyter_ci_manager.emulator.arm.wire import ArmHandler
from jupyter_ci_manager.emulator.faults import OperationError
from jupyter_ci_manager.instances import arm_pipeline
from jupyter_ci_manager.instances import lifecycle as module
from jupyter_ci_manager.instances.lifecycle import Checkpoint
from jupyter_ci_manager.journal import utc_now
from jupyter_ci_manager.models import InstanceSpec, Operation, OperationDetails
from jupyter_ci_manager.services import Services
from tests.builders import SIZE, ended, quick_emulator, until

RUNNING = "amy-notebooks"
STOPPED = "amy-gpu"
ALWAYS = 50
REPEATED = 2
"""How often aiohttp itself sends a PUT or DELETE whose connection broke (RFC 9110, 9.2.2)."""


async def details(services: Services, operation: Operation) -> OperationDetails:
    await ended(services, operation)
    return await services.operations.get(operation.id)


def state_of(azure: Emulator, name: str) -> str | None:
    azure.advance(0)
    found = [each for each in azure.workspace.computes.instances() if each.name == name]
    return found[0].state if found else None


async def create(services: Services, name: str = "new-ci", **options: Any) -> Operation:
    return await services.instances.create(InstanceSpec(name=name, vm_size=SIZE), **options)


async def test_an_instance_lives_through_all_its_changes(
    azure: Emulator, services: Services
) -> None:
    instances = services.instances
    seen = []
    for begun, change in (
        (create(services), "create"),
        (None, "stop"),
        (None, "start"),
        (None, "restart"),
        (None, "delete"),
    ):
        operation = await (begun or instances.request(change, "new-ci"))  # type: ignore[arg-type]
        assert operation.state == "queued"
        finished = await ended(services, operation)
        assert (finished.state, finished.progress, finished.error) == ("succeeded", 1.0, None)
        seen.append((finished.kind, finished.message))

    assert seen == [
        ("instance.create", "Running"),
        ("instance.stop", "Stopped"),
        ("instance.start", "Running"),
        ("instance.restart", "Running"),
        ("instance.delete", "Deleted"),
    ]
    assert state_of(azure, "new-ci") is None
    assert azure.requests.count("PUT") == 1
    assert azure.requests.count("POST", "/new-ci/(start|stop|restart)$") == 3
    assert azure.requests.count("DELETE") == 1


async def test_the_steps_tell_what_happened_and_show_output_prints_them_once(
    services: Services,
) -> None:
    operation = await create(services)
    printed: list[str] = []

    finished = await services.operations.wait(operation.id, show_output=printed.append)

    steps = (await services.operations.get(operation.id)).steps
    assert printed == [step.message for step in steps]
    assert (printed[0], printed[-1]) == ("Creating", "Running")
    assert finished.ended_at is not None
    assert finished.started_at is not None
    assert [step.time for step in steps] == sorted(step.time for step in steps)


@pytest.mark.parametrize("change", ["start", "stop", "restart", "delete"])
@pytest.mark.parametrize("lost", [{"reset": True}, {"status": 500}, {"status": 504}])
async def test_a_change_whose_answer_is_lost_is_found_and_followed_and_not_sent_again(
    azure: Emulator, services: Services, change: Any, lost: dict[str, Any]
) -> None:
    name = STOPPED if change == "start" else RUNNING
    await services.instances.details(name)
    azure.add_fault(method="POST", path=f"/{name}/{change}$", after=True, **lost)
    azure.add_fault(method="DELETE", path=f"/{name}$", after=True, **lost)
    azure.requests.clear()

    told = await details(services, await services.instances.request(change, name))

    assert told.operation.state == "succeeded", told
    sent = azure.requests.matching("POST", f"/{name}/") + azure.requests.matching("DELETE")
    assert len(sent) == (REPEATED if change == "delete" and "reset" in lost else 1)


async def test_a_change_that_azure_takes_too_long_to_answer_is_found(
    azure: Emulator, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await services.instances.details(STOPPED)
    azure.add_fault(method="POST", path="/start$", delay_seconds=0.15)
    monkeypatch.setattr(arm_pipeline, "CALL_TIMEOUT_SECONDS", 0.1)

    told = await details(services, await services.instances.request("start", STOPPED))

    assert (told.operation.state, told.operation.message) == ("succeeded", "Running")
    assert "The answer was lost; looking what Azure made of it" in [s.message for s in told.steps]
    assert azure.requests.count("POST", "/start$") == 1


async def test_a_create_whose_answer_is_lost_is_found_and_sent_once(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(method="PUT", reset=True, after=True)

    told = await details(services, await create(services))

    assert (told.operation.state, told.operation.message) == ("succeeded", "Running")
    assert azure.requests.count("PUT") == REPEATED


@pytest.mark.parametrize("change", ["start", "create"])
async def test_a_change_that_leaves_no_trace_is_lost_and_says_so(
    azure: Emulator, services: Services, change: str
) -> None:
    azure.add_fault(method="PUT", reset=True, times=REPEATED)
    azure.add_fault(method="POST", path="/start$", reset=True)
    begun = create(services) if change == "create" else services.instances.request("start", STOPPED)

    lost = await ended(services, await begun)

    assert lost.state == "lost"
    assert "no trace" in lost.message
    assert "ask once more" in lost.message
    sent = azure.requests.count("PUT") + azure.requests.count("POST", "/start$")
    assert sent == (REPEATED if change == "create" else 1)
    assert state_of(azure, STOPPED) == "Stopped"


async def test_an_earlier_restart_is_not_taken_for_the_one_that_was_lost(
    azure: Emulator, services: Services
) -> None:
    await ended(services, await services.instances.request("restart", RUNNING))
    azure.add_fault(method="POST", path="/restart$", reset=True)

    lost = await ended(services, await services.instances.request("restart", RUNNING))

    assert lost.state == "lost"


async def test_azures_own_trouble_without_a_trace_is_a_failure_with_azures_words(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(method="POST", path="/start$", status=503, code="ServerBusy", message="Busy.")

    failed = await ended(services, await services.instances.request("start", STOPPED))

    assert failed.state == "failed"
    assert failed.error is not None
    assert (failed.error.code, failed.error.message) == ("ServerBusy", "Busy.")
    assert azure.requests.count("POST", "/start$") == 1


async def test_a_throttled_change_waits_as_long_as_azure_asks_and_is_sent_again(
    azure: Emulator, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    performer = services.operations._performers["instance.start"]
    monkeypatch.setattr(performer.__self__, "_sleep", sleep)  # type: ignore[attr-defined]
    azure.add_fault(method="POST", path="/start$", status=429, retry_after=60, times=2)

    told = await details(services, await services.instances.request("start", STOPPED))

    assert told.operation.state == "succeeded"
    assert waits[:2] == [60, 60]
    assert azure.requests.count("POST", "/start$") == 3
    assert any("Waiting for Azure" in step.message for step in told.steps)


async def test_azure_out_of_reach_is_tried_a_few_times_and_then_said(
    azure: Emulator, services: Services
) -> None:
    await services.instances.page()
    await azure.stop()
    checkpoint = Checkpoint(
        change="stop", workspace=await services.workspace.current(), asked_at=utc_now()
    )

    operation = await services.operations.start(
        "instance.stop", RUNNING, checkpoint.workspace.id, "Stopping", checkpoint.encoded()
    )
    failed = await ended(services, operation)

    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error.code == "AzureUnavailable"


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500, "times": 9},
        {"status": 503, "times": 9},
        {"status": 429, "times": 9},
        {"reset": True, "times": 9},
        {"status": 401, "code": "ExpiredAuthenticationToken", "times": 3},
    ],
)
async def test_an_operation_survives_faults_while_it_is_followed(
    azure: Emulator, services: Services, fault: dict[str, Any]
) -> None:
    azure.add_fault(method="GET", path="computeOperation|/computes/amy-notebooks$", **fault)
    checkpoint = Checkpoint(
        change="stop", workspace=await services.workspace.current(), asked_at=utc_now()
    )

    operation = await services.operations.start(
        "instance.stop", RUNNING, checkpoint.workspace.id, "Stopping", checkpoint.encoded()
    )
    finished = await ended(services, operation)

    assert (finished.state, finished.message) == ("succeeded", "Stopped")
    assert azure.requests.count("POST", "/stop$") == 1


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_when_the_status_document_is_hidden_the_instance_itself_tells(
    azure: Emulator, services: Services, status: int
) -> None:
    azure.add_fault(path="computeOperation", status=status, code="Hidden", times=ALWAYS)

    finished = await ended(services, await services.instances.request("stop", RUNNING))

    assert (finished.state, finished.message) == ("succeeded", "Stopped")


async def test_when_even_the_instance_is_hidden_no_end_is_invented(
    azure: Emulator, services: Services
) -> None:
    operation = await services.instances.request("stop", RUNNING)
    azure.add_fault(method="GET", status=403, code="AuthorizationFailed", times=ALWAYS)

    finished = await ended(services, operation)

    assert finished.state == "lost"
    assert "no longer lets it be followed" in finished.message


@pytest.mark.parametrize(
    ("change", "name", "code"),
    [
        ("start", STOPPED, "AllocationFailed"),
        ("stop", RUNNING, "StopComputeNotAllowedWhenDiskFull"),
        ("create", "new-ci", "ClusterCoreQuotaReached"),
    ],
)
async def test_an_operation_that_azure_fails_has_azures_code_and_words(
    azure: Emulator, services: Services, change: Any, name: str, code: str
) -> None:
    azure.add_fault(
        method="PUT" if change == "create" else "POST",
        path=f"/{name}/{change}$" if change != "create" else f"/{name}$",
        operation_error=OperationError(code=code, message="It cannot be done."),
    )
    begun = create(services) if change == "create" else services.instances.request(change, name)

    failed = await ended(services, await begun)

    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error.code == code
    assert "It cannot be done." in failed.message


async def test_an_instance_that_ends_elsewhere_is_no_success(
    azure: Emulator, services: Services
) -> None:
    operation = await create(services)
    await until(lambda: state_of(azure, "new-ci"))
    instance = azure.workspace.computes.instance("new-ci", "force")
    azure.state.lifecycle.force(instance, "Unusable")

    failed = await ended(services, operation)

    assert failed.state == "failed"
    assert failed.error is not None


async def test_who_has_the_same_wish_a_moment_earlier_has_it_fulfilled(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(
        method="POST",
        path="/stop$",
        after=True,
        status=409,
        code="Conflict",
        message="The compute is being stopped.",
    )

    finished = await ended(services, await services.instances.request("stop", RUNNING))

    assert (finished.state, finished.message) == ("succeeded", "Stopped")


@pytest.mark.parametrize("token", ["", "garbage", "gASVAA==", "eyJ2ZXJzaW9uIjogOTl9"])
async def test_a_token_of_another_sdk_is_passed_over_for_the_instance_itself(
    azure: Emulator, services: Services, token: str
) -> None:
    checkpoint = Checkpoint(
        change="stop",
        workspace=await services.workspace.current(),
        asked_at=utc_now(),
        phase="sent",
        token=token,
    )
    azure.workspace.computes.act(RUNNING, STOP)

    operation = await services.operations.start(
        "instance.stop", RUNNING, checkpoint.workspace.id, "Stopping", checkpoint.encoded()
    )
    finished = await ended(services, operation)

    assert (finished.state, finished.message) == ("succeeded", "Stopped")
    assert azure.requests.count("POST", "/stop$") == 0


async def test_an_answer_that_the_sdk_makes_no_token_of_is_followed_by_the_instance(
    azure: Emulator, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    from azure.core.polling import AsyncLROPoller

    def none(_: object) -> str:
        raise TypeError("Unable to generate a continuation token for this operation.")

    monkeypatch.setattr(AsyncLROPoller, "continuation_token", none)

    finished = await ended(services, await services.instances.request("stop", RUNNING))

    assert (finished.state, finished.message) == ("succeeded", "Stopped")
    assert azure.requests.count("POST", "/stop$") == 1


async def test_deleting_what_is_gone_already_succeeds(azure: Emulator, services: Services) -> None:
    azure.add_fault(method="DELETE", status=404, code="ComputeNotFound", after=True)

    finished = await ended(services, await services.instances.request("delete", STOPPED))

    assert (finished.state, finished.message) == ("succeeded", "Deleted")


async def test_what_another_version_began_in_a_way_of_its_own_is_not_called_a_failure(
    azure: Emulator, services: Services
) -> None:
    checkpoint = b'{"change": "resize", "phase": "dreaming"}'

    operation = await services.operations.start(
        "instance.stop", RUNNING, azure.workspace_id, "Stopping", checkpoint
    )
    lost = await ended(services, operation)

    assert (lost.state, lost.error) == ("lost", None)
    assert "Another version" in lost.message


async def test_a_request_that_was_never_sent_is_not_sent_much_later(
    azure: Emulator, services: Services
) -> None:
    checkpoint = Checkpoint(
        change="stop",
        workspace=await services.workspace.current(),
        asked_at=utc_now() - module.INTENT_EXPIRES - timedelta(seconds=1),
    )

    operation = await services.operations.start(
        "instance.stop", RUNNING, checkpoint.workspace.id, "Stopping", checkpoint.encoded()
    )
    lost = await ended(services, operation)

    assert (lost.state, azure.requests.count("POST", "/stop$")) == ("lost", 0)
    assert "never sent" in lost.message


async def test_what_azure_never_finishes_is_given_up_and_not_called_a_failure(
    azure: Emulator, services: Services
) -> None:
    checkpoint = Checkpoint(
        change="stop",
        workspace=await services.workspace.current(),
        asked_at=utc_now() - module.GIVE_UP_AFTER,
        phase="settling",
    )
    azure.state.lifecycle.force(azure.workspace.computes.instance(RUNNING, "force"), "Stopping")

    operation = await services.operations.start(
        "instance.stop", RUNNING, checkpoint.workspace.id, "Stopping", checkpoint.encoded()
    )
    lost = await ended(services, operation)

    assert lost.state == "lost"
    assert "two hours" in lost.message


async def test_the_token_goes_to_no_other_address_and_the_instance_itself_tells_the_end(
    azure: Emulator, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_url = ArmHandler.url
    async with quick_emulator() as elsewhere:

        def url_elsewhere(handler: ArmHandler, path: str, **query: str) -> str:
            return real_url(handler, path, **query).replace(azure.url, elsewhere.url)

        monkeypatch.setattr(ArmHandler, "url", url_elsewhere)

        finished = await ended(services, await services.instances.request("stop", RUNNING))

        assert elsewhere.requests.count() == 0
    assert (finished.state, finished.message) == ("succeeded", "Stopped")
