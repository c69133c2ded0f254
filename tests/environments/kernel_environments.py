"""Environments that tests of kernels start kernels in: real interpreters, with ipykernel.

A virtual environment with Conda's records, which sees the packages of the tests' own Python: it is
made in a tenth of a second and starts the same kernel as one of Conda's.
"""

from __future__ import annotations

import json
import platform
import sysconfig
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

from jupyter_ci_manager.environments.kernel_specs import KernelPlaces
from jupyter_ci_manager.models import KernelRequest


@dataclass(frozen=True)
class KernelEnvironment:
    """A prefix, and what may lie in it."""

    prefix: Path

    @classmethod
    def made_at(cls, prefix: Path, *, ipykernel: bool = True) -> KernelEnvironment:
        venv.EnvBuilder(symlinks=True).create(prefix)
        made = cls(prefix)
        version = platform.python_version()
        record = {"name": "python", "version": version, "build": "0", "depends": [], "files": []}
        made.file(f"conda-meta/python-{version}-0.json", json.dumps(record))
        made.file("conda-meta/history", "")
        if ipykernel:
            packages = sysconfig.get_path("purelib")
            made.file(f"{made.site_packages}/outside.pth", packages)
            made.file(f"{made.site_packages}/ipykernel_launcher.py", made.launcher_module)
            made.own_spec("python3")
        return made

    @property
    def python(self) -> str:
        return str(self.prefix / "bin" / "python")

    @property
    def site_packages(self) -> str:
        return str(next((self.prefix / "lib").glob("python3*/site-packages")))

    @property
    def launcher_module(self) -> str:
        return Path(sysconfig.get_path("purelib"), "ipykernel_launcher.py").read_text("utf-8")

    def file(self, name: str | Path, content: str) -> Path:
        path = self.prefix / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    def own_spec(self, name: str, **changes: Any) -> Path:
        """A kernelspec as a package brings it: ipykernel's, unless it is changed."""
        spec = {
            "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "metadata": {"debugger": True},
            **changes,
        }
        folder = self.prefix / "share/jupyter/kernels" / name
        self.file(folder / "kernel.json", json.dumps(spec))
        self.file(folder / "logo-svg.svg", "<svg/>")
        return folder

    def variables(self, variables: Mapping[str, object]) -> None:
        """As ``conda env config vars set`` keeps them."""
        self.file("conda-meta/state", json.dumps({"env_vars": variables}))

    def script(self, name: str, text: str, *, on: str = "activate") -> None:
        self.file(f"etc/conda/{on}.d/{name}.sh", text)


def places_in(folder: Path) -> KernelPlaces:
    """Where Jupyter would look for kernelspecs, were there no other machine than that folder."""
    user, environment = str(folder / "user/kernels"), str(folder / "prefix/share/jupyter/kernels")
    system = str(folder / "system/kernels")
    return KernelPlaces(user, environment, [user, environment, system])


def specs_in(places: KernelPlaces) -> KernelSpecManager:
    """Jupyter's own view of these places."""
    return KernelSpecManager(kernel_dirs=places.search, ensure_native_kernel=False)


def a_request(display_name: str = "Analysis", **changes: Any) -> KernelRequest:
    return KernelRequest(display_name=display_name, **changes)
