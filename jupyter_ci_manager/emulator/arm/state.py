"""Everything one subscription holds. Knows no HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from uuid import UUID

from jupyter_ci_manager.emulator.clock import Clock, Timeline

from .caller import TENANT_ID
from .computes.collection import Computes, Region, RegionalNames
from .computes.instance import ComputeInstance
from .computes.lifecycle import Durations, Lifecycle
from .errors import ResourceGroupNotFound, ResourceNotFound, SubscriptionNotFound
from .identities.state import UserAssignedIdentities
from .locations.quotas import Quotas
from .locations.sizes import VmSize, VmSizes
from .networks.state import VirtualNetworks
from .operations.state import Operations
from .workspaces.state import WORKSPACES_TYPE, Workspace


class ArmState:
    """A subscription with one region, its workspaces and its operations."""

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
        self.page_size = page_size
        self.operations = Operations(clock, self.new_id)
        self.lifecycle = Lifecycle(self.timeline, self.operations, durations)
        self.region = Region(
            name=location,
            sizes=VmSizes(),
            quotas=Quotas(subscription_id, self._sizes_in_use, self._computes_in_use),
            compute_names=RegionalNames(),
            jupyter_at=self.jupyter_at,
        )
        self.networks = VirtualNetworks(subscription_id)
        self.identities = UserAssignedIdentities(subscription_id, self.tenant_id)
        self.resource_groups: dict[str, str] = {}
        self._workspaces: dict[tuple[str, str], Workspace] = {}

    def new_id(self) -> UUID:
        """A UUID from the state's own source of randomness."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def jupyter_at(self, name: str) -> str:
        """Where the Jupyter server of the instance of a name is: in Azure until it is served."""
        if self._jupyter_base is None:
            return f"https://{name}.{self.region.name}.instances.azureml.ms"
        return f"{self._jupyter_base}/{name}"

    def serve_jupyter_at(self, base: str) -> None:
        """Have the instances name Jupyter servers below ``base``, those that exist included."""
        self._jupyter_base = base
        for instance in self.instances():
            instance.name_jupyter(self.jupyter_at(instance.name))

    def instances(self) -> Iterator[ComputeInstance]:
        """The compute instances of all workspaces."""
        for workspace in self._workspaces.values():
            yield from workspace.computes.instances()

    def instance(self, name: str) -> ComputeInstance | None:
        """The instance of a name, in any case: names are unique in the region."""
        return next((each for each in self.instances() if each.name.lower() == name.lower()), None)

    def add_resource_group(self, name: str) -> str:
        """Make sure that there is a resource group of a name, which comes back in its own case."""
        return self.resource_groups.setdefault(name.lower(), name)

    def add_workspace(self, resource_group: str, name: str) -> Workspace:
        """Put a workspace, and its resource group, into the subscription."""
        resource_group = self.add_resource_group(resource_group)
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
            location=self.region.name,
            created_on=self.clock.now(),
            discovery_url=f"https://{self.region.name}.api.azureml.ms/discovery",
            computes=Computes(
                workspace_id, self.region, self.lifecycle, self.clock, self.random, self.new_id
            ),
        )
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

    def _computes_in_use(self) -> int:
        return sum(len(workspace.computes.all()) for workspace in self._workspaces.values())

    def _sizes_in_use(self) -> Iterator[VmSize]:
        for instance in self.instances():
            size = self.region.sizes.find(instance.vm_size)
            if size is not None:
                yield size
