"""The services that panel, magics and command line share, and how they are wired.

It knows every service and no face: nothing of HTTP or traitlets.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .configuration import Configuration, endpoint_problem
from .disk.cleanup import CleanupService
from .disk.filesystems import Places
from .disk.growth import GrowthWatch
from .disk.history_file import HistoryFile
from .disk.levels import DiskThresholds
from .disk.scans import ScanService
from .disk.surroundings import Surroundings
from .disk.usage import DiskUsage
from .environments.engines import Engines
from .environments.kernel_specs import KernelPlaces, kernels_by_prefix
from .environments.kernels import KernelService, spec_manager
from .environments.listing import EnvironmentListing
from .environments.locks import alone_with_conda
from .environments.rattler import alone_with_cache, default_cache
from .environments.search import PackageSearching
from .environments.sizes import SizeBook
from .environments.work import EnvironmentWork
from .instances.arm import ArmClient
from .instances.credentials import (
    AzureCredential,
    CredentialChain,
    emulator_credential,
)
from .instances.disk_check import DiskCheck
from .instances.service import InstanceService
from .instances.sizes import SizeService
from .instances.snapshot import Change, OnChange
from .instances.stop_guard import StopGuard
from .instances.workspace import WorkspaceService
from .instances.workspace_sources import WorkspaceSources
from .journal import utc_now
from .logs.azure_files import AzureFilesShare
from .logs.mounted_share import MountedShare
from .logs.operation_logs import LogsOfKnownOperations, OperationLogs
from .logs.outcome_watch import OutcomeWatch
from .logs.outcomes import ScriptOutcomes
from .logs.service import LogService
from .logs.sources import NotebookShares
from .logs.storage import ShareAccess
from .logs.tail import LogReader
from .models import Instance, Operation, Workspace
from .operations import OperationRegistry
from .setup_scripts.service import SetupScriptService
from .specs.choices import ChoiceService
from .specs.locks import Locks
from .specs.service import SpecService

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpecManager


@dataclass(frozen=True)
class Services:
    """Everything that a face of the project may call."""

    workspace: WorkspaceService
    instances: InstanceService
    sizes: SizeService
    operations: OperationRegistry
    disk: DiskUsage
    scans: ScanService
    cleanup: CleanupService
    logs: LogService
    log_reader: LogReader
    outcome_watch: OutcomeWatch
    environments: EnvironmentListing
    package_search: PackageSearching
    environment_work: EnvironmentWork
    kernels: KernelService
    specs: SpecService
    choices: ChoiceService
    setup_scripts: SetupScriptService
    arm: ArmClient

    async def open(self) -> None:
        """Take up the operations that an earlier process left behind, and watch the disks."""
        await self.operations.open()
        await self.disk.open()

    async def close(self) -> None:
        """Let go of operations and connections; Azure goes on with what it was asked."""
        await self.operations.close()
        await self.outcome_watch.close()
        await self.instances.close()
        await self.sizes.close()
        await self.scans.close()
        await self.cleanup.close()
        await self.log_reader.close()
        await self.logs.close()
        await self.disk.close()
        await self.environments.close()
        await self.arm.close()


def build_services(
    configuration: Configuration,
    *,
    on_operation: Callable[[Operation], None] | None = None,
    on_instances: OnChange | None = None,
    kernel_specs: Callable[[], KernelSpecManager | None] | None = None,
    log: logging.Logger | None = None,
) -> Services:
    """Wire the services. It does no I/O and imports nothing of Azure's.

    ``kernel_specs`` is what the server finds kernels with, where there is a server.
    With an endpoint that cannot be used every question to Azure raises InvalidEndpoint.
    """
    credential: AzureCredential = (
        emulator_credential()
        if configuration.mode == "emulator"
        else CredentialChain(configuration.credential)
    )
    log = log or logging.getLogger(__package__)
    problem = endpoint_problem(configuration.endpoint)
    if problem is not None:
        log.error("%s", problem)
    pace = configuration.pace
    arm = ArmClient(
        "" if problem else configuration.endpoint,
        credential,
        problem=problem,
        polling_interval_seconds=pace.fast,
        through_proxy=configuration.mode == "azure",
        retry_backoff_seconds=configuration.retry_backoff_seconds,
    )
    operation_logs = OperationLogs(configuration.data / "operation-logs", log=log)
    operations = OperationRegistry(configuration.journal, log=log, log_of=operation_logs.of)
    if on_operation is not None:
        operations.listen(on_operation)
    sources = WorkspaceSources(
        configured=configuration.workspace,
        root=configuration.root,
        settings=configuration.settings,
        log=log,
    )
    workspace = WorkspaceService(
        arm,
        credential,
        sources,
        mode=configuration.mode,
        version=configuration.version,
        allowed_actions=configuration.allowed_actions,
        log=log,
    )
    disk = _disk_usage(configuration, sources, log)
    sizes = SizeService(arm, workspace, now=utc_now, log=log)
    locks = Locks(configuration.spec_defaults, configuration.locked_fields)
    instances = InstanceService(
        arm,
        workspace,
        sizes,
        operations,
        StopGuard(
            workspace, sizes, here=disk.blocking, there=_other_disks(configuration, credential)
        ),
        pace=pace,
        now=utc_now,
        clock=time.monotonic,
        log=log,
        on_change=on_instances,
        locks=locks,
    )
    disk.schedules_at_risk = instances.risks.sentences
    outcomes = ScriptOutcomes()
    instances.script_outcome_of = outcomes.of
    logs = LogService(
        workspace,
        NotebookShares(
            workspace,
            MountedShare(configuration.notebook_shares),
            AzureFilesShare(
                ShareAccess(
                    arm,
                    credential,
                    mode=configuration.mode,
                    retry_backoff_seconds=configuration.retry_backoff_seconds,
                )
            ),
        ),
        instances,
        outcomes,
        LogsOfKnownOperations(operation_logs, operations.get),
        on_news=_teller(on_instances),
    )
    instances.script_check = logs.check_script
    outcome_watch = OutcomeWatch(workspace, instances, look_at=logs.look_at, now=utc_now, log=log)
    if configuration.check_script_logs:
        instances.on_listed = outcome_watch.instances_listed
    operations.listen(outcome_watch.operation_changed)
    engines = Engines(os.environ, configuration.home, configured=configuration.conda_executable)
    environments = EnvironmentListing(
        engines,
        SizeBook(configuration.data / "environment-sizes.json", log=log),
        environ=os.environ,
        home=configuration.home,
        kernels=lambda: kernels_by_prefix(KernelPlaces.of_jupyter()),
    )
    operations.listen(environments.operation_changed)
    environment_work = EnvironmentWork(
        operations,
        environments,
        engines,
        folder=configuration.data / "environment-work",
        logs=configuration.data / "operation-logs",
        root=configuration.root,
        home=configuration.home,
        environ=os.environ,
        log=log,
        allowed_kernels=lambda: spec_manager(kernel_specs).allowed_kernelspecs,
    )
    return Services(
        workspace,
        instances,
        sizes,
        operations,
        disk,
        ScanService(
            operations,
            folder=configuration.data / "scans",
            os_disk=configuration.os_disk,
            log=log,
        ),
        CleanupService(
            operations,
            Surroundings(
                served=configuration.root,
                data=configuration.data,
                conda_alone=lambda: alone_with_conda(configuration.home),
                packages=default_cache(os.environ, configuration.home),
                packages_alone=lambda: alone_with_cache(
                    default_cache(os.environ, configuration.home)
                ),
            ),
            now=utc_now,
            log=log,
        ),
        logs,
        LogReader(log=log),
        outcome_watch,
        environments,
        PackageSearching(
            engines,
            folder=configuration.data / "package-searches",
            cache=default_cache(os.environ, configuration.home),
            environ=os.environ,
        ),
        environment_work,
        KernelService(operations, environments, environment_work, specs=kernel_specs, now=utc_now),
        SpecService(
            workspace,
            instances,
            sizes,
            now=utc_now,
            locks=locks,
            templates=configuration.templates_folder,
            log=log,
        ),
        ChoiceService(arm, workspace, ssh_folder=configuration.home / ".ssh"),
        SetupScriptService(
            operations,
            workspace,
            folder=configuration.data / "dry-runs",
            environ=os.environ,
        ),
        arm,
    )


def _teller(on_instances: OnChange | None) -> Callable[[Workspace, Instance], None] | None:
    """Tells of an instance whose state is what it was, and of which more is known."""
    if on_instances is None:
        return None
    return lambda workspace, instance: on_instances(
        workspace, [Change(instance.name, instance.state, instance.state)]
    )


def _other_disks(configuration: Configuration, credential: AzureCredential) -> DiskCheck | None:
    if not configuration.check_other_disks:
        return None
    endpoint = configuration.endpoint.rstrip("/")
    return DiskCheck(
        credential,
        scope=f"{endpoint}/.default",
        emulator=endpoint if configuration.mode == "emulator" else None,
        thresholds=_hold_back_below(configuration.disk_thresholds),
    )


def _hold_back_below(thresholds: DiskThresholds) -> dict[str, int]:
    """By mount point of a compute instance."""
    os_disk, temporary = thresholds.limits(["os"]), thresholds.limits(["temporary"])
    return {
        "/": os_disk.hold_back_below_bytes or 0,
        "/mnt": temporary.hold_back_below_bytes or 0,
    }


def _disk_usage(
    configuration: Configuration, sources: WorkspaceSources, log: logging.Logger
) -> DiskUsage:
    thresholds = configuration.disk_thresholds
    file = HistoryFile(configuration.disk_history, keep_free_bytes=thresholds.critical_bytes)
    return DiskUsage(
        Places(
            home=configuration.home,
            root=configuration.root,
            os_disk=configuration.os_disk,
            temporary_disk=configuration.temporary_disk,
        ),
        thresholds,
        GrowthWatch(file, now=utc_now, log=log),
        this_instance=sources.this_instance,
        now=utc_now,
        log=log,
    )
