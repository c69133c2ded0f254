"""The server extension: configuration, wiring, start and stop, and nothing else."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import msgspec
from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Dict, Enum, Float, Int, List, TraitError, Unicode, default, validate
from traitlets.utils.bunch import Bunch

from . import __version__
from .configuration import ACTIONS, AZURE_ENDPOINT, Configuration, Pace, lab_settings_folder
from .disk.levels import GB, DiskThresholds
from .events import EventEmitter
from .instances.credentials import CREDENTIAL_NAMES
from .models import InstanceSpec
from .service_start import ServiceStart
from .specs.locks import path_problem
from .web.base import SERVICES_KEY
from .web.route import ROUTES_KEY
from .web.routes import ROUTES, handlers

MOST_BYTES = 2**53
"""Beyond, JavaScript cannot tell one number of bytes from the next."""


class CiManagerApp(ExtensionApp):
    """Azure Machine Learning compute instances from inside JupyterLab."""

    name = "jupyter_ci_manager"
    load_other_extensions = True

    endpoint = Unicode(
        help="""Address of Azure Resource Manager, or of the emulator on this machine.

        Default: the environment variable JUPYTER_CI_ENDPOINT, else Azure's public cloud. Plain http
        is accepted for this machine only. What cannot be used is said in the panel and the log.
        """
    ).tag(config=True)

    workspace = Unicode(
        help="""ARM id of the workspace. When it is set, users cannot choose another one.

        The environment variable JUPYTER_CI_WORKSPACE does the same with lower precedence.
        """
    ).tag(config=True)

    credential = List(
        Enum(CREDENTIAL_NAMES),
        default_value=list(CREDENTIAL_NAMES),
        minlen=1,
        help="""The credentials to try, in order. The first that gives a token is used.""",
    ).tag(config=True)

    allowed_actions = List(
        Enum(ACTIONS),
        default_value=list(ACTIONS),
        help="""What users of this server may do, within what Azure allows them.""",
    ).tag(config=True)

    check_other_disks = Bool(
        True,
        help="""Before another instance is stopped or restarted, ask its own Jupyter server how full
        its disk is.

        That takes up to ten seconds and sends the user's token for Azure Resource Manager there: to
        the address that Azure names, over TLS, and to the user's own instances only.
        """,
    ).tag(config=True)

    check_script_logs = Bool(
        True,
        help="""Look once, after each start, at the newest log of the user's own instances that run
        setup scripts: a script that failed may hide behind an instance that says Running.

        Logs that somebody opens, and those of what this server has started, are looked at anyway.
        """,
    ).tag(config=True)

    poll_seconds = Float(
        30.0,
        min=1.0,
        help="""Seconds between two questions to Azure while somebody looks and nothing changes.""",
    ).tag(config=True)

    poll_seconds_in_transition = Float(
        5.0,
        min=0.1,
        help="""Seconds between two questions to Azure while something changes.""",
    ).tag(config=True)

    disk_warn_bytes = Int(
        5 * GB,
        min=0,
        max=MOST_BYTES,
        help="""Bytes. Less available than this on the OS disk is a warning, and holds back a stop
        or restart of the instance that this server runs on.""",
    ).tag(config=True)

    disk_critical_bytes = Int(
        GB,
        min=0,
        max=MOST_BYTES,
        help="""Bytes. Less available than this on the OS disk is critical.""",
    ).tag(config=True)

    temporary_disk_critical_bytes = Int(
        GB,
        min=0,
        max=MOST_BYTES,
        help="""Bytes. Less available than this on the temporary disk is critical, and holds back a
        stop or restart of the instance that this server runs on.""",
    ).tag(config=True)

    os_disk = Unicode(
        "/",
        help="""Where this server sees the OS disk of the machine: another folder in a container
        that has the machine's disk mounted.""",
    ).tag(config=True)

    temporary_disk = Unicode(
        "/mnt",
        help="""Where this server sees the temporary disk of the machine, if it has one.""",
    ).tag(config=True)

    notebook_share = Unicode(
        "/home/azureuser/cloudfiles/code",
        help="""Where a compute instance has the workspace's file share mounted. Where it is not,
        cloudfiles/code in the user's home is taken.

        On an instance of the workspace logs and scripts are read there, else from Azure.
        """,
    ).tag(config=True)

    conda_executable = Unicode(
        "",
        help="""Path of the conda, mamba or micromamba that environments are created with.

        Where it is empty $CONDA_EXE, the PATH, /anaconda and the usual places are looked at, and
        where there is none the embedded engine is used.
        """,
    ).tag(config=True)

    spec_defaults = Dict(
        key_trait=Unicode(),
        help="""What a new instance begins with: fields of a spec, as in the "spec" of a template
        file, such as {"idle_shutdown": "PT60M", "tags": {"team": "fraud"}}.
        """,
    ).tag(config=True)

    locked_fields = List(
        Unicode(),
        help="""Paths of fields that are as in spec_defaults for everybody, such as "idle_shutdown",
        "ssh" or "tags.team". What spec_defaults does not say is fixed at Azure's default.

        This server refuses to create, change or resize an instance otherwise. Who may change
        instances in Azure can do so by other means: use Azure Policy to forbid it for good.
        """,
    ).tag(config=True)

    templates_dir = Unicode(
        "",
        help="""Folder of template files, *.ci.json, that are offered for new instances.""",
    ).tag(config=True)

    data_dir = Unicode(
        help="""Folder of the journal of operations and of the disks' history.

        Default: below Jupyter's data folder.
        """
    ).tag(config=True)

    @validate("spec_defaults")
    def _a_spec(self, proposal: Bunch) -> dict[str, Any]:
        try:
            msgspec.convert(proposal["value"], InstanceSpec)
        except msgspec.ValidationError as error:
            raise TraitError(f"spec_defaults is no spec of an instance: {error}.") from None
        return dict(proposal["value"])

    @validate("locked_fields")
    def _paths_of_fields(self, proposal: Bunch) -> list[str]:
        for path in proposal["value"]:
            if (problem := path_problem(path)) is not None:
                raise TraitError(f"locked_fields: {problem}")
        return list(dict.fromkeys(proposal["value"]))

    @validate("conda_executable", "templates_dir")
    def _absolute_if_any(self, proposal: Bunch) -> str:
        return self._absolute(proposal) if proposal["value"] else ""

    @validate("os_disk", "temporary_disk", "notebook_share")
    def _absolute(self, proposal: Bunch) -> str:
        path = str(proposal["value"])
        if not Path(path).is_absolute():
            raise TraitError(f"{proposal['trait'].name} is {path!r}, not an absolute path.")
        return os.path.normpath(path)

    @default("endpoint")
    def _default_endpoint(self) -> str:
        return os.environ.get("JUPYTER_CI_ENDPOINT") or AZURE_ENDPOINT

    @default("data_dir")
    def _default_data_dir(self) -> str:
        return str(Path(jupyter_data_dir()) / "ci-manager")

    service_start: ServiceStart | None = None

    def initialize_settings(self) -> None:
        """Hand the handlers what makes the services."""
        serverapp = self.serverapp
        if serverapp is None:
            raise RuntimeError("The extension is not linked to a Jupyter server.")
        if serverapp.event_logger is None:
            raise RuntimeError("The Jupyter server has no event logger.")
        _quieten_sign_in()
        self.service_start = ServiceStart(
            Configuration(
                root=Path(serverapp.root_dir),
                data=Path(self.data_dir),
                settings=lab_settings_folder(os.environ),
                version=__version__,
                endpoint=self.endpoint,
                workspace=self.workspace,
                check_other_disks=self.check_other_disks,
                check_script_logs=self.check_script_logs,
                credential=tuple(self.credential),
                allowed_actions=tuple(self.allowed_actions),
                disk_thresholds=DiskThresholds(
                    warn_bytes=self.disk_warn_bytes,
                    critical_bytes=self.disk_critical_bytes,
                    temporary_critical_bytes=self.temporary_disk_critical_bytes,
                ),
                os_disk=self.os_disk,
                temporary_disk=self.temporary_disk,
                notebook_share=Path(self.notebook_share),
                conda_executable=self.conda_executable,
                spec_defaults=msgspec.convert(dict(self.spec_defaults), InstanceSpec),
                locked_fields=tuple(self.locked_fields),
                templates_folder=Path(self.templates_dir) if self.templates_dir else None,
                pace=Pace(fast=self.poll_seconds_in_transition, slow=self.poll_seconds),
            ),
            EventEmitter(serverapp.event_logger),
            kernel_specs=lambda: serverapp.kernel_spec_manager,
            log=self.log,
        )
        self.settings[SERVICES_KEY] = self.service_start
        self.settings[ROUTES_KEY] = ROUTES

    def initialize_handlers(self) -> None:
        """Add the routes below ``/ci-manager/``."""
        self.handlers.extend(handlers())

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        if self.service_start is not None:
            self.service_start.begin()

    async def stop_extension(self) -> None:
        """Let go of operations and connections; Azure goes on with what it was asked."""
        if self.service_start is not None:
            await self.service_start.close()


def _quieten_sign_in() -> None:
    """Keep a credential that is not there out of the log: the panel shows what was tried, and why.

    The SDK would warn of each of them at each attempt. Whoever sets a level gets what it says.
    """
    sign_in = logging.getLogger("azure.identity")
    if sign_in.level == logging.NOTSET:
        sign_in.setLevel(logging.ERROR)
