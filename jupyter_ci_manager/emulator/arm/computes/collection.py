"""The computes of one workspace: create, read, change, delete. Knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

import msgspec

from jupyter_ci_manager.emulator.arm.caller import Caller
from jupyter_ci_manager.emulator.arm.identities.state import UserAssignedIdentities
from jupyter_ci_manager.emulator.arm.locations.quotas import Quotas
from jupyter_ci_manager.emulator.arm.locations.sizes import VmSize, VmSizes
from jupyter_ci_manager.emulator.arm.networks.state import VirtualNetworks
from jupyter_ci_manager.emulator.arm.operations.state import Operation
from jupyter_ci_manager.emulator.arm.provider_errors import (
    BadArgument,
    ComputeConflict,
    ComputeNameConflict,
    ComputeNotFound,
    IdentityNotFound,
    NotSupported,
    UnsupportedVmSize,
)
from jupyter_ci_manager.emulator.clock import Clock

from . import rules
from .automation import Automation
from .disks import InstanceDisks, temporary_disk
from .instance import ComputeInstance, LastOperation
from .lifecycle import RESIZE, START, Action, Lifecycle
from .names import RegionalNames
from .request import ComputePatch, ComputeResource, DataMount, InstanceProperties, StartStopSchedule


class AnyCompute(Protocol):
    """What every kind of compute has."""

    @property
    def name(self) -> str:
        """Its name in its own case."""
        ...

    @property
    def compute_type(self) -> str:
        """``computeType``."""
        ...

    def document(self) -> dict[str, Any]:
        """The ``ComputeResource``."""
        ...

    def serialized(self) -> bytes:
        """The document as JSON."""
        ...


@dataclass
class Region:
    """What the workspaces of one region share."""

    name: str
    sizes: VmSizes
    quotas: Quotas
    compute_names: RegionalNames
    networks: VirtualNetworks
    identities: UserAssignedIdentities
    jupyter_at: Callable[[str], str]
    """Where the Jupyter server of the instance of a name is."""


class Computes:
    """All computes of one workspace, in the order they were made."""

    def __init__(
        self,
        workspace_id: str,
        region: Region,
        lifecycle: Lifecycle,
        clock: Clock,
        random: Random,
        new_id: Callable[[], Any],
    ) -> None:
        self.workspace_id = workspace_id
        self.region = region
        self.lifecycle = lifecycle
        self._clock = clock
        self._random = random
        self._new_id = new_id
        self._computes: dict[str, AnyCompute] = {}
        self.automation = Automation(lifecycle.timeline, self._begin)

    @property
    def workspace_name(self) -> str:
        """The last segment of the workspace's id."""
        return self.workspace_id.rsplit("/", 1)[1]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._computes

    def all(self) -> list[AnyCompute]:
        """Every compute."""
        return list(self._computes.values())

    def instances(self) -> list[ComputeInstance]:
        """The compute instances among them."""
        return [each for each in self._computes.values() if isinstance(each, ComputeInstance)]

    def get(self, name: str) -> AnyCompute:
        """Raises ComputeNotFound."""
        compute = self._computes.get(name.lower())
        if compute is None:
            raise ComputeNotFound(name, self.workspace_name)
        return compute

    def instance(self, name: str, operation: str) -> ComputeInstance:
        """The instance on which ``operation`` is asked for; raises NotSupported for the rest."""
        compute = self.get(name)
        if not isinstance(compute, ComputeInstance):
            raise NotSupported(operation, compute.compute_type)
        return compute

    def add(self, compute: AnyCompute) -> None:
        """Put a compute there as it is; used by what seeds the emulator."""
        self._computes[compute.name.lower()] = compute
        self.region.compute_names.take(compute.name)
        if isinstance(compute, ComputeInstance):
            self.automation.follow(compute)

    def remove(self, name: str) -> None:
        """Take a compute away and let its name go."""
        compute = self._computes.pop(name.lower(), None)
        if compute is not None:
            self.region.compute_names.release(compute.name)
        if isinstance(compute, ComputeInstance):
            self.automation.forget(compute)

    def create_or_update(
        self, name: str, body: ComputeResource, caller: Caller
    ) -> tuple[ComputeInstance, Operation | None]:
        """Create an instance, or update the one of this name; no operation when nothing is to do.

        Raises:
            InvalidResourceName, ComputeNameConflict, ComputeConflict, BadArgument, NotSupported,
            QuotaExceeded
        """
        if body.properties.compute_type.lower() != "computeinstance":
            raise NotSupported("ComputeCreateOrUpdate", body.properties.compute_type)
        if name in self:
            return self._update(name, body), None
        return self._create(name, body, caller)

    def _create(
        self, name: str, body: ComputeResource, caller: Caller
    ) -> tuple[ComputeInstance, Operation]:
        rules.check_name(name)
        if name in self.region.compute_names:
            raise ComputeNameConflict(name)
        properties = body.properties.properties or InstanceProperties()
        size = self._size(properties.vm_size)
        rules.check_properties(properties, self._clock.now())
        self._check_surroundings(name, body, properties)
        self.region.quotas.reserve(size)
        instance = self.new_instance(name, body, properties, caller)
        self.add(instance)
        return instance, self.lifecycle.create(instance)

    def _check_surroundings(
        self, name: str, body: ComputeResource, properties: InstanceProperties
    ) -> None:
        rules.check_tags(body.tags or {})
        if properties.subnet is not None and properties.subnet.id:
            problem = self.region.networks.problem(properties.subnet.id, self.region.name)
            if problem is not None:
                raise BadArgument(problem)
        assigned = (body.identity and body.identity.user_assigned_identities) or {}
        for identity in assigned:
            if self.region.identities.is_missing(identity):
                raise IdentityNotFound(f"{self.workspace_id}/computes/{name}", identity)

    def new_instance(
        self, name: str, body: ComputeResource, properties: InstanceProperties, caller: Caller
    ) -> ComputeInstance:
        """Make an instance in state Creating without checking anything."""
        now = self._clock.now()
        properties = msgspec.structs.replace(properties, vm_size=(properties.vm_size or "").upper())
        schedules = properties.schedules.compute_start_stop if properties.schedules else None
        address = self._random.getrandbits(16)
        return ComputeInstance(
            id=f"{self.workspace_id}/computes/{name}",
            name=name,
            location=self.region.name,
            created_by=caller,
            created_on=now,
            active_at=now,
            modified_on=now,
            requested=properties,
            last_operation=LastOperation("Create", now),
            tags=dict(body.tags or {}),
            description=body.properties.description,
            disable_local_auth=bool(body.properties.disable_local_auth),
            identity=self._identity(body, caller),
            schedules=self.schedule_documents(schedules or []),
            schedules_since=now,
            data_mounts=self._mount_documents(properties.data_mounts, caller),
            disks=self._disks(properties.vm_size),
            jupyter_url=self.region.jupyter_at(name),
            public_ip=f"20.61.{address >> 8}.{address & 255}",
            private_ip=f"10.0.{address >> 8}.{address & 255}",
        )

    def _disks(self, vm_size: str | None) -> InstanceDisks:
        size = self.region.sizes.find(vm_size or "")
        if size is None or not size.disk_mb:
            return InstanceDisks()
        return InstanceDisks(temporary=temporary_disk(size.disk_mb * 1024 * 1024))

    def _update(self, name: str, body: ComputeResource) -> ComputeInstance:
        """PUT on an instance that exists: accepted, and what the instance is stays as it is.

        Azure/bicep#17617: 200, but neither schedules nor idle shutdown nor any other property
        change (they have actions of their own: Azure/azure-quickstart-templates#11830). Tags and
        description change: [assumed].
        """
        instance = self.instance(name, "ComputeCreateOrUpdate")
        if instance.state == "Deleting":
            raise ComputeConflict(f"Compute {instance.name} is being deleted.")
        if body.tags is not None:
            rules.check_tags(body.tags)
            instance.tags = dict(body.tags)
        if body.properties.description is not None:
            instance.description = body.properties.description
        instance.touch(self._clock.now())
        return instance

    def patch(self, name: str, body: ComputePatch) -> AnyCompute:
        """PATCH: tags only, [assumed]; scale settings belong to clusters. Raises NotSupported."""
        instance = self.instance(name, "ComputeUpdate")
        if isinstance(body.properties, dict) and body.properties:
            raise NotSupported("ComputeUpdate", instance.compute_type)
        if body.tags is not msgspec.UNSET:
            rules.check_tags(body.tags or {})
            instance.tags = dict(body.tags or {})
            instance.touch(self._clock.now())
        return instance

    def delete(self, name: str) -> Operation:
        """Begin to delete; raises ComputeNotFound, NotSupported or ComputeConflict."""
        instance = self.instance(name, "ComputeDelete")
        return self.lifecycle.delete(instance, lambda: self.remove(name))

    def act(self, name: str, action: Action) -> Operation:
        """Start, stop or restart; raises ComputeNotFound, NotSupported or WrongState."""
        return self._begin(self.instance(name, f"Compute{action.operation}"), action)

    def _begin(self, instance: ComputeInstance, action: Action, trigger: str = "User") -> Operation:
        """Start, stop or restart; who gave back the quota must get it again to start."""
        if action is START and instance.state == "Stopped" and not instance.holds_quota:
            self.region.quotas.reserve(self._size(instance.vm_size))
        return self.lifecycle.act(instance, action, trigger=trigger)

    def resize(self, name: str, target: str) -> Operation:
        """Give a stopped instance another size; the quota of the new one must be there."""
        instance = self.instance(name, "ComputeResize")
        size = self._size(target)
        if instance.state in RESIZE.allowed and instance.holds_quota:
            self.region.quotas.reserve(size, self.region.sizes.find(instance.vm_size))

        def resized() -> None:
            instance.requested = msgspec.structs.replace(
                instance.requested, vm_size=size.name.upper()
            )

        return self.lifecycle.act(instance, RESIZE, resized)

    def change(self, name: str, operation: str, **properties: Any) -> ComputeInstance:
        """Set requested properties on an instance."""
        instance = self.instance(name, operation)
        instance.requested = msgspec.structs.replace(instance.requested, **properties)
        instance.touch(self._clock.now())
        self.automation.follow(instance)
        return instance

    def set_schedules(self, name: str, schedules: list[StartStopSchedule]) -> None:
        """Replace the schedules; raises BadArgument for more than four, or one without sense."""
        rules.check_schedules(schedules, self._clock.now())
        instance = self.instance(name, "ComputeUpdateSchedules")
        instance.schedules = self.schedule_documents(schedules)
        instance.schedules_since = self._clock.now()
        instance.touch(self._clock.now())
        self.automation.follow(instance)

    def mount(self, name: str, mounts: list[DataMount], caller: Caller) -> None:
        """Replace the data mounts."""
        instance = self.instance(name, "ComputeUpdateDataMounts")
        instance.data_mounts = self._mount_documents(mounts, caller)
        instance.touch(self._clock.now())

    def schedule_documents(self, schedules: list[StartStopSchedule]) -> list[dict[str, Any]]:
        """Schedules as they are read back: with an id and a provisioning status."""
        return [
            {
                "id": str(self._new_id()),
                "provisioningStatus": "Completed",
                "status": schedule.status or "Enabled",
                "action": schedule.action,
                "triggerType": schedule.trigger_type,
                "recurrence": msgspec.to_builtins(schedule.recurrence),
                "cron": msgspec.to_builtins(schedule.cron),
                "schedule": schedule.schedule,
            }
            for schedule in schedules
        ]

    def _mount_documents(
        self, mounts: list[DataMount] | None, caller: Caller
    ) -> list[dict[str, Any]] | None:
        if mounts is None:
            return None
        return [
            {
                **msgspec.to_builtins(mount),
                "createdBy": caller.user_name,
                "mountState": "Mounted" if mount.mount_action != "Unmount" else "Unmounted",
                "mountedOn": self._clock.now().isoformat(),
                "error": None,
            }
            for mount in mounts
        ]

    def _identity(self, body: ComputeResource, caller: Caller) -> dict[str, Any] | None:
        if body.identity is None:
            return None
        identity: dict[str, Any] = {"type": body.identity.type}
        if "SystemAssigned" in body.identity.type:
            identity["principalId"] = str(self._new_id())
            identity["tenantId"] = caller.tenant_id
        if body.identity.user_assigned_identities:
            identity["userAssignedIdentities"] = {
                key: self._assigned_identity(key) for key in body.identity.user_assigned_identities
            }
        return identity

    def _assigned_identity(self, resource_id: str) -> dict[str, str]:
        known = self.region.identities.by_id(resource_id)
        if known is None:
            return {"principalId": str(self._new_id()), "clientId": str(self._new_id())}
        return {"principalId": known.principal_id, "clientId": known.client_id}

    def _size(self, name: str | None) -> VmSize:
        if not name:
            raise BadArgument("The request body is invalid: properties.vmSize is required.")
        supported = self.region.sizes.supporting(ComputeInstance.compute_type)
        size = self.region.sizes.find(name)
        if size is None or size not in supported:
            raise UnsupportedVmSize(name, [each.name.upper() for each in supported])
        return size
