"""What is done to a compute with POST: start, stop, restart, resize and the settings."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from typing import Any, ClassVar

from jupyter_ci_manager.emulator.arm.computes import rules
from jupyter_ci_manager.emulator.arm.computes.attached import ComputeCluster, KubernetesCluster
from jupyter_ci_manager.emulator.arm.computes.lifecycle import RESTART, START, STOP, Action
from jupyter_ci_manager.emulator.arm.computes.request import (
    ComputeSchedules,
    DataMount,
    IdleShutdownSetting,
    ResizeRequest,
    SsoSettings,
)
from jupyter_ci_manager.emulator.arm.computes.wire import ComputesHandler
from jupyter_ci_manager.emulator.arm.errors import InvalidResourceType
from jupyter_ci_manager.emulator.arm.provider_errors import NotSupported
from jupyter_ci_manager.emulator.arm.roles import COMPUTES
from jupyter_ci_manager.emulator.arm.wire import LOCATION_SINCE


class ComputeSetting(ComputesHandler):
    """Base of the actions that not every version has; older ones know no such path.

    First versions: examples/Compute of Azure/azure-rest-api-specs. That it is the answer for what
    does not exist: [assumed].
    """

    SINCE: ClassVar[str]

    async def prepare(self) -> None:
        """Raise InvalidResourceType."""
        await super().prepare()
        if not self._finished and self.api_version < self.SINCE:
            raise InvalidResourceType(self.request.path, self.api_version)


ACTIONS: dict[str, Action] = {"start": START, "stop": STOP, "restart": RESTART}


class ComputeAction(ComputesHandler):
    """``POST .../start``, ``.../stop`` and ``.../restart``: 202.

    ``Azure-AsyncOperation`` for every version (start and stop of stable/2024-10-01 and
    stable/2025-12-01, and as recorded); newer versions get a ``Location`` with ``Retry-After`` too
    (restart of stable/2025-12-01).
    """

    def required_action(self) -> str | None:
        return f"{COMPUTES}/{self.path_args[-1].lower()}/action"

    async def post(
        self, subscription: str, group: str, workspace: str, name: str, action: str
    ) -> None:
        computes = self.computes(subscription, group, workspace)
        operation = computes.act(name, ACTIONS[action.lower()])
        self.set_status(202)
        self.accept(operation, location=self.api_version >= LOCATION_SINCE)


class ComputeResize(ComputeSetting):
    """``POST .../resize``: 202 with ``Location``."""

    SINCE = "2023-06-01-preview"

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        operation = computes.resize(name, self.read(ResizeRequest).target_vm_size)
        self.set_status(202)
        self.accept(operation, location=True)


class ComputeIdleShutdown(ComputeSetting):
    """``POST .../updateIdleShutdownSetting``: 200; null switches it off."""

    SINCE = "2021-07-01"

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        duration = self.read(IdleShutdownSetting).idle_time_before_shutdown
        if duration is not None:
            rules.check_idle_time(duration)
        computes.change(
            name, "ComputeUpdateIdleShutdownSetting", idle_time_before_shutdown=duration
        )


class ComputeUpdateSchedules(ComputeSetting):
    """``POST .../updateSchedules``: 200 (preview/2021-03-01-preview examples/Compute)."""

    SINCE = "2021-03-01-preview"

    def required_action(self) -> str | None:
        return f"{COMPUTES}/updateSchedules/action"

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        computes.set_schedules(name, self.read(ComputeSchedules).compute_start_stop or [])


class ComputeCustomServices(ComputeSetting):
    """``POST .../customServices``: an array; 200."""

    SINCE = "2022-10-01-preview"

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        services = self.read(list[dict[str, Any]])
        rules.check_custom_services(services)
        computes.change(name, "ComputeUpdateCustomServices", custom_services=services)


class ComputeDataMounts(ComputeSetting):
    """``POST .../updateDataMounts``: an array; 200."""

    SINCE = "2024-01-01-preview"

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        computes.mount(name, self.read(list[DataMount]), self.caller)


class ComputeEnableSso(ComputeSetting):
    """``POST .../enableSso``: 200."""

    SINCE = "2024-04-01-preview"

    def required_action(self) -> str | None:
        return f"{COMPUTES}/enableSso/action"

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        enabled = self.read(SsoSettings).enable_sso
        computes.change(name, "ComputeEnableSso", enable_sso=enabled)


class ComputeListKeys(ComputesHandler):
    """``POST .../listKeys``: only attached clusters have keys."""

    def required_action(self) -> str | None:
        return f"{COMPUTES}/listKeys/action"

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        compute = self.computes(subscription, group, workspace).get(name)
        if not isinstance(compute, KubernetesCluster):
            raise NotSupported("ComputeListKeys", compute.compute_type)
        self.write_json(compute.keys())


class ComputeListNodes(ComputesHandler):
    """``POST .../listNodes``: only clusters have nodes."""

    def required_action(self) -> str | None:
        return f"{COMPUTES}/listNodes/action"

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        compute = self.computes(subscription, group, workspace).get(name)
        if not isinstance(compute, ComputeCluster):
            raise NotSupported("ComputeListNodes", compute.compute_type)
        self.write_json({"nodes": compute.nodes(), "nextLink": None})
