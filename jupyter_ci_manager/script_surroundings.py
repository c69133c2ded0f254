"""What a setup script finds around it on a machine that is no compute instance.

A dry run and the emulator run scripts in the same surroundings: a plain PATH, the variables of an
instance, homes of their own for root and azureuser, and a stand-in for sudo, so that a script's
``sudo -u azureuser -i`` block works where there is no azureuser. It knows neither of the two and
starts no process. Source: "Customize the compute instance with a script" (learn.microsoft.com).
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .mounts import mounted_below

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Of a plain Linux, without Conda: Azure/azureml-examples#3291."""
PASSED_ON = ("LANG", "LC_ALL", "TMPDIR", "TZ", "USER")
"""Of the environment of whoever starts a script: no secrets."""
UBUNTU_USER = "azureuser"

_SUDO = Path(__file__).with_name("sudo_stand_in.sh")


@dataclass(frozen=True)
class ScriptSurroundings:
    """Where a script has its homes and its commands: a folder that is its own."""

    folder: Path

    @property
    def home(self) -> Path:
        """What azureuser's home is."""
        return self.folder / "home" / UBUNTU_USER

    @property
    def root_home(self) -> Path:
        """What root's home is: a script runs as root."""
        return self.folder / "root"

    def make(self) -> None:
        """Make what is not there yet. Blocking; raises OSError."""
        commands = self._commands
        for folder in (commands, self.home, self.root_home):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sudo = commands / "sudo"
        if not sudo.exists():
            shutil.copyfile(_SUDO, sudo)
            sudo.chmod(0o755)

    def environment(
        self, environ: Mapping[str, str], *, instance: str, workspace: str, resource_group: str
    ) -> dict[str, str]:
        """The environment that a script begins with."""
        return {
            **{name: environ[name] for name in PASSED_ON if name in environ},
            "HOME": str(self.root_home),
            "PATH": f"{self._commands}{os.pathsep}{PATH}",
            "CI_NAME": instance,
            "CI_WORKSPACE": workspace,
            "CI_RESOURCE_GROUP": resource_group,
            "CI_LOCAL_UBUNTU_USER": UBUNTU_USER,
        }

    @property
    def _commands(self) -> Path:
        return self.folder / "bin"


def can_run_scripts() -> bool:
    """Whether this machine has what it takes: POSIX process groups and bash."""
    return os.name == "posix" and shutil.which("bash", path=PATH) is not None


def words(arguments: str | None) -> list[str]:
    """The words of a script's arguments, quotes heeded: [assumed].

    Raises ValueError where a quote is not closed.
    """
    return shlex.split(arguments or "")


def exit_status(returncode: int) -> int:
    """As a shell has it: 128 and the signal where one ended it."""
    return returncode if returncode >= 0 else 128 - returncode


def remove_scratch(folder: Path) -> list[str]:
    """Remove what a script has worked in, also where it took rights away. Blocking; never raises.

    Where the script has mounted something in there nothing is removed: that would remove the files
    of what is mounted. The mount points are returned.
    """
    mounted = mounted_below(os.path.realpath(folder))
    if mounted:
        return mounted
    for at, folders, _ in os.walk(folder):
        for name in folders:
            inner = Path(at) / name
            if not inner.is_symlink():
                with contextlib.suppress(OSError):
                    inner.chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)
    return []
