"""The table of routes: the only place that knows which path leads to which handler."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..errors import NotFound
from . import (
    choices,
    contract,
    disk,
    environments,
    instances,
    logs,
    operations,
    setup_scripts,
    sizes,
    specs,
    workspace,
)
from .base import CiManagerHandler
from .route import NAMESPACE, Route


class UnknownRouteHandler(CiManagerHandler):
    """Answers every other path below the namespace in the shape of our errors."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        raise NotFound("No such route.", hint="GET ci-manager/openapi.json lists all routes.")

    post = put = patch = delete = get


ROUTES: tuple[Route, ...] = (
    Route("workspace", workspace.WorkspaceHandler),
    Route("workspaces", workspace.WorkspacesHandler),
    Route("instances", instances.InstancesHandler),
    Route("instances/{name}", instances.InstanceHandler),
    Route("instances/{name}/start", instances.StartHandler),
    Route("instances/{name}/stop", instances.StopHandler),
    Route("instances/{name}/restart", instances.RestartHandler),
    Route("instances/{name}/resize", instances.ResizeHandler),
    Route("instances/{name}/logs", logs.LogsHandler),
    Route("instances/{name}/logs/{log}", logs.LogHandler),
    Route("instances/{name}/logs/{log}/content", logs.LogContentHandler),
    Route("instances/{name}/logs/{log}/diagnosis", logs.LogDiagnosisHandler),
    Route("mine/stop", instances.StopMineHandler),
    Route("sizes", sizes.SizesHandler),
    Route("quota", sizes.QuotaHandler),
    Route("names/{name}", sizes.NameHandler),
    Route("specs/check", specs.SpecCheckHandler),
    Route("specs/code", specs.SpecCodeHandler),
    Route("specs/template", specs.SpecTemplateHandler),
    Route("specs/defaults", specs.SpecDefaultsHandler),
    Route("schedules/preview", specs.SchedulePreviewHandler),
    Route("time-zones", specs.TimeZonesHandler),
    Route("virtual-networks", choices.VirtualNetworksHandler),
    Route("managed-identities", choices.ManagedIdentitiesHandler),
    Route("ssh-keys", choices.SshKeysHandler),
    Route("share", choices.ShareHandler),
    Route("setup-scripts", setup_scripts.StarterScriptsHandler),
    Route("setup-scripts/lint", setup_scripts.LintHandler),
    Route("setup-scripts/dry-run", setup_scripts.DryRunHandler),
    Route("disk", disk.DiskHandler),
    Route("disk/scan", disk.ScanHandler),
    Route("disk/cleanup", disk.CleanupHandler),
    Route("disk/cleanup/plan", disk.CleanupPlanHandler),
    Route("environments", environments.EnvironmentsHandler),
    Route("environments/plan", environments.EnvironmentPlansHandler),
    Route("environments/plan/{operation_id}", environments.EnvironmentPlanHandler),
    Route("environments/{environment_id}", environments.EnvironmentHandler),
    Route("environments/{environment_id}/packages", environments.EnvironmentPackagesHandler),
    Route("environments/{environment_id}/export", environments.EnvironmentExportHandler),
    Route("packages/search", environments.PackageSearchHandler),
    Route("kernels", environments.KernelsHandler),
    Route("kernels/{name}", environments.KernelHandler),
    Route("kernels/{name}/check", environments.KernelCheckHandler),
    Route("operations", operations.OperationsHandler),
    Route("operations/{operation_id}", operations.OperationHandler),
    Route("operations/{operation_id}/log", logs.OperationLogHandler),
    Route("operations/{operation_id}/log/content", logs.OperationLogContentHandler),
    Route("scripts/{path}", logs.ScriptHandler),
    Route("openapi.json", contract.OpenApiHandler),
)


def handlers() -> list[tuple[str, type[Any]]]:
    """The routes as tornado takes them; the application prepends the base URL."""
    known = [(route.pattern, route.handler) for route in ROUTES]
    return [*known, (rf"/{NAMESPACE}(?:/.*)?", UnknownRouteHandler)]
