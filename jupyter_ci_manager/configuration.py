"""What an administrator or a face of the project decides, and what can be told from it alone.

It is read at the start of every server: it imports little and does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args
from urllib.parse import SplitResult, urlsplit

from jupyter_core.paths import jupyter_config_dir

from .disk.levels import DiskThresholds
from .instances.credentials import CREDENTIAL_NAMES
from .instances.sdk import RETRY_BACKOFF_SECONDS
from .models import InstanceSpec, Mode, PermissionName

AZURE_ENDPOINT = "https://management.azure.com"
ACTIONS: tuple[PermissionName, ...] = get_args(PermissionName)
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Pace:
    """Seconds between two questions to Azure while somebody looks."""

    fast: float = 5.0
    """While something is in transition."""
    slow: float = 30.0


@dataclass(frozen=True)
class Configuration:
    """Everything that an administrator or a face of the project decides."""

    root: Path
    """The folder that Jupyter serves: where ``config.json`` is looked for, upwards."""
    data: Path
    """Where the journals live."""
    settings: Path
    """JupyterLab's folder of user settings."""
    version: str
    endpoint: str = AZURE_ENDPOINT
    workspace: str = ""
    check_other_disks: bool = True
    """Ask another instance how full its disk is before it is stopped."""
    check_script_logs: bool = True
    """Look unasked at the newest setup logs of one's own instances that run."""
    disk_thresholds: DiskThresholds = field(default_factory=DiskThresholds)
    os_disk: str = "/"
    temporary_disk: str = "/mnt"
    home: Path = field(default_factory=Path.home)
    notebook_share: Path = Path("/home/azureuser/cloudfiles/code")
    """Where an instance has the workspace's file share mounted."""
    conda_executable: str = ""
    """What creates environments; empty: whatever is found."""
    credential: tuple[str, ...] = CREDENTIAL_NAMES
    allowed_actions: tuple[str, ...] = ACTIONS
    spec_defaults: InstanceSpec = field(default_factory=InstanceSpec)
    """What a new instance begins with."""
    locked_fields: tuple[str, ...] = ()
    """Paths of fields that are as in ``spec_defaults``, whoever asks."""
    templates_folder: Path | None = None
    """Where the administrator has templates of instances."""
    pace: Pace = field(default_factory=Pace)
    retry_backoff_seconds: float = RETRY_BACKOFF_SECONDS

    @property
    def mode(self) -> Mode:
        """The emulator is whatever listens on this machine; Azure never does."""
        address = _address(self.endpoint)
        return "emulator" if address and address.hostname in LOOPBACK_HOSTS else "azure"

    @property
    def notebook_shares(self) -> tuple[Path, ...]:
        """Where to look for it, in order: another user of the machine has it in their own home."""
        return (self.notebook_share, self.home / "cloudfiles" / "code")

    @property
    def disk_history(self) -> Path:
        """What is remembered of how full the disks were."""
        return self.data / "disk-history.sqlite"

    @property
    def journal(self) -> Path:
        """The journal of operations: one per cloud, as no other can say how its work ended."""
        if self.endpoint.rstrip("/") == AZURE_ENDPOINT:
            return self.data / "operations.sqlite"
        address = _address(self.endpoint)
        host = (address.hostname if address else None) or "unknown"
        cloud = "emulator" if self.mode == "emulator" else host.replace(":", "-")
        return self.data / f"operations-{cloud}.sqlite"


def lab_settings_folder(environ: Mapping[str, str]) -> Path:
    """Where JupyterLab keeps user settings (``jupyterlab.commands.get_user_settings_dir``).

    Asking JupyterLab itself would import all of it at the start of every server.
    """
    configured = environ.get("JUPYTERLAB_SETTINGS_DIR")
    return Path(configured or Path(jupyter_config_dir()) / "lab" / "user-settings")


def endpoint_problem(endpoint: str) -> str | None:
    """Why an endpoint cannot be used, in words for everybody to read; None when it can."""
    address = _address(endpoint)
    if address is None or address.scheme not in ("http", "https") or not address.hostname:
        return f"The endpoint {endpoint[:200]!r} is not an http or https address."
    if "@" in address.netloc or address.query or address.fragment:
        return "The endpoint has more in it than an address: a user, a password or a query."
    if address.scheme == "http" and address.hostname not in LOOPBACK_HOSTS:
        return f"The endpoint {endpoint!r} is plain http: tokens go to other machines over https."
    return None


def _address(endpoint: str) -> SplitResult | None:
    try:
        address = urlsplit(endpoint)
        # Reading it is what checks it.
        _ = address.port
    except ValueError:
        return None
    return address
