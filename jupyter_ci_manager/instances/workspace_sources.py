"""Where the choice of workspace comes from: environment, settings, files. Blocking, no Azure."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import InvalidWorkspaceId
from ..models import Workspace, WorkspaceSource
from .wire.workspace import workspace_from_id, workspace_of, workspace_within

SETTINGS_FILE = Path("jupyter-ci-manager", "plugin.jupyterlab-settings")
"""Where JupyterLab keeps the settings of our plugin, below its folder of user settings."""

NBVM_FILE = Path("/mnt/azmnt/.nbvm")
"""Written by Azure on every compute instance: ``key=value`` lines, ``instance`` among them."""


class WorkspaceSources:
    """Finds and remembers the workspace.

    ``configured`` is the administrator's choice, ``root`` the folder that Jupyter serves,
    ``settings`` JupyterLab's folder of user settings.
    """

    def __init__(
        self,
        *,
        configured: str,
        root: Path,
        settings: Path,
        environ: Mapping[str, str] | None = None,
        nbvm_file: Path = NBVM_FILE,
        log: logging.Logger,
    ) -> None:
        self._configured = configured
        self._root = root
        self._settings_file = settings / SETTINGS_FILE
        self._environ = os.environ if environ is None else environ
        self._nbvm_file = nbvm_file
        self._log = log

    @property
    def fixed(self) -> bool:
        """Whether configuration or environment names the workspace."""
        return bool(self._configured or self._environ.get("JUPYTER_CI_WORKSPACE"))

    def find(self) -> tuple[Workspace | None, WorkspaceSource]:
        """The first source that names a workspace, and which one it is.

        Raises InvalidWorkspaceId where configuration or environment names something else.
        """
        if self._configured:
            return _required(self._configured, "CiManagerApp.workspace"), "configuration"
        if from_environment := self._environ.get("JUPYTER_CI_WORKSPACE"):
            return _required(from_environment, "JUPYTER_CI_WORKSPACE"), "environment"
        later: tuple[tuple[WorkspaceSource, Workspace | None], ...] = (
            ("settings", self._from_settings()),
            ("config_file", next(self._from_config_files(), None)),
            ("compute_instance", self.this_workspace()),
        )
        for source, workspace in later:
            if workspace is not None:
                return workspace, source
        return None, "none"

    def this_instance(self) -> str | None:
        """Name of the compute instance that this process runs on; None elsewhere."""
        if name := self._environ.get("CI_NAME"):
            return name
        try:
            lines = self._nbvm_file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return None
        values = dict(line.split("=", 1) for line in lines if "=" in line)
        return values.get("instance") or None

    def this_workspace(self) -> Workspace | None:
        """The workspace of the compute instance that this process runs on, as far as it says."""
        return self._from_instance()

    def remember(self, workspace: Workspace) -> None:
        """Write the choice to the user's settings, where the settings editor shows it.

        Raises OSError, and ValueError where the file is there and is not what JupyterLab writes:
        overwriting it would lose what else the user chose.
        """
        settings = {**self._settings(), "workspace": workspace.id}
        folder = self._settings_file.parent
        folder.mkdir(parents=True, exist_ok=True)
        # Another process must never read half a file, and Windows moves none that is open.
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".tmp", delete=False) as file:
            written = Path(file.name)
        try:
            written.write_text(json.dumps(settings, indent=4), encoding="utf-8")
            written.replace(self._settings_file)
        except OSError:
            written.unlink(missing_ok=True)
            raise

    def _settings(self) -> dict[str, Any]:
        # JupyterLab writes JSON with comments; its own package brings the parser.
        import json5

        try:
            text = self._settings_file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        found = json5.loads(text)
        if not isinstance(found, dict):
            raise ValueError(f"{self._settings_file} holds no settings.")  # noqa: TRY004
        return found

    def _from_settings(self) -> Workspace | None:
        try:
            chosen = self._settings().get("workspace")
        except (OSError, ValueError, RecursionError) as error:
            self._log.warning("%s cannot be read: %s", self._settings_file, error)
            return None
        return workspace_from_id(chosen) if isinstance(chosen, str) else None

    def _from_config_files(self) -> Iterator[Workspace]:
        """The files that the Azure SDKs write and read, from the server's root upwards."""
        for folder in (self._root, *self._root.parents):
            for relative in ("config.json", ".azureml/config.json"):
                workspace = _from_config_file(folder / relative)
                if workspace is not None:
                    yield workspace

    def _from_instance(self) -> Workspace | None:
        tracking = workspace_within(self._environ.get("MLFLOW_TRACKING_URI", ""))
        if tracking is not None:
            return tracking
        names = (
            self._environ.get("AZUREML_ARM_SUBSCRIPTION"),
            self._environ.get("AZUREML_ARM_RESOURCEGROUP")
            or self._environ.get("CI_RESOURCE_GROUP"),
            self._environ.get("AZUREML_ARM_WORKSPACE_NAME") or self._environ.get("CI_WORKSPACE"),
        )
        subscription, group, name = names
        if subscription and group and name:
            return workspace_from_id(workspace_of(subscription, group, name).id)
        return None


def _required(text: str, where: str) -> Workspace:
    workspace = workspace_from_id(text)
    if workspace is None:
        raise InvalidWorkspaceId(f"{where} is {text[:200]!r}, not the ARM id of a workspace.")
    return workspace


def _from_config_file(path: Path) -> Workspace | None:
    try:
        # Windows' editors put a byte order mark before it.
        config = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(config, dict):
        return None
    values = [config.get(key) for key in ("subscription_id", "resource_group", "workspace_name")]
    if not all(isinstance(value, str) and value for value in values):
        return None
    return workspace_from_id(workspace_of(*(str(value) for value in values)).id)
