"""What can be changed of an instance that exists."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.faults import OperationError
from jupyter_ci_manager.errors import (
    ActionNotAllowed,
    CiManagerError,
    InstanceNotFound,
    InvalidIdleShutdown,
    InvalidInstanceSpec,
    OperationInProgress,
    QuotaExceeded,
    UnknownVmSize,
    WrongState,
)
from jupyter_ci_manager.models import (
    ApplicationEndpoint,
    CustomApplication,
    DataMount,
    InstanceDetails,
    InstanceSchedule,
    InstanceSpec,
    Recurrence,
    UpdateInstance,
)
from jupyter_ci_manager.services import Services
from tests.builders import changes_asked_of, ended, spec

from .conftest import MakeServices

EVENING = InstanceSchedule("stop", cron="0 18 * * *", time_zone="Europe/Berlin")
MORNING = InstanceSchedule(
    "start",
    recurrence=Recurrence("Week", hours=[8], minutes=[0], week_days=["Monday", "Friday"]),
    time_zone="Europe/Berlin",
    start_time="2026-01-01T00:00:00",
)
RSTUDIO = CustomApplication(
    "rstudio",
    "ghcr.io/azure/rocker-rstudio-ml-verse:latest",
    endpoints=[ApplicationEndpoint(target=8787, published=8787)],
    environment={"TOKEN": "x"},
)
PAPERS = DataMount("azureml://subscriptions/s/data/papers/versions/1", "/home/azureuser/papers")
IMAGES = DataMount("azureml://subscriptions/s/data/images/versions/2", "/home/azureuser/images")


def said(details: InstanceDetails) -> InstanceSpec:
    assert details.spec is not None
    return details.spec


async def test_schedules_are_changed_as_a_whole_and_read_back_as_they_were_written(
    services: Services,
) -> None:
    details = await services.instances.update(
        "amy-gpu", UpdateInstance(schedules=[EVENING, MORNING])
    )

    read = [replace(each, id=None) for each in said(details).schedules]
    assert read == [EVENING, MORNING]
    assert all(each.id for each in said(details).schedules)
    assert [len(each) for each in details.firings] == [5, 5]

    details = await services.instances.update("amy-gpu", UpdateInstance(schedules=[]))

    assert said(details).schedules == []


async def test_idle_shutdown_is_changed_and_switched_off(services: Services) -> None:
    details = await services.instances.update("amy-gpu", UpdateInstance(idle_shutdown="PT45M"))
    assert said(details).idle_shutdown == details.instance.idle_shutdown == "PT45M"

    details = await services.instances.update("amy-gpu", UpdateInstance(idle_shutdown=None))
    assert said(details).idle_shutdown is None


async def test_applications_sso_and_mounts_are_changed_and_what_is_left_out_stays(
    services: Services,
) -> None:
    before = said(await services.instances.details("amy-gpu"))
    details = await services.instances.update(
        "amy-gpu",
        UpdateInstance(custom_applications=[RSTUDIO], data_mounts=[PAPERS], sso=False),
    )

    assert said(details).custom_applications == [RSTUDIO]
    assert said(details).data_mounts == [PAPERS]
    assert said(details).sso is False
    assert said(details).idle_shutdown == before.idle_shutdown
    assert said(details).schedules == before.schedules

    details = await services.instances.update("amy-gpu", UpdateInstance(data_mounts=[IMAGES]))

    assert said(details).data_mounts == [IMAGES]


@pytest.mark.parametrize(
    ("changes", "kind", "field"),
    [
        (UpdateInstance(idle_shutdown="PT14M"), InvalidIdleShutdown, "idle_shutdown"),
        (UpdateInstance(schedules=[EVENING] * 5), InvalidInstanceSpec, "schedules"),
        (
            UpdateInstance(schedules=[InstanceSchedule("stop", cron="never")]),
            InvalidInstanceSpec,
            "schedules.0.cron",
        ),
        (
            UpdateInstance(custom_applications=[RSTUDIO, RSTUDIO]),
            InvalidInstanceSpec,
            "custom_applications.1.name",
        ),
        (
            UpdateInstance(data_mounts=[DataMount("azureml://x", "/etc")]),
            InvalidInstanceSpec,
            "data_mounts.0.mount_path",
        ),
    ],
)
async def test_what_breaks_a_rule_names_its_field_and_nothing_is_sent(
    azure: Emulator,
    services: Services,
    changes: UpdateInstance,
    kind: type[CiManagerError],
    field: str,
) -> None:
    with pytest.raises(kind) as refused:
        await services.instances.update("amy-gpu", changes)

    assert refused.value.field == field
    assert changes_asked_of(azure) == 0


async def test_what_was_changed_before_azure_refused_is_named(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(method="POST", path=".*/updateSchedules", status=400, times=1)

    with pytest.raises(CiManagerError) as refused:
        await services.instances.update(
            "amy-gpu", UpdateInstance(idle_shutdown="PT90M", schedules=[EVENING])
        )

    assert refused.value.field == "schedules"
    assert (refused.value.body.details or {})["changed"] == "idle_shutdown"
    details = await services.instances.details("amy-gpu")
    assert said(details).idle_shutdown == "PT90M"


async def test_an_instance_that_is_not_there_is_not_changed(services: Services) -> None:
    with pytest.raises(InstanceNotFound):
        await services.instances.update("nobody-here", UpdateInstance(sso=True))


async def test_what_the_administrator_does_not_allow_is_not_changed(
    azure: Emulator, make_services: MakeServices
) -> None:
    services = make_services(allowed_actions=("start", "stop"))
    for changes in (
        UpdateInstance(schedules=[]),
        UpdateInstance(sso=True),
        UpdateInstance(idle_shutdown=None),
    ):
        with pytest.raises(ActionNotAllowed):
            await services.instances.update("amy-gpu", changes)
    with pytest.raises(ActionNotAllowed):
        await services.instances.resize("amy-notebooks", "Standard_DS11_v2")
    assert changes_asked_of(azure) == 0


async def test_a_stopped_instance_gets_another_size_and_stays_stopped(services: Services) -> None:
    stopped = (await services.instances.page(text="Stopped")).items[0]

    operation = await services.instances.resize(stopped.name, "standard_ds11_v2")

    done = await ended(services, operation)
    assert (done.state, done.message) == ("succeeded", "Stopped")
    details = await services.instances.details(stopped.name)
    assert details.instance.vm_size.lower() == "standard_ds11_v2"
    assert details.instance.state == "Stopped"


@pytest.mark.parametrize("lost", [{"reset": True}, {"status": 500}, {"status": 504}])
async def test_a_resize_whose_answer_is_lost_is_found_and_sent_once(
    azure: Emulator, services: Services, lost: dict[str, Any]
) -> None:
    azure.add_fault(method="POST", path="/amy-gpu/resize$", after=True, **lost)

    done = await ended(services, await services.instances.resize("amy-gpu", "Standard_DS11_v2"))

    assert done.state == "succeeded", done
    assert azure.requests.count("POST", "/resize$") == 1


async def test_a_resize_that_azure_fails_has_azures_words(
    azure: Emulator, services: Services
) -> None:
    failure = OperationError(code="AllocationFailed", message="It cannot be done.")
    azure.add_fault(method="POST", path="/amy-gpu/resize$", operation_error=failure)

    done = await ended(services, await services.instances.resize("amy-gpu", "Standard_DS11_v2"))

    assert done.state == "failed"
    assert done.error is not None
    assert done.error.code == "AllocationFailed"
    assert "It cannot be done." in done.message


async def test_a_resize_that_azure_refuses_names_the_field(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(
        method="POST", path="/amy-gpu/resize$", status=400, code="NoCoreQuota", message="No."
    )

    done = await ended(services, await services.instances.resize("amy-gpu", "Standard_DS11_v2"))

    assert done.error is not None
    assert (done.error.details or {})["field"] == "vm_size"


async def test_only_one_change_at_a_time_works_on_an_instance(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(method="POST", path="/amy-gpu/resize$", delay_seconds=0.5)
    first = await services.instances.resize("amy-gpu", "Standard_DS11_v2")

    with pytest.raises(OperationInProgress):
        await services.instances.request("start", "amy-gpu")

    assert (await ended(services, first)).state == "succeeded"


@pytest.mark.parametrize(
    ("name", "vm_size", "kind"),
    [
        ("amy-notebooks", "Standard_DS11_v2", WrongState),
        ("stopped", "Standard_Nope", UnknownVmSize),
        ("stopped", "Standard_F16s_v2", QuotaExceeded),
        ("stopped", "", InvalidInstanceSpec),
        ("nobody-here", "Standard_DS11_v2", InstanceNotFound),
    ],
)
async def test_a_resize_that_azure_would_refuse_is_refused_before(
    azure: Emulator, services: Services, name: str, vm_size: str, kind: type[CiManagerError]
) -> None:
    stopped = (await services.instances.page(text="Stopped")).items[0]
    name = stopped.name if name == "stopped" else name

    with pytest.raises(kind):
        await services.instances.resize(name, vm_size or stopped.vm_size)

    assert changes_asked_of(azure) == 0


async def test_data_is_mounted_when_the_instance_has_been_made(
    azure: Emulator, services: Services
) -> None:
    operation = await services.instances.create(spec(data_mounts=[PAPERS]))

    done = await ended(services, operation)
    assert done.state == "succeeded"
    details = await services.instances.details("new-ci")
    assert said(details).data_mounts == [PAPERS]


async def test_data_that_cannot_be_mounted_is_told_with_its_field(
    azure: Emulator, services: Services
) -> None:
    azure.add_fault(method="POST", path=".*/updateDataMounts", status=400, times=1)

    done = await ended(services, await services.instances.create(spec(data_mounts=[PAPERS])))

    assert done.state == "failed"
    assert done.error is not None
    assert "created" in done.error.message
    assert (done.error.details or {})["field"] == "data_mounts"
