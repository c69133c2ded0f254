"""Creating instances: all that is checked before minutes of Azure's are spent, and create-or-get.

It knows neither how an instance is created nor how a share is reached.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from ..errors import (
    CiManagerError,
    Forbidden,
    InstanceExists,
    InstanceNotFound,
    NameTaken,
    QuotaExceeded,
    ScriptNotFound,
    UnknownVmSize,
    WrongState,
)
from ..models import (
    Instance,
    InstanceSpec,
    Operation,
    OperationKind,
    SetupScripts,
    SpecProblem,
    Workspace,
)
from ..operations import OperationRegistry
from ..specs.checks import spec_problems
from ..specs.locks import Locks
from ..specs.network import WorkspaceNetwork
from ..specs.refusals import refuse
from .arm import ArmClient
from .lifecycle import Checkpoint
from .sizes import SizeService
from .states import BECOMING_RUNNING
from .workspace import WorkspaceService

SCRIPT_PATIENCE_SECONDS = 5.0

ScriptCheck = Callable[[Workspace, str], Awaitable[None]]
"""Raises ScriptNotFound for a path that the notebook share does not have."""

Begin = Callable[[OperationKind, str, str, Checkpoint], Awaitable[Operation]]


class InstanceCreation:
    """Checks specs against what Azure has, and begins to create. Methods raise ``errors``."""

    def __init__(
        self,
        arm: ArmClient,
        workspace: WorkspaceService,
        sizes: SizeService,
        operations: OperationRegistry,
        *,
        begin: Begin,
        locks: Locks,
        now: Callable[[], datetime],
    ) -> None:
        self._arm = arm
        self._workspace = workspace
        self._sizes = sizes
        self._operations = operations
        self._begin = begin
        self._locks = locks
        self._now = now
        self.script_check: ScriptCheck | None = None

    async def problems(self, spec: InstanceSpec, workspace: Workspace) -> list[SpecProblem]:
        """What breaks a rule, also those that depend on the workspace."""
        ruled = await asyncio.to_thread(
            spec_problems,
            spec,
            self._now(),
            subscription_id=workspace.subscription_id,
            around=await self._around(spec, workspace),
            who=self._workspace.identity,
        )
        return [*self._locks.problems(spec), *ruled]

    async def _around(self, spec: InstanceSpec, workspace: Workspace) -> WorkspaceNetwork | None:
        if spec.network is None:
            return None
        try:
            return await self._arm.workspace_network(workspace)
        except CiManagerError:
            # Then Azure judges by itself when it is asked to create.
            return None

    async def create(self, spec: InstanceSpec, *, if_exists: Literal["fail", "use"]) -> Operation:
        """See ``InstanceService.create``."""
        refuse(await asyncio.to_thread(spec_problems, spec, self._now()))
        workspace = await self._workspace.current()
        existing = await self.find(workspace, spec.name)
        if existing is not None:
            return await self._existing(workspace, existing, if_exists)
        await self._workspace.require("create")
        refuse(await self.problems(spec, workspace))
        vm_size = await self._vm_size(spec.vm_size)
        await self._check_free(workspace, spec.name)
        await self.check_scripts(workspace, spec.setup_scripts)
        checkpoint = Checkpoint(
            change="create",
            workspace=workspace,
            asked_at=self._now(),
            spec=replace(spec, vm_size=vm_size),
        )
        return await self._begin("instance.create", spec.name, "Creating", checkpoint)

    async def find(self, workspace: Workspace, name: str) -> Instance | None:
        """The instance of that name; None where there is none."""
        try:
            instance, _ = await self._arm.instance(workspace, name, self._workspace.identity)
        except InstanceNotFound:
            return None
        return instance

    async def _vm_size(self, name: str) -> str:
        try:
            return await self._sizes.checked(name)
        except (UnknownVmSize, QuotaExceeded) as error:
            raise error.about("vm_size") from None

    async def _check_free(self, workspace: Workspace, name: str) -> None:
        try:
            availability = await self._arm.check_name(workspace, name)
        except Forbidden:
            # Asking is a permission of its own: without it, creating finds out.
            return
        if not availability.name_available:
            raise NameTaken(
                availability.message or f"{name} is in use in {workspace.location}.",
                details={"name": name},
            ).about("name")

    async def check_scripts(self, workspace: Workspace, scripts: SetupScripts | None) -> None:
        """Raises ScriptNotFound. Azure would say so only when the instance has been made."""
        if scripts is None or self.script_check is None:
            return
        for which, script in (("creation", scripts.creation), ("startup", scripts.startup)):
            if script is None or script.source != "workspaceStorage":
                continue
            # Who cannot be asked in time does not keep anybody from creating.
            with contextlib.suppress(asyncio.TimeoutError):
                try:
                    await asyncio.wait_for(
                        self.script_check(workspace, script.data), SCRIPT_PATIENCE_SECONDS
                    )
                except ScriptNotFound as error:
                    raise error.about(f"setup_scripts.{which}.data") from None

    async def _existing(
        self, workspace: Workspace, existing: Instance, if_exists: Literal["fail", "use"]
    ) -> Operation:
        if if_exists == "fail":
            raise InstanceExists(
                f"{existing.name} is already in this workspace ({existing.state}).",
                details={"name": existing.name, "state": existing.state},
            ).about("name")
        if existing.state == "Deleting":
            raise WrongState(
                f"{existing.name} is being deleted.", details={"state": existing.state}
            )
        if existing.state in BECOMING_RUNNING:
            return await self._joined(workspace, existing)
        return await self._operations.record_finished(
            "instance.create",
            existing.name,
            workspace.id,
            f"Found existing instance, using it ({existing.state})",
        )

    async def _joined(self, workspace: Workspace, existing: Instance) -> Operation:
        """The operation that already works on an instance, or one that waits for who else does."""
        for operation in (await self._operations.list(active=True)).items:
            same = operation.workspace_id.lower() == workspace.id.lower()
            if same and operation.target.lower() == existing.name.lower():
                return operation
        checkpoint = Checkpoint(
            change="create", workspace=workspace, asked_at=self._now(), phase="settling"
        )
        message = f"Found existing instance, waiting for it ({existing.state})"
        return await self._begin("instance.create", existing.name, message, checkpoint)
