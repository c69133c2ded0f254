"""What is done to a compute with POST: start, stop, restart, resize and the settings."""

from __future__ import annotations

from . import rules
from .lifecycle import RESTART, START, STOP, Action
from .request import (
    ComputeSchedules,
    DataMount,
    IdleShutdownSetting,
    ResizeRequest,
    SsoSettings,
    StartStopSchedule,
    read,
)
from .wire import ComputesHandler
from ..errors import NotSupported

ACTIONS: dict[str, Action] = {"start": START, "stop": STOP, "restart": RESTART}


class ComputeAction(ComputesHandler):
    """``POST .../start|stop|restart``: 202."""

    async def post(
        self, subscription: str, group: str, workspace: str, name: str, action: str
    ) -> None:
        computes = self.computes(subscription, group, workspace)
        operation = computes.act(name, ACTIONS[action.lower()])
        self.accept(operation, location=self.since_location_style())


class ComputeResize(ComputesHandler):
    """``POST .../resize``: 202 with ``Location`` (2024-10-01-preview and later)."""

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        body = read(self.body_object(), ResizeRequest)
        computes = self.computes(subscription, group, workspace)
        self.accept(computes.resize(name, body.target_vm_size), location=True)


class ComputeIdleShutdown(ComputesHandler):
    """``POST .../updateIdleShutdownSetting``: 200; null switches it off."""

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        duration = read(self.body_object(), IdleShutdownSetting).idle_time_before_shutdown
        if duration is not None:
            rules.check_idle_time(duration)
        computes.change(
            name, "ComputeUpdateIdleShutdownSetting", idle_time_before_shutdown=duration
        )


class ComputeUpdateSchedules(ComputesHandler):
    """``POST .../updateSchedules``: a list, or ``{"computeStartStop": [...]}``; 200."""

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        body = self.body()
        if isinstance(body, list):
            schedules = read(body, list[StartStopSchedule])
        else:
            schedules = read(self.body_object(), ComputeSchedules).compute_start_stop or []
        computes.set_schedules(name, schedules)


class ComputeCustomServices(ComputesHandler):
    """``POST .../customServices``: an array; 200."""

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        services = read(self.body(), list[dict[str, object]])
        computes.change(name, "ComputeUpdateCustomServices", custom_services=services)


class ComputeDataMounts(ComputesHandler):
    """``POST .../updateDataMounts``: an array; 200."""

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        computes.mount(name, read(self.body(), list[DataMount]), self.caller)


class ComputeEnableSso(ComputesHandler):
    """``POST .../enableSso``: 200."""

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        computes.change(
            name, "ComputeEnableSso", enable_sso=read(self.body_object(), SsoSettings).enable_sso
        )


class ComputeListKeys(ComputesHandler):
    """``POST .../listKeys``: only computes that have keys."""

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        compute = self.computes(subscription, group, workspace).get(name)
        keys = getattr(compute, "keys", None)
        if keys is None:
            raise NotSupported("ComputeListKeys", compute.compute_type)
        self.write_json(keys())


class ComputeListNodes(ComputesHandler):
    """``POST .../listNodes``: only clusters."""

    async def post(self, subscription: str, group: str, workspace: str, name: str) -> None:
        compute = self.computes(subscription, group, workspace).get(name)
        nodes = getattr(compute, "nodes", None)
        if nodes is None:
            raise NotSupported("ComputeListNodes", compute.compute_type)
        self.write_json({"nodes": nodes()})


