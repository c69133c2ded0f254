"""Everything one subscription holds. Knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from uuid import UUID

from jupyter_ci_manager.emulator.clock import Clock, Timeline

from .caller import TENANT_ID
from .computes.collection import Computes, Region
from .computes.instance import ComputeInstance
from .computes.lifecycle import Durations, Lifecycle
from .computes.names import RegionalNames
from .errors import ResourceGroupNotFound, ResourceNotFound, SubscriptionNotFound
from .identities.state import UserAssignedIdentities
from .locations.quotas import Quotas
from .locations.sizes import VmSize, VmSizes
from .networks.state import VirtualNetworks
from .operations.state import Operations
from .roles import Roles
from .workspaces.state import WORKSPACES_TYPE, Workspace


class ArmState:
    """A subscription with its regions, workspaces and operations.

    ``location`` is the region of what is not said to be elsewhere.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        subscription_id: str,
        location: str,
        random: Random,
        page_size: int,
        durations: Durations | None = None,
    ) -> None:
        self.clock = clock
        self.timeline = Timeline(clock)
        self.subscription_id = subscription_id
        self.tenant_id = TENANT_ID
        self.random = random
        self._jupyter_base: str | None = None
        self.works_at: Callable[[ComputeInstance], bool] = lambda _: False
        """Whether somebody works at the Jupyter server of an instance."""
        self.page_size = page_size
        self.operations = Operations(self.timeline.now, self.new_id)
        self.lifecycle = Lifecycle(self.timeline, self.operations, durations)
        self.roles = Roles()
        self.networks = VirtualNetworks(subscription_id)
        self.identities = UserAssignedIdentities(subscription_id, self.tenant_id)
        self._regions: dict[str, Region] = {}
        self.region = self.add_region(location)
        self.resource_groups: dict[str, str] = {}
        self._workspaces: dict[tuple[str, str], Workspace] = {}

    def new_id(self) -> UUID:
        """A UUID from the state's own source of randomness."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def add_region(self, name: str) -> Region:
        """The region of a name, which is made where it is not there."""
        region = self.find_region(name)
        if region is None:
            region = self._regions[name.lower()] = Region(
                name=name.lower(),
                sizes=VmSizes(),
                quotas=Quotas(
                    self.subscription_id,
                    lambda: self._sizes_in_use(name.lower()),
                    lambda: self._computes_in_use(name.lower()),
                ),
                compute_names=RegionalNames(),
                networks=self.networks,
                identities=self.identities,
                jupyter_at=lambda instance: self._jupyter_at(instance, name.lower()),
            )
        return region

    def find_region(self, name: str) -> Region | None:
        """The region of a name in any case, or of a display name ("West Europe"), as Azure does."""
        return self._regions.get(name.replace(" ", "").lower())

    def regions(self) -> list[Region]:
        """Every region."""
        return list(self._regions.values())

    def _jupyter_at(self, name: str, region: str) -> str:
        """Where the Jupyter server of an instance is: in Azure until it is served."""
        if self._jupyter_base is None:
            return f"https://{name}.{region}.instances.azureml.ms"
        if region == self.region.name:
            return f"{self._jupyter_base}/{name}"
        return f"{self._jupyter_base}/{name}.{region}"

    def serve_jupyter_at(self, base: str) -> None:
        """Have the instances name Jupyter servers below ``base``, those that exist included."""
        self._jupyter_base = base
        for instance in self.instances():
            instance.name_jupyter(self._jupyter_at(instance.name, instance.location))

    def instances(self) -> Iterator[ComputeInstance]:
        """The compute instances of all workspaces."""
        for workspace in self._workspaces.values():
            yield from workspace.computes.instances()

    def instance(self, name: str) -> ComputeInstance | None:
        """The instance of a name in any case; one of another region is ``name.region``."""
        name, _, region = name.lower().partition(".")
        region = region or self.region.name
        return next(
            (
                each
                for each in self.instances()
                if each.name.lower() == name and each.location == region
            ),
            None,
        )

    def add_resource_group(self, name: str) -> str:
        """Make sure that there is a resource group of a name, which comes back in its own case."""
        return self.resource_groups.setdefault(name.lower(), name)

    def add_workspace(
        self, resource_group: str, name: str, location: str | None = None
    ) -> Workspace:
        """Put a workspace, its resource group and its region into the subscription."""
        resource_group = self.add_resource_group(resource_group)
        region = self.region if location is None else self.add_region(location)
        workspace_id = (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{resource_group}"
            f"/providers/{WORKSPACES_TYPE}/{name}"
        )
        workspace = Workspace(
            id=workspace_id,
            name=name,
            resource_group=resource_group,
            subscription_id=self.subscription_id,
            tenant_id=self.tenant_id,
            location=region.name,
            created_on=self.clock.now(),
            discovery_url=f"https://{region.name}.api.azureml.ms/discovery",
            computes=Computes(
                workspace_id, region, self.lifecycle, self.clock, self.random, self.new_id
            ),
        )
        workspace.computes.automation.in_use = self._is_used
        self._workspaces[resource_group.lower(), name.lower()] = workspace
        return workspace

    def check_subscription(self, subscription_id: str) -> None:
        """Raises SubscriptionNotFound."""
        if subscription_id.lower() != self.subscription_id.lower():
            raise SubscriptionNotFound(subscription_id)

    def resource_group(self, name: str) -> str:
        """The name in its own case; raises ResourceGroupNotFound."""
        group = self.resource_groups.get(name.lower())
        if group is None:
            raise ResourceGroupNotFound(name)
        return group

    def workspace(self, resource_group: str, name: str) -> Workspace:
        """Raises ResourceGroupNotFound or ResourceNotFound."""
        self.resource_group(resource_group)
        workspace = self._workspaces.get((resource_group.lower(), name.lower()))
        if workspace is None:
            raise ResourceNotFound(f"{WORKSPACES_TYPE}/{name}", resource_group)
        return workspace

    def workspaces(self, resource_group: str | None = None) -> list[Workspace]:
        """All workspaces, or those of one group."""
        return [
            workspace
            for (group, _), workspace in self._workspaces.items()
            if resource_group is None or group == resource_group.lower()
        ]

    def location_of(self, compute_id: str) -> str:
        """The region that a compute is in, by its id."""
        found = compute_id.lower()
        return next(
            (
                each.location
                for each in self.workspaces()
                if found.startswith(f"{each.id.lower()}/")
            ),
            self.region.name,
        )

    def _is_used(self, instance: ComputeInstance) -> bool:
        return self.works_at(instance)

    def _computes_in_use(self, location: str) -> int:
        return sum(
            len(workspace.computes.all())
            for workspace in self._workspaces.values()
            if workspace.location == location
        )

    def _sizes_in_use(self, location: str) -> Iterator[VmSize]:
        for instance in self.instances():
            if instance.location == location and instance.holds_quota:
                size = self.region.sizes.find(instance.vm_size)
                if size is not None:
                    yield size
